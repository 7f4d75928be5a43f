"""What the village of each recipient gives to a broadcast's words: its name, and where to answer.

The same few thousand villages come back in each portion of a wide audience, so their values are kept for as long as one
worker makes texts without a pause: seconds (sending.SECONDS).
"""

from __future__ import annotations

import sqlalchemy as sa

from webapp.areas.model import Area
from webapp.broadcasts.answering import are_officers_asked, numbers_of
from webapp.broadcasts.merging import OFFICER, VILLAGE, placeholders
from webapp.broadcasts.model import Broadcast
from webapp.broadcasts.recipients import Meant
from webapp.db import db
from webapp.outbox.officers import officers_within

#: At home, and abroad, where a number that begins with 0 does not work.
HOME, ABROAD = "home", "abroad"
Values = dict[str, dict[str, dict[str, str]]]


class Villages:
    """Of one broadcast at a time, as its words were when it was asked."""

    def __init__(self) -> None:
        self._broadcast: tuple[int, int] | None = None
        self._known: Values = {}

    def of(self, portion: tuple[sa.ColumnElement[bool], ...], broadcast: Broadcast, meant: Meant) -> Values:
        """Village of somebody in this portion → HOME or ABROAD → values. Only what the words name: a text in the
        outbox holds no more than it needs."""
        if self._broadcast != (broadcast.id, broadcast.version):
            self._broadcast, self._known = (broadcast.id, broadcast.version), {}
        villages = sa.select(meant.area_code).where(*portion, *meant.conditions()).distinct()
        codes = list(db.session.scalars(villages))
        if not self._known.keys() >= set(codes):
            self._known |= _values_of(villages, broadcast, meant)
        # Whoever has moved between the two questions is no recipient of this portion's villages any more.
        return {code: self._known[code] for code in codes if code in self._known}


def _values_of(villages: sa.Select[tuple[str]], broadcast: Broadcast, meant: Meant) -> Values:
    """The database finds the villages itself: thousands of codes as parameters take longer than all the rest."""
    used = frozenset().union(*(placeholders(body) for body in broadcast.bodies.values()))
    names = dict(db.session.execute(sa.select(Area.code, Area.name).where(Area.code.in_(villages))).tuples().all())
    is_asked = OFFICER in used and are_officers_asked(meant)
    number = numbers_of(meant, officers_within(villages) if is_asked else {})

    def values(village: str, abroad: bool) -> dict[str, str]:
        found = {VILLAGE: names[village]} if VILLAGE in used else {}
        if OFFICER in used:
            found[OFFICER] = number(village, abroad)
        return found

    return {village: {HOME: values(village, False), ABROAD: values(village, True)} for village in names}
