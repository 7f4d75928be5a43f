"""Making the texts of a broadcast, in portions: one for each recipient, once, whatever breaks in between.

How that is: webapp/audiences/expanding.py. When each falls due stands in a table that goes with the statement: a row
for each clock and step.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from webapp.areas.model import Area
from webapp.audiences import reaching
from webapp.audiences.criteria import OFFERED_STAGES
from webapp.audiences.expanding import insert_texts, is_sqlite, key_of, reference
from webapp.broadcasts import timing
from webapp.broadcasts.merging import LONGEST, PERSON, placeholders
from webapp.broadcasts.model import FACILITATORS, FAMILIES, LISTED, MIGRANTS, Broadcast
from webapp.broadcasts.recipients import Meant, chosen
from webapp.broadcasts.villages import ABROAD, HOME, Villages
from webapp.db import db
from webapp.departures.model import Destination
from webapp.outbox import queue, routing
from webapp.outbox.checks import TO_MANY, URGENT_TO_MANY
from webapp.outbox.lookup import Lookup
from webapp.outbox.model import Message
from webapp.people.model import Phone
from webapp.people.reach import PUBLIC

message = cast(sa.Table, Message.__table__)
#: So many people are looked at in one transaction; on SQLite nobody else writes meanwhile.
PORTION, PORTION_OF_SQLITE = 30_000, 4_000
#: Field of the times that go with a statement.
DUE = "at"


def next_portion(broadcast: Broadcast, meant: Meant, now: datetime) -> int | None:
    """The number with which the next portion ends; None if nobody is left.

    Of a wide audience it is so many ids of the whole table, whether or not those people are meant: each is passed
    once, and nobody has to be sought. A small one is found by its area and put in order.
    """
    most = PORTION_OF_SQLITE if is_sqlite() else PORTION
    # By the plain column SQLite would walk through everybody where it has to find and order some.
    number = meant.number if _is_wide(broadcast) else meant.number + 0
    left = (number > broadcast.expanded_to, number <= broadcast.expand_until)
    if _is_wide(broadcast):
        first = db.session.scalar(sa.select(sa.func.min(number)).where(*left))
        return first and min(first + most - 1, broadcast.expand_until)
    following = sa.select(number.label("id")).where(*left, *meant.conditions()).order_by(number).limit(most)
    return db.session.scalar(sa.select(sa.func.max(following.subquery().c.id)))


def expand(broadcast: Broadcast, meant: Meant, villages: Villages, upto: int, now: datetime) -> int:
    """Make the texts of the portion that ends with this id. Returns how many were new."""
    portion = (meant.number > broadcast.expanded_to, meant.number <= upto)
    people = chosen(meant, *portion)
    dialect = db.session.get_bind().dialect.name
    places, times = Lookup(dialect, "places"), Lookup(dialect, "times")
    due = _times(broadcast, now)
    joined = times.joined_to(places.joined_to(people))
    values, due_at = _values(people, places, broadcast), _due_at(people, times, due, broadcast)
    selected = _texts(broadcast, meant, people, joined, values, due_at, now)
    facts = places.filled(villages.of(portion, broadcast, meant)) | times.filled(due) | reaching.at(now)
    new = insert_texts(selected, facts)
    broadcast.expanded_to = upto
    db.session.flush()
    return new


def zones() -> list[str]:
    """Every clock by which somebody may get it: of the provinces and of the countries of work."""
    return [*db.session.scalars(sa.select(Area.zone).where(Area.level <= 1).union(sa.select(Destination.zone)))]


def _is_wide(broadcast: Broadcast) -> bool:
    """Does it go to people of a province or more? Officers are few, and rows of lists have numbers of their own."""
    return broadcast.recipients in (MIGRANTS, FAMILIES) and any("." not in row.area_code for row in broadcast.areas)


def _times(broadcast: Broadcast, now: datetime) -> dict[str, dict[str, str]]:
    """Zone and step ('Asia/Jakarta 0') → when its texts fall due, as the database stores it."""
    # From when it began, not from each portion: a step is one moment for all.
    begun = broadcast.starts_at or now
    return {
        f"{zone} {step}": {DUE: _stored(due)}
        for zone in zones()
        for step, due in enumerate(
            timing.due_times(
                zone,
                send_on=broadcast.send_on,
                send_minute=broadcast.send_minute,
                spread_hours=broadcast.spread_hours,
                now=begun,
                any_hour=broadcast.at_any_hour,
            )
        )
    }


def _due_at(
    people: sa.Subquery, times: Lookup, due: dict[str, dict[str, str]], broadcast: Broadcast
) -> sa.ColumnElement[Any]:
    """When the text of each falls due: looked up only where it is not the same for everybody."""
    moments = {facts[DUE] for facts in due.values()}
    if len(moments) == 1:
        return _moment(sa.literal(moments.pop(), sa.Text))
    step = people.c.zone + " " + sa.cast(people.c.id % timing.steps(broadcast.spread_hours), sa.String)
    return _moment(times.text(step, DUE))


def _stored(moment: datetime) -> str:
    moment = moment.astimezone(UTC)
    return moment.replace(tzinfo=None).isoformat(" ", "microseconds") if is_sqlite() else moment.isoformat()


def _texts(
    broadcast: Broadcast,
    meant: Meant,
    people: sa.Subquery,
    joined: sa.FromClause,
    values: sa.ColumnElement[Any],
    due_at: sa.ColumnElement[Any],
    now: datetime,
) -> sa.Select[Any]:
    """One row of the outbox for each of these people who can be reached, and whose phone did not get one before."""
    facts = _facts(broadcast, meant, now)
    key = key_of(broadcast.cause, people.c.id)
    of_each = {
        "key": key,
        "reference": reference(key),
        "person_id": people.c.person_id,
        "phone_id": people.c.phone_id,
        "number": people.c.number,
        "area_code": people.c.area_code,
        "zone": people.c.zone,
        "values": values,
        "language": people.c.language,
        "route": routing.route_of_new(sa.literal(meant.purpose), people.c.number, people.c.area_code),
        "due_at": due_at,
    }
    fixed = {name: sa.literal(value, message.c[name].type) for name, value in facts.items()}
    return (
        sa.select(*(column.label(name) for name, column in (of_each | fixed).items()))
        .select_from(joined)
        .where(people.c.reason == "", ~_was_told(broadcast, people, meant))
    )


def _values(people: sa.Subquery, places: Lookup, broadcast: Broadcast) -> sa.ColumnElement[Any]:
    """What the words are merged with: of the village, and the name of each if the words greet by name."""
    key = people.c.area_code
    values: Any = sa.case((people.c.is_abroad, places.part(key, ABROAD)), else_=places.part(key, HOME))
    used = frozenset().union(*(placeholders(body) for body in broadcast.bodies.values()))
    # Of a list only what the words name, and never instead of a value of the programme's own.
    said: dict[str, Any] = {name: _cell(people.c.cells, name) for name in sorted(used - LONGEST.keys())}
    said |= {PERSON: people.c.name} if PERSON in used else {}
    pairs = list(said.items())
    if is_sqlite():
        values = sa.func.json_set(values, *(part for name, one in pairs for part in (f'$."{name}"', one)))
        return sa.type_coerce(values, sa.Text)
    more = sa.func.jsonb_build_object(*(part for pair in pairs for part in pair))
    return sa.cast(values.op("||")(more) if pairs else values, sa.JSON)


def _cell(cells: sa.ColumnElement[str], name: str) -> sa.ColumnElement[str]:
    """What a list says of somebody in this column; '' if nothing."""
    filled = sa.func.nullif(cells, "")
    found: Any = sa.func.json_extract(filled, f'$."{name}"') if is_sqlite() else sa.cast(filled, JSONB).op("->>")(name)
    return sa.func.coalesce(found, "", type_=sa.Text())


def _moment(text: sa.ColumnElement[str]) -> sa.ColumnElement[Any]:
    return text if is_sqlite() else sa.cast(text, message.c.due_at.type)


def _was_told(broadcast: Broadcast, people: sa.Subquery, meant: Meant) -> sa.ColumnElement[bool]:
    """Did an earlier portion make a text of it to this number, for another who has it too? By keys: numbers have no
    index. No two accounts have one number, nor have two rows of a list."""
    if meant.recipients in (FACILITATORS, LISTED):
        return sa.false()
    other = Phone.__table__.alias()
    text = sa.select(message.c.number).where(message.c.key == key_of(broadcast.cause, other.c.person_id))
    told = sa.select(other.c.id).where(
        other.c.number == people.c.number,
        other.c.person_id <= broadcast.expanded_to,
        # As a value: as a join it might be done the other way round, through all texts.
        text.correlate(other).scalar_subquery() == people.c.number,
    )
    return told.correlate(people).exists()


def _facts(broadcast: Broadcast, meant: Meant, now: datetime) -> dict[str, Any]:
    """What is the same in all its texts."""
    starts_at = broadcast.starts_at or now
    return {
        "cause": broadcast.cause,
        "purpose": meant.purpose,
        "priority": URGENT_TO_MANY if broadcast.emergency else TO_MANY,
        "text_code": broadcast.code,
        "body": "",
        "sensitivity": PUBLIC,
        "stages": ",".join(broadcast.criteria.stages or OFFERED_STAGES)
        if meant.recipients in (MIGRANTS, FAMILIES)
        else "",
        "expects": "",
        "expires_at": timing.expires_at(
            starts_at,
            useful_until=broadcast.useful_until,
            spread_hours=broadcast.spread_hours,
            emergency=broadcast.emergency,
        ),
        "private": False,
        "created_by_id": broadcast.approved_by_id,
        "created_at": now,
        "updated_at": now,
        **queue.FRESH,
    }
