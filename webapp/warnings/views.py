"""Pages of warnings: the list, one of them, drafting, approving, stopping, taking back, and a poster."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from webapp import clock, moments
from webapp.accounts.access import current_account
from webapp.brokers import queries as brokers
from webapp.brokers.model import BrokerReport
from webapp.db import db, needs_network
from webapp.page import go_to, invalid, page_or_part, row_id, stored
from webapp.warnings import acts, drafting, grounds, presenter, queries, ready, saying, words
from webapp.warnings.form import GiveBackForm, ReadForm, StopForm, WarningForm
from webapp.warnings.levels import RULES, may_draft
from webapp.warnings.model import SafetyWarning
from webapp.warnings.states import DRAFT, MoveNotAllowed

blueprint = Blueprint("warnings", __name__)

CHANGED = _l("Somebody else changed this warning meanwhile. Look at it again.")
NOT_YET = _l("It may not be sent yet. The page says why.")


@blueprint.get("/warnings")
def index() -> Response:
    warnings, next_before = queries.page(request.args.get("before", type=row_id))
    is_office = current_account.role == "coordinator"
    return page_or_part(
        "warnings/index.html",
        "warnings/_rows.html",
        warnings=warnings,
        next_before=next_before,
        stale=queries.stale(moments.today()) if is_office else [],
        waiting=queries.news_for(current_account, clock.now()).waiting if is_office else [],
        is_office=is_office,
        words=words,
    )


@blueprint.get("/warnings/new")
def new() -> Response:
    report, seeds = _report(request.args.get("report", "")), _seeds()
    begun = drafting.beginning(report, seeds)
    form = drafting.form_for(current_account, _with(report, seeds), clock.now(), formdata=None, data=begun)
    return page_or_part("warnings/new.html", "warnings/new.html", form=form, report=report, bodies=saying.bodies())


@blueprint.post("/warnings")
@needs_network
def create() -> Response | tuple[str, int]:
    report, now = _report(request.form.get("report_id", "")), clock.now()
    form = drafting.form_for(current_account, _with(report, _seeds()), now)
    if not form.validate_on_submit():
        return invalid("warnings/new.html", form=form, report=report, bodies=saying.bodies())
    _refuse_level(form)
    draft = drafting.draft_of(form, report.id if report else None, now)
    warning = acts.draft(current_account, draft, now)
    return stored(url_for("warnings.show", warning_id=warning.id), _l("The draft is stored. Nothing has been sent."))


@blueprint.get("/warnings/<int:warning_id>")
def show(warning_id: int) -> Response:
    return _page(queries.get(warning_id))


@blueprint.get("/warnings/<int:draft_id>/edit")
def edit(draft_id: int) -> Response:
    warning = queries.my_draft(draft_id)
    data = drafting.stored(warning)
    form = drafting.form_for(current_account, [*data["areas"], *_seeds()], clock.now(), formdata=None, data=data)
    return page_or_part("warnings/edit.html", "warnings/edit.html", form=form, warning=warning, bodies=saying.bodies())


@blueprint.post("/warnings/<int:draft_id>/edit")
@needs_network
def update(draft_id: int) -> Response | tuple[str, int]:
    warning, now = queries.my_draft(draft_id), clock.now()
    form = drafting.form_for(current_account, [row.area_code for row in warning.areas], now)
    if not form.validate_on_submit():
        return invalid("warnings/edit.html", form=form, warning=warning, bodies=saying.bodies())
    _refuse_level(form)
    draft = drafting.draft_of(form, warning.report_id, now)
    return _act(warning, lambda it: acts.change(it, current_account, draft, now), _l("The draft is changed."))


@blueprint.post("/warnings/<int:warning_id>/submission")
@needs_network
def submit(warning_id: int) -> Response | tuple[str, int]:
    """To a second officer, with what it rests on now."""
    warning, form, now = queries.of_my_office(warning_id), ReadForm(), clock.now()
    if not form.validate_on_submit():
        return _invalid(warning_id, read_form=form)
    if not presenter.may_hand_over(warning) or not RULES[warning.level].needs_second:
        abort(403)

    def hand_over(it: SafetyWarning) -> None:
        if not presenter.preview_of(it, now).may_go:
            raise NotReady
        found = grounds.claim_of(it, now).grounds
        it.reports, it.sources, it.newest_report_at = found.reports, found.sources, found.newest_at
        acts.hand_over(it, current_account, url_for("warnings.show", warning_id=it.id, _external=True), now)

    return _act(warning, hand_over, _l("It waits for a second officer now."), form.version.data)


@blueprint.post("/warnings/<int:warning_id>/approval")
@needs_network
def approve(warning_id: int) -> Response | tuple[str, int]:
    warning, form, now = queries.of_my_office(warning_id), ReadForm(), clock.now()
    if not form.validate_on_submit():
        return _invalid(warning_id, read_form=form)
    if not queries.approves(current_account, warning):
        abort(403)

    def send(it: SafetyWarning) -> None:
        if it.state == DRAFT and RULES[it.level].needs_second:
            raise NotReady
        found = presenter.preview_of(it, now)
        if not found.may_go:
            raise NotReady
        acts.approve(it, current_account, found.count.recipients, found.cost_rupiah, now)

    return _act(warning, send, _l("It is approved. The texts go out now."), form.version.data)


@blueprint.post("/warnings/<int:warning_id>/return")
def give_back(warning_id: int) -> Response | tuple[str, int]:
    warning, form, now = queries.of_my_office(warning_id), GiveBackForm(), clock.now()
    if not form.validate_on_submit():
        return _invalid(warning_id, give_back_form=form)
    why = form.why.data
    return _act(warning, lambda it: acts.give_back(it, current_account, why, now), _l("It is a draft again."))


@blueprint.post("/warnings/<int:warning_id>/stop")
def stop(warning_id: int) -> Response | tuple[str, int]:
    warning, form, now = queries.of_my_office(warning_id), StopForm(), clock.now()
    if not form.validate_on_submit():
        return _invalid(warning_id, stop_form=form)
    why = form.why.data
    return _act(warning, lambda it: acts.stop(it, current_account, why, now), _l("It is stopped. What waited is gone."))


@blueprint.get("/warnings/<int:warning_id>/correction")
def correction(warning_id: int) -> Response:
    return page_or_part("warnings/correction.html", "warnings/correction.html", **_wrong(warning_id))


@blueprint.post("/warnings/<int:warning_id>/correction")
def correct(warning_id: int) -> Response | tuple[str, int]:
    context, now = _wrong(warning_id), clock.now()
    form, warning = context["form"], context["warning"]
    if not form.validate_on_submit():
        return invalid("warnings/correction.html", **_wrong(warning_id, form))
    draft = drafting.correction_of(warning, form.kind.data, now)
    made: list[SafetyWarning] = []
    return _act(
        warning,
        lambda it: made.append(acts.correct(it, current_account, draft, now)),
        _l("Nothing more of it goes out. Read the correction, then send it."),
        onward=lambda: url_for("warnings.show", warning_id=made[0].id),
    )


@blueprint.get("/warnings/<int:warning_id>/poster")
def poster(warning_id: int) -> str:
    warning = queries.get(warning_id)
    return render_template(
        "warnings/poster.html",
        warning=warning,
        sheet=ready.sheet_of(warning) if warning.holds else None,
        where=ready.where_to_ask(warning),
        number=ready.public_number(warning),
        code=ready.code_to_write(warning),
        words=words,
    )


class NotReady(Exception):
    """Something stands against it, and its page says what."""


def _act(
    warning: SafetyWarning, act: Any, message: Any, version: int | None = None, onward: Any = None
) -> Response | tuple[str, int]:
    """Lock it, do it, store it; who comes too late, or too early, looks at the page again."""
    location = url_for("warnings.show", warning_id=warning.id)
    try:
        act(acts.locked(warning, version))
    except (acts.VersionChanged, MoveNotAllowed):
        return _look_again(location, CHANGED)
    except NotReady:
        return _look_again(location, NOT_YET)
    return stored(onward() if onward else location, message)


def _look_again(location: str, message: Any) -> Response:
    db.session.rollback()
    flash(str(message), "error")
    return go_to(location)


def _page(warning: SafetyWarning, **forms: Any) -> Response:
    context = presenter.page_of(warning, clock.now(), **forms)
    return page_or_part("warnings/show.html", "warnings/show.html", **context, **_helpers())


def _invalid(warning_id: int, **forms: Any) -> tuple[str, int]:
    warning = queries.get(warning_id)
    return invalid("warnings/show.html", **presenter.page_of(warning, clock.now(), **forms), **_helpers())


def _helpers() -> dict[str, Any]:
    return {"languages": presenter.languages, "languages_of": saying.languages_of}


def _wrong(warning_id: int, form: Any = None) -> dict[str, Any]:
    warning = queries.of_my_office(warning_id)
    if warning.approved_at is None:
        abort(404)
    return {"warning": warning, "form": form or drafting.corrections_of(warning), "words": words}


def _refuse_level(form: WarningForm) -> None:
    """The form offers only what one's office may draft; whoever sends something else is refused."""
    if not may_draft(current_account, drafting.level_of(form.text_code.data)):
        abort(403)


def _report(text: str) -> BrokerReport | None:
    """From which report it is drafted, if from one; 404 for one that the reader may not see."""
    if not text:
        return None
    try:
        return brokers.get(row_id(text))
    except ValueError:
        abort(404)


def _seeds() -> list[str]:
    """Areas of the address: `areas=33.01.06,33.02` and `area=33.01.07`, which the page of areas adds."""
    codes = [code for text in request.args.getlist("areas") for code in text.split(",")]
    return [code for code in (*codes, *request.args.getlist("area")) if code][: drafting.MOST_SEEDS]


def _with(report: BrokerReport | None, seeds: list[str]) -> list[str]:
    return [*seeds, report.area_code] if report else seeds
