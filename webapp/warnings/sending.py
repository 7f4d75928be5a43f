"""Making the texts of an approved warning, in portions: one for each person, once, whatever breaks in between.

How that is: webapp/audiences/expanding.py.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Any, cast

import sqlalchemy as sa

from sms.states import QUEUED, SENDING, UNKNOWN
from webapp.areas.model import Area
from webapp.audiences import expanding, reaching
from webapp.audiences.reaching import person
from webapp.db import db
from webapp.outbox import queue, routing
from webapp.outbox.checks import TO_MANY, URGENT_TO_MANY
from webapp.outbox.model import Message
from webapp.outbox.officers import officers_of, reply_number
from webapp.outbox.rows import Rows
from webapp.people.model import SELF, Phone
from webapp.people.reach import PUBLIC
from webapp.warnings import acts, audience, states
from webapp.warnings.model import SafetyWarning

#: So many people are looked at in one transaction.
PORTION = 2_000
#: The worker sends as well: after so many seconds the rest waits for its next round.
SECONDS = 2.0
#: Later a warning has lost its meaning.
GOOD_FOR, URGENT_GOOD_FOR = timedelta(days=3), timedelta(days=1)
#: How often it is looked whether all texts of a warning have gone.
LOOK_EVERY = timedelta(minutes=1)
#: States of texts that may still move.
UNDER_WAY = (QUEUED, SENDING, UNKNOWN)
message = cast(sa.Table, Message.__table__)


def go_on(now: datetime) -> int:
    """The worker's chore: texts of approved warnings are made, and what has ended is closed. Commits by portion."""
    done, until = 0, time.monotonic() + SECONDS
    while time.monotonic() < until and (warning := _next_unfinished()) is not None:
        expand(warning, now)
        db.session.commit()
        done += 1
    return done + _look_after(now)


def expand(warning: SafetyWarning, now: datetime) -> int:
    """Make the texts of the next portion of people. Returns how many texts were new."""
    if warning.state == states.APPROVED:
        acts.begin(warning, now)
    upto = _end_of_portion(warning)
    if upto is None:
        warning.expanded_at, warning.look_at = now, now
        return 0
    new = _insert(warning, upto, now)
    warning.expanded_to = upto
    db.session.flush()
    return new


def _next_unfinished() -> SafetyWarning | None:
    """The most urgent one whose texts are not all made, locked; another worker takes another."""
    query = (
        sa.select(SafetyWarning)
        .where(SafetyWarning.state.in_(states.EXPANDING), SafetyWarning.expanded_at.is_(None))
        .order_by(SafetyWarning.urgent.desc(), SafetyWarning.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=SafetyWarning)
        .execution_options(populate_existing=True)
    )
    return db.session.scalar(query)


def _end_of_portion(warning: SafetyWarning) -> int | None:
    """The id of the last of the next portion; None if nobody is left.

    Of a wide audience it is so many people of the whole table (as in broadcasts/expanding.py). Whoever gets a
    correction is known by their ids. A small audience is found by its area and put in order.
    """
    is_correction, is_wide = warning.corrects_id is not None, any("." not in row.area_code for row in warning.areas)
    # By the plain column SQLite would walk through everybody.
    number = person.c.id if is_correction or is_wide else person.c.id + 0
    those = audience.conditions_of(warning) if is_correction or not is_wide else []
    following = (
        sa.select(person.c.id).where(*those, number > warning.expanded_to).order_by(number).limit(PORTION).subquery()
    )
    return db.session.scalar(sa.select(sa.func.max(following.c.id)))


def _insert(warning: SafetyWarning, upto: int, now: datetime) -> int:
    portion = (person.c.id > warning.expanded_to, person.c.id <= upto, *audience.conditions_of(warning))
    villages = set(db.session.scalars(sa.select(person.c.area_code).where(*portion).distinct()))
    rows = Rows(
        db.session.get_bind().dialect.name,
        area_code=person.c.area_code.type,
        home=message.c["values"].type,
        abroad=message.c["values"].type,
    )
    people = reaching.chosen(*portion, after=audience.followed(warning))
    selected = _texts(warning, reaching.each_phone_once(people), rows, now)
    return expanding.insert_texts(selected, rows.filled(_merged(warning, villages)) | reaching.at(now))


