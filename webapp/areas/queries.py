"""Finding an area: by walking down the tree or by typing part of a name."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from webapp.areas.codes import within
from webapp.areas.model import Area
from webapp.areas.names import fold
from webapp.db import db

MOST_HITS = 20
MOST_WORDS = 6


class Hit(NamedTuple):
    area: Area
    #: 'Kroya, Kabupaten Cilacap': the two levels above.
    place: str


def find(code: str, area_code: str) -> Area | None:
    """The area with this code, if it is `area_code` or below it."""
    return db.session.scalar(sa.select(Area).where(Area.code == code, within(Area.code, area_code)))


def children(code: str) -> Sequence[Area]:
    """Areas directly below, by name."""
    return db.session.scalars(sa.select(Area).where(Area.parent_code == code).order_by(Area.name_key, Area.code)).all()


def search(text: str, area_code: str, levels: Collection[int] = ()) -> list[Hit]:
    """Areas at or below `area_code` whose name holds the first word, in a place that the other words name.

    'bajing kroya' finds the village of Bajing in the district of Kroya. Names that begin with the
    first word come first, then larger areas; before all of them those called exactly so. At most MOST_HITS.
    `levels`: only these; empty for all.
    """
    words = fold(text).split()[:MOST_WORDS]
    if not words:
        return []
    above, higher = aliased(Area), aliased(Area)
    place = Area.name_key + " " + sa.func.coalesce(above.name_key, "") + " " + sa.func.coalesce(higher.name_key, "")
    query = (
        sa.select(Area, above.name, higher.name)
        .outerjoin(above, Area.parent_code == above.code)
        .outerjoin(higher, above.parent_code == higher.code)
        .where(within(Area.code, area_code), Area.name_key.contains(words[0]))
        .where(*(place.contains(word) for word in words[1:]))
        .order_by((Area.name_key == " ".join(words)).desc(), (Area.name_key == words[0]).desc())
        .order_by(Area.name_key.startswith(words[0]).desc(), Area.level, Area.name_key, Area.code)
        .limit(MOST_HITS)
    )
    if levels:
        query = query.where(Area.level.in_(levels))
    return [Hit(area, ", ".join(filter(None, names))) for area, *names in db.session.execute(query)]
