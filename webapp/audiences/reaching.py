"""people/reach.py for a public text, in SQL: which phone of each person of an audience, or why none.

A warning may go to a million people, so they are never loaded. That both say the same of the same person is tested
(tests/warnings/test_reaching.py), and the claim asks once more (outbox/checks.py).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from webapp.outbox.checks import is_minor, moments
from webapp.outbox.model import Message
from webapp.people import consent
from webapp.people.model import EMPLOYER, FAMILY, SELF, SMS, UNKNOWN, NumberState, Person, Phone

person = cast(sa.Table, Person.__table__)
_phone, _number = aliased(Phone), aliased(NumberState)
#: Why somebody gets no text of their own: another one with the same phone gets it.
SAME_PHONE = "same_phone"
#: What `moments` gives that is asked for here.
ASKED = ("heard_since", "born_after", "born_in_or_after")


def chosen(*conditions: sa.ColumnElement[bool], after: str = "", reader: str = "") -> sa.Select[Any]:
    """Of each person that fits: id, area_code, name, language, stage, phone_id (or NULL), reason ('' if there is one).

    `after`: the cause of texts that these follow; then the phone that got one of them comes before others. `reader`:
    only phones that are read so (people.READERS). Parameters: `at(now)`.
    """
    usable = [_obstacle() == "", *([_phone.reader == reader] if reader else [])]
    phone_id = _best(_phone.id, *usable, first=_had_text(after) if after else None)
    return sa.select(
        person.c.id,
        person.c.area_code,
        person.c.name,
        person.c.language,
        person.c.stage,
        phone_id.label("phone_id"),
        _reason(phone_id, reader).label("reason"),
    ).where(*conditions)


def each_phone_once(people: sa.Select[Any]) -> sa.Subquery:
    """`people` as `chosen` has them, with number and reader of the phone.

    Of several people with one phone only the first gets a text.
    """
    those, phone = people.subquery(), Phone.__table__
    # Whoever may not be texted takes no place before those who may.
    place = sa.func.row_number().over(partition_by=(phone.c.number, those.c.reason), order_by=those.c.id)
    same = sa.and_(those.c.reason == "", place > 1)
    others = [column for column in those.c if column.name != "reason"]
    return (
        sa.select(
            *others, phone.c.number, phone.c.reader, sa.case((same, SAME_PHONE), else_=those.c.reason).label("reason")
        )
        .select_from(those.outerjoin(phone, phone.c.id == those.c.phone_id))
        .subquery()
    )


def at(now: datetime) -> dict[str, Any]:
    """The parameters of `chosen`."""
    known = moments(now)
    return {name: known[name] for name in ASKED}


def _reason(phone_id: sa.ColumnElement[Any], reader: str) -> sa.ColumnElement[str]:
    """In the order of reach.choose."""
    agrees = consent.holds(person.c.id, SMS)
    first = _best(_obstacle(), *([_phone.reader == reader] if reader else []))
    return sa.case(
        (sa.and_(~agrees, _said_stop()), "stopped"),
        (~agrees, "no_consent"),
        (is_minor(), "minor"),
        (phone_id.is_not(None), ""),
        else_=sa.func.coalesce(first, "no_phone"),
    )


def _had_text(cause: str) -> sa.ColumnElement[int]:
    text = sa.select(Message.id).where(
        Message.cause == cause, Message.person_id == _phone.person_id, Message.number == _phone.number
    )
    return sa.case((text.correlate(_phone).exists(), 0), else_=1)


def _best(column: Any, *conditions: sa.ColumnElement[bool], first: sa.ColumnElement[int] | None = None) -> Any:
    """This column of the most promising phone of the person: own and confirmed, own, then those that others read."""
    order = [_preference()] if first is None else [first, _preference()]
    return (
        sa.select(column)
        .select_from(_with_number())
        .where(_theirs(), *conditions)
        .order_by(*order, _phone.id.desc())
        .limit(1)
        .correlate(person)
        .scalar_subquery()
    )


def _said_stop() -> sa.ColumnElement[bool]:
    stopped = sa.select(_phone.id).select_from(_with_number()).where(_theirs(), _number.stopped_at.is_not(None))
    return stopped.correlate(person).exists()


def _with_number() -> Any:
    return sa.outerjoin(_phone, _number, _number.number == _phone.number)


def _theirs() -> sa.ColumnElement[bool]:
    return sa.and_(_phone.person_id == person.c.id, _phone.removed_at.is_(None))


def _obstacle() -> sa.ColumnElement[str]:
    """Why this phone may not be texted at all; '' if it may."""
    return sa.case(
        (_number.stopped_at.is_not(None), "stopped"),
        (_number.wrong_person_at.is_not(None), "wrong_person"),
        (_phone.reader == EMPLOYER, "employer_phone"),
        (_phone.do_not_text, "do_not_text"),
        (_number.invalid_at.is_not(None), "invalid_number"),
        else_="",
    )


def _preference() -> sa.ColumnElement[int]:
    return sa.case(
        (sa.and_(_phone.reader == SELF, _is_confirmed()), 0),
        (_phone.reader == SELF, 1),
        (_phone.reader == FAMILY, 2),
        (_phone.reader == UNKNOWN, 3),
        else_=4,
    )


def _is_confirmed() -> sa.ColumnElement[bool]:
    """reach.is_confirmed: the person said so, and the number was heard of in the last 180 days."""
    since = sa.bindparam("heard_since", type_=Phone.__table__.c.added_at.type)
    heard = sa.or_(_phone.confirmed_at >= since, sa.func.coalesce(_number.heard_at >= since, sa.false()))
    sure = sa.or_(
        _number.doubted_at.is_(None),
        _phone.added_at > _number.doubted_at,
        _phone.confirmed_at > _number.doubted_at,
    )
    return sa.and_(_phone.confirmed_at.is_not(None), heard, sure)
