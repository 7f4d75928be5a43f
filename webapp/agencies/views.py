"""The list of licensed agencies. Names of companies are no personal data, so a search may stand in the address."""

from __future__ import annotations

from flask import Blueprint, request
from werkzeug.wrappers import Response

from webapp.agencies import queries, words
from webapp.agencies.command import agencies
from webapp.page import page_or_part, row_id

blueprint = Blueprint("agencies", __name__, cli_group=None)
blueprint.cli.add_command(agencies)
LONGEST_QUERY = 80


@blueprint.get("/agencies")
def index() -> Response:
    q = request.args.get("q", "")[:LONGEST_QUERY].strip()
    return page_or_part(
        "agencies/index.html",
        "agencies/_rows.html",
        q=q,
        found=queries.page(request.args.get("after", type=row_id), q),
        published=queries.published(),
        words=words,
    )
