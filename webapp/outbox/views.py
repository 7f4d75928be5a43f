"""How the sending is: for a monitor in figures, for a coordinator in words."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Blueprint, jsonify, request
from flask.blueprints import BlueprintSetupState
from werkzeug.wrappers import Response

from webapp import clock
from webapp.outbox import queries, reasons
from webapp.outbox.worker import worker
from webapp.page import page_or_part, row_id
from webapp.routes import queries as routes
from webapp.routes import words as route_words
from webapp.routes.rest import UNTIL_FURTHER_NOTICE

blueprint = Blueprint("outbox", __name__, cli_group=None)
blueprint.cli.add_command(worker)


@blueprint.get("/outbox")
def index() -> Response:
    lines, next_before = queries.troubled(request.args.get("before", type=row_id))
    real_now = clock.real_now()
    return page_or_part(
        "outbox/index.html",
        "outbox/_lines.html",
        lines=lines,
        next_before=next_before,
        counts=queries.counts(),
        most=queries.COUNTED,
        workers=queries.workers(),
        pauses=queries.pauses(real_now),
        health=queries.health(clock.now(), real_now),
        words=reasons,
        routes=routes.names(),
        route_words=route_words,
        no_end=UNTIL_FURTHER_NOTICE,
    )


def health() -> tuple[Response, int]:
    """Public, for monitors. 503 only if the database does not answer; a silent worker is told, not failed."""
    try:
        found = queries.health(clock.now(), clock.real_now())
    except sa.exc.SQLAlchemyError:
        return jsonify(status="no database", database="unavailable"), 503
    age = None if found.silent_for is None else round(found.silent_for, 1)
    status = "ok" if found.is_sending else "no worker"
    return jsonify(status=status, database="ok", worker_seconds=age, due=found.due), 200


@blueprint.record_once
def add_health(state: BlueprintSetupState) -> None:
    """Under a name of its own: everything else of this noun is personal."""
    state.app.add_url_rule("/health", "health", health)
