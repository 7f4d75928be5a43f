"""Things a human must do about a person. The same cause makes one task, however often it is told."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.accounts import audit
from webapp.accounts.model import Account
from webapp.db import AreaCode, Base, BigId, UTCDateTime, db, insert

if TYPE_CHECKING:
    from webapp.people.model import Person


#: The kind of task that goes before all others.
HELP = "help"


class Task(Base):
    """Something a human must do about a person: call back, look at a form that no longer fits."""

    __tablename__ = "tasks"
    __table_args__ = (
        sa.Index(
            "ix_tasks_open",
            "area_code",
            "id",
            sqlite_where=sa.text("done_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL"),
        ),
        # For whoever sees the whole nation.
        sa.Index(
            "ix_tasks_open_anywhere",
            "id",
            sqlite_where=sa.text("done_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL"),
        ),
        sa.Index(
            "ix_tasks_calls",
            "kind",
            "area_code",
            "id",
            sqlite_where=sa.text("done_at IS NULL AND kind = 'help'"),
            postgresql_where=sa.text("done_at IS NULL AND kind = 'help'"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    #: What made the task; unique, so that the same cause makes one task.
    key: Mapped[str] = mapped_column(sa.String(80), unique=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    area_code: Mapped[str] = mapped_column(AreaCode)
    kind: Mapped[str] = mapped_column(sa.String(24))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    done_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    outcome: Mapped[str] = mapped_column(sa.String(300), default="")

    person: Mapped[Person] = relationship()


def open_task(key: str, person: Person, kind: str, now: datetime) -> None:
    """Ask the people of this village to act. `key` names the cause; a second task of it is not made."""
    row = {"key": key, "person_id": person.id, "area_code": person.area_code, "kind": kind, "created_at": now}
    db.session.execute(insert(Task).values(outcome="", **row).on_conflict_do_nothing(index_elements=["key"]))


def close_task(task: Task, account: Account, outcome: str, now: datetime) -> bool:
    """It is done, and this came of it. False if somebody had closed it already.

    The task keeps the first outcome, the timeline tells both: the second officer has called as well.
    """
    # Of two who close it at once, the second waits here for the first, and then knows. SQLite has one writer anyway.
    db.session.refresh(task, with_for_update={"of": Task, "key_share": True})
    first = task.done_at is None
    if first:
        task.done_at, task.done_by_id, task.outcome = now, account.id, outcome
    task.person.log("task_done", {"kind": task.kind, "outcome": outcome}, account_id=account.id, now=now)
    audit.changed("closed" if first else "noted", "task", task.id, task.area_code)
    return first
