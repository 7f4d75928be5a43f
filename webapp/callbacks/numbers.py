"""What a number says about itself: STOP, MULAI, wrong person, 'this is my phone'. For all who have that number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager
from sqlalchemy.orm.util import identity_key

from sms.phone import mask
from webapp.callbacks.questions import Question
from webapp.conversations.model import Incoming
from webapp.db import db
from webapp.outbox import queue
from webapp.people import consent
from webapp.people.model import SELF, SMS, Consent, FamilyContact, NumberState, Person, Phone
from webapp.people.reach import SILENCE, is_silent
from webapp.people.signals import person_changed
from webapp.prepared import PreparedInsert


def is_phone(number: str) -> bool:
    """Is it a phone, or the name of a sender, which is never answered?"""
    return number.startswith("+")


@dataclass(frozen=True)
class Sender:
    """Who may have written from a number."""

    number: str
    #: In use, whoever's own phone it is before others, confirmed before not.
    phones: tuple[Phone, ...] = ()
    #: With this number; of several the newest. Asked for only if nobody has the number.
    contact: FamilyContact | None = None
    #: Ids of whoever has this number, or a relative with it.
    people_near: tuple[int, ...] = ()

    @property
    def owner(self) -> Person | None:
        """Who most likely wrote."""
        return self.phones[0].person if self.phones else None


def sender(number: str) -> Sender:
    """Locks everybody who has the number, or a relative with it, before anything else, as every act on a person does.

    So of two phones that call for one person at once the second finds the case of the first.
    """
    own = sa.select(Phone.person_id).where(Phone.number == number)
    _lock(own.union(sa.select(FamilyContact.person_id).where(FamilyContact.number == number)))
    phones = tuple(db.session.scalars(_PHONES, {"number": number}))
    contacts = db.session.execute(_CONTACTS, {"number": number}).tuples().all()
    contact = db.session.get_one(FamilyContact, contacts[0][0]) if contacts and not phones else None
    near = {phone.person_id for phone in phones} | {person_id for _, person_id in contacts}
    return Sender(number, phones, contact, tuple(sorted(near)))


_PHONES = (
    sa.select(Phone)
    .join(Phone.person)
    .options(contains_eager(Phone.person))
    .where(Phone.number == sa.bindparam("number"), Phone.removed_at.is_(None))
    .order_by((Phone.reader != SELF), Phone.confirmed_at.is_(None), Phone.id.desc())
    .execution_options(populate_existing=True)
)
_CONTACTS = (
    sa.select(FamilyContact.id, FamilyContact.person_id)
    .where(FamilyContact.number == sa.bindparam("number"), FamilyContact.removed_at.is_(None))
    .order_by(FamilyContact.id.desc())
)


def _lock(people: sa.CompoundSelect[tuple[int]]) -> None:
    """SQLite has one writer, which this transaction is from its beginning."""
    if db.session.get_bind().dialect.name == "postgresql":
        rows = sa.select(Person.id).where(Person.id.in_(people)).order_by(Person.id)
        db.session.execute(rows.with_for_update(key_share=True))


def heard(sender: Sender, now: datetime) -> None:
    """The number is alive, whatever a provider said: then whoever has it is planned for again.

    Also holds back a second text of it until this one is done.
    """
    doubted_at = now if _was_silent(sender, now) else None
    facts = {"number": sender.number, "heard_at": now, "doubted_at": doubted_at}
    invalid_at = _HEARD.execute(facts).scalar_one()
    if (loaded := db.session.identity_map.get(identity_key(NumberState, sender.number))) is not None:
        db.session.expire(loaded)
    if invalid_at is not None or doubted_at is not None:
        _state(sender.number).invalid_at = None
        for person in _people(sender.number):
            person_changed.send(person, now=now)


def _hear(insert: Any) -> Any:
    statement = insert(NumberState)
    new = statement.excluded
    changes = {"heard_at": new.heard_at, "doubted_at": sa.func.coalesce(new.doubted_at, NumberState.doubted_at)}
    return statement.on_conflict_do_update(index_elements=["number"], set_=changes).returning(NumberState.invalid_at)


_HEARD = PreparedInsert(_hear, ("number", "heard_at", "doubted_at"))


def _was_silent(sender: Sender, now: datetime) -> bool:
    """Did everybody's phone with this number fall silent long ago? Then it may have changed hands meanwhile.

    The first text after the silence says so; what follows it says nothing new.
    """
    if not sender.phones:
        return False
    state = db.session.get(NumberState, sender.number)
    if state is not None and state.heard_at is not None and now - state.heard_at <= SILENCE:
        return False
    states = {sender.number: state} if state else {}
    return all(is_silent(phone, states, now) for phone in sender.phones)


def stop(number: str, now: datetime) -> bool:
    """No more texts to this number, also not those that wait; whoever has it withdraws the consent to SMS.

    Every STOP counts from its own moment: what was written in between allows no answer any more.
    Returns whether it is news, of somebody who is registered.
    """
    state, people = _state(number), _people(number)
    is_news = state.stopped_at is None and bool(people)
    state.stopped_at = now
    queue.withdraw_to(number, reason="stopped", now=now)
    for person in people:
        line = consent.current(person.id)[SMS]
        if line is not None and line.given:
            person.record_consent(SMS, given=False, account=None, how="sms", now=now)
        else:
            person_changed.send(person, now=now)
    return is_news


def start(number: str, now: datetime) -> bool:
    """Undo STOP. Only a consent that a STOP of this number withdrew is given again; any other is for an officer to ask.

    False if the number belongs to people none of whom consents, or somebody there said that it is the wrong person.
    """
    state, people = _state(number), _people(number)
    state.stopped_at = None
    for person in people:
        line = consent.current(person.id)[SMS]
        if line is not None and _is_of_stop(line, number):
            person.record_consent(SMS, given=True, account=None, how="sms", now=now)
        else:
            person_changed.send(person, now=now)
    return state.wrong_person_at is None and (not people or any(_consents(person) for person in people))


def wrong_person(number: str, now: datetime) -> None:
    """Whoever reads this phone is not who we think. Halted until an officer mends the number."""
    _state(number).wrong_person_at = now
    queue.withdraw_to(number, reason="wrong_person", now=now)
    for person in _people(number):
        person.log("wrong_person", {"number": mask(number)}, account_id=None, now=now)
        person_changed.send(person, now=now)


def confirm(question: Question, answer: str, now: datetime) -> None:
    """YA: this phone is the person's own. TIDAK: no SMS for this person."""
    person = question.person
    if person is None:
        return
    if answer == "no":
        person.record_consent(SMS, given=False, account=None, how="sms", now=now)
        return
    for phone in person.phones:
        if phone.number == question.number and phone.removed_at is None and phone.reader == SELF:
            person.confirm_phone(phone, now=now)


def _state(number: str) -> NumberState:
    return db.session.get_one(NumberState, number, populate_existing=True)


def _people(number: str) -> Sequence[Person]:
    query = (
        sa.select(Person)
        .where(Person.id.in_(sa.select(Phone.person_id).where(Phone.number == number, Phone.removed_at.is_(None))))
        .order_by(Person.id)
    )
    return db.session.scalars(query).all()


def _consents(person: Person) -> bool:
    line = consent.current(person.id)[SMS]
    return line is not None and line.given


def _is_of_stop(line: Consent, number: str) -> bool:
    """Did a STOP from this number make the line? The ledger holds no numbers, but its text took effect just then.

    A TIDAK, or the STOP of another phone of the same person, is not this number's to take back.
    """
    if line.given or line.how != "sms":
        return False
    text = sa.select(Incoming.id).where(
        Incoming.number == number, Incoming.command == "stop", Incoming.understood_at == line.at
    )
    return db.session.scalar(text.limit(1)) is not None
