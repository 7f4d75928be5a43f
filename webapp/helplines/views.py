"""The page of numbers that help: short, and large enough for a thumb in a hurry."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

from webapp.helplines import queries, words
from webapp.page import page_or_part

blueprint = Blueprint("helplines", __name__)


@blueprint.get("/helplines")
def index() -> Response:
    groups = queries.groups()
    return page_or_part("helplines/index.html", "helplines/index.html", groups=groups, words=words)
