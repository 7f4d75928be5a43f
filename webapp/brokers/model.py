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
from webapp.brokers.urgency import is_urgent
from webapp.db import AreaCode, Base, BigId, UTCDateTime, db, insert
from webapp.people.model import Person

#: The name of a report in the audit log and for its photos.
SUBJECT = "broker_report"
RECEIVED = "received"
REPORTERS = ("victim", "family", "neighbour", "facilitator", "anonymous")
#: 'LC' for laporan calo.
REFERENCE = "LC-"
#: Letters and digits after it at each attempt: longer, should the short ones ever be used up.
REFERENCE_LENGTHS = (4, 4, 4, 5, 6, 9)


class BrokerReport(Base):
    """One report. It holds what was said, not what is true: nobody named in it has been judged."""

    __tablename__ = "broker_reports"
    __table_args__ = (
        sa.Index("ix_broker_reports_area_code_id", "area_code", "id"),
        sa.Index("ix_broker_reports_account_id_id", "account_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    #: 'LC-7K3M', to be quoted on the phone.
    reference: Mapped[str] = mapped_column(sa.String(12), unique=True)
    #: Of the person it is about, else of the account. It stays when the person moves: there it happened.
    area_code: Mapped[str] = mapped_column(AreaCode, sa.ForeignKey("areas.code"))
    #: Who wrote it down. A facilitator sees only her own.
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"))
    #: Who says so, of REPORTERS.
    reporter_kind: Mapped[str] = mapped_column(sa.String(12))
    #: Whom of the village it is about, if it is somebody registered.
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"), index=True)
    reporter_contact: Mapped[str] = mapped_column(sa.String(120), default="")
    safe_hours: Mapped[str] = mapped_column(sa.String(60), default="")

    #: What happened, in the reporter's words.
    words: Mapped[str] = mapped_column(sa.String(2000))
    accused_names: Mapped[str] = mapped_column(sa.String(300), default="")
    accused_phones: Mapped[str] = mapped_column(sa.String(200), default="")
    agency_claimed: Mapped[str] = mapped_column(sa.String(120), default="")
    #: Codes of choices.MODUS.
    modus: Mapped[list[str]] = mapped_column(sa.JSON)
    country: Mapped[str] = mapped_column(sa.String(60), default="")
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
    state: Mapped[str] = mapped_column(sa.String(24), default=RECEIVED)
    received_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)

    account: Mapped[Account] = relationship()
    area: Mapped[Area] = relationship()

    @classmethod
    def record(cls, *, account: Account, person: Person | None, now: datetime, **facts: Any) -> BrokerReport:
        """Store a report with a new reference. `facts` are the columns that the form asks for. Never commits."""
        row = {
            **facts,
            "account_id": account.id,
            "person_id": person.id if person else None,
            "area_code": person.area_code if person else account.area_code,
            "urgent": is_urgent(facts["threat"], child=facts["child_involved"]),
            "state": RECEIVED,
            "received_at": now,
            "updated_at": now,
        }
        report = db.session.get_one(cls, cls._store(row))
        audit.changed("created", SUBJECT, report.id, report.area_code)
        return report

    @classmethod
    def _store(cls, row: dict[str, Any]) -> int:
        """The unique index decides whether a reference is free, not a look beforehand."""
        for length in REFERENCE_LENGTHS:
            values = {**row, "reference": new_reference(length)}
            statement = insert(cls).values(values).on_conflict_do_nothing(index_elements=["reference"])
            report_id: int | None = db.session.scalar(statement.returning(cls.id))
            if report_id is not None:
                return report_id
        raise RuntimeError("no reference is free")


def new_reference(length: int) -> str:
    """'LC-7K3M': nothing that is taken for something else in print or in speech."""
    return REFERENCE + "".join(secrets.choice(ALPHABET) for _ in range(length))
