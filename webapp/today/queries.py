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
from webapp.cases import queries as cases
from webapp.cases.model import Case
from webapp.conversations import queries as conversations
from webapp.conversations.presenter import Sender, by_sender
from webapp.db import db
from webapp.departures import planning
from webapp.departures import queries as departures
from webapp.departures.checklist import Line
from webapp.departures.model import Departure
from webapp.departures.presenter import missing_in_words
from webapp.offline import queries as offline
from webapp.outbox.model import Message
from webapp.people.model import Person, Task
from webapp.people.tasks import HELP

LEAVING_DAYS = 14
#: No answer in so many days becomes a task (DOMAIN, reminders): first the facilitator's, then the coordinator's.
UNANSWERED_DAYS = {FACILITATOR: 3}
UNANSWERED_DAYS_ABOVE = 7
TASKS = 30


@dataclass(frozen=True)
class Leaving:
    """Somebody who leaves soon, and the papers that are missing."""

    departure: Departure
    days: int
    missing: list[Line]
    missing_words: str
    late: int


@dataclass(frozen=True)
class Part:
    """Rows of one list of the page, and the id after which it goes on, if it does."""

    rows: Sequence[Any]
    next_after: int | None = None

    def __bool__(self) -> bool:
        return bool(self.rows)

    @property
    def number(self) -> str:
        """How many, for the head of the page; '25+' where the list goes on."""
        return f"{len(self.rows)}+" if self.next_after else str(len(self.rows))


@dataclass(frozen=True)
class Today:
    leaving: Part
    not_noted: Part
    unanswered: Part
    #: Urgent cases that nobody has taken on, or the reader has; those that a colleague takes care of.
    cases: Part
    cases_of_others: Sequence[Case]
    #: Tasks to help whose text stands not on the page itself, and all other tasks.
    help: Part
    tasks: Part
    #: Texts that call for help and that nobody has dealt with, and the others to read.
    texts_for_help: Part
    replies: Part
    #: Forms that came from a phone and no longer fitted.
    kept: Part

    @cached_property
    def _senders(self) -> list[Sender]:
        return by_sender([*self.texts_for_help.rows, *self.replies.rows])

    @cached_property
    def calls(self) -> list[Sender]:
        """Whoever asks for help in a text that nobody has dealt with, and whose case is none of those above."""
        told = _Told([*self.cases.rows, *self.cases_of_others])
        return [sender for sender in self._senders if sender.calls_for_help and not told.of(sender)]

    @cached_property
    def to_read(self) -> list[Sender]:
        return [sender for sender in self._senders if not sender.calls_for_help]

    @property
    def to_call(self) -> str:
        """How many wait for a call; '' if nobody does."""
        lists = (self.cases, self.help, self.tasks, self.unanswered)
        number = len(self.calls) + sum(len(part.rows) for part in lists)
        more = any(part.next_after for part in (self.texts_for_help, *lists))
        return f"{number}+" if more else str(number or "")

    @property
    def number_to_read(self) -> str:
        return f"{len(self.to_read)}+" if self.replies.next_after else str(len(self.to_read))

    @property
    def quiet(self) -> bool:
        seen = (self.leaving, self.not_noted, self.to_call, self.cases_of_others, self.replies, self.kept)
        return not any(seen)


def today_of(account: Account, now: datetime) -> Today:
    """The page *Hari ini* for this account, in a fixed number of bounded queries."""
    texts, to_help = Part(*conversations.calls_for_help()), part_of("help", account, now)
    found, onward = cases.open_cases()
    with_others = [case for case in found if case.acknowledged_by_id not in (None, account.id)]
    helped = _without_texts(to_help.rows, texts.rows)
    return Today(
        cases=Part([case for case in found if case not in with_others], onward),
        cases_of_others=with_others,
        leaving=part_of("leaving", account, now),
        not_noted=part_of("gone", account, now),
        unanswered=part_of("unanswered", account, now),
        help=Part(_Told(found).without(helped), to_help.next_after),
        tasks=part_of("tasks", account, now),
        texts_for_help=texts,
        replies=Part(*conversations.inbox(waiting_only=True)),
        kept=part_of("kept", account, now),
    )


def part_of(name: str, account: Account, now: datetime, after: int | None = None) -> Part:
    """One list of the page after the row with this id: 'leaving', 'gone', 'unanswered', 'help', 'tasks' or 'kept'."""
    mine, day = visible(Departure.area_code), moments.today()
    if name == "leaving":
        soon, onward = departures.soon(mine, day, LEAVING_DAYS, after)
        return Part(_leaving(soon, day), onward)
    if name == "gone":
        return Part(*departures.not_noted(mine, day, after))
    if name == "unanswered":
        days = UNANSWERED_DAYS.get(account.role, UNANSWERED_DAYS_ABOVE)
        return Part(*departures.unanswered(visible(Message.area_code), now - timedelta(days=days), after))
    if name == "kept":
        return Part(*offline.open_forms(after))
    return Part(*_tasks(name == "help", after))


class _Told:
    """Whom the open cases of the page are about: they are not told a second time further down."""

    def __init__(self, found: Sequence[Case]) -> None:
        self._people = {case.person_id for case in found if case.person_id}
        self._numbers = {case.number for case in found if case.number}

    def of(self, sender: Sender) -> bool:
        person = sender.person
        return person.id in self._people if person else sender.incoming.number in self._numbers

    def without(self, tasks: Sequence[Task]) -> list[Task]:
        return [task for task in tasks if task.person_id not in self._people]


def _without_texts(tasks: Sequence[Task], texts: Sequence[Any]) -> list[Task]:
    """Not those whose text stands on the page itself, which would be told twice."""
    writing = {person.id for _, person, _ in texts if person}
    return [task for task in tasks if task.person_id not in writing]


def task(task_id: int) -> Task:
    query = sa.select(Task).where(Task.id == task_id, visible(Task.area_code)).options(joinedload(Task.person))
    task = db.session.scalar(query) or abort(404)
    audit.seen("person", task.person_id, task.area_code)
    return task


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


def _tasks(for_help: bool, after: int | None) -> tuple[Sequence[Task], int | None]:
    """To help, or all others: a call for help keeps its place however many tasks came since."""
    # Written out in the statement: SQLite then knows that the index of calls holds them all.
    kind = sa.literal(HELP, literal_execute=True)
    query = (
        sa.select(Task)
        .where(visible(Task.area_code), Task.done_at.is_(None), Task.kind == kind if for_help else Task.kind != kind)
        .options(joinedload(Task.person).joinedload(Person.area))
        .order_by(Task.id.desc())
        .limit(TASKS + 1)
    )
    if after is not None:
        query = query.where(Task.id < after)
    rows = db.session.scalars(query).all()
    return rows[:TASKS], rows[TASKS - 1].id if len(rows) > TASKS else None


def asked(task: Task) -> Message | None:
    """The question whose answer, or silence, made this task."""
    kind, _, message_id = task.key.partition(":")
    if kind not in ("answer", "call") or not message_id.isdigit():
        return None
    message = db.session.get(Message, int(message_id))
    return message if message and message.person_id == task.person_id else None
