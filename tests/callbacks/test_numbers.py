"""What a number says about itself: again, from another phone of the same person, or of somebody else's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from tests.callbacks.saying import SRI, STRANGER, leave_at, say
from tests.people import HOME, Cast
from webapp.conversations import acts as conversation
from webapp.conversations import queries as inbox
from webapp.db import db
from webapp.outbox import queue
from webapp.outbox.model import Message
from webapp.people.consent import current
from webapp.people.model import SMS, Person

NOW = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MOTHERS_PHONE = "+6281200001111"


def consents(person: Person) -> bool:
    line = current(person.id)[SMS]
    return line is not None and line.given


def asked_whose_phone_it_is(person: Person, now: datetime) -> None:
    phone = person.phones[0]
    to: dict[str, Any] = {"person_id": person.id, "phone_id": phone.id, "number": phone.number, "area_code": HOME}
    key = f"welcome:{phone.id}:test"
    queue.enqueue(key=key, purpose="welcome", text_code="K0", expects="confirm", due_at=now, now=now, **to)
    db.session.execute(sa.update(Message).where(Message.key == key).values(state="sent", sent_at=now))
    db.session.commit()


def test_every_stop_ends_what_was_written_before_it(cast: Cast) -> None:
    for word, reason in (("STOP", "stopped"), ("SALAH", "wrong_person")):
        say(word, STRANGER, NOW)
        question = say("apa ini?", STRANGER, NOW + HOUR)
        assert inbox.why_no_reply(question) == ""
        conversation.reply(question, "Siti, Desmigratif: halo", cast.facilitator, NOW + HOUR)
        say(word, STRANGER, NOW + 2 * HOUR)
        assert inbox.why_no_reply(question) == reason
        assert not [words for words in leave_at(NOW + 2 * HOUR) if "halo" in words]
        say("MULAI", STRANGER, NOW + 3 * HOUR)


def test_mulai_after_several_stops_gives_back_what_the_first_took(cast: Cast) -> None:
    for hours in range(3):
        say("STOP", SRI, NOW + hours * HOUR)
    say("MULAI", SRI, NOW + 3 * HOUR)
    assert consents(cast.migrant)


def test_mulai_never_takes_back_a_tidak_nor_the_stop_of_another_phone(cast: Cast) -> None:
    sri, siti = cast.migrant, cast.facilitator
    sri.add_phone(MOTHERS_PHONE, "family", account=siti, now=NOW)
    db.session.commit()
    say("STOP", MOTHERS_PHONE, NOW + HOUR)
    sri.record_consent(SMS, given=True, account=siti, now=NOW + 2 * HOUR)
    asked_whose_phone_it_is(sri, NOW + 2 * HOUR)
    say("TIDAK", SRI, NOW + 3 * HOUR)
    assert say("MULAI", MOTHERS_PHONE, NOW + DAY).for_human
    assert not consents(sri)
    sri.record_consent(SMS, given=True, account=siti, now=NOW + DAY)
    db.session.commit()
    say("STOP", SRI, NOW + 2 * DAY)
    say("MULAI", MOTHERS_PHONE, NOW + 3 * DAY)
    assert not consents(sri), "the STOP of her own phone"
    say("MULAI", SRI, NOW + 4 * DAY)
    assert consents(sri)
