"""Making the texts of a broadcast, in portions: one for each recipient, once, whatever breaks in between.

How that is: webapp/audiences/expanding.py. When each falls due stands in a table that goes with the statement: a row
for each clock and step.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa

from webapp.areas.model import Area
from webapp.audiences import reaching
from webapp.audiences.criteria import OFFERED_STAGES
from webapp.audiences.expanding import insert_texts, is_sqlite, key_of, reference
from webapp.broadcasts import timing
from webapp.broadcasts.forecast import names_of
from webapp.broadcasts.merging import OFFICER, PERSON, VILLAGE, placeholders
from webapp.broadcasts.model import FACILITATORS, Broadcast
from webapp.broadcasts.recipients import Meant, account, chosen
from webapp.db import db
from webapp.departures.model import Destination
from webapp.outbox import queue, routing
from webapp.outbox.checks import NOTICE, PRIORITIES
from webapp.outbox.model import Message
from webapp.outbox.officers import officers_of, reply_number
from webapp.outbox.rows import Rows
from webapp.people.model import Phone
from webapp.people.reach import PUBLIC

message = cast(sa.Table, Message.__table__)
#: So many people are looked at in one transaction.
PORTION = 5_000


def next_portion(broadcast: Broadcast, meant: Meant, now: datetime) -> int | None:
    """The id of the last of the next people of the audience; None if there are no more."""
    number = meant.number
    # A small audience is found by its area and put in order; by the plain column SQLite would walk through everybody.
    in_order = number if _is_wide(broadcast) else number + 0
    following = (
        sa.select(number.label("id"))
        .where(*meant.conditions(), in_order > broadcast.expanded_to, in_order <= broadcast.expand_until)
        .order_by(in_order)
        .limit(PORTION)
        .subquery()
    )
    return db.session.scalar(sa.select(sa.func.max(following.c.id)))


def expand(broadcast: Broadcast, meant: Meant, upto: int, now: datetime) -> int:
    """Make the texts of the portion that ends with this id. Returns how many were new."""
    portion = (meant.number > broadcast.expanded_to, meant.number <= upto)
    people = chosen(meant, *portion)
    villages = _villages(meant, portion)
    dialect = db.session.get_bind().dialect.name
    values = message.c["values"].type
    places = Rows(dialect, area_code=people.c.area_code.type, home=values, abroad=values)
    times = Rows(dialect, "times", zone=sa.String(32), step=sa.Integer(), due_at=message.c.due_at.type)
    selected = _texts(broadcast, meant, people, places, times, now)
    facts = places.filled(_values_of(villages, broadcast)) | times.filled(_times(broadcast, now)) | reaching.at(now)
    new = insert_texts(selected, facts)
    broadcast.expanded_to = upto
    db.session.flush()
    return new


def zones() -> list[str]:
    """Every clock by which somebody may get it: of the provinces and of the countries of work."""
    return [*db.session.scalars(sa.select(Area.zone).where(Area.level <= 1).union(sa.select(Destination.zone)))]


def _is_wide(broadcast: Broadcast) -> bool:
    return any("." not in row.area_code for row in broadcast.areas)


def _villages(meant: Meant, portion: tuple[sa.ColumnElement[bool], ...]) -> set[str]:
    area = account.c.area_code if meant.recipients == FACILITATORS else reaching.person.c.area_code
    return set(db.session.scalars(sa.select(area).where(*portion, *meant.conditions()).distinct()))


def _values_of(villages: set[str], broadcast: Broadcast) -> list[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Village, and the values that it gives: at home, and abroad, where a number that begins with 0 does not work.

    Only what the words name: a text in the outbox holds no more than it needs.
    """
    used = frozenset().union(*(placeholders(body) for body in broadcast.bodies.values()))
    names = names_of(villages) if VILLAGE in used else {}
    officers = officers_of(villages) if OFFICER in used else {}

    def values(village: str, abroad: bool) -> dict[str, Any]:
        found = {VILLAGE: names[village]} if VILLAGE in used else {}
        if OFFICER in used:
            found[OFFICER] = reply_number(officers.get(village), abroad=abroad)
        return found

    return [(village, values(village, False), values(village, True)) for village in sorted(villages)]


