"""The coordinators' own page of broadcasts: what is being sent, how the gateways are, what is spent."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

from webapp import clock
from webapp.accounts.access import current_account
from webapp.broadcasts import budget, dashboard, describing, queries, timing, words
from webapp.outbox import queries as outbox
from webapp.page import page_or_part
from webapp.routes import queries as routes
from webapp.routes import rest
from webapp.routes import words as route_words

overview = Blueprint("dashboard", __name__)


@overview.get("/broadcasts/dashboard")
def show() -> Response:
    now, real_now = clock.now(), clock.real_now()
    month = timing.month_of(now)
    return page_or_part(
        "broadcasts/dashboard.html",
        "broadcasts/_dashboard.html",
        running=dashboard.running(),
        planned=dashboard.planned(),
        describing=describing,
        waiting=queries.waiting_for(current_account),
        lately=dashboard.lately(now),
        most_shown=dashboard.MOST_SHOWN,
        month=month,
        standing=budget.standing(current_account.area_code, month),
        health=outbox.health(now, real_now),
        most=outbox.COUNTED,
        workers=[worker for worker in outbox.workers() if worker.stopped_at is None],
        route_names=routes.names(),
        lines=[line for line in routes.lines(real_now) if line.route.enabled],
        state_of=rest.state_of,
        real_now=real_now,
        route_words=route_words,
        words=words,
    )
