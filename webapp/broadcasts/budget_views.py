"""Budgets of texts: what an area may spend in a month, and the areas below it. A wider area sets that of a smaller."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, abort, request, url_for
from flask_babel import format_decimal, gettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from webapp import clock
from webapp.accounts.access import current_account
from webapp.areas import queries as areas
from webapp.areas.model import Area
from webapp.broadcasts import budget, queries, timing
from webapp.broadcasts.budget_form import BudgetForm
from webapp.db import needs_network
from webapp.page import invalid, page_or_part, stored
from webapp.people.fields import complain

budgets = Blueprint("budgets", __name__)


@budgets.get("/broadcasts/budgets")
def index() -> Response:
    """Of one's own area, or of one below it (`?area=`)."""
    area = _area(request.args.get("area") or current_account.area_code)
    this = timing.month_of(clock.now()).isoformat()
    form = BudgetForm(formdata=None, months=_months(area.code), data={"month": this})
    return page_or_part("broadcasts/budgets.html", "broadcasts/budgets.html", **_page(area, form))


@budgets.post("/broadcasts/budgets")
@needs_network
def store() -> Response | tuple[str, int]:
    area, now = _area(request.form.get("area_code", "")), clock.now()
    form = BudgetForm(months=_months(area.code))
    if not queries.may_set_budget(area.code):
        abort(403)
    if not form.validate_on_submit():
        return invalid("broadcasts/budgets.html", **_page(area, form))
    try:
        budget.set_limit(area.code, form.chosen_month, form.amount, current_account, now)
    except budget.LimitTooLow:
        complain(form.rupiah, _too_low(area.code, form.chosen_month))
        return invalid("broadcasts/budgets.html", **_page(area, form))
    return stored(url_for("broadcasts.budgets.index", area=area.code), _l("The budget is set."))


def _area(code: str) -> Area:
    return areas.find(code, current_account.area_code) or abort(404)


def _months(area_code: str) -> list[date]:
    """This one and the next, by the clock of the office; before them those whose broadcasts have not ended: what was
    halted for want of money can go on only by the budget from which it began."""
    this = timing.month_of(clock.now())
    return [*budget.open_before(area_code, this), this, (this + timedelta(days=31)).replace(day=1)]


def _too_low(area_code: str, month: date) -> str:
    used = format_decimal(budget.standing(area_code, month).reserved)
    return gettext("Rp%(used)s are spent or put aside already: it cannot be less.", used=used)


def _page(area: Area, form: BudgetForm) -> dict[str, Any]:
    below, months = areas.children(area.code), _months(area.code)
    codes = [one.code for one in below]
    return {
        "area": area,
        "form": form,
        "may_set": queries.may_set_budget(area.code),
        "setters": queries.whom_to_ask_for_money(area.code),
        "is_mine": area.code == current_account.area_code,
        "above": areas.find(area.parent_code or "", current_account.area_code),
        "standings": [(month, budget.standing(area.code, month)) for month in months],
        "below": below,
        "of_below": [(month, budget.standings(codes, month)) for month in months],
    }
