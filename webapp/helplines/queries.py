"""All numbers, by the country in which they help."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

import sqlalchemy as sa
from flask_babel import gettext

from webapp.db import db
from webapp.departures.model import Destination
from webapp.helplines.model import Helpline
from webapp.helplines.verification import INDONESIA


@dataclass(frozen=True)
class Group:
    """The numbers of one country, in their order."""

    country: str
    title: str
    helplines: list[Helpline]


def groups() -> list[Group]:
    """Indonesia first, then each country as it is called among the destinations, in the order of the positions."""
    query = sa.select(Helpline, Destination).outerjoin(Destination, Destination.code == Helpline.country)
    rows = db.session.execute(query.order_by(Helpline.position, Helpline.id)).tuples().all()
    titles = {h.country: destination.name if destination else h.country for h, destination in rows}
    titles[INDONESIA] = gettext("In Indonesia")
    order = list(dict.fromkeys([INDONESIA, *(helpline.country for helpline, _ in rows)]))
    by_country = sorted((helpline for helpline, _ in rows), key=lambda helpline: order.index(helpline.country))
    return [Group(code, titles[code], list(theirs)) for code, theirs in groupby(by_country, lambda h: h.country)]