def _times(broadcast: Broadcast, now: datetime) -> list[tuple[str, int, datetime]]:
    return [
        (zone, step, due)
        for zone in zones()
        for step, due in enumerate(
            timing.due_times(
                zone,
                send_on=broadcast.send_on,
                send_minute=broadcast.send_minute,
                spread_hours=broadcast.spread_hours,
                # From when it began, not from each portion: a step is one moment for all.
                now=broadcast.starts_at or now,
                any_hour=broadcast.emergency,
            )
        )
    ]


def _texts(
    broadcast: Broadcast, meant: Meant, people: sa.Subquery, places: Rows, times: Rows, now: datetime
) -> sa.Select[Any]:
    """One row of the outbox for each of these people who can be reached, and whose phone did not get one before."""
    to_officers = meant.recipients == FACILITATORS
    facts = _facts(broadcast, meant, now)
    of_each = {
        "key": key_of(broadcast.cause, people.c.id),
        "reference": reference(),
        "person_id": sa.cast(sa.null(), message.c.person_id.type) if to_officers else people.c.id,
        "phone_id": sa.cast(people.c.phone_id, message.c.phone_id.type),
        "number": people.c.number,
        "area_code": people.c.area_code,
        "zone": people.c.zone,
        "values": _with_name(sa.case((people.c.is_abroad, places.c.abroad), else_=places.c.home), people, broadcast),
        "language": people.c.language,
        "route": routing.route_of_new(sa.literal(meant.purpose), people.c.number, people.c.area_code),
        "due_at": times.c.due_at,
    }
    fixed = {name: sa.literal(value, message.c[name].type) for name, value in facts.items()}
    steps = timing.steps(broadcast.spread_hours)
    return (
        sa.select(*(column.label(name) for name, column in (of_each | fixed).items()))
        .select_from(people)
        .join(places.table, places.c.area_code == people.c.area_code)
        .join(times.table, sa.and_(times.c.zone == people.c.zone, times.c.step == people.c.id % steps))
        .where(people.c.reason == "", ~_was_told(broadcast, people, to_officers))
    )


def _with_name(values: sa.ColumnElement[Any], people: sa.Subquery, broadcast: Broadcast) -> sa.ColumnElement[Any]:
    """The values with the name of each, if the words greet by name."""
    if not any(PERSON in placeholders(body) for body in broadcast.bodies.values()):
        return values
    if is_sqlite():
        return sa.type_coerce(sa.func.json_set(sa.cast(values, sa.Text), f"$.{PERSON}", people.c.name), sa.Text)
    as_object = sa.cast(sa.cast(values, sa.Text), sa.dialects.postgresql.JSONB)
    named = as_object.op("||")(sa.func.jsonb_build_object(PERSON, people.c.name))
    return sa.cast(named, sa.JSON)


def _was_told(broadcast: Broadcast, people: sa.Subquery, to_officers: bool) -> sa.ColumnElement[bool]:
    """Did an earlier portion make a text of it to this number, for another who has it too? By keys: numbers have no
    index. No two accounts have one number."""
    if to_officers:
        return sa.false()
    other, its = Phone.__table__.alias(), message.alias()
    told = sa.select(its.c.id).join(other, its.c.key == key_of(broadcast.cause, other.c.person_id))
    told = told.where(other.c.number == people.c.number, its.c.number == people.c.number)
    return told.correlate(people).exists()


def _facts(broadcast: Broadcast, meant: Meant, now: datetime) -> dict[str, Any]:
    """What is the same in all its texts."""
    starts_at = broadcast.starts_at or now
    return {
        "cause": broadcast.cause,
        "purpose": meant.purpose,
        # Also to officers: reminders overtake a great notice. An emergency overtakes them.
        "priority": PRIORITIES[meant.purpose] if broadcast.emergency else PRIORITIES[NOTICE],
        "text_code": broadcast.code,
        "body": "",
        "sensitivity": PUBLIC,
        "stages": ",".join(broadcast.criteria.stages or OFFERED_STAGES) if meant.recipients != FACILITATORS else "",
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
