"""The plan of a departure as its page tells it: each text with its day, words and state, or why not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from webapp.departures import planning, queries
from webapp.departures.choices import PLAN_REASONS
from webapp.departures.model import Departure
from webapp.departures.reminders import Reminder
from webapp.outbox import reasons, texts
from webapp.outbox.model import Message


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
        return reasons.state_words(self.message) if self.message else None

    @property
    def why_not(self) -> Any:
        """A sentence, if it was not and will not be sent."""
        if self.going or self.gone:
            return None
        code = self.reminder.reason or (self.message.reason if self.message else "")
        return PLAN_REASONS.get(code) or reasons.sentence(code)


def plan_lines(departure: Departure, now: datetime) -> list[PlanLine]:
    """Every text of the plan in order of time. Old dates' texts are in the timeline, not here."""
    facts = planning.load_facts([departure])
    merged = planning.merge_values(departure, facts, now)
    messages = queries.messages_of(departure)
    return [
        PlanLine(reminder, _words(departure, reminder, merged), messages.get(reminder.key(departure.id)))
        for reminder in planning.plan_of(departure, facts, now)
    ]


def _words(departure: Departure, reminder: Reminder, merged: planning.MergeValues) -> str:
    """The text as it would be merged today, in the person's language."""
    neutral = reminder.target is not None and reminder.target.neutral
    code = planning.NEUTRAL_TEXT if neutral else reminder.rule.text_code
    return texts.render(code, departure.person.language, merged.of(reminder))
