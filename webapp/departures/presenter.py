"""What pages of departures show: the plan, each text with its day, words and state, or why not; who goes where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import url_for
from flask_babel import format_date, gettext
from sqlalchemy.orm import joinedload

from webapp.db import db
from webapp.departures import planning, queries
from webapp.departures.checklist import Line
from webapp.departures.choices import CALL, DESTINATION_STATES, PLAN_REASONS, REMEDIES, SHORT_NAMES, answer_in_words
from webapp.departures.model import Departure, Destination
from webapp.departures.reminders import Reminder
from webapp.outbox import reasons, texts
from webapp.outbox.model import Message

#: So many missing papers are named in a list; the departure's own page names all.
NAMED = 3


@dataclass(frozen=True)
class PlanLine:
    """One text of the plan: what the rule would do, and the row of the outbox if there is one."""

    reminder: Reminder
    words: str
    message: Message | None

    @property
    def going(self) -> bool:
        """It will still go out."""
        return self.message is not None and self.message.state in ("queued", "sending", "unknown")

    @property
    def gone(self) -> bool:
        return self.message is not None and self.message.state in ("sent", "delivered")

    @property
    def state(self) -> Any:
        """Where it is; nothing of what only waits for its day, which its heading says."""
        return reasons.state_words(self.message) if self.message and self.message.state != "queued" else None

    @property
    def code(self) -> str:
        """Why it was not and will not be sent; '' if it was or will be."""
        if self.going or self.gone:
            return ""
        return self.reminder.reason or (self.message.reason if self.message else "")

    @property
    def why_not(self) -> Any:
        return _sentence(self.code)

    @property
    def unconfirmed(self) -> bool:
        """Only a neutral text goes to the person's own phone, because it was never confirmed."""
        target = self.reminder.target
        return target is not None and target.neutral and target.own


@dataclass(frozen=True)
class Plan:
    """The texts of a departure: those to come, those sent, and those that stay, by the reason why."""

    lines: Sequence[PlanLine]

    @property
    def going(self) -> list[PlanLine]:
        return [line for line in self.lines if line.going]

    @property
    def gone(self) -> list[PlanLine]:
        return [line for line in self.lines if line.gone]

    @property
    def never(self) -> list[tuple[Any, list[PlanLine]]]:
        """(reason, texts), so that one reason is said once."""
        groups: dict[str, list[PlanLine]] = {}
        for line in self.lines:
            if not (line.going or line.gone):
                groups.setdefault(line.code, []).append(line)
        return [(_sentence(code), lines) for code, lines in groups.items()]

    @property
    def obstacle(self) -> str:
        """If nothing will go out: the reason that holds back most of it."""
        held = Counter(line.code for line in self.lines if line.code in REMEDIES)
        return held.most_common(1)[0][0] if held and not self.going else ""

    @property
    def obstacle_words(self) -> Any:
        return _sentence(self.obstacle)

    def remedy(self, departure: Departure) -> tuple[Any, str] | None:
        """What can be done about the obstacle: words and address of the page where."""
        found = REMEDIES.get(self.obstacle)
        if found is None:
            return None
        label, endpoint, values = found
        ids = {"person_id": departure.person_id, "departure_id": departure.id}
        return label, url_for(endpoint, **{name: ids.get(name, value) for name, value in values.items()})


def plan_of(departure: Departure, now: datetime) -> Plan:
    """Every text of the plan in order of time. Old dates' texts are in the timeline, not here."""
    facts = planning.load_facts([departure])
    merged = planning.merge_values(departure, facts, now)
    messages = queries.messages_of(departure)
    lines = []
    for reminder in planning.plan_of(departure, facts, now):
        message = messages.get(reminder.key(departure.id))
        lines.append(PlanLine(reminder, _words(departure, reminder, message, merged), message))
    return Plan(lines)


def placement_in_words(destination: Destination) -> str:
    """Whether workers are placed in this country, as of when, and who says so; '' for no country in particular."""
    if destination.code == queries.ELSEWHERE:
        return ""
    status = str(DESTINATION_STATES.get(destination.status, DESTINATION_STATES["unknown"]))
    if destination.status == "unknown" or destination.as_of is None:
        return status
    return gettext("%(status)s, as of %(day)s", status=status, day=format_date(destination.as_of, "d MMM y"))


def missing_in_words(missing: Iterable[Line], names: dict[str, str]) -> str:
    """'paspor, visa kerja, PK dan 13 lagi': the most urgent by their short names."""
    in_order = sorted(missing, key=lambda line: line.item.due_days)
    named = [str(SHORT_NAMES.get(line.item.code) or names[line.item.code]) for line in in_order[:NAMED]]
    more = len(in_order) - len(named)
    return gettext("%(papers)s and %(num)s more", papers=", ".join(named), num=more) if more else ", ".join(named)


def newest_open(people: list[int]) -> Sequence[Departure]:
    """Of each of these people the newest departure that goes on or has happened, with its destination."""
    alive = sa.and_(Departure.person_id.in_(people), Departure.state.in_(("open", "postponed")))
    newest = sa.select(sa.func.max(Departure.id)).where(alive).group_by(Departure.person_id)
    query = sa.select(Departure).where(Departure.id.in_(newest)).options(joinedload(Departure.destination))
    return db.session.scalars(query).all()


def answer_so_far(message: Message) -> str:
    """What came back to a question, for an officer who calls about it all the same; '' while nothing has."""
    if message.answered_at is None:
        return ""
    words = answer_in_words(message.rule, message.answer)
    if message.answer.startswith(CALL):
        return gettext("A call about it is noted already: %(outcome)s.", outcome=words)
    return gettext("Meanwhile the answer has come by SMS: %(answer)s. It stands as it is.", answer=words)


def _sentence(code: str) -> Any:
    return PLAN_REASONS.get(code) or reasons.sentence(code)


def _words(departure: Departure, reminder: Reminder, message: Message | None, merged: planning.MergeValues) -> str:
    """What was sent, as it was sent; else the text as it would be merged today, in the person's language.

    A day that is not known yet is shown as '...'.
    """
    if message is not None and (message.sent_at or message.state != "queued"):
        return texts.words_of(message)
    neutral = reminder.target is not None and reminder.target.neutral
    code = planning.NEUTRAL_TEXT if neutral else reminder.rule.text_code
    values = merged.of(reminder)
    return texts.render(code, departure.person.language, values | {"d": values["d"] or "..."})
