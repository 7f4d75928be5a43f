"""Forms that a phone kept and that fit no more when they came: a human looks at them, none is dropped."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.accounts.model import Account
from webapp.db import AreaCode, Base, BigId, UTCDateTime
from webapp.people.model import Person

OPEN = "settled_at IS NULL"


class KeptForm(Base):
    """What somebody wrote without a network about a person who has since moved, or a journey that has ended."""

    __tablename__ = "kept_forms"
    __table_args__ = (
        sa.Index(
            "ix_kept_forms_open",
            "area_code",
            "id",
            sqlite_where=sa.text(OPEN),
            postgresql_where=sa.text(OPEN),
        ),
        # For whoever sees the whole nation.
        sa.Index("ix_kept_forms_open_anywhere", "id", sqlite_where=sa.text(OPEN), postgresql_where=sa.text(OPEN)),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    #: Who wrote it.
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"))
    #: Where it is looked at: where the person lives by now, or if there is none, where the writer works.
    area_code: Mapped[str] = mapped_column(AreaCode)
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"), index=True)
    #: Not for other facilitators of the village: a report of a broker may accuse one of them.
    confidential: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    #: The address that the form was meant for.
    path: Mapped[str] = mapped_column(sa.String(200))
    #: What the page of the form was called.
    title: Mapped[str] = mapped_column(sa.String(100))
    #: JSON: [label, value in words] of every field. Sealed, since a form may hold a NIK.
    words_encrypted: Mapped[bytes] = mapped_column(sa.LargeBinary)
    #: The form as it was sent, so that nothing is lost that has no label.
    body_encrypted: Mapped[bytes] = mapped_column(sa.LargeBinary)
    #: What the programme had answered.
    reason: Mapped[str] = mapped_column(sa.String(300))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    settled_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    outcome: Mapped[str] = mapped_column(sa.String(300), default="")

    account: Mapped[Account] = relationship(foreign_keys=[account_id])
    person: Mapped[Person | None] = relationship()
