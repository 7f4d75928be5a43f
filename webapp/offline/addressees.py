"""For whom a kept form is: the village of the person it is about, if its writer has known that person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import sqlalchemy as sa
from flask import current_app
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from webapp.accounts.model import Account, AuditEntry
from webapp.areas.codes import is_within
from webapp.areas.model import VILLAGE, Area
from webapp.conversations.model import Incoming
from webapp.db import db
from webapp.departures.model import Departure
from webapp.outbox.model import Message
from webapp.people.model import Person, Task

#: Parameter of an address → the query for the person it stands for.
PERSON_OF: dict[str, Callable[[int], sa.Select[Any]]] = {
    "person_id": lambda row_id: sa.select(Person.id).where(Person.id == row_id),
    "departure_id": lambda row_id: sa.select(Departure.person_id).where(Departure.id == row_id),
    "task_id": lambda row_id: sa.select(Task.person_id).where(Task.id == row_id),
    "message_id": lambda row_id: sa.select(Message.person_id).where(Message.id == row_id),
    "incoming_id": lambda row_id: sa.select(Incoming.person_id).where(Incoming.id == row_id),
}


def route(path: str) -> tuple[str, dict[str, Any]]:
    """Endpoint and parameters of the form at this address; ("", {}) if there is none."""
    try:
        endpoint, arguments = current_app.url_map.bind("").match(path, method="POST")
    except (HTTPException, RequestRedirect):
        return "", {}
    return str(endpoint), dict(arguments)


def person_in(arguments: dict[str, Any], writer: Account) -> Person | None:
    """Whom a form at such an address is about; None if its writer never had to do with that person."""
    for name, row_id in arguments.items():
        if name in PERSON_OF and (person_id := db.session.scalar(PERSON_OF[name](row_id))) is not None:
            person = db.session.get_one(Person, person_id)
            return person if _has_met(writer, person, {"person": person_id, name.removesuffix("_id"): row_id}) else None
    return None


def village_in(body: str, writer: Account) -> str:
    """Where somebody was to be registered, if the writer once worked there; else where the writer works now."""
    (code, *_) = parse_qs(body).get("area_code", [""])
    area = db.session.get(Area, code) if code else None
    if area is None or area.level != VILLAGE:
        return writer.area_code
    known = sa.exists().where(AuditEntry.account_id == writer.id, AuditEntry.area_code == code)
    return code if is_within(code, writer.area_code) or db.session.scalar(sa.select(known)) else writer.area_code


def _has_met(writer: Account, person: Person, rows: dict[str, int]) -> bool:
    """Is the person of the writer's area, or was the writer shown them before? The audit log knows."""
    if is_within(person.area_code, writer.area_code):
        return True
    same = [sa.and_(AuditEntry.subject == subject, AuditEntry.subject_id == row_id) for subject, row_id in rows.items()]
    return bool(db.session.scalar(sa.select(sa.exists().where(AuditEntry.account_id == writer.id, sa.or_(*same)))))
