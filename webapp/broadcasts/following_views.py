"""Pages on which a broadcast is followed: what becomes of it while it is sent."""

from __future__ import annotations

from flask import Blueprint, make_response, render_template, request
from werkzeug.wrappers import Response

from webapp import clock
from webapp.broadcasts import acts, presenter, queries
from webapp.broadcasts.announcement_views import announcements
from webapp.broadcasts.budget_views import budgets
from webapp.broadcasts.course import course_of
from webapp.broadcasts.dashboard_views import overview
from webapp.page import wants_part

following = Blueprint("following", __name__)
blueprints = (following, budgets, announcements, overview)


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


def _again() -> Response:
    """htmx loads the whole page."""
    return Response(status=204, headers={"HX-Refresh": "true"})
