"""What was done about a report, in words for coordinators."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_babel import gettext

from webapp.brokers.choices import OFFICES, STATES
from webapp.brokers.model import BrokerStep
from webapp.brokers.verification import ANSWERS, CHECKS

Facts = dict[str, Any]


def in_words(step: BrokerStep) -> str:
    """One sentence. A kind that this noun does not know, or facts that are not as expected, are said in general."""
    say = WORDS.get(step.kind)
    return say(step.facts) if say else gettext("Something was done about it")


def note_of(step: BrokerStep) -> str:
    """What somebody wrote with it: a reason or a note."""
    return str(step.facts.get("reason") or step.facts.get("note") or step.facts.get("without_consent") or "")


def _taken(facts: Facts) -> str:
    return gettext("Took it over") if facts.get("before") else gettext("Took it on")


def _moved(facts: Facts) -> str:
    to = STATES.get(str(facts.get("to")), "")
    if confirmed := facts.get("confirmed"):
        return gettext("%(state)s: %(office)s, number %(number)s, %(day)s", state=to, **confirmed)
    return str(to)


def _checked(facts: Facts) -> str:
    check, answer = CHECKS.get(str(facts.get("check"))), ANSWERS.get(str(facts.get("answer")), "")
    return f"{check.question if check else facts.get('check')} {answer}"


def _merged(facts: Facts) -> str:
    return gettext("Merged into an older report") if "into" in facts else gettext("Another report was merged into it")


def _separated(facts: Facts) -> str:
    return gettext("Taken out again: another event") if "from" in facts else gettext("A report was taken out again")


def _referred(facts: Facts) -> str:
    office = OFFICES.get(str(facts.get("office")), "")
    if facts.get("without_consent"):
        return gettext("Letter to %(office)s, without the reporter's consent", office=office)
    return gettext("Letter to %(office)s", office=office)


def _receipted(_facts: Facts) -> str:
    return gettext("The office has the letter")


WORDS: dict[str, Callable[[Facts], str]] = {
    "taken": _taken,
    "moved": _moved,
    "checked": _checked,
    "completed": lambda _facts: gettext("Completed what is known of the accused"),
    "merged": _merged,
    "separated": _separated,
    "referred": _referred,
    "receipted": _receipted,
    "revealed": lambda _: gettext("Was shown who reports it"),
    "noted": lambda _: gettext("Wrote a note"),
    "asked": lambda _: gettext("The reporter was asked by SMS"),
    "answered": lambda _: gettext("The reporter answered by SMS"),
    "alerted": lambda _: gettext("Officers were called by SMS"),
}
