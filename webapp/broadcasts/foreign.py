"""The clock of a foreign number whose holder is not registered: that of the country whose number it is."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from sms.phone import INDONESIA, prefix_of
from webapp.db import db
from webapp.departures.model import Destination

#: What numbers of Indonesia begin with, wherever their phones are.
AT_HOME = f"+{INDONESIA}"


def zone_of_number(number: Any) -> sa.ColumnElement[str | None]:
    """The zone of the country of work that has this number; NULL for numbers of Indonesia, and of other countries."""
    rows = db.session.execute(sa.select(Destination.code, Destination.zone).order_by(Destination.code)).tuples()
    zones = {prefix: zone for code, zone in rows if (prefix := prefix_of(code))}
    # The longest first: +1 and +1 869 are two countries.
    in_order = sorted(zones.items(), key=lambda item: (-len(item[0]), item[0]))
    whens = [(number.startswith(prefix), sa.literal(zone)) for prefix, zone in in_order if prefix != AT_HOME]
    return sa.case(*whens, else_=None) if whens else sa.func.nullif("", "")
