"""Where somebody is who has left: everything that is texted then goes by the clock there."""

from __future__ import annotations

import sqlalchemy as sa

from webapp.db import db
from webapp.departures.model import Departure, Destination
from webapp.people.model import Person

#: Also without a noted day of leaving.
HAS_LEFT = ("departed", "working", "returning")


def zone_abroad(person: Person) -> str | None:
    """The zone of the country of work while a departure has begun and not ended; None at home."""
    begun = sa.true() if person.stage in HAS_LEFT else Departure.departed_on.is_not(None)
    query = (
        sa.select(Destination.zone)
        .join(Departure, Departure.destination_code == Destination.code)
        .where(Departure.person_id == person.id, Departure.state == "open", begun)
        # Of two open ones the one that the person is known to have left for.
        .order_by(Departure.departed_on.desc().nulls_last(), Departure.id.desc())
        .limit(1)
    )
    return db.session.scalar(query)
