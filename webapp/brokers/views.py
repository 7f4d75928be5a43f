"""Pages of broker reports: the list, a new one, one of them."""

from __future__ import annotations

from flask import Blueprint, abort, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from webapp import clock
from webapp.accounts.access import current_account
from webapp.brokers import aliases, asking_views, cluster_views, presenter, queries
from webapp.brokers.form import ReportForm
from webapp.brokers.model import SUBJECT, BrokerReport
from webapp.page import invalid, page_or_part, row_id, stored
from webapp.people.model import Person
from webapp.people.queries import people_of
from webapp.photos.model import attach

blueprint = Blueprint("brokers", __name__)
blueprint.register_blueprint(cluster_views.blueprint)
blueprint.register_blueprint(asking_views.blueprint)


@blueprint.get("/broker-reports")
def index() -> Response:
    reports, next_before = queries.page(request.args.get("before", type=row_id))
    return page_or_part("brokers/index.html", "brokers/_rows.html", reports=reports, next_before=next_before)


@blueprint.get("/broker-reports/new")
def new() -> Response:
    person = _person(request.args.get("person", ""))
    form = ReportForm(formdata=None, person_id=person.id if person else "")
    return page_or_part("brokers/new.html", "brokers/new.html", form=form, person=person)


@blueprint.post("/broker-reports")
def create() -> Response | tuple[str, int]:
    person, form = _person(request.form.get("person_id", "")), ReportForm()
    if not form.validate_on_submit():
        return invalid("brokers/new.html", form=form, person=person)
    report = BrokerReport.record(account=current_account, person=person, now=clock.now(), **form.facts)
    attach(form.photos.data, SUBJECT, report.id)
    aliases.index(report, clock.now())
    message = _l("The report is stored. Its code is %(code)s.", code=report.reference)
    return stored(url_for("brokers.show", report_id=report.id), message)


@blueprint.get("/broker-reports/<int:report_id>")
def show(report_id: int) -> Response:
    report = queries.get(report_id)
    return page_or_part("brokers/show.html", "brokers/show.html", **presenter.page_of(report))


def _person(text: str) -> Person | None:
    """Whom the report is about, if anybody; 404 for somebody of another area."""
    if not text:
        return None
    try:
        return people_of(current_account).get(row_id(text))
    except ValueError:
        abort(404)
