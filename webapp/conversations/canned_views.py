"""Pages of canned replies: those that one may use, and changing those of one's own area."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from webapp import clock
from webapp.accounts import audit
from webapp.accounts.access import current_account
from webapp.conversations import canned
from webapp.conversations.canned_form import CannedForm
from webapp.conversations.model import CannedReply
from webapp.db import db
from webapp.page import invalid, page_or_part, stored

blueprint = Blueprint("canned", __name__)
SUBJECT = "canned_reply"


@blueprint.get("/canned-replies")
def index() -> Response:
    found = canned.usable_by(current_account)
    own = {one.id for one in found if canned.may_change(one, current_account)}
    return page_or_part("conversations/canned.html", "conversations/canned.html", found=found, own=own)


@blueprint.get("/canned-replies/new")
def new() -> Response:
    return _page(CannedForm(formdata=None))


@blueprint.post("/canned-replies")
def create() -> Response | tuple[str, int]:
    form = CannedForm()
    if not form.validate_on_submit():
        return _again(form)
    one = CannedReply(
        area_code=current_account.area_code,
        title=form.title.data,
        body=form.body.data,
        account_id=current_account.id,
        updated_at=clock.now(),
    )
    db.session.add(one)
    db.session.flush()
    audit.changed("created", SUBJECT, one.id, one.area_code)
    return stored(url_for("conversations.canned.index"), _l("Stored. It is offered when you answer."))


@blueprint.get("/canned-replies/<int:canned_id>")
def edit(canned_id: int) -> Response:
    one = canned.changeable(canned_id, current_account)
    return _page(CannedForm(formdata=None, obj=one), one)


@blueprint.post("/canned-replies/<int:canned_id>")
def update(canned_id: int) -> Response | tuple[str, int]:
    one, form = canned.changeable(canned_id, current_account), CannedForm()
    if not form.validate_on_submit():
        return _again(form, one)
    if form.version.data != str(one.version):
        form.form_errors.append(_l("Somebody else changed it meanwhile. Read what stands there now, then try again."))
        form.version.data = str(one.version)
        return _again(form, one)
    one.title, one.body, one.version = form.title.data, form.body.data, one.version + 1
    one.account_id, one.updated_at = current_account.id, clock.now()
    audit.changed("changed", SUBJECT, one.id, one.area_code)
    return stored(url_for("conversations.canned.index"), _l("Stored."))


@blueprint.post("/canned-replies/<int:canned_id>/removal")
def remove(canned_id: int) -> Response:
    one = canned.changeable(canned_id, current_account)
    one.removed_at = clock.now()
    audit.changed("removed", SUBJECT, one.id, one.area_code)
    return stored(url_for("conversations.canned.index"), _l("Removed."))


def _page(form: CannedForm, one: CannedReply | None = None) -> Response:
    return page_or_part("conversations/canned_form.html", "conversations/canned_form.html", **_context(form, one))


def _again(form: CannedForm, one: CannedReply | None = None) -> tuple[str, int]:
    return invalid("conversations/canned_form.html", **_context(form, one))


def _context(form: CannedForm, one: CannedReply | None) -> dict[str, Any]:
    return {"form": form, "one_id": one.id if one else None, "fields": canned.FIELDS, "opening": canned.OPENING}
