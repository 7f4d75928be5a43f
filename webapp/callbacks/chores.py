"""What this noun hangs on others: a chore of the worker, and words for the timeline."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from webapp.brokers import by_text
from webapp.callbacks import forgetting, intake
from webapp.outbox.chores import add_chore
from webapp.outbox.ears import add_ear
from webapp.people.sections import EVENT_LABELS


def register() -> None:
    """Called by create_app; calling twice changes nothing."""
    add_chore(intake.understand_rest)
    add_chore(forgetting.forget)
    add_chore(by_text.forget_expired)
    add_ear(intake.hear)
    EVENT_LABELS["wrong_person"] = _wrong_person


def _wrong_person(facts: Mapping[str, Any]) -> Any:
    return _l("Somebody answered from %(number)s that it is the wrong person; nothing is texted there now.", **facts)
