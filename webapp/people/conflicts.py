"""Editing what somebody else may have edited meanwhile.

A form carries the version it began from and, beside it, what stood in each field then. What was left as it stood is
not touched. What was changed on both sides is asked: both values side by side, and the person chooses. The choice is
made for a version too: if the stored value changes once more before it arrives, it is asked again. Whatever was
chosen, the timeline keeps both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from flask import request
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from webapp.accounts import audit
from webapp.accounts.model import Account
from webapp.db import db
from webapp.people.model import Event, Person
from webapp.people.questions import MINE, STORED, Question, plain

NOT_CHOSEN = _l("Choose which of the two holds.")
CHANGED_AGAIN = _l("It was changed once more meanwhile. Please look again and choose.")


@dataclass(frozen=True)
class Story:
    """Where the timeline tells how a record came to be as it is: the kinds of its events, and what they say of it."""

    person: Person
    #: That of the record by now.
    version: int
    kinds: tuple[str, ...]
    #: Kind of the event that tells what was chosen.
    chosen: str
    about: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Change:
    """Which version came of it, of which columns, by whom (empty: by SMS) and when."""

    version: int
    columns: frozenset[str]
    who: str
    at: datetime


@dataclass(frozen=True)
class Card:
    """A question with two answers, for the person to choose one."""

    name: str
    question: Question
    stored: dict[str, str]
    sent: dict[str, str]
    change: Change | None
    kept: str
    error: Any

    @property
    def words(self) -> tuple[str, str]:
        """What is stored and what was sent, as a page says it."""
        return self.question.in_words(self.stored), self.question.in_words(self.sent)


class Edit:
    """What a form sends against what is stored by now.

    `record` None: what it is about is not there, or not any more; then nothing that was left as it stood can stay so.
    """

    def __init__(self, questions: Mapping[str, Question], record: Any, story: Story) -> None:
        self._questions, self._record, self._story = questions, record, story
        posted = request.method == "POST"
        sent = request.form if posted else {}
        version = request.form.get("version", 0, type=int) if posted else story.version
        #: One that cannot be stands for none: everything may have changed since.
        self.version = version if 0 < version <= story.version else 0
        opened = {name: self._as_opened(question) for name, question in questions.items() if not question.meant}
        self._was = {n: sent[f"was-{n}"] for n in opened if f"was-{n}" in sent} if posted else opened
        self._asked = set(request.form.getlist("asked")) & questions.keys()
        self._kept = {name: sent.get(f"keep-{name}", "") for name in self._asked}
        self._collisions: list[Card] = []
        #: Column → value: what is to be stored, once nothing contradicts.
        self.values: dict[str, Any] = {}

    def contradicts(self, form: FlaskForm, values: Mapping[str, Any], meant: Iterable[str] = ()) -> bool:
        """Is there something that only the person can decide? Then `cards` ask, and the form begins from now.

        `values`: what the form sends, by column. `meant`: fields that say something even where they are as they were.
        What was not touched stands in the form as it is stored by now, should it be shown again.
        """
        self.values = dict(values)
        questions = {n: q for n, q in self._questions.items() if values.keys() >= set(q.columns)}
        untouched = {n: q for n, q in questions.items() if n not in meant and self._is_untouched(n, q)}
        others = [self._collision(name, question) for name, question in questions.items() if name not in untouched]
        self._collisions = [card for card in others if card]
        for name, question in untouched.items():
            self._leave(question)
            self._was[name] = self._as_opened(question)
            _refill(form, self._record, question.columns)
        if self.cards:
            self.version = self._story.version
            self._asked = {card.name for card in self._collisions}
            return True
        for card in self._collisions:
            if card.kept == STORED:
                self._leave(card.question)
        return False

    @property
    def cards(self) -> list[Card]:
        """All that collide, as long as one of them is not decided."""
        return self._collisions if any(not card.kept for card in self._collisions) else []

    @property
    def hidden(self) -> list[tuple[str, Any]]:
        """What the form carries unseen; also what was chosen, while something else in it does not fit."""
        chosen = [] if self.cards else [(f"keep-{name}", kept) for name, kept in self._kept.items() if kept]
        was = [(f"was-{name}", value) for name, value in self._was.items()]
        return [("version", self.version), *was, *(("asked", name) for name in sorted(self._asked)), *chosen]

    def newer(self) -> Change | None:
        """The newest change since the form was opened, whatever it changed. The form then begins from now.

        For a form that takes the whole record away: there is nothing to choose between, but something to look at.
        """
        newest = next(iter(self._changes), None)
        if newest is None or newest.version <= self.version:
            return None
        self.version = self._story.version
        return newest

    def tell(self, account: Account, now: datetime) -> None:
        """The timeline keeps both values of whatever was decided."""
        story = self._story
        for card in self._collisions:
            facts = {
                "field": card.name,
                "stored": card.question.as_told(card.stored),
                "stored_by": card.change.who if card.change else "",
                "sent": card.question.as_told(card.sent),
                "sent_by": account.name,
                "kept": card.kept,
            }
            story.person.log(story.chosen, {**story.about, **facts}, account_id=account.id, now=now)
        if self._collisions:
            audit.changed("noted", "person", story.person.id, story.person.area_code, detail=story.chosen)

    def _is_untouched(self, name: str, question: Question) -> bool:
        if self._record is None or name in self._asked or name not in self._was:
            return False
        return question.as_text(self._sent(question)) == self._was[name]

    def _collision(self, name: str, question: Question) -> Card | None:
        stored, sent = self._stored(question), self._sent(question)
        if stored == sent:
            return None
        change = self._last_change(question)
        is_newer = change is not None and change.version > self.version
        moved = question.as_text(stored) != self._was[name] if name in self._was else is_newer
        if not moved and name not in self._asked:
            return None
        kept = self._kept.get(name, "")
        if kept not in (STORED, MINE) or is_newer:
            kept = ""
        again = CHANGED_AGAIN if is_newer else NOT_CHOSEN
        return Card(name, question, stored, sent, change, kept, again if name in self._asked and not kept else "")

    def _leave(self, question: Question) -> None:
        for column in question.columns:
            del self.values[column]

    def _as_opened(self, question: Question) -> str:
        return question.as_text(self._stored(question))

    def _stored(self, question: Question) -> dict[str, str]:
        return {column: plain(getattr(self._record, column, None)) for column in question.columns}

    def _sent(self, question: Question) -> dict[str, str]:
        return {column: plain(self.values[column]) for column in question.columns}

    def _last_change(self, question: Question) -> Change | None:
        return next((change for change in self._changes if change.columns & set(question.columns)), None)

    @cached_property
    def _changes(self) -> list[Change]:
        """All that the timeline tells of this record, the newest first."""
        story = self._story
        query = (
            sa.select(Event.facts, Event.at, Account.name)
            .outerjoin(Account, Account.id == Event.account_id)
            .where(Event.person_id == story.person.id, Event.kind.in_(story.kinds))
            .order_by(Event.id.desc())
        )
        return [
            Change(facts.get("version", 0), frozenset(facts["fields"]), who or "", at)
            for facts, at, who in db.session.execute(query)
            if "fields" in facts and all(facts.get(key) == value for key, value in story.about.items())
        ]


def _refill(form: FlaskForm, record: Any, columns: tuple[str, ...]) -> None:
    """Put what is stored into the fields of these columns; one field may stand for several of them."""
    fields = [column for column in columns if column in form]
    for name in fields:
        known = (getattr(record, column) for column in ([name] if len(fields) > 1 else columns))
        form[name].process_data(next((value for value in known if value is not None), None))
        form[name].raw_data = None
