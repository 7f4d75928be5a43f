"""What one person must know this morning, read for their area."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from flask import abort
from sqlalchemy.orm import joinedload

from webapp import moments
from webapp.accounts import audit
from webapp.accounts.access import visible
from webapp.accounts.model import FACILITATOR, Account
from webapp.conversations import queries as conversations
from webapp.conversations.presenter import HELP, Sender, by_sender
from webapp.db import db
from webapp.departures import planning
from webapp.departures import queries as departures
from webapp.departures.checklist import Line
from webapp.departures.model import Departure
from webapp.departures.presenter import missing_in_words
from webapp.outbox.model import Message, Worker
from webapp.people.model import Person, Task

LEAVING_DAYS = 14
#: No answer in so many days becomes a task (DOMAIN, reminders): first the facilitator's, then the coordinator's.
UNANSWERED_DAYS = {FACILITATOR: 3}
UNANSWERED_DAYS_ABOVE = 7
TASKS = 30
#: A worker whose heartbeat is older than this has stopped.
SILENT_AFTER = timedelta(minutes=2)


@dataclass(frozen=True)
class Leaving:
    """Somebody who leaves soon, and the papers that are missing."""

    departure: Departure
    days: int
    missing: list[Line]
    missing_words: str
    late: int


@dataclass(frozen=True)
class Today:
    leaving: list[Leaving]
    not_noted: Sequence[Departure]
    unanswered: Sequence[Any]
    replies: Sequence[Any]
    tasks: Sequence[Task]

    @cached_property
    def calls(self) -> list[Sender]:
        """Whoever asks for help in a text that nobody has dealt with."""
        return [sender for sender in by_sender(self.replies) if sender.calls_for_help]

    @cached_property
    def to_read(self) -> list[Sender]:
        return [sender for sender in by_sender(self.replies) if not sender.calls_for_help]

    @property
    def to_call(self) -> list[Any]:
        """Everybody who waits for a call, most urgent first."""
        return [*self.calls, *self.tasks, *self.unanswered]

    @property
    def counts(self) -> dict[str, str]:
        """How many of each, for the head of the page; '30+' where the queries below read no further."""
        full = len(self.replies) >= conversations.PAGE
        return {
            "leaving": _up_to(len(self.leaving), len(self.leaving) >= departures.SOON_LIMIT),
            "to_call": _up_to(len(self.to_call), len(self.to_call) >= TASKS),
            "to_read": _up_to(len(self.to_read), full),
        }

    @property
    def quiet(self) -> bool:
        return not (self.leaving or self.not_noted or self.unanswered or self.replies or self.tasks)


def _up_to(number: int, there_are_more: bool) -> str:
    return f"{number}+" if there_are_more else str(number)


def today_of(account: Account, now: datetime) -> Today:
    """The page *Hari ini* for this account, in a fixed number of bounded queries."""
    condition, day = visible(Departure.area_code), moments.today()
    days = UNANSWERED_DAYS.get(account.role, UNANSWERED_DAYS_ABOVE)
    replies = conversations.inbox(waiting_only=True, before_id=None)[0]
    return Today(
        leaving=_leaving(departures.soon(condition, day, LEAVING_DAYS), day),
        not_noted=departures.not_noted(condition, day),
        unanswered=departures.unanswered(visible(Message.area_code), now - timedelta(days=days)),
        replies=replies,
        tasks=_without_calls(_tasks(), replies),
    )


def _without_calls(tasks: Sequence[Task], replies: Sequence[Any]) -> list[Task]:
    """Calls for help first; not those whose text stands on the page itself, which would be told twice."""
    writing = {person.id for incoming, person in replies if incoming.command == HELP and person}
    shown = [task for task in tasks if task.kind != HELP or task.person_id not in writing]
    return sorted(shown, key=lambda task: task.kind != HELP)


def task(task_id: int) -> Task:
    query = sa.select(Task).where(Task.id == task_id, visible(Task.area_code)).options(joinedload(Task.person))
    task = db.session.scalar(query) or abort(404)
    audit.seen("person", task.person_id, task.area_code)
    return task


def sending_stopped(real_now: datetime) -> bool:
    """Has no worker given a sign of life lately? Then texts wait, and pages must say so."""
    newest = db.session.scalar(sa.select(sa.func.max(Worker.beat_at)))
    return newest is None or real_now - newest > SILENT_AFTER


def _leaving(found: Sequence[Departure], today: date) -> list[Leaving]:
    if not found:
        return []
    facts, names = planning.load_facts(found), departures.item_names()
    rows = []
    for departure in found:
        missing = [line for line in facts.lines(departure, today) if line.missing]
        assert departure.planned_on is not None
        days = (departure.planned_on - today).days
        words = missing_in_words(missing, names)
        rows.append(Leaving(departure, days, missing, words, sum(line.late for line in missing)))
    return rows


def _tasks() -> Sequence[Task]:
    query = (
        sa.select(Task)
        .where(visible(Task.area_code), Task.done_at.is_(None))
        .options(joinedload(Task.person).joinedload(Person.area))
        .order_by(Task.id.desc())
        .limit(TASKS)
    )
    return db.session.scalars(query).all()
