"""How pages tell a rule of reminders: in one plain sentence, by fields, and what is wrong with one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from babel.lists import format_list
from flask_babel import format_date, get_locale, gettext, ngettext
from flask_babel import lazy_gettext as _l

from webapp.departures.choices import ANCHORS, SCHEMES
from webapp.departures.rule_check import BOUNDS, Fault, RuleValues
from webapp.people.choices import STAGES

LABELS = {
    "offset_days": _l("Day"),
    "repeat_days": _l("Again every so many days"),
    "hour": _l("Hour"),
    "useful_days": _l("Days that it may be late"),
    "stages": _l("Stages"),
    "schemes": _l("Schemes"),
    "destinations": _l("Destinations"),
    "missing_any": _l("Papers that are missing"),
    "active": _l("In use"),
    "source": _l("Source"),
    "as_of": _l("As of"),
}
FAULTS = {
    "bounds": _l("Write a number from %(least)s to %(most)s."),
    "repeat_bounds": _l("Write 0, or a number from %(least)s to %(most)s."),
    "no_repeat": _l("What prepares for the departure is sent once. Write 0."),
    "unknown": _l("This is not known any more. Choose again."),
    "too_many": _l("This is too much. Choose fewer, or none for all."),
    "none": _l("This must not stay empty."),
    "never": _l("Nobody stands at one of these stages on that day, so nothing would be sent."),
    "future": _l("This day has not come yet."),
    "too_old": _l("This day is too long ago."),
}
#: What the words of a rule and its question rest on; a form cannot mend it.
NOT_OF_FORM = _l("The text of this rule is not there. Its words must be stored first.")
STATES = {"refused": _l("Refused"), "withdrawn": _l("Taken back")}


@dataclass(frozen=True, slots=True)
class Names:
    """What codes stand for, in the language of the page."""

    destinations: Mapping[str, str]
    papers: Mapping[str, str]

    def of(self, field: str, codes: Iterable[str]) -> list[str]:
        words: Mapping[str, Any] = {
            "stages": STAGES,
            "schemes": SCHEMES,
            "destinations": self.destinations,
            "missing_any": self.papers,
        }[field]
        return [str(words.get(code, code)) for code in codes]


def sentence(rule: RuleValues, names: Names) -> str:
    """'7 days before departure; at 9.00; to people at this stage: ready to leave; if still missing: passport.'"""
    parts = [when(rule)]
    if rule.repeat_days:
        parts.append(gettext("again every %(days)s days", days=rule.repeat_days))
    parts.append(gettext("at %(hour)s.00", hour=rule.hour))
    parts.append(gettext("to people at this stage: %(stages)s", stages=_any(names.of("stages", rule.stages))))
    if rule.schemes:
        parts.append(gettext("whose way to leave is: %(schemes)s", schemes=_any(names.of("schemes", rule.schemes))))
    if rule.destinations:
        places = format_list(names.of("destinations", rule.destinations), "or", get_locale())
        parts.append(gettext("whose destination is %(places)s", places=places))
    if rule.missing_any:
        papers = _any(names.of("missing_any", rule.missing_any))
        parts.append(gettext("if still missing: %(papers)s", papers=papers))
    if rule.useful_days:
        parts.append(ngettext("at most %(num)s day late", "at most %(num)s days late", rule.useful_days))
    return "; ".join(parts) + "."


def when(rule: RuleValues) -> str:
    """'7 days before departure'"""
    anchor, days = ANCHORS[rule.anchor], abs(rule.offset_days)
    if not days:
        return gettext("On the day of %(anchor)s", anchor=anchor)
    if rule.offset_days < 0:
        return str(ngettext("%(num)s day before %(anchor)s", "%(num)s days before %(anchor)s", days, anchor=anchor))
    return str(ngettext("%(num)s day after %(anchor)s", "%(num)s days after %(anchor)s", days, anchor=anchor))


def _any(words: list[str]) -> str:
    return str(format_list([_lower(word) for word in words], "or", get_locale()))


def _lower(word: str) -> str:
    """As within a sentence, but for abbreviations ('PP', 'E-PMI')."""
    return word[:1].lower() + word[1:] if word[1:2].islower() else word


def value(field: str, rule: RuleValues, names: Names) -> str:
    """One field, as a list of changes tells it."""
    found = getattr(rule, field)
    if field == "offset_days":
        return when(rule)
    if isinstance(found, tuple):
        return ", ".join(names.of(field, found)) or gettext("all")
    if isinstance(found, date):
        return str(format_date(found, "d MMM y"))
    if isinstance(found, bool):
        return gettext("yes") if found else gettext("no")
    return f"{found}.00" if field == "hour" else str(found)


def complaint(fault: Fault) -> str:
    """What is wrong, as the field says it."""
    return str(FAULTS[fault.code]) % {"least": fault.least, "most": fault.most}


def by_anchor(rules: Iterable[Any]) -> list[tuple[Any, list[Any]]]:
    """(name of the day, rules that count from it), in the order of a journey."""
    found: dict[str, list[Any]] = {anchor: [] for anchor in BOUNDS}
    for rule in rules:
        found.setdefault(rule.anchor, []).append(rule)
    return [(ANCHORS.get(anchor, anchor), of_it) for anchor, of_it in found.items() if of_it]
