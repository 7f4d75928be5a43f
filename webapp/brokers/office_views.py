"""What coordinators do with a report: take it on, answer the checklist, say what comes next."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, render_template, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from webapp import clock, moments
from webapp.accounts.access import current_account
from webapp.brokers import acts, queries
from webapp.brokers.choices import STATES
from webapp.brokers.model import BrokerReport
from webapp.brokers.office_form import CheckForm, MoveForm, TakeForm
from webapp.brokers.verification import CHECKS, may_take_over
from webapp.errors import Words
from webapp.page import invalid, stored

verification = Blueprint("verification", __name__)
CHECK = f"any({', '.join(sorted(CHECKS))})"
NOT_YOURS_TO_TAKE = Words(
    _l("This report is in other hands"),
    _l("It is verified by somebody who works in a larger area than you, or by you already. Nothing was stored."),
)


@verification.get("/broker-reports/<int:report_id>/verification")
def ask(report_id: int) -> str:
    report = queries.get(report_id)
    form = TakeForm(formdata=None, taken=report.verifier_id is not None, verifier_id=report.verifier_id or "")
    return render_template("brokers/take.html", report=report, form=form)


@verification.post("/broker-reports/<int:report_id>/verification")
def take_on(report_id: int) -> Response | tuple[str, int]:
    report = queries.to_change(report_id)
    form = TakeForm(taken=report.verifier_id is not None)
    if report.merged_into_id is not None or not may_take_over(report.verifier, current_account):
        abort(409, NOT_YOURS_TO_TAKE)
    if form.verifier_id.data != str(report.verifier_id or ""):
        abort(409, Words(gettext("Somebody else was faster"), _taken_by(report)))
    if not form.validate_on_submit():
        return invalid("brokers/take.html", report=report, form=form)
    acts.take_on(report, current_account, clock.now(), form.reason.data or "")
    return stored(_page(report), _l("You verify this report now."))


@verification.get(f"/broker-reports/<int:report_id>/checks/<{CHECK}:check>")
def check(report_id: int, check: str) -> str:
    report = queries.in_hand(queries.get(report_id))
    newest = queries.checks_of(report).get(check)
    form = CheckForm(formdata=None, data=newest.facts if newest else {})
    return render_template("brokers/check.html", **_check(report, check, form), newest=newest)


@verification.post(f"/broker-reports/<int:report_id>/checks/<{CHECK}:check>")
def store_check(report_id: int, check: str) -> Response | tuple[str, int]:
    report, form = queries.in_hand(queries.to_change(report_id)), CheckForm()
    if not form.validate_on_submit():
        return invalid("brokers/check.html", **_check(report, check, form), newest=None)
    acts.check(report, check, form.answer.data, form.note.data or "", current_account, clock.now())
    return stored(_page(report, "checks"), _l("Stored."))


@verification.get("/broker-reports/<int:report_id>/moves")
def move(report_id: int) -> str:
    report = queries.in_hand(queries.get(report_id))
    form = MoveForm(formdata=None, state=report.state, today=moments.today(), from_state=report.state)
    return render_template("brokers/move.html", report=report, form=form, states=STATES)


@verification.post("/broker-reports/<int:report_id>/moves")
def store_move(report_id: int) -> Response | tuple[str, int]:
    report = queries.in_hand(queries.to_change(report_id))
    form = MoveForm(state=report.state, today=moments.today())
    if form.from_state.data != report.state:
        abort(409, Words(gettext("This report has moved on meanwhile"), _stands_at(report)))
    if not form.validate_on_submit():
        return invalid("brokers/move.html", report=report, form=form, states=STATES)
    acts.move(report, form.to.data, current_account, clock.now(), form.reason.data or "", **form.confirmation)
    return stored(_page(report), _l("Stored: %(state)s.", state=STATES[report.state]))


def _check(report: BrokerReport, code: str, form: CheckForm) -> dict[str, Any]:
    return {"report": report, "code": code, "check": CHECKS[code], "form": form}


def _page(report: BrokerReport, anchor: str | None = None) -> str:
    return url_for("brokers.show", report_id=report.id, _anchor=anchor)


def _taken_by(report: BrokerReport) -> str:
    if report.verifier is None:
        return gettext("Your colleague gave it back meanwhile. Open the report again. Nothing was stored.")
    return gettext(
        "%(name)s verifies it now. Open the report again and look. Nothing was stored.", name=report.verifier.name
    )


def _stands_at(report: BrokerReport) -> str:
    return gettext(
        "It stands at '%(state)s' by now. Open the report again and look. Nothing was stored.",
        state=STATES[report.state],
    )
