"""Completing a report that came in free words, so that it can be linked to others."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from webapp import clock
from webapp.accounts.access import current_account
from webapp.brokers import acts, queries
from webapp.brokers.detail_form import DetailForm
from webapp.page import invalid, stored

details = Blueprint("details", __name__)


@details.get("/broker-reports/<int:report_id>/details")
def edit(report_id: int) -> str:
    report = queries.in_hand(queries.get(report_id))
    return render_template("brokers/details.html", report=report, form=DetailForm(formdata=None, obj=report))


@details.post("/broker-reports/<int:report_id>/details")
def update(report_id: int) -> Response | tuple[str, int]:
    report, form = queries.in_hand(queries.to_change(report_id)), DetailForm()
    if not form.validate_on_submit():
        return invalid("brokers/details.html", report=report, form=form)
    acts.complete(report, form.facts, current_account, clock.now())
    return stored(url_for("brokers.show", report_id=report.id), _l("Stored. What fits other reports is linked."))
