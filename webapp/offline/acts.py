"""Keeping a form that fits no more, and settling it once a human has looked."""

from __future__ import annotations

import json
import os
from base64 import b64encode
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs

import sqlalchemy as sa
from flask import current_app
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from webapp.accounts import audit
from webapp.accounts.model import Account
from webapp.conversations.model import Incoming
from webapp.db import db
from webapp.departures.model import Departure
from webapp.offline.model import KeptForm
from webapp.outbox.model import Message
from webapp.people.model import Person, Task
from webapp.photos.field import MOST_PHOTOS
from webapp.photos.model import Photo, attach
from webapp.sealing import seal, unseal
from webapp.security import FILES_FIELD

#: What photos of a kept form are attached to.
SUBJECT = "kept_form"
#: Facilitators see only their own reports of brokers, so also only their own kept ones.
CONFIDENTIAL_NOUNS = frozenset({"brokers"})
#: Parameter of an address → the query for the person it stands for.
PERSON_OF: dict[str, Callable[[int], sa.Select[Any]]] = {
    "person_id": lambda row_id: sa.select(Person.id).where(Person.id == row_id),
    "departure_id": lambda row_id: sa.select(Departure.person_id).where(Departure.id == row_id),
    "task_id": lambda row_id: sa.select(Task.person_id).where(Task.id == row_id),
    "message_id": lambda row_id: sa.select(Message.person_id).where(Message.id == row_id),
    "incoming_id": lambda row_id: sa.select(Incoming.person_id).where(Incoming.id == row_id),
}


def keep(
    account: Account,
    now: datetime,
    *,
    path: str,
    title: str,
    words: list[tuple[str, str]],
    body: str,
    reason: str,
    made_at: datetime,
) -> KeptForm:
    """Keep it for the people of the village where the person lives now, else for the writer's own.

    Whoever wrote it learns nothing by that: not whether there is such a person, nor where.
    """
    endpoint, arguments = _route(path)
    person = _person_in(arguments)
    kept = KeptForm(
        confidential=endpoint.partition(".")[0] in CONFIDENTIAL_NOUNS,
        account_id=account.id,
        area_code=person.area_code if person else account.area_code,
        person_id=person.id if person else None,
        path=path,
        title=title,
        words_encrypted=seal(json.dumps(words, ensure_ascii=False)),
        body_encrypted=seal(body),
        reason=reason,
        made_at=made_at,
        at=now,
    )
    db.session.add(kept)
    db.session.flush()
    attach(_photos_in(body, account), SUBJECT, kept.id)
    audit.changed("created", "kept_form", kept.id, kept.area_code)
    if person and not kept.confidential:
        person.log("form_kept", {"title": title}, account_id=account.id, now=now)
    return kept


def words_of(kept: KeptForm) -> list[tuple[str, str]]:
    """Label and value of what was written, in the order of the form."""
    return [(str(label), str(value)) for label, value in json.loads(unseal(kept.words_encrypted))]


def phone_key(account: Account) -> str:
    """32 bytes in base64, made once for each account and sealed: it locks what its phones keep."""
    db.session.refresh(account, with_for_update={"of": Account, "key_share": True})
    if account.phone_key_encrypted is None:
        account.phone_key_encrypted = seal(b64encode(os.urandom(32)).decode())
    return unseal(account.phone_key_encrypted)


def settle(kept: KeptForm, account: Account, outcome: str, now: datetime) -> bool:
    """A human has seen to it. False if another had already; the first outcome stays."""
    db.session.refresh(kept, with_for_update={"of": KeptForm, "key_share": True})
    if kept.settled_at is not None:
        return False
    kept.settled_at, kept.settled_by_id, kept.outcome = now, account.id, outcome
    audit.changed("closed", "kept_form", kept.id, kept.area_code)
    if kept.person:
        kept.person.log("kept_form_settled", {"outcome": outcome}, account_id=account.id, now=now)
    return True


def _photos_in(body: str, account: Account) -> list[Photo]:
    """Those that came before the form, which would else be swept away."""
    keys = parse_qs(body).get(FILES_FIELD, [])[:MOST_PHOTOS]
    query = sa.select(Photo).where(Photo.account_id == account.id, Photo.key.in_(keys), Photo.subject == "")
    return list(db.session.scalars(query.where(Photo.completed_at.is_not(None)).with_for_update()))


def _person_in(arguments: dict[str, Any]) -> Person | None:
    """Whom the form at this address is about."""
    for name, value in arguments.items():
        if name in PERSON_OF and (person_id := db.session.scalar(PERSON_OF[name](value))) is not None:
            return db.session.get(Person, person_id)
    return None


def _route(path: str) -> tuple[str, dict[str, Any]]:
    try:
        endpoint, arguments = current_app.url_map.bind("").match(path, method="POST")
    except (HTTPException, RequestRedirect):
        return "", {}
    return str(endpoint), dict(arguments)
