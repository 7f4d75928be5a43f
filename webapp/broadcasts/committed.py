"""What a broadcast comes to as it stands: what was spent, and what its waiting texts cost by the routes on which they
wait now. A cheap route that rests hands its texts to a dearer one; the budget is asked about that before they go.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import ceil

import sqlalchemy as sa
from flask import current_app

from sms.states import QUEUED, WITHDRAWN
from webapp.broadcasts import forecast, progress
from webapp.broadcasts.forecast import Forecast
from webapp.broadcasts.model import Broadcast
from webapp.db import db
from webapp.outbox.holding import PARKED
from webapp.outbox.model import Message
from webapp.routes import queries as routes
from webapp.routes.choice import OF_THE_SETTINGS


@dataclass
class _Texts:
    """`waiting`: route → how many, the parked ones too; `gone_segments`: of all that were claimed."""

    made: int = 0
    spent: int = 0
    gone_segments: int = 0
    waiting: Counter[str] = field(default_factory=Counter)


def rupiah_of(broadcast: Broadcast) -> int:
    """Spent, still to be spent on what waits, and on what is not made yet."""
    texts, foretold = _texts(broadcast), forecast.read(broadcast.forecast)
    of_the_settings = int(current_app.config["SETTINGS"].sms_price_rupiah)
    prices = {OF_THE_SETTINGS: of_the_settings} | routes.prices()
    segments = _segments(texts, foretold)
    waiting = sum(ceil(number) * prices.get(route, of_the_settings) for route, number in segments.items())
    return texts.spent + waiting + _not_made(broadcast, texts.made, foretold)


def _texts(broadcast: Broadcast) -> _Texts:
    columns = (Message.state, Message.reason, Message.route)
    paid = sa.func.sum(sa.case((progress.is_paid(), Message.price_rupiah), else_=0))
    query = sa.select(*columns, sa.func.count(), paid, sa.func.sum(Message.segments))
    found = _Texts()
    rows = db.session.execute(query.where(Message.cause == broadcast.cause).group_by(*columns)).tuples()
    for state, reason, route, number, rupiah, segments in rows:
        found.made += number
        found.spent += int(rupiah)
        if state == QUEUED or (state, reason) == (WITHDRAWN, PARKED):
            found.waiting[route] += number
        else:
            found.gone_segments += int(segments)
    return found


def _segments(texts: _Texts, foretold: Forecast) -> Mapping[str, float]:
    """Route → segments of what waits there: as many for each text as was foretold of its route on the average.

    The forecast is exact, so there are never more than it has left; what falls away by itself only lessens that.
    """
    mean = foretold.segments / foretold.recipients if foretold.recipients else 1.0
    means = {route: share.segments / share.texts for route, share in foretold.routes.items() if share.texts}
    found = {route: number * means.get(route, mean) for route, number in texts.waiting.items()}
    most = max(foretold.segments - texts.gone_segments, texts.waiting.total())
    too_many = max(1.0, sum(found.values()) / most) if most else 1.0
    return {route: round(number / too_many, 6) for route, number in found.items()}


def _not_made(broadcast: Broadcast, made: int, foretold: Forecast) -> int:
    if broadcast.expanded_at is not None or not foretold.recipients:
        return 0
    return ceil(max(0, foretold.recipients - made) * foretold.rupiah / foretold.recipients)
