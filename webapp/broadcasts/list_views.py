"""Pages of lists of recipients: one is uploaded, looked at, taken for broadcasts, and removed.

No phone keeps these forms for later: the answer is the point of each.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, make_response, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from webapp import clock
from webapp.accounts import audit, submissions
from webapp.accounts.access import current_account
from webapp.audiences import acts, queries, words
from webapp.audiences.known import Checked, check
from webapp.audiences.listed import LIMITS, MOST_ROWS, read
from webapp.broadcasts import list_example, list_page
from webapp.broadcasts import queries as broadcasts
from webapp.broadcasts.list_form import ListForm
from webapp.db import db, needs_network
from webapp.page import go_to, invalid, page_or_part, row_id, stored
from webapp.sheets.limits import NoSheet

blueprint = Blueprint("lists", __name__)

EXAMPLE_NAME = "contoh-daftar-penerima.csv"


@blueprint.get("/broadcasts/lists")
def index() -> Response:
    before = request.args.get("before", type=row_id)
    context = _index(ListForm(formdata=None), before)
    return page_or_part("broadcasts/lists/index.html", "broadcasts/lists/_rows.html", **context)


@blueprint.get("/broadcasts/lists/example.csv")
def example() -> Response:
    response = make_response(list_example.content(current_account.area_code))
    response.mimetype = "text/csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{EXAMPLE_NAME}"'
    return response


@blueprint.post("/broadcasts/lists")
@needs_network
def create() -> ResponseReturnValue:
    form = ListForm()
    if not form.validate_on_submit():
        return _invalid(form)
    try:
        checked = _checked(form.content)
    except NoSheet as none:
        form.refuse_file(words.why_no_list(none))
        return _invalid(form)
    # Its key was given back with the transaction: of the same form twice only one is stored all the same.
    if (repeat := submissions.recognise_repeat()) is not None:
        return repeat
    one = acts.keep(checked, form.title.data, current_account, clock.now())
    audit.changed("promised", acts.SUBJECT, one.id, one.area_code)
    return stored(url_for("broadcasts.lists.show", list_id=one.id))


@blueprint.get("/broadcasts/lists/<int:list_id>")
def show(list_id: int) -> Response:
    context = list_page.page_of(queries.get(list_id), clock.now())
    return page_or_part("broadcasts/lists/show.html", "broadcasts/lists/show.html", **context)


@blueprint.post("/broadcasts/lists/<int:list_id>/acceptance")
@needs_network
def accept(list_id: int) -> Response:
    location = url_for("broadcasts.lists.show", list_id=list_id)
    if acts.accept(queries.get(list_id), clock.now()):
        return stored(location, _l("The list is ready for broadcasts. Nothing has been sent."))
    db.session.rollback()
    flash(str(_l("This list cannot be used. Its page says why.")), "error")
    return go_to(location)


@blueprint.post("/broadcasts/lists/<int:list_id>/removal")
@needs_network
def remove(list_id: int) -> Response:
    one = queries.get(list_id)
    if broadcasts.goes_to_list(one.id):
        flash(str(_l("A broadcast that has not ended goes to this list. Cancel it first.")), "error")
        return go_to(url_for("broadcasts.lists.show", list_id=one.id))
    acts.empty(one, clock.now())
    return stored(url_for("broadcasts.lists.index"), _l("The list is removed, with all that it held of people."))


def _checked(content: bytes) -> Checked:
    """What stands in the file, beside what is stored. Raises NoSheet.

    It takes seconds, in which on SQLite nobody else could write: the request gives its lock back first, and what it
    asks meanwhile takes none. Whatever was begun before is undone, the form's key too.
    """
    db.session.rollback()
    listed = read(content)
    db.session.connection(execution_options={"reads": True})
    checked = check(listed, current_account.area_code)
    db.session.rollback()
    return checked


def _invalid(form: ListForm) -> tuple[str, int]:
    return invalid("broadcasts/lists/index.html", **_index(form))


def _index(form: ListForm, before: int | None = None) -> dict[str, Any]:
    found, next_before = queries.page(before)
    now = clock.now()
    lists = [(one, list_page.STATES[list_page.state_of(one, now)]) for one in found]
    sizes = {"megabytes": LIMITS.largest_file // 1024**2, "most_rows": MOST_ROWS}
    return {"form": form, "lists": lists, "next_before": next_before, **sizes}
