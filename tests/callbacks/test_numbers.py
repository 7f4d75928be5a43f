"""What a number says about itself: again, from another phone of the same person, or of somebody else's."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from sms.gateways import Receipt
from tests.callbacks.saying import SRI, STRANGER, leave_at, planned, say
from tests.people import HOME, NEIGHBOUR, Cast
from webapp.callbacks import intake
from webapp.conversations import acts as conversation
from webapp.conversations import queries as inbox
from webapp.db import db
from webapp.departures import acts, upkeep
from webapp.departures.model import ChecklistItem, Departure
from webapp.outbox import queue, receipts
from webapp.outbox.model import Message
from webapp.people.consent import current
from webapp.people.model import SMS, Event, NumberState, Person

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


def leaving(cast: Cast) -> int:
    """Sri leaves on 20 December; her reminders wait."""
    departure = acts.record(
        cast.migrant, cast.facilitator, NOW, destination_code="TW", scheme="p3mi", planned_on=date(2026, 12, 20)
    )
    db.session.commit()
    assert planned()
    return departure.id


def tick_medical(cast: Cast, departure_id: int, now: datetime) -> None:
    """Some act on Sri's departure, after which it is planned anew."""
    departure = db.session.get_one(Departure, departure_id)
    item = db.session.get_one(ChecklistItem, "medical")
    acts.tick(departure, item, cast.facilitator, now, done_on=now.date())
    db.session.commit()


def events(person: Person) -> list[str]:
    return list(db.session.scalars(sa.select(Event.kind).where(Event.person_id == person.id)))


def test_a_number_that_came_to_somebody_else_is_not_the_old_owners_any_more(cast: Cast) -> None:
    departure_id = leaving(cast)
    say("SALAH", SRI, NOW + DAY)
    assert planned() == []
    budi = Person.register(area_code=NEIGHBOUR, name="Budi", sex="m", account=cast.stranger, now=NOW + 5 * DAY)
    budi.add_phone(SRI, "self", account=cast.stranger, now=NOW + 5 * DAY)
    tick_medical(cast, departure_id, NOW + 5 * DAY)
    assert planned() == []
    assert leave_at(datetime(2026, 12, 13, 3, 0, tzinfo=UTC)) == [], "R7 is due then"
    assert cast.migrant.phones_in_use == []
    assert "phone_is_of_another" in events(cast.migrant)
    assert say("halo", SRI, NOW + 6 * DAY).person_id == budi.id


def test_ya_after_salah_is_of_one_person_only(cast: Cast) -> None:
    """Both have the number; who answers YA was asked as Sri."""
    leaving(cast)
    sri, tumini = cast.migrant, cast.withdrew
    tumini.add_phone(SRI, "self", account=cast.facilitator, now=NOW)
    asked_whose_phone_it_is(sri, NOW)
    db.session.commit()
    say("SALAH", SRI, NOW + HOUR)
    db.session.execute(sa.update(Message).where(Message.expects == "confirm").values(answered_at=None))
    db.session.commit()
    say("YA", SRI, NOW + 2 * HOUR)
    db.session.expire_all()
    assert SRI not in [phone.number for phone in tumini.phones_in_use]
    assert sri.phones[0].confirmed_at == NOW + 2 * HOUR
    assert planned()


def test_without_salah_a_number_may_be_of_several_people(cast: Cast) -> None:
    cast.withdrew.add_phone(SRI, "family", account=cast.facilitator, now=NOW)
    db.session.commit()
    assert [phone.number for phone in cast.migrant.phones_in_use] == [SRI]


def dead(number: str) -> None:
    """The provider knows no such number, and a day later all plans know it."""
    receipts.flag_numbers(db.session, Message.number == number, NOW)
    db.session.commit()
    upkeep.plan_due(NOW + DAY)
    assert planned() == []


def test_a_number_that_proves_alive_gets_its_reminders_back(cast: Cast) -> None:
    leaving(cast)
    dead(SRI)
    say("halo bu, nomor saya masih aktif", SRI, NOW + 2 * DAY)
    assert "R7" in planned()


def test_a_number_entered_for_somebody_else_is_alive_for_all_who_have_it(cast: Cast) -> None:
    leaving(cast)
    dead(SRI)
    cast.withdrew.add_phone(SRI, "family", account=cast.facilitator, now=NOW + 2 * DAY)
    db.session.commit()
    assert "R7" in planned()


def test_an_old_failure_that_is_told_again_says_nothing_of_the_number(cast: Cast) -> None:
    leaving(cast)
    reference = db.session.scalar(sa.select(Message.reference).where(Message.number == SRI).limit(1))
    db.session.execute(sa.update(Message).where(Message.reference == reference).values(gateway="told"))
    failure = Receipt(reference, "SM1", "failed", "30005", flag_number=True)
    intake.take_receipt("told", failure, NOW)
    assert db.session.get_one(NumberState, SRI).invalid_at == NOW
    say("halo", SRI, NOW + HOUR)
    intake.take_receipt("told", failure, NOW + 2 * HOUR)
    db.session.expire_all()
    assert db.session.get_one(NumberState, SRI).invalid_at is None
