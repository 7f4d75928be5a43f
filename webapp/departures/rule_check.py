"""Which values of a reminder rule make sense. Pure: what is known (schemes, papers, texts …) is an argument.

A rule may text many thousand people, so what can never be meant is refused: a text of preparing that goes out on the
day of leaving, a question that is repeated every day, a rule whose stages never come together with its day.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, fields
from datetime import date

from webapp.departures.reminders import PROGRESS

#: Anchor → first and last day relative to it. Return has none before it: nobody knows of it then.
BOUNDS = {
    "departure": (-365, 730),
    "contract_end": (-365, 60),
    "return": (0, 365),
    "passport_expiry": (-730, -1),
}
#: The last lets a text out before 20:00, when the recipient's evening begins.
FIRST_HOUR, LAST_HOUR = 8, 19
#: Days: more often would be a burden, more seldom than yearly no repetition.
SHORTEST_REPEAT, LONGEST_REPEAT = 7, 365
LONGEST_USEFUL = 180
EXPECTS = frozenset({"", "yes_no", "1_2", "1_2_3", "confirm"})
#: Letters, as the table holds them.
LENGTHS = {"stages": 120, "schemes": 80, "destinations": 80, "missing_any": 120, "source": 200}
AT_HOME = frozenset({"prospect", "in_process", "ready"})
ABROAD = frozenset({"departed", "working", "returning"})


@dataclass(frozen=True, slots=True)
class RuleValues:
    """All of a rule but its code and version."""

    anchor: str
    offset_days: int
    repeat_days: int
    hour: int
    useful_days: int
    stages: tuple[str, ...]
    schemes: tuple[str, ...]
    destinations: tuple[str, ...]
    missing_any: tuple[str, ...]
    text_code: str
    expects: str
    active: bool
    source: str
    as_of: date

    @property
    def is_of_preparing(self) -> bool:
        return self.anchor == "departure" and self.offset_days < 0


@dataclass(frozen=True, slots=True)
class Known:
    """What a rule may name."""

    schemes: Collection[str]
    destinations: Collection[str]
    papers: Collection[str]
    texts: Collection[str]


@dataclass(frozen=True, slots=True)
class Fault:
    """A field and a code of what is wrong with it; `least` and `most` where it is a matter of bounds."""

    field: str
    code: str
    least: int = 0
    most: int = 0


def faults(rule: RuleValues, known: Known, today: date) -> list[Fault]:
    """Everything that does not make sense; empty for a rule that can be used."""
    if rule.anchor not in BOUNDS:
        return [Fault("anchor", "unknown")]
    return [*_days(rule), *_names(rule, known), *_stages(rule), *_origin(rule, today)]


def changed(before: RuleValues, after: RuleValues) -> list[str]:
    """Names of the fields that differ, in their order; the order within a list is no difference."""
    return [f.name for f in fields(before) if _plain(getattr(before, f.name)) != _plain(getattr(after, f.name))]


def _plain(value: object) -> object:
    return frozenset(value) if isinstance(value, tuple) else value


def _days(rule: RuleValues) -> Iterator[Fault]:
    least, most = BOUNDS[rule.anchor]
    if not least <= rule.offset_days <= most:
        yield Fault("offset_days", "bounds", least, most)
    if not FIRST_HOUR <= rule.hour <= LAST_HOUR:
        yield Fault("hour", "bounds", FIRST_HOUR, LAST_HOUR)
    if rule.repeat_days and not SHORTEST_REPEAT <= rule.repeat_days <= LONGEST_REPEAT:
        yield Fault("repeat_days", "repeat_bounds", SHORTEST_REPEAT, LONGEST_REPEAT)
    elif rule.repeat_days and rule.is_of_preparing:
        yield Fault("repeat_days", "no_repeat")
    most = _longest_useful(rule)
    if not 0 <= rule.useful_days <= most:
        yield Fault("useful_days", "bounds", 0, most)


def _longest_useful(rule: RuleValues) -> int:
    """What prepares must go out before the day of leaving, and what is repeated before it comes again."""
    most = LONGEST_USEFUL
    if rule.is_of_preparing:
        most = min(most, -rule.offset_days - 1)
    if rule.repeat_days:
        most = min(most, rule.repeat_days - 1)
    return max(0, most)


def _names(rule: RuleValues, known: Known) -> Iterator[Fault]:
    allowed = {
        "stages": PROGRESS.keys(),
        "schemes": known.schemes,
        "destinations": known.destinations,
        "missing_any": known.papers,
    }
    for field, codes in allowed.items():
        chosen: tuple[str, ...] = getattr(rule, field)
        if set(chosen) - set(codes):
            yield Fault(field, "unknown")
        elif len(",".join(chosen)) > LENGTHS[field]:
            yield Fault(field, "too_many")
    if rule.text_code not in known.texts:
        yield Fault("text_code", "unknown")
    if rule.expects not in EXPECTS:
        yield Fault("expects", "unknown")


def _stages(rule: RuleValues) -> Iterator[Fault]:
    if not rule.stages:
        yield Fault("stages", "none")
    elif not set(rule.stages) & _stages_of_day(rule):
        yield Fault("stages", "never")


def _stages_of_day(rule: RuleValues) -> frozenset[str]:
    """Where people can stand on the day of the rule."""
    if rule.is_of_preparing:
        return AT_HOME
    if rule.anchor == "return":
        return frozenset({"returned"})
    # Who has left is often noted late: the day itself counts, not what is noted.
    return ABROAD | AT_HOME if rule.anchor == "departure" else ABROAD


def _origin(rule: RuleValues, today: date) -> Iterator[Fault]:
    if not rule.source.strip():
        yield Fault("source", "none")
    elif len(rule.source) > LENGTHS["source"] or not rule.source.isprintable():
        yield Fault("source", "too_many")
    if rule.as_of > today:
        yield Fault("as_of", "future")
    elif rule.as_of.year < 2004:  # Before UU 39/2004, the first law on placing workers abroad.
        yield Fault("as_of", "too_old")
