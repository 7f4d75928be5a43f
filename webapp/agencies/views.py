"""The list of licensed agencies. Names of companies are no personal data, so a search may stand in the address."""

from __future__ import annotations

from flask import Blueprint, g, request
from werkzeug.wrappers import Response

from webapp import moments
from webapp.agencies import asking, import_views, queries, words
from webapp.agencies.command import agencies
from webapp.page import page_or_part, row_id

blueprint = Blueprint("agencies", __name__, cli_group=None)
blueprint.cli.add_command(agencies)
blueprint.register_blueprint(import_views.blueprint)
LONGEST_QUERY = 80


@blueprint.get("/agencies")
def index() -> Response:
    """A copy for a phone holds all of it, with letters to go to: without a network nothing can search or follow."""
    q, is_copy = request.args.get("q", "")[:LONGEST_QUERY].strip(), g.get("copying", False)
    after = request.args.get("after", type=row_id)
    found = queries.everything() if is_copy else queries.page(after, q)
    return page_or_part(
        "agencies/index.html",
        "agencies/_rows.html",
        q=q,
        found=found,
        told=asking.answer(q, moments.today()) if q and not is_copy and after is None else None,
        is_copy=is_copy,
        first_of=words.first_of_letters(found.agencies) if is_copy else {},
        published=queries.published(),
        words=words,
        today=moments.today(),
    )
