"""A form that is sent twice is stored once, even if both arrive at the same moment."""

from __future__ import annotations

import hmac
import re
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from flask import Flask, abort, current_app, g, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from sqlalchemy.dialects import postgresql, sqlite

from webapp import clock, kept_on_phone
from webapp.accounts.model import Submission
from webapp.db import db, view_only_reads
from webapp.errors import WORDS, Words
from webapp.page import answer

KEY = re.compile(r"[0-9A-Za-z-]{16,36}")
LOCATION_LENGTH = 200
#: Not part of what the person sent: the token may be another when a saved form goes out, and what a phone's queue
#: shows of the form (`kept_about` of static/app.js) goes out only with the first try.
BESIDE_THE_FORM = ("csrf_token", "kept_about")
OF_ANOTHER = Words(
    _l("Somebody else wrote this form"),
    _l("Another account is logged in on this device now. Whoever wrote the form logs in again. Nothing was stored."),
    "other",
)

TOO_OLD = Words(
    _l("This form lay on the phone for very long"),
    _l("Nobody can tell any more whether it was stored before. A human looks at it, so that it is not stored twice."),
)
#: Where a phone hands over what fits no more.
TAKES_OLD_FORMS = "offline.keep"


def init_app(app: Flask) -> None:
    app.before_request(recognise_repeat)
    app.jinja_env.globals["form_owner"] = form_owner


def form_owner() -> int | None:
    """Whose page a form stands on: nobody else on the same phone may send it in their own name."""
    return current_user.id if current_user.is_authenticated else None


def recognise_repeat() -> ResponseReturnValue | None:
    """Claim the form's key in the transaction of what it will store; lead a repeat to the first answer.

    The unique index decides, not a look beforehand: of two that come at once, the second waits for the
    first to commit. If the first is undone (a mistake in the form), its key is free again. A view that only reads, such
    as one that counts what a form would come to, takes no key.
    """
    key = request.form.get("client_id") if request.method == "POST" else None
    if key is None or not current_user.is_authenticated or view_only_reads():
        return None
    if not KEY.fullmatch(key):
        abort(400)
    if request.form.get("account", str(current_user.id)) != str(current_user.id):
        abort(401, OF_ANOTHER)
    fingerprint, saved = _fingerprint(), kept_on_phone.current()
    if saved and saved.is_too_old() and request.endpoint != TAKES_OLD_FORMS and not _is_known(key):
        abort(409, TOO_OLD)
    claimed = db.session.scalar(_claim(account_id=current_user.id, key=key, fingerprint=fingerprint))
    if claimed is None:
        return _first_answer(key, fingerprint)
    g.mark_submission = lambda location: _mark(claimed, location)
    g.receipt = _receipt(claimed)
    return None


def _claim(**columns: Any) -> Any:
    dialect = {"sqlite": sqlite, "postgresql": postgresql}[db.engine.dialect.name]
    now, saved = clock.real_now(), kept_on_phone.current()
    if saved is not None:
        columns |= {"made_at": saved.made_at(now), "clock_offset": saved.offset(now)}
    insert = dialect.insert(Submission).values(at=now, location="", **columns)
    return insert.on_conflict_do_nothing(index_elements=["account_id", "key"]).returning(Submission.id)


def _is_known(key: str) -> bool:
    query = sa.select(Submission.id).where(Submission.account_id == current_user.id, Submission.key == key)
    return db.session.scalar(query) is not None


def _first_answer(key: str, fingerprint: str) -> ResponseReturnValue:
    query = sa.select(Submission).where(Submission.account_id == current_user.id, Submission.key == key)
    first = db.session.scalars(query).one()
    if not hmac.compare_digest(first.fingerprint, fingerprint):
        abort(409, replace(WORDS[409], location=first.location))
    g.receipt = _receipt(first.id)
    return answer(first.location or "/")


def _receipt(submission_id: int) -> str:
    """What the phone shows of a stored form, and what one can quote to the coordinator."""
    return str(submission_id)


def _mark(submission_id: int, location: str) -> None:
    query = sa.update(Submission).where(Submission.id == submission_id)
    db.session.execute(query.values(location=location[:LOCATION_LENGTH]))


def _fingerprint() -> str:
    """Keyed, because a form may hold a password or other words that a plain hash would let be guessed."""
    digest = hmac.new(current_app.config["SECRET_KEY"].encode(), request.path.encode(), "sha256")
    for name, value in sorted(request.form.items(multi=True)):
        if name not in BESIDE_THE_FORM:
            digest.update(f"\0{name}\0{value}".encode())
    for name, file in request.files.items(multi=True):
        digest.update(f"\0{name}\0".encode() + file.read())
        file.seek(0)
    return digest.hexdigest()
