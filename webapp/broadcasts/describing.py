"""A broadcast in words: whom it is for, when it goes, what it comes to. For pages, and shared by them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import current_app
from flask_babel import format_date, format_decimal, get_locale, gettext, ngettext

from webapp.audiences.criteria import OFFERED_STAGES, Criteria
from webapp.broadcasts import words
from webapp.broadcasts.forecast import Forecast
from webapp.broadcasts.model import FACILITATORS, Broadcast
from webapp.db import db
from webapp.departures.choices import SCHEMES, SECTORS
from webapp.departures.model import ChecklistItem, Destination
from webapp.people.choices import LANGUAGES, SEXES, STAGES
from webapp.routes import queries as routes
from webapp.routes.choice import OF_THE_SETTINGS

MINUTE, HOUR = 60, 3600


@dataclass(frozen=True)
class LanguageLine:
    """How many get the words of one language, and in how many segments: (segments, people)."""

    name: Any
    people: int
    segments: list[tuple[int, int]]


@dataclass(frozen=True)
class RouteLine:
    """What one route carries: texts, segments, rupiah, and how long it takes for that, in words."""

    name: str
    texts: int
    segments: int
    rupiah: int
    duration: str


def audience_of(recipients: str, criteria: Criteria, area_names: Sequence[str]) -> list[tuple[str, Any]]:
    """Label and words of whom it is for; what is not asked is not told."""
    found: list[tuple[str, Any]] = [
        (gettext("Who gets it"), words.RECIPIENTS[recipients]),
        (gettext("Areas"), ", ".join(area_names)),
    ]
    if recipients == FACILITATORS:
        return found
    if criteria.stages and set(criteria.stages) != set(OFFERED_STAGES):
        found.append((gettext("Stages"), _listed(STAGES, criteria.stages)))
    if criteria.sex:
        found.append((gettext("Sex"), SEXES[criteria.sex]))
    if criteria.languages:
        found.append((gettext("Languages"), _listed(LANGUAGES, criteria.languages)))
    found += [(gettext("Age"), _ages(criteria)), (gettext("Countries"), ", ".join(_destinations(criteria)))]
    found += [(gettext("Sectors"), _listed(SECTORS, criteria.sectors))]
    found += [(gettext("Schemes"), _listed(SCHEMES, criteria.schemes)), (gettext("Leaving"), _days(criteria))]
    found.append((gettext("One of these papers is missing"), ", ".join(_papers(criteria))))
    return [(label, said) for label, said in found if said]


def when_of(broadcast: Broadcast) -> list[tuple[str, Any]]:
    """When it goes, for the page."""
    found: list[tuple[str, Any]] = []
    if broadcast.send_on is None:
        found.append((gettext("When"), gettext("As soon as it is approved, within the hours of each recipient")))
    else:
        found.append((gettext("When"), begins_of(broadcast)))
    if broadcast.emergency and broadcast.send_on is None:
        found = [(gettext("When"), gettext("At once, also at night"))]
    if broadcast.spread_hours:
        spread = ngettext("over %(num)s hour", "over %(num)s hours", broadcast.spread_hours)
        found.append((gettext("Spread"), spread))
    if broadcast.useful_until:
        found.append((gettext("Of use until"), format_date(broadcast.useful_until, "long")))
    return found


def begins_of(broadcast: Broadcast) -> str:
    """'Saturday, 28 Nov at 09.00 on the clock of each recipient'; '' where no moment was chosen."""
    if broadcast.send_on is None:
        return ""
    clock = f"{broadcast.send_minute // 60:02}.{broadcast.send_minute % 60:02}"
    day = format_date(broadcast.send_on, "EEEE, d MMM")
    return gettext("%(day)s at %(clock)s on the clock of each recipient", day=day, clock=clock)


def until_last(seconds: int, spread_hours: int = 0) -> str:
    """How long it takes until the last text has gone: as long as the routes need, or as it is spread."""
    if spread_hours * HOUR > seconds:
        return ngettext("within %(num)s hour", "within %(num)s hours", spread_hours)
    return gettext("%(duration)s until the last one has gone", duration=duration(seconds))


def most_a_day() -> str:
    """How many notices a person gets, whoever sends them."""
    most = current_app.config["SETTINGS"].notices_a_day
    return ngettext(
        "Nobody gets more than %(num)s notice a day, whichever office sends it.",
        "Nobody gets more than %(num)s notices a day, whichever office sends them.",
        most,
    )


def halted(gone: int, held: int) -> str:
    """What a halt came to: how many had gone before it, how many it held up."""
    return gettext("%(gone)s had gone, %(held)s are held.", gone=format_decimal(gone), held=format_decimal(held))


def ended(gone: int, everything: int, taken_back: int) -> str:
    """How a cancelled one ended."""
    sent = gettext("Sent %(gone)s of %(all)s.", gone=format_decimal(gone), all=format_decimal(everything))
    if not taken_back:
        return sent
    back = ngettext(
        "%(number)s text was taken back and cost nothing.",
        "%(number)s texts were taken back and cost nothing.",
        taken_back,
        number=format_decimal(taken_back),
    )
    return f"{sent} {back}"


def languages_of(forecast: Forecast) -> list[LanguageLine]:
    """The most spoken one first."""
    lines = [
        LanguageLine(
            LANGUAGES.get(language, language),
            sum(counts.values()),
            sorted((int(segments), people) for segments, people in counts.items()),
        )
        for language, counts in forecast.languages.items()
    ]
    return sorted(lines, key=lambda line: -line.people)


def routes_of(forecast: Forecast) -> list[RouteLine]:
    """The busiest one first."""
    names = {OF_THE_SETTINGS: gettext("The gateway of the settings")} | routes.names()
    lines = [
        RouteLine(names.get(code, code), share.texts, share.segments, share.rupiah, duration(share.seconds))
        for code, share in forecast.routes.items()
    ]
    return sorted(lines, key=lambda line: -line.texts)


def duration(seconds: int) -> str:
    """'about 5 h 40 min'; the nights, in which nothing goes out, are not counted."""
    if seconds < MINUTE:
        return gettext("less than a minute")
    # Rounded to what one can plan with: minutes below an hour, ten minutes above it.
    step = MINUTE if seconds < HOUR else 10 * MINUTE
    minutes = round(seconds / step) * step // MINUTE
    hours, minutes = divmod(minutes, 60)
    if not hours:
        return gettext("about %(minutes)s min", minutes=minutes)
    if not minutes:
        return gettext("about %(hours)s h", hours=format_decimal(hours))
    return gettext("about %(hours)s h %(minutes)s min", hours=format_decimal(hours), minutes=minutes)


def left_out_of(forecast: Forecast) -> list[tuple[Any, int]]:
    return [(words.LEFT_OUT.get(code, code), number) for code, number in forecast.left_out.items()]


def _listed(known: Mapping[str, Any], codes: Sequence[str]) -> str:
    return ", ".join(str(known.get(code, code)) for code in codes)


def _ages(criteria: Criteria) -> str:
    first, last = criteria.age_from, criteria.age_until
    if first is not None and last is not None:
        return gettext("%(first)s to %(last)s years", first=first, last=last)
    if first is not None:
        return gettext("%(first)s years and older", first=first)
    return "" if last is None else gettext("up to %(last)s years", last=last)


def _days(criteria: Criteria) -> str:
    first, last = criteria.leaves_from, criteria.leaves_until
    if first is not None and last is not None:
        return gettext("from %(first)s until %(last)s", first=format_date(first), last=format_date(last))
    if first is not None:
        return gettext("from %(first)s", first=format_date(first))
    return "" if last is None else gettext("until %(last)s", last=format_date(last))


def _destinations(criteria: Criteria) -> list[str]:
    if not criteria.destinations:
        return []
    found = db.session.scalars(sa.select(Destination).where(Destination.code.in_(criteria.destinations)))
    return sorted(str(destination.name) for destination in found)


def _papers(criteria: Criteria) -> list[str]:
    if not criteria.missing:
        return []
    items = db.session.scalars(sa.select(ChecklistItem).where(ChecklistItem.code.in_(criteria.missing)))
    return sorted(item.name_id if str(get_locale()) == "id" else item.name_en for item in items)
