"""Pages on which a broadcast is followed: what becomes of it while it is sent, and the whole of it as a file."""

from __future__ import annotations

from flask import (
    Blueprint,
    flash,
    make_response,
    render_template,
    request,
    send_file,
    stream_with_context,
    url_for,
)
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from webapp import clock
from webapp.accounts import audit
from webapp.broadcasts import acts, exporting, presenter, queries
from webapp.broadcasts.announcement_views import announcements
from webapp.broadcasts.budget_views import budgets
from webapp.broadcasts.course import course_of
from webapp.broadcasts.dashboard_views import overview
from webapp.broadcasts.model import SUBJECT
from webapp.page import go_to, wants_part

following = Blueprint("following", __name__)
blueprints = (following, budgets, announcements, overview)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TOO_LONG = _l("There are too many rows for XLSX. Take the CSV file.")


@following.get("/broadcasts/<int:broadcast_id>/progress")
def progress(broadcast_id: int) -> Response:
    """The part of its page that moves; the page itself where something else has changed, or without a script.

    A draft has none: its page waits until it is counted.
    """
    broadcast = queries.of_my_office(broadcast_id)
    if not wants_part():
        return make_response(render_template("broadcasts/show.html", **presenter.page_of(broadcast, clock.now())))
    if str(broadcast.version) != request.args.get("version"):
        return _again()
    if broadcast.approved_at is None:
        return Response(status=204) if acts.forecast_of(broadcast) is None else _again()
    part = render_template("broadcasts/_course.html", broadcast=broadcast, course=course_of(broadcast, clock.now()))
    return make_response(part)


@following.get("/broadcasts/<int:broadcast_id>/export.<any(csv, xlsx):kind>")
def export(broadcast_id: int, kind: str) -> Response:
    """A row a text, without names and numbers."""
    broadcast = queries.of_my_office(broadcast_id)
    name = f"{broadcast.code}.{kind}"
    if kind == "xlsx" and not exporting.fits_xlsx(broadcast):
        flash(str(TOO_LONG), "error")
        return go_to(url_for("broadcasts.show", broadcast_id=broadcast.id))
    audit.exported(SUBJECT, broadcast.id, broadcast.area_code)
    if kind == "xlsx":
        return send_file(exporting.as_xlsx(broadcast), mimetype=XLSX, as_attachment=True, download_name=name)
    headers = {"Content-Disposition": f"attachment; filename={name}"}
    return Response(stream_with_context(exporting.as_csv(broadcast)), mimetype="text/csv", headers=headers)


def _again() -> Response:
    """htmx loads the whole page."""
    return Response(status=204, headers={"HX-Refresh": "true"})
