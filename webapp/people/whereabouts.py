"""By which clock a person lives now. Who is abroad is known to nouns that people may not import: they hang it here."""

from __future__ import annotations

from collections.abc import Callable

from webapp.people.model import Person

#: The IANA zone of where the person is, or None if this noun knows of no other than the village's.
ZoneOf = Callable[[Person], str | None]
ELSEWHERE: list[ZoneOf] = []


def add_zone(function: ZoneOf) -> None:
    """Called by a noun's `register()`; adding twice changes nothing."""
    if function not in ELSEWHERE:
        ELSEWHERE.append(function)


def zone_of(person: Person) -> str:
    """Where the person is now: in the village, unless a noun knows better."""
    return next(filter(None, (zone(person) for zone in ELSEWHERE)), person.area.zone)
