"""Lists of recipients that a coordinator brought along. What they hold of people is removed again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.accounts.model import Account
from webapp.audiences.listed import NAME_LENGTH
from webapp.db import AreaCode, Base, BigId, UTCDateTime

TITLE_LENGTH = 100


class RecipientList(Base):
    """One file, checked. The name of the file is not kept: it may name somebody."""

    __tablename__ = "recipient_lists"
    __table_args__ = (
        sa.Index("ix_recipient_lists_area_code_id", "area_code", "id"),
        # Those that still hold something to be removed.
        sa.Index(
            "ix_recipient_lists_filled",
            "created_at",
            sqlite_where=sa.text("emptied_at IS NULL"),
            postgresql_where=sa.text("emptied_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    area_code: Mapped[str] = mapped_column(AreaCode, sa.ForeignKey("areas.code"))
    #: As the officer calls it.
    name: Mapped[str] = mapped_column(sa.String(TITLE_LENGTH))
    uploaded_by_id: Mapped[int] = mapped_column(BigId, sa.ForeignKey("accounts.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: When an officer who saw what is wrong with it took it all the same; nothing goes to a list before.
    accepted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: When its rows were removed.
    emptied_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: Rows of the file: each is a recipient, has a problem, repeats a number, or is of one that cannot be texted.
    total: Mapped[int] = mapped_column(sa.Integer)
    recipients: Mapped[int] = mapped_column(sa.Integer)
    problems: Mapped[int] = mapped_column(sa.Integer)
    repeated: Mapped[int] = mapped_column(sa.Integer)
    unreachable: Mapped[int] = mapped_column(sa.Integer)
    #: Recipients who are people of the area, so that what they agreed to counts.
    known: Mapped[int] = mapped_column(sa.Integer)
    #: What can be merged into a text: key, title.
    columns: Mapped[list[list[str]]] = mapped_column(sa.JSON)
    #: report.py writes and reads it: places in the file, nothing that stands there.
    report: Mapped[dict[str, Any]] = mapped_column(sa.JSON, deferred=True)

    uploaded_by: Mapped[Account] = relationship(lazy="joined")


class RecipientListRow(Base):
    """One recipient, with a number that occurs once in the list."""

    __tablename__ = "recipient_list_rows"
    __table_args__ = (
        # What is kept about one person.
        sa.Index(
            "ix_recipient_list_rows_person_id",
            "person_id",
            sqlite_where=sa.text("person_id IS NOT NULL"),
            postgresql_where=sa.text("person_id IS NOT NULL"),
        ),
    )

    list_id: Mapped[int] = mapped_column(BigId, sa.ForeignKey("recipient_lists.id"), primary_key=True)
    #: As the program that made the file shows it.
    row: Mapped[int] = mapped_column(sa.Integer, primary_key=True, autoincrement=False)
    #: E.164.
    number: Mapped[str] = mapped_column(sa.String(20))
    #: Of the person if the number is that of somebody in the area of the list; else as the file says.
    person_id: Mapped[int | None] = mapped_column(BigId, sa.ForeignKey("people.id"))
    area_code: Mapped[str] = mapped_column(AreaCode)
    name: Mapped[str] = mapped_column(sa.String(NAME_LENGTH))
    language: Mapped[str] = mapped_column(sa.String(3))
    #: By the keys of the columns; what is empty is not among them.
    values: Mapped[dict[str, str]] = mapped_column(sa.JSON)
