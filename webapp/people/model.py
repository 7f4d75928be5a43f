"""People of the village: who they are, which phones reach them, what they agreed to, where they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from sms.phone import mask
from webapp import clock
from webapp.accounts import audit
from webapp.accounts.model import Account
from webapp.areas.model import Area
from webapp.db import AreaCode, Base, BigId, SortKey, UTCDateTime, db
from webapp.people import stages
from webapp.people.finding import search_text
from webapp.people.history import Consent, Event, StageMove
from webapp.people.names import fold
from webapp.people.number_state import NumberState, is_known_again
from webapp.people.phones import FamilyContact, Phone
from webapp.people.signals import move_taken_back, moved_house, person_changed
from webapp.people.tasks import Task
from webapp.people.villagers import move_along
from webapp.people.wording import WORDING
from webapp.sealing import fingerprint, seal, unseal

__all__ = ["Consent", "Event", "FamilyContact", "NumberState", "Person", "Phone", "StageMove", "Task"]

#: Who reads a phone. Sensitive texts go only to `self`, confirmed by the person.
SELF, FAMILY, EMPLOYER, UNKNOWN = "self", "family", "employer", "unknown"
READERS = (SELF, FAMILY, EMPLOYER, UNKNOWN)
#: What a consent is for.
DATA, SMS, FORWARDING = "data", "sms", "forwarding"
PURPOSES = (DATA, SMS, FORWARDING)
#: How a phone may be used, beside who reads it.
PHONE_USE = ("do_not_text", "safe_from_hour", "safe_until_hour")


class Person(Base):
    """A prospect, a migrant or a returnee. One person, many departures."""

    __tablename__ = "people"
    __table_args__ = (
        sa.Index("ix_people_area_code_name_key_id", "area_code", "name_key", "id"),
        sa.Index("ix_people_stage_area_code_name_key_id", "stage", "area_code", "name_key", "id"),
        # For likely duplicates: people of a regency who were born about then.
        sa.Index("ix_people_birth_year_area_code", "birth_year", "area_code"),
        # For phones that keep a copy of a village: what is new since they asked last.
        sa.Index("ix_people_area_code_updated_at_id", "area_code", "updated_at", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    area_code: Mapped[str] = mapped_column(AreaCode, sa.ForeignKey("areas.code"))
    name: Mapped[str] = mapped_column(sa.String(100))
    #: Lower-case ASCII name, for order and likeness.
    name_key: Mapped[str] = mapped_column(SortKey)
    #: name_key and the digits of all phones and family contacts, for finding any part of them.
    search_text: Mapped[str] = mapped_column(sa.String(500))
    sex: Mapped[str] = mapped_column(sa.String(1))  # 'f' or 'm'
    birth_date: Mapped[date | None] = mapped_column(sa.Date)
    #: Always that of birth_date if that is known; else as stated, or the earliest that a stated age allows.
    birth_year: Mapped[int | None] = mapped_column(sa.SmallInteger)
    nik_encrypted: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    nik_hash: Mapped[str | None] = mapped_column(sa.String(64), index=True)
    address: Mapped[str] = mapped_column(sa.String(200), default="")
    #: Language of texts: id, jv, su, sas.
    language: Mapped[str] = mapped_column(sa.String(3), default="id")
    education: Mapped[str] = mapped_column(sa.String(16), default="")
    stage: Mapped[str] = mapped_column(sa.String(16), default="prospect")
    nonprocedural: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    #: Grows with each change; an edit says which version it began from.
    version: Mapped[int] = mapped_column(sa.Integer, default=1)
    created_by_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: When the timeline last grew, by whatever noun.
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)

    area: Mapped[Area] = relationship()
    phones: Mapped[list[Phone]] = relationship(back_populates="person", order_by="Phone.id")
    contacts: Mapped[list[FamilyContact]] = relationship(back_populates="person", order_by="FamilyContact.id")

    @validates("birth_date")
    def _birth_year_follows(self, _key: str, day: date | None) -> date | None:
        if day is not None:
            self.birth_year = day.year
        return day

    @classmethod
    def register(
        cls,
        *,
        area_code: str,
        name: str,
        sex: str,
        account: Account,
        now: datetime,
        birth_date: date | None = None,
        birth_year: int | None = None,
        nik: str = "",
        address: str = "",
        language: str = "id",
        education: str = "",
    ) -> Person:
        """A new person, a prospect, with an id. Add phones, contacts and consents by the acts below.

        `sex` is 'f' or 'm', `nik` its 16 digits or '', `language` that of texts. Does not look for
        duplicates: the page does, before (people/duplicates.py).
        """
        person = cls(
            area_code=area_code,
            sex=sex,
            birth_date=birth_date,
            birth_year=birth_date.year if birth_date else birth_year,
            address=address,
            language=language,
            education=education,
            stage="prospect",
            nonprocedural=False,
            version=1,
            created_by_id=account.id,
            created_at=now,
            updated_at=now,
        )
        person._name(name)
        person._seal_nik(nik)
        db.session.add(person)
        db.session.flush()
        db.session.add(
            StageMove(
                person_id=person.id,
                from_stage="",
                to_stage="prospect",
                on_day=clock.day_of(now, person.area.zone),
                account_id=account.id,
                at=now,
            )
        )
        person._noted("registered", {}, account, now, act="created")
        return person

    def age_on(self, day: date) -> int | None:
        """Full years, or None if the birth is not known at all. From a year alone the lowest possible age,
        so that a minor is never taken for an adult."""
        if self.birth_date is not None:
            had_birthday = (day.month, day.day) >= (self.birth_date.month, self.birth_date.day)
            return day.year - self.birth_date.year - (not had_birthday)
        return None if self.birth_year is None else day.year - self.birth_year - 1

    @property
    def nik(self) -> str:
        """All 16 digits, or ''. Showing them to anybody is an act of its own, with an audit entry."""
        return unseal(self.nik_encrypted) if self.nik_encrypted else ""

    @property
    def phones_in_use(self) -> list[Phone]:
        return [phone for phone in self.phones if phone.removed_at is None]

    @property
    def contacts_in_use(self) -> list[FamilyContact]:
        return [contact for contact in self.contacts if contact.removed_at is None]

    def change(self, account: Account | None, now: datetime, **fields: Any) -> list[str]:
        """Set name, sex, birth_date, birth_year, nik, address, language or education.

        Returns the names of those that changed. The timeline names them with the version, never their values.
        """
        changed = [name for name, value in fields.items() if getattr(self, name) != value]
        for name in changed:
            setter = {"name": self._name, "nik": self._seal_nik}.get(name)
            setter(fields[name]) if setter else setattr(self, name, fields[name])
        if changed:
            self._noted("details_changed", {"fields": changed}, account, now)
        return changed

    def move_house(self, area_code: str, *, account: Account, now: datetime) -> None:
        """To another village. What is known of the person moves along: the old village sees none of it any more."""
        if self.area_code != area_code:
            # Also told in the audit log of the village that the person leaves.
            audit.changed("moved", "person", self.id, self.area_code, detail="moved_house")
            self.area_code = area_code
            move_along(Task, self)
            moved_house.send(self)
            self._noted("moved_house", {}, account, now)

    def move_to(
        self, stage: str, *, on_day: date, account: Account | None, now: datetime, reason: str = ""
    ) -> StageMove:
        """A step on the path, on the day it happened. `account` None: an SMS. Raises stages.MoveNotAllowed."""
        if not stages.allowed(self.stage, stage):
            raise stages.MoveNotAllowed(self.stage, stage)
        return self._move("stage_moved", stage, on_day, account, now, reason)

    def take_back_move(self, *, account: Account, now: datetime, reason: str) -> StageMove | None:
        """Return to the stage before the newest move, which was a mistake. None if there is no move."""
        newest = self.newest_move()
        if newest is None or not newest.from_stage:
            return None
        back = self.correct_stage(newest.from_stage, account=account, now=now, reason=reason)
        move_taken_back.send(self, move=newest, account=account, now=now, reason=reason)
        return back

    def correct_stage(self, stage: str, *, account: Account, now: datetime, reason: str) -> StageMove:
        """Back to this stage: what led away from it was a mistake."""
        return self._move("stage_taken_back", stage, clock.day_of(now, self.area.zone), account, now, reason)

    def newest_move(self) -> StageMove | None:
        query = sa.select(StageMove).where(StageMove.person_id == self.id).order_by(StageMove.id.desc()).limit(1)
        return db.session.scalar(query)

    def mark_nonprocedural(self, marked: bool, *, account: Account, now: datetime, reason: str = "") -> None:
        """The person goes or went outside the legal path: a reason to help more, never to punish."""
        if self.nonprocedural != marked:
            self.nonprocedural = marked
            kind = "nonprocedural_marked" if marked else "nonprocedural_unmarked"
            self._noted(kind, {"reason": reason, "fields": ["nonprocedural"]}, account, now)

    def add_phone(self, number: str, reader: str, *, account: Account | None, now: datetime, **use: Any) -> Phone:
        """A number (E.164) and who reads it (READERS). `use`: do_not_text, safe_from_hour, safe_until_hour.

        A number that was removed comes back, without its old confirmation.
        """
        phone = next((p for p in self.phones if p.number == number), None)
        if phone is None:
            phone = Phone(number=number, do_not_text=False)
            self.phones.append(phone)
        phone.reader, phone.added_at, phone.removed_at, phone.confirmed_at = reader, now, None, None
        _set(phone, use)
        self.take_number(number, now=now)
        facts = {"number": mask(number), "reader": reader, "phone": phone.id, "fields": ["reader", *PHONE_USE]}
        self._numbers_changed("phone_added", facts, account, now)
        return phone

    def change_phone(self, phone: Phone, *, account: Account | None, now: datetime, **use: Any) -> None:
        """Set reader, do_not_text, safe_from_hour, safe_until_hour. Another reader ends the confirmation."""
        changed = [name for name, value in use.items() if getattr(phone, name) != value]
        if "reader" in changed:
            phone.confirmed_at = None
        _set(phone, use)
        if changed:
            facts = {"number": mask(phone.number), "reader": phone.reader, "phone": phone.id, "fields": changed}
            self._numbers_changed("phone_changed", facts, account, now)

    def remove_phone(
        self, phone: Phone, *, account: Account | None, now: datetime, kind: str = "phone_removed"
    ) -> None:
        """It reaches this person no more. The row stays, for the texts that went there."""
        phone.removed_at, phone.confirmed_at = now, None
        self._numbers_changed(kind, {"number": mask(phone.number)}, account, now)

    def take_number(self, number: str, *, now: datetime) -> None:
        """It is known whose number this is: SALAH and 'no such number' are over.

        SALAH is over for this person only. Who answers there now is not whom the others' texts are meant for, so
        whoever had the number when it was said has it no more.
        """
        others = _others_with(number, self)
        said_at = db.session.scalar(sa.select(NumberState.wrong_person_at).where(NumberState.number == number))
        is_news = is_known_again(number)
        for phone in others:
            if said_at is not None and phone.added_at <= said_at:
                phone.person.remove_phone(phone, account=None, now=now, kind="phone_is_of_another")
            elif is_news:
                person_changed.send(phone.person, now=now)

    def confirm_phone(self, phone: Phone, *, now: datetime) -> None:
        """The person said from this number that it is theirs."""
        self.take_number(phone.number, now=now)
        phone.reader, phone.confirmed_at = SELF, now
        facts = {"number": mask(phone.number), "phone": phone.id, "fields": ["reader"]}
        self._numbers_changed("phone_confirmed", facts, None, now)

    def add_contact(self, name: str, relation: str, number: str, *, account: Account, now: datetime) -> FamilyContact:
        """A relative to call in need."""
        contact = FamilyContact(name=name, relation=relation, number=number, added_at=now)
        self.contacts.append(contact)
        self._numbers_changed("contact_added", {"relation": relation}, account, now)
        return contact

    def change_contact(self, contact: FamilyContact, *, account: Account, now: datetime, **fields: str) -> None:
        """Set name, relation or number."""
        changed = [name for name, value in fields.items() if getattr(contact, name) != value]
        _set(contact, fields)
        if changed:
            facts = {"relation": contact.relation, "contact": contact.id, "fields": changed}
            self._numbers_changed("contact_changed", facts, account, now)

    def remove_contact(self, contact: FamilyContact, *, account: Account, now: datetime) -> None:
        contact.removed_at = now
        self._numbers_changed("contact_removed", {"relation": contact.relation}, account, now)

    def record_consent(
        self,
        purpose: str,
        given: bool,
        *,
        account: Account | None,
        now: datetime,
        how: str = "spoken",
        witness: str = "",
        wording: str = WORDING,
        language: str | None = None,
        said_at: datetime | None = None,
    ) -> Consent:
        """One line in the ledger. `how`: spoken, signed or sms; `account` None: by SMS; `said_at`: if not just now."""
        line = Consent(
            person_id=self.id,
            purpose=purpose,
            given=given,
            wording=wording,
            language=language or self.language,
            how=how,
            witness=witness,
            account_id=account.id if account else None,
            at=said_at or now,
        )
        db.session.add(line)
        kind = "consent_given" if given else "consent_withdrawn"
        self._noted(kind, {"purpose": purpose, "how": how}, account, now, act="consented" if given else "withdrew")
        return line

    def note(self, words: str, *, account: Account, now: datetime) -> None:
        """Words of an officer for the timeline."""
        self.log("note", {"words": words}, account_id=account.id, now=now)
        audit.changed("noted", "person", self.id, self.area_code)

    def log(self, kind: str, facts: Mapping[str, Any], account_id: int | None, now: datetime) -> Event:
        """One entry of the timeline. `facts` are shown to whoever sees the person."""
        entry = Event(person_id=self.id, kind=kind, facts=dict(facts), account_id=account_id, at=now)
        db.session.add(entry)
        self.updated_at = now
        return entry

    def _move(
        self, kind: str, stage: str, on_day: date, account: Account | None, now: datetime, reason: str
    ) -> StageMove:
        move = StageMove(
            person_id=self.id,
            from_stage=self.stage,
            to_stage=stage,
            on_day=on_day,
            reason=reason,
            account_id=account.id if account else None,
            at=now,
        )
        db.session.add(move)
        self.stage = stage
        facts = {
            "from": move.from_stage,
            "to": stage,
            "day": on_day.isoformat(),
            "reason": reason,
            "fields": ["stage"],
        }
        self._noted(kind, facts, account, now, act="moved")
        return move

    def _noted(
        self, kind: str, facts: Mapping[str, Any], account: Account | None, now: datetime, act: str = "changed"
    ) -> None:
        """What every act ends with: the version grows, timeline and audit log tell, other nouns hear of it."""
        if act != "created":
            self.version += 1
        if "fields" in facts:
            facts = {**facts, "version": self.version}
        self.log(kind, facts, account_id=account.id if account else None, now=now)
        audit.changed(act, "person", self.id, self.area_code, detail=kind)
        db.session.flush()
        person_changed.send(self, now=now)

    def _numbers_changed(self, *what: Any) -> None:
        self._refresh_search_text()
        self._noted(*what)

    def _name(self, name: str) -> None:
        self.name, self.name_key = name, fold(name)
        self._refresh_search_text()

    def _refresh_search_text(self) -> None:
        numbers = [p.number for p in self.phones_in_use] + [c.number for c in self.contacts_in_use]
        self.search_text = search_text(self.name_key, numbers)

    def _seal_nik(self, nik: str) -> None:
        self.nik_encrypted = seal(nik) if nik else None
        self.nik_hash = fingerprint(nik) if nik else None


def _others_with(number: str, person: Person) -> Sequence[Phone]:
    """This number in the hands of others, whom it locks, in the order in which every act locks people."""
    query = sa.select(Phone).join(Person, Person.id == Phone.person_id).order_by(Person.id)
    having = query.where(Phone.number == number, Phone.removed_at.is_(None), Phone.person_id != person.id)
    return db.session.scalars(having.with_for_update(of=Person, key_share=True)).all()


def _set(row: Base, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)
