"""One phone, the network before it, and what the office does meanwhile."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

import sqlalchemy as sa

from tests.faults.sync.hostile import Hostile
from tests.faults.sync.phones import Fields, Phone
from tests.faults.sync.plan import Form, as_sent
from tests.faults.sync.programme import Programme
from tests.people import Cast
from webapp.accounts.model import Submission
from webapp.db import db
from webapp.offline import acts as offline
from webapp.offline.model import KeptForm
from webapp.people.history import Event

#: A phone's patience ends so much sooner.
HURRY = 25


@dataclass
class Scene:
    """The phone of Siti in Bajing, the network, and what the office does meanwhile."""

    phone: Phone
    programme: Programme
    cast: Cast
    siti_id: int
    sri_id: int
    departure_id: int
    written: list[Form] = field(default_factory=list)

    @property
    def network(self) -> Hostile:
        return self.programme.network

    def write(self, action: str, fields: Fields, *, htmx: bool = False) -> Form:
        form = Form(action, fields, "", str(uuid.uuid4()), htmx)
        sent = as_sent(form, self.siti_id)
        self.written.append(form)
        self.phone.do("submit", action, sent["fields"], {"htmx": htmx})
        return form

    def write_offline(self, action: str, fields: Fields) -> Form:
        self.phone.do("offline", True)
        form = self.write(action, fields)
        self.phone.do("settled")
        self.phone.do("offline", False)
        return form

    def note(self, words: str = "Menunggu paspor") -> Form:
        return self.write_offline(f"/people/{self.sri_id}/notes", [("words", words)])

    def meanwhile(self, act: Callable[[], None]) -> None:
        act()
        db.session.commit()
        db.session.rollback()

    def how(self, form: Form) -> tuple[str, str]:
        """State and reason, as the page Antrean shows them."""
        item = self.phone.items()[form.key]
        return item["state"], item["why"]

    def still_typed(self, form: Form) -> bool:
        typed = self.phone.typed(form.key)
        return typed is not None and typed[-len(form.fields) :] == form.fields


def notes() -> list[str]:
    db.session.rollback()
    query = sa.select(Event.facts).where(Event.kind == "note").order_by(Event.id)
    words = [facts["words"] for facts in db.session.scalars(query)]
    db.session.rollback()
    return words


def kept() -> list[tuple[str, str]]:
    """Where each was meant to go, and what stands in it."""
    db.session.rollback()
    found = [(form.path, offline.unseal(form.body_encrypted)) for form in db.session.scalars(sa.select(KeptForm))]
    db.session.rollback()
    return found


def receipt_of(form: Form) -> str:
    number = db.session.scalar(sa.select(Submission.id).where(Submission.key == form.key))
    db.session.rollback()
    return str(number)
