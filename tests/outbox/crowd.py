"""Many people of Bajing, each with a phone, consent and reminders that are due."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from tests.people import HOME, SINCE, Cast
from webapp.db import db
from webapp.outbox import queue
from webapp.people.model import Consent, Person, Phone

#: A Tuesday morning in Java: no quiet hours.
MORNING = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
VALUES = {"n": "Sri", "d": "1 Des", "dok": "paspor, visa", "hp": "081234567890"}


def gather(cast: Cast, people: int, texts_each: int, **columns: Any) -> None:
    """Store `people` with `texts_each` due reminders each. Commits."""
    siti = cast.facilitator.id
    for n in range(people):
        person = Person(
            area_code=HOME, name=f"Sri {n}", name_key=f"sri {n}", search_text=f"sri {n}", sex="f", birth_year=1990,
            stage="prospect", created_by_id=siti, created_at=SINCE, updated_at=SINCE,
        )  # fmt: skip
        person.phones.append(Phone(number=number_of(n), reader="self", confirmed_at=SINCE, added_at=SINCE))
        db.session.add(person)
    db.session.flush()
    theirs = sa.select(Phone.person_id, Phone.id, Phone.number).where(Phone.number.like("+628200%"))
    ids = db.session.execute(theirs).all()
    given = {"purpose": "sms", "given": True, "wording": "2026-1", "language": "id", "how": "spoken"}
    given |= {"account_id": siti, "at": SINCE}
    db.session.execute(sa.insert(Consent), [given | {"person_id": person_id} for person_id, _, _ in ids])
    queue.enqueue_many((reminder(*row, n, **columns) for row in ids for n in range(texts_each)), SINCE)
    db.session.commit()


def reminder(person_id: int, phone_id: int, number: str, n: int, **columns: Any) -> dict[str, Any]:
    row = {"key": f"test:{person_id}:{n}", "cause": f"test:{person_id}", "purpose": "reminder", "due_at": SINCE}
    row |= {"person_id": person_id, "phone_id": phone_id, "number": number, "area_code": HOME, "zone": "Asia/Jakarta"}
    return row | {"text_code": "R1", "values": VALUES, "stages": "prospect,in_process"} | columns


def number_of(n: int) -> str:
    return f"+628200{n:07d}"