def _merged(warning: SafetyWarning, villages: set[str]) -> list[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Village, and the values of its texts: at home, and abroad, where a number that begins with 0 does not work."""
    officers = officers_of(villages)
    return [
        (
            village,
            warning.values | {"hp": reply_number(officers.get(village))},
            warning.values | {"hp": reply_number(officers.get(village), abroad=True)},
        )
        for village in villages
    ]


def _texts(warning: SafetyWarning, people: sa.Subquery, rows: Rows, now: datetime) -> sa.Select[Any]:
    """One row of the outbox for each of these people who can be reached, and whose phone did not get one before."""
    # Who reads it for them is at home.
    abroad = sa.case((people.c.reader == SELF, expanding.zone_abroad(people)))
    facts = _facts(warning, now)
    key = expanding.key_of(warning.cause, people.c.id)
    of_each = {
        "key": key,
        "reference": expanding.reference(key),
        "person_id": people.c.id,
        "phone_id": people.c.phone_id,
        "number": people.c.number,
        "area_code": people.c.area_code,
        "zone": sa.func.coalesce(abroad, Area.zone),
        "values": sa.case((abroad.is_not(None), rows.c.abroad), else_=rows.c.home),
        "language": people.c.language,
        "route": routing.route_of_new(sa.literal(facts["purpose"]), people.c.number, people.c.area_code),
    }
    fixed = {name: sa.literal(value, message.c[name].type) for name, value in facts.items()}
    return (
        sa.select(*(column.label(name) for name, column in (of_each | fixed).items()))
        .select_from(people)
        .join(Area, Area.code == people.c.area_code)
        .join(rows.table, rows.c.area_code == people.c.area_code)
        .where(people.c.reason == "", ~_was_told(warning, people))
    )


def _was_told(warning: SafetyWarning, people: sa.Subquery) -> sa.ColumnElement[bool]:
    """Did an earlier portion make a text of it to this number, for another who has it too? By keys: numbers have no
    index."""
    other, its = Phone.__table__.alias(), message.alias()
    key = expanding.key_of(warning.cause, other.c.person_id)
    told = sa.select(its.c.id).join(other, its.c.key == key).where(other.c.number == people.c.number)
    return told.where(its.c.number == people.c.number).correlate(people).exists()


def _facts(warning: SafetyWarning, now: datetime) -> dict[str, Any]:
    """What is the same in all its texts."""
    purpose = audience.purpose_of(warning)
    assert warning.approved_at is not None
    return {
        "cause": warning.cause,
        "purpose": purpose,
        "priority": URGENT_TO_MANY if warning.urgent else TO_MANY,
        "text_code": warning.text_code,
        "body": "",
        "sensitivity": PUBLIC,
        "stages": ",".join(audience.stages_of(warning)),
        "expects": "",
        "due_at": now,
        "expires_at": warning.approved_at + (URGENT_GOOD_FOR if warning.urgent else GOOD_FOR),
        "private": False,
        "created_by_id": warning.approved_by_id,
        "created_at": now,
        "updated_at": now,
        **queue.FRESH,
    }


def _look_after(now: datetime) -> int:
    """Close what has gone, and take back what returned to the queue after its warning had ended."""
    query = (
        sa.select(SafetyWarning)
        .where(SafetyWarning.look_at <= now)
        .order_by(SafetyWarning.look_at)
        .limit(5)
        .with_for_update(skip_locked=True, of=SafetyWarning)
    )
    found = db.session.scalars(query).all()
    for warning in found:
        if warning.state not in states.EXPANDING:
            # A text that was being sent when the warning ended may have come back: the provider did not take it.
            queue.withdraw(cause=warning.cause, reason="no_longer_planned", now=now)
        if _is_under_way(warning):
            warning.look_at = now + LOOK_EVERY
        else:
            warning.look_at = None
            acts.finish(warning, now)
    db.session.commit()
    return 0


def _is_under_way(warning: SafetyWarning) -> bool:
    # By its cause: by its own index the state would read every waiting text.
    state = sa.func.coalesce(Message.state, "")
    return bool(db.session.scalar(sa.select(sa.exists().where(Message.cause == warning.cause, state.in_(UNDER_WAY)))))
