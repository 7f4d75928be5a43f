"""In which village a person is registered: the facilitator's own, or one chosen within the account's area."""

from __future__ import annotations

import sqlalchemy as sa
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from webapp.accounts.model import Account
from webapp.areas import queries as areas
from webapp.areas.codes import within
from webapp.areas.model import VILLAGE, Area
from webapp.areas.queries import Hit
from webapp.db import db
from webapp.errors import Words
from webapp.people.model import Person

MOVED = _l("Moved to another village meanwhile")
#: More villages are no list to read: then one types a name.
LISTED = 60


def chosen(account: Account, code: str) -> Area | None:
    """The account's own village whatever was asked for, else the one with this code within its area."""
    if account.area.level == VILLAGE:
        return account.area
    village = areas.find(code, account.area_code) if code else None
    return village if village is not None and village.level == VILLAGE else None


def named(account: Account, code: str) -> Area | None:
    """The village with this code within the account's area."""
    village = chosen(account, code)
    return village if village is not None and village.code == code else None


def offered(account: Account, q: str) -> list[Hit]:
    """Villages to choose from: those whose name is typed, else the programme's, if they are few."""
    if q.strip():
        return areas.search(q, account.area_code, (VILLAGE,))
    district = sa.orm.aliased(Area)
    query = (
        sa.select(Area, district.name)
        .join(district, district.code == Area.parent_code)
        .where(within(Area.code, account.area_code), Area.level == VILLAGE, Area.participates)
        .order_by(Area.code)
        .limit(LISTED + 1)
    )
    hits = [Hit(area, place) for area, place in db.session.execute(query)]
    return hits if len(hits) <= LISTED else []


def moved_meanwhile(person: Person, home: Area) -> Words:
    """For whoever chose this village while somebody else moved the person to another."""
    advice = gettext(
        "Somebody else moved %(name)s to %(theirs)s meanwhile; you chose %(yours)s. Open the person again and look. "
        "Nothing was stored.",
        name=person.name,
        theirs=person.area.name,
        yours=home.name,
    )
    return Words(MOVED, advice)
