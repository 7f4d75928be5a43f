"""To whom a warning goes, how many that are, and why others do not get it: by sets, never person by person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from sms.states import DELIVERED, SENDING, SENT, UNKNOWN
from webapp.areas.codes import is_within, within
from webapp.db import db
from webapp.departures.model import Departure
from webapp.outbox import routing
from webapp.outbox.checks import ALARM, NOTICE
from webapp.outbox.model import Message
from webapp.people.stages import DECEASED, STAGES
from webapp.warnings import reaching
from webapp.warnings.model import SafetyWarning
from webapp.warnings.reaching import person

#: Nobody who has died is texted.
OFFERED_STAGES = tuple(stage for stage in STAGES if stage != DECEASED)
#: They have it, or may have it: a correction goes to them and to nobody else.
HAVE_GOT_IT = (SENT, DELIVERED, UNKNOWN, SENDING)
#: No page counts further.
MOST_COUNTED = 200_000


@dataclass(frozen=True)
class Count:
    """An audience. `languages` and `routes`: of those who get it; `left_out`: reason → how many do not."""

    languages: dict[str, int]
    left_out: dict[str, int]
    routes: dict[str, int] = field(default_factory=dict)

    @property
    def recipients(self) -> int:
        return sum(self.languages.values())

    @property
    def everybody(self) -> int:
        return self.recipients + sum(self.left_out.values())

    @property
    def is_capped(self) -> bool:
        """Are there more than were counted?"""
        return self.everybody > MOST_COUNTED


def conditions_of(warning: SafetyWarning) -> list[sa.ColumnElement[bool]]:
    """Who belongs to the audience, whether or not they can be reached."""
    if warning.corrects_id is not None:
        return [person.c.id.in_(_who_got(warning.corrects_id))]
    # Not the plain column: the index of stages would be read from end to end for each portion.
    stage = sa.func.coalesce(person.c.stage, "")
    found = [in_areas([row.area_code for row in warning.areas]), stage.in_(warning.stages)]
    if warning.destinations:
        journeys = sa.select(Departure.id).where(
            Departure.person_id == person.c.id,
            Departure.state == "open",
            Departure.destination_code.in_(warning.destinations),
        )
        found.append(journeys.correlate(person).exists())
    return found


def followed(warning: SafetyWarning) -> str:
    """The cause of the texts that a correction takes back; '' for any other warning."""
    return f"warning:{warning.corrects_id}" if warning.corrects_id is not None else ""


def in_areas(codes: Iterable[str]) -> sa.ColumnElement[bool]:
    return sa.or_(sa.false(), *(within(person.c.area_code, code) for code in widest(codes)))


def widest(codes: Iterable[str]) -> list[str]:
    """Without areas that lie in another of them."""
    known = sorted(set(codes))
    return [code for code in known if not any(code != other and is_within(code, other) for other in known)]


def count(warning: SafetyWarning, now: datetime) -> Count:
    """What sending it now would come to."""
    chosen = reaching.chosen(*conditions_of(warning), after=followed(warning)).limit(MOST_COUNTED + 1)
    people = reaching.each_phone_once(chosen)
    route = routing.route_of_new(sa.literal(purpose_of(warning)), people.c.number, people.c.area_code).label("route")
    columns = (people.c.reason, people.c.language, route)
    languages: Counter[str] = Counter()
    left_out: Counter[str] = Counter()
    routes: Counter[str] = Counter()
    query = sa.select(*columns, sa.func.count()).group_by(*columns)
    for reason, language, code, number in db.session.execute(query, reaching.at(now)):
        if reason:
            left_out[reason] += number
        else:
            languages[language] += number
            routes[code] += number
    return Count(dict(languages), dict(left_out.most_common()), dict(routes))


def purpose_of(warning: SafetyWarning) -> str:
    """Of its texts in the outbox, which gives them their priority and their route."""
    return ALARM if warning.urgent else NOTICE


def a_village(warning: SafetyWarning, now: datetime) -> str | None:
    """Where somebody lives who gets it, for a sample of its words."""
    people = reaching.chosen(*conditions_of(warning)).subquery()
    query = sa.select(people.c.area_code).where(people.c.reason == "").limit(1)
    return db.session.scalar(query, reaching.at(now))


def stages_of(warning: SafetyWarning) -> Sequence[str]:
    """In which its texts still make sense: a correction goes to whoever got the wrong one, whatever they do now."""
    return OFFERED_STAGES if warning.corrects_id is not None else warning.stages


def _who_got(warning_id: int) -> sa.Select[tuple[int | None]]:
    return sa.select(Message.person_id).where(
        Message.cause == f"warning:{warning_id}", Message.state.in_(HAVE_GOT_IT), Message.person_id.is_not(None)
    )
