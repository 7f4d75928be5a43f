"""Pages of broker reports: the list, a new one, one of them, who reports it. What coordinators do: office_views.py."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from webapp import clock
from webapp.accounts import audit
from webapp.accounts.access import current_account
from webapp.accounts.model import FACILITATOR
from webapp.areas import queries as areas
from webapp.areas.model import Area
from webapp.brokers import (
    acts,
    asking_views,
    cluster_views,
    detail_views,
    lists,
    merging_views,
    office_views,
    presenter,
    queries,
    referral_views,
)
from webapp.brokers.choices import STATES, TONES
from webapp.brokers.form import ReportForm
from webapp.brokers.model import SUBJECT, BrokerReport
from webapp.brokers.seeing import may_learn_reporter
from webapp.brokers.triage import is_overdue
from webapp.db import needs_network
from webapp.page import go_to, invalid, page_or_part, row_id, shown_once, stored
from webapp.people.model import Person
from webapp.people.queries import people_of
from webapp.photos.model import attach

blueprint = Blueprint("brokers", __name__)
blueprint.register_blueprint(cluster_views.blueprint)
blueprint.register_blueprint(detail_views.details)
blueprint.register_blueprint(office_views.verification)
blueprint.register_blueprint(merging_views.merging)
blueprint.register_blueprint(referral_views.referrals)
blueprint.register_blueprint(asking_views.blueprint)


@blueprint.after_request
def note_as_part(response: Response) -> Response:
    """Whoever is seen with a report must not be found by it in the log."""
    audit.all_of_report()
    return response


@blueprint.get("/broker-reports")
def index() -> Response:
    """A facilitator's own; for others what waits, a state, or the one with the code or word that was typed."""
    show, after, now = request.args.get("show", ""), request.args.get("after", type=row_id), clock.now()
    typed = request.args.get("q", "")[: lists.LONGEST_QUERY]
    if typed and (found := lists.find(typed)):
        return go_to(url_for("brokers.show", report_id=found.id))
    parts = {name: lists.page(name, now, after) for name in _names(show)}
    facts = {"parts": parts, "show": show, "typed": typed, "late": _is_late, "states": STATES, "tones": TONES}
    return page_or_part("brokers/index.html", "brokers/_parts.html", **facts)


@blueprint.get("/broker-reports/new")
def new() -> Response:
    person, area = _person(request.args.get("person", "")), _area(request.args.get("area", ""))
    form = ReportForm(formdata=None, person_id=person.id if person else "", area_code=area.code)
    return page_or_part("brokers/new.html", "brokers/new.html", form=form, person=person, area=area)


@blueprint.post("/broker-reports")
def create() -> Response | tuple[str, int]:
    person, area = _person(request.form.get("person_id", "")), _area(request.form.get("area_code", ""))
    form = ReportForm()
    if not form.validate_on_submit():
        return invalid("brokers/new.html", form=form, person=person, area=area)
    report = BrokerReport.record(
        account=current_account, person=person, now=clock.now(), area_code=area.code, **form.facts
    )
    attach(form.photos.data, SUBJECT, report.id)
    message = _l("The report is stored. Its code is %(code)s.", code=report.reference)
    return stored(url_for("brokers.show", report_id=report.id), message)


@blueprint.get("/broker-reports/<int:report_id>")
def show(report_id: int) -> Response:
    report = queries.get(report_id)
    return page_or_part("brokers/show.html", "brokers/show.html", **presenter.page_of(report, clock.now()))


@blueprint.post("/broker-reports/<int:report_id>/reporter-views")
@needs_network
def reveal(report_id: int) -> Response:
    """Who reports it, shown this once; 404 as for whoever may not see the report at all."""
    report = queries.get(report_id)
    if not may_learn_reporter(report, current_account):
        abort(404)
    acts.reveal(report, current_account, clock.now())
    facts: dict[str, Any] = {"reporter": presenter.reporter_of(report), "person": queries.person_of(report)}
    return shown_once(url_for("brokers.show", report_id=report.id), "brokers/reporter.html", report=report, **facts)


def _names(show: str) -> tuple[str, ...]:
    """Which lists the page shows."""
    if current_account.role == FACILITATOR:
        return (lists.ALL,)
    if not show:
        return lists.PARTS
    return (show if show in (*lists.PARTS, *STATES) else lists.ALL,)


def _is_late(report: BrokerReport) -> bool:
    if report.merged_into_id is not None:
        return False
    return is_overdue(report.state, urgent=report.urgent, received_at=report.received_at, now=clock.now())


def _person(text: str) -> Person | None:
    """Whom the report is about, if anybody; 404 for somebody of another area."""
    if not text:
        return None
    try:
        return people_of(current_account).get(row_id(text))
    except ValueError:
        abort(404)


def _area(code: str) -> Area:
    """Where it happened, if that is the account's own area or below; without a code the account's own."""
    if not code:
        return current_account.area
    return areas.find(code, current_account.area_code) or abort(404)
