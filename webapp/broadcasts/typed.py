"""What a form that is still being filled in comes to: for the count and the measure beside it. Nothing is stored."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from webapp.accounts.access import current_account
from webapp.accounts.model import Account
from webapp.broadcasts import drafting, forecast, merging, queries, words
from webapp.broadcasts.budget import Standing
from webapp.broadcasts.composing_form import AUDIENCE, ComposingForm
from webapp.broadcasts.forecast import Forecast
from webapp.broadcasts.meaning import is_small
from webapp.broadcasts.merging import FALLBACK, Fault, Finding, Measure
from webapp.people.choices import LANGUAGES

WRONG_ALREADY = (Fault.UNKNOWN_VALUE, Fault.TOO_MANY_SEGMENTS)
#: What may still come, and has to before it can be stored.
STILL_LACKING = (Fault.NO_SENDER, Fault.NO_ANSWER)


@dataclass(frozen=True)
class Typed:
    """`problems`: why nothing can be counted. `forecast` None without a problem: so many that they are counted later.

    `has_words`: length and cost are those of the words, not of empty ones. `are_wrong`: they cannot go out as they are,
    so nothing is told of their cost. `spread_hours`: as far as they are right. `standing`: of the budget that pays;
    `setters`: who gives more.
    """

    problems: tuple[str, ...] = ()
    forecast: Forecast | None = None
    has_words: bool = False
    are_wrong: bool = False
    spread_hours: int = 0
    standing: Standing | None = None
    setters: Sequence[Account] = ()

    @property
    def is_over(self) -> bool:
        """Does it cost more than there is?"""
        if self.forecast is None or self.standing is None or not self.has_words:
            return False
        return not self.standing.covers(self.forecast.rupiah)


@dataclass(frozen=True)
class Measured:
    """Words of one language beside their field. `shown`: as a phone shows them, with values as they may be."""

    language: str
    body: str
    measure: Measure
    shown: str
    #: What is wrong with them already, though they may go on; what is still to be said in them; and whether nothing is
    #: wrong with them at all.
    wrong: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    is_right: bool = False
    #: A word such as 'tomorrow', which is another day for whoever reads it later.
    relative_day: str = ""

    @property
    def is_dearer(self) -> bool:
        """Do the letters that not every phone has cost a text more, as long as the words are?"""
        return self.measure.segments > merging.measure(self.measure.offered).segments

    @property
    def has_better(self) -> bool:
        return self.measure.offered != self.body


def count(form: ComposingForm, now: datetime) -> Typed:
    """Of what can be counted already; leaves errors only where they keep from it."""
    form.validate()
    problems = form.audience_errors
    # Before what is wrong with its days and hours is forgotten.
    meant = None if problems else drafting.meant_of(form, now)
    spread_hours, standing = drafting.spread_hours_of(form), drafting.standing_of(form, now)
    form.forget(*AUDIENCE)
    if meant is None:
        return Typed(tuple(dict.fromkeys(problems)))
    if not is_small(meant):
        return Typed()
    bodies = countable(form.bodies, form.columns)
    are_wrong = any(_wrong(body, form.columns) for body in form.bodies.values())
    has_words = any(bodies.values()) and not are_wrong
    found = Typed((), forecast.count(meant, bodies, now), has_words, are_wrong, spread_hours, standing)
    asked = queries.whom_to_ask_for_money(current_account.area_code) if found.is_over else ()
    return replace(found, setters=asked)


def countable(bodies: Mapping[str, str], columns: Collection[str] = ()) -> dict[str, str]:
    """Words whose values are all known; empty Indonesian ones if there are none, as everybody gets those in need."""
    found = {language: body for language, body in bodies.items() if not _names_unknown(body, columns)}
    return found if FALLBACK in found else {FALLBACK: ""}


def measures(form: ComposingForm) -> dict[str, Measured]:
    """Language → of its words, also of those that are still empty."""
    return {language: measured(language, form[f"body_{language}"].data or "", form.columns) for language in LANGUAGES}


def measured(language: str, body: str, columns: Collection[str] = ()) -> Measured:
    found = list(merging.faults(body, columns))
    return Measured(
        language,
        body,
        merging.measure(body, columns),
        merging.at_its_longest(body, columns),
        wrong=tuple(words.fault(one, columns) for one in found if one.kind in WRONG_ALREADY),
        lacking=tuple(words.fault(one, columns) for one in found if one.kind in STILL_LACKING),
        is_right=not found,
        relative_day=merging.relative_day(body),
    )


def _wrong(body: str, columns: Collection[str]) -> list[Finding]:
    """What no more words can mend. That they say who speaks, and end their braces, may still come."""
    return [one for one in merging.faults(body, columns) if one.kind in WRONG_ALREADY]


def _names_unknown(body: str, columns: Collection[str]) -> bool:
    return any(one.kind is Fault.UNKNOWN_VALUE for one in merging.faults(body, columns))
