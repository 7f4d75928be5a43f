"""Reports of brokers (calo): what somebody saw or suffered, and what may be done with it."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.accounts import audit
from webapp.accounts.invitations import ALPHABET
from webapp.accounts.model import Account
from webapp.areas.model import Area
from webapp.brokers.signals import report_recorded
from webapp.brokers.states import RECEIVED
from webapp.brokers.urgency import is_urgent
from webapp.brokers.words_of_reference import new_word
from webapp.db import AreaCode, Base, BigId, UTCDateTime, db, insert
from webapp.people.model import Person
from webapp.sealing import seal, unseal

#: The name of a report in the audit log and for its photos.
SUBJECT = "broker_report"
#: How a report comes: written in the application, by SMS, told on the phone, in person, by letter.
APP, SMS, PHONE, VISIT, LETTER = "app", "sms", "phone", "visit", "letter"
CHANNELS = (APP, SMS, PHONE, VISIT, LETTER)
#: Whoever may see the report may learn who reports; the verifying coordinator alone; nobody.
NAMED, CONFIDENTIAL, ANONYMOUS = "named", "confidential", "anonymous"
NAMINGS = (NAMED, CONFIDENTIAL, ANONYMOUS)
REPORTERS = ("victim", "family", "neighbour", "facilitator", "anonymous")
#: 'LC' for laporan calo.
REFERENCE = "LC-"
#: Letters and digits after it, and digits of the word, at each attempt: longer, should the short ones ever be used up.
REFERENCE_LENGTHS = ((4, 3), (4, 3), (4, 3), (5, 4), (6, 5), (9, 6))
#: Of partial indexes: what waits for somebody, written as lists.py asks for it. Not 'state IN', or SQLite would rather
#: look by the index of states.
WAITING = "merged_into_id IS NULL AND state NOT IN ('officially_confirmed', 'not_proven', 'too_little', 'closed')"
MERGED = "merged_into_id IS NOT NULL"


def _partial(name: str, *columns: str, where: str) -> sa.Index:
    return sa.Index(name, *columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


class BrokerReport(Base):
    """One report. It holds what was said, not what is true: nobody named in it has been judged."""

    __tablename__ = "broker_reports"
    __table_args__ = (
        sa.Index("ix_broker_reports_area_code_id", "area_code", "id"),
        sa.Index("ix_broker_reports_account_id_id", "account_id", "id"),
        sa.Index("ix_broker_reports_state_area_code_id", "state", "area_code", "id"),
        # For whoever sees the whole nation.
        sa.Index("ix_broker_reports_state_id", "state", "id"),
        _partial("ix_broker_reports_waiting", "area_code", "id", where=WAITING),
        _partial("ix_broker_reports_waiting_anywhere", "id", where=WAITING),
        # Partial, or SQLite would look for what is merged into nothing, which is nearly everything.
        _partial("ix_broker_reports_merged_into_id", "merged_into_id", where=MERGED),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    #: 'LC-7K3M', to be quoted on the phone.
    reference: Mapped[str] = mapped_column(sa.String(12), unique=True)
    #: A harmless word and number that a reporter can say on the phone: 'MELATI 318'.
    word: Mapped[str | None] = mapped_column(sa.String(20), unique=True)
    #: Of the person it is about, else of the account. It stays when the person moves: there it happened.
    area_code: Mapped[str] = mapped_column(AreaCode, sa.ForeignKey("areas.code"))
    #: How it came, of CHANNELS.
    channel: Mapped[str] = mapped_column(sa.String(8), default=APP, server_default=APP)
    #: Who wrote it down; nobody if it came by SMS. A facilitator sees only her own.
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    #: Who says so, of REPORTERS.
    reporter_kind: Mapped[str] = mapped_column(sa.String(12))
    #: Who may learn who says so, of NAMINGS.
    naming: Mapped[str] = mapped_column(sa.String(12), default=CONFIDENTIAL, server_default=CONFIDENTIAL)
    #: Whom of the village it is about, if it is somebody registered.
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"), index=True)
    #: Name and number of the reporter, sealed. Nothing of an anonymous one.
    contact_encrypted: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    #: By which an anonymous reporter, or one who wrote an SMS, can be asked back.
    return_address_id: Mapped[int | None] = mapped_column(sa.ForeignKey("return_addresses.id"), index=True)
    safe_hours: Mapped[str] = mapped_column(sa.String(60), default="")
    #: May the reporter be called? None: nobody has asked yet, so no.
    safe_to_call: Mapped[bool | None] = mapped_column(sa.Boolean)

    #: What happened, in the reporter's words.
    words: Mapped[str] = mapped_column(sa.String(2000))
    accused_names: Mapped[str] = mapped_column(sa.String(300), default="")
    accused_phones: Mapped[str] = mapped_column(sa.String(200), default="")
    #: Bank accounts and e-wallets.
    accused_accounts: Mapped[str] = mapped_column(sa.String(200), default="", server_default="")
    accused_plates: Mapped[str] = mapped_column(sa.String(100), default="", server_default="")
    agency_claimed: Mapped[str] = mapped_column(sa.String(120), default="")
    #: What letter of assignment (surat tugas) was shown, with its number.
    letter_shown: Mapped[str] = mapped_column(sa.String(100), default="", server_default="")
    #: Somebody of the village office is accused: then nobody of the village is told (DOMAIN, areas).
    accuses_staff: Mapped[bool] = mapped_column(sa.Boolean, default=False, server_default=sa.false())
    #: Codes of choices.MODUS.
    modus: Mapped[list[str]] = mapped_column(sa.JSON)
    country: Mapped[str] = mapped_column(sa.String(60), default="")
    job_promised: Mapped[str] = mapped_column(sa.String(80), default="", server_default="")
    wage_promised: Mapped[str] = mapped_column(sa.String(60), default="", server_default="")
    visa_promised: Mapped[str] = mapped_column(sa.String(60), default="", server_default="")
    place: Mapped[str] = mapped_column(sa.String(120), default="")
    #: A day or words: 'after Lebaran'.
    planned_departure: Mapped[str] = mapped_column(sa.String(60), default="")
    #: Whole rupiah.
    money_asked: Mapped[int | None] = mapped_column(sa.BigInteger)
    money_paid: Mapped[int | None] = mapped_column(sa.BigInteger)
    papers_held: Mapped[str] = mapped_column(sa.String(200), default="")
    people_count: Mapped[int | None] = mapped_column(sa.Integer)
    child_involved: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    #: none, threat, violence
    threat: Mapped[str] = mapped_column(sa.String(10))

    #: Codes of choices.OFFICES that the reporter agreed to; empty: nobody outside the programme.
    may_forward: Mapped[list[str]] = mapped_column(sa.JSON)
    urgent: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    #: One of states.STATES.
    state: Mapped[str] = mapped_column(sa.String(24), default=RECEIVED)
    #: The coordinator who verifies it, who alone learns who a confidential reporter is.
    verifier_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    #: The report of the same case that goes on in place of this one.
    merged_into_id: Mapped[int | None] = mapped_column(sa.ForeignKey("broker_reports.id"))
    received_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)

    account: Mapped[Account | None] = relationship(foreign_keys=[account_id])
    verifier: Mapped[Account | None] = relationship(foreign_keys=[verifier_id])
    area: Mapped[Area] = relationship()
    goes_on_in: Mapped[BrokerReport | None] = relationship(foreign_keys=[merged_into_id], remote_side=[id])

    @property
    def state_of_case(self) -> str:
        """How far it is for whoever wrote it. That others told of the same is not for the village to know."""
        return self.goes_on_in.state if self.goes_on_in else self.state

    @classmethod
    def record(
        cls, *, account: Account | None, person: Person | None, now: datetime, area_code: str = "", **facts: Any
    ) -> BrokerReport:
        """Store a report with a new reference and a new word. Never commits.

        `facts` are the columns that the form asks for; `reporter_contact` among them is sealed. Its area is the
        person's, else `area_code`, else the account's: one of them is needed. Of an anonymous report neither a
        contact nor the person is kept, whatever is given.
        """
        contact = facts.pop("reporter_contact", "")
        if facts.get("naming") == ANONYMOUS:
            contact = ""
        kept = person if facts.get("naming") != ANONYMOUS else None
        row = {
            **facts,
            "contact_encrypted": seal(contact) if contact else None,
            "account_id": account.id if account else None,
            "person_id": kept.id if kept else None,
            "area_code": _area_of(account, person, area_code),
            "urgent": is_urgent(facts["threat"], child=facts["child_involved"]),
            "state": RECEIVED,
            "received_at": now,
            "updated_at": now,
        }
        report = db.session.get_one(cls, cls._store(row))
        audit.changed("created", SUBJECT, report.id, report.area_code)
        report_recorded.send(report, now=now)
        return report

    @property
    def reporter_contact(self) -> str:
        """Name and number of the reporter: only for whoever may learn it (seeing.py), and every look is noted."""
        return unseal(self.contact_encrypted) if self.contact_encrypted else ""

    @classmethod
    def _store(cls, row: dict[str, Any]) -> int:
        """The unique indexes decide whether a reference and a word are free, not a look beforehand."""
        for length, digits in REFERENCE_LENGTHS:
            values = {**row, "reference": new_reference(length), "word": new_word(digits)}
            statement = insert(cls).values(values).on_conflict_do_nothing()
            report_id: int | None = db.session.scalar(statement.returning(cls.id))
            if report_id is not None:
                return report_id
        raise RuntimeError("no reference is free")


def _area_of(account: Account | None, person: Person | None, area_code: str) -> str:
    if person is not None:
        return person.area_code
    if area_code or account is None:
        return area_code
    return account.area_code


class BrokerStep(Base):
    """Something that was done about a report, by whom and when. Append-only.

    `kind`: taken, moved, checked, completed, noted, asked, answered, merged, separated, referred, receipted, revealed,
    alerted; its facts are of that kind, and hold nothing of the reporter.
    """

    __tablename__ = "broker_steps"
    __table_args__ = (sa.Index("ix_broker_steps_report_id_id", "report_id", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    report_id: Mapped[int] = mapped_column(sa.ForeignKey("broker_reports.id"))
    kind: Mapped[str] = mapped_column(sa.String(16))
    facts: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    #: Nobody if the programme or the reporter did it.
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)

    account: Mapped[Account | None] = relationship()


class BrokerReferral(Base):
    """A report that was handed to an office outside the programme, with the letter and its receipt."""

    __tablename__ = "broker_referrals"
    __table_args__ = (sa.Index("ix_broker_referrals_report_id", "report_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    report_id: Mapped[int] = mapped_column(sa.ForeignKey("broker_reports.id"))
    #: Of choices.OFFICES.
    office: Mapped[str] = mapped_column(sa.String(12))
    #: To whom the letter is addressed: 'Polres Cilacap, Unit PPA'.
    addressee: Mapped[str] = mapped_column(sa.String(120))
    letter_number: Mapped[str] = mapped_column(sa.String(60), default="")
    note: Mapped[str] = mapped_column(sa.String(500), default="")
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: Who took the letter there, their number for it, and when that was noted.
    received_by: Mapped[str] = mapped_column(sa.String(80), default="")
    receipt_number: Mapped[str] = mapped_column(sa.String(60), default="")
    received_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    receipt_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))

    account: Mapped[Account] = relationship(foreign_keys=[account_id])


class ReturnAddress(Base):
    """Where a reporter who is not to be known can be asked back. No page reads the number, nor does any list.

    Found by the keyed hash; opened only when a text to it is queued; forgotten when it has served.
    """

    __tablename__ = "return_addresses"
    __table_args__ = (
        # Which are still to be forgotten.
        sa.Index(
            "ix_return_addresses_kept",
            "expires_at",
            sqlite_where=sa.text("number_encrypted IS NOT NULL"),
            postgresql_where=sa.text("number_encrypted IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    number_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    number_encrypted: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: When it is forgotten.
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)


def new_reference(length: int) -> str:
    """'LC-7K3M': nothing that is taken for something else in print or in speech."""
    return REFERENCE + "".join(secrets.choice(ALPHABET) for _ in range(length))
