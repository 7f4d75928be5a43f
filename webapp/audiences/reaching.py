"""people/reach.py for a public text, in SQL: which phone of each person of an audience, or why none.

A warning may go to a million people, so they are never loaded. That both say the same of the same person is tested
(tests/warnings/test_reaching.py), and the claim asks once more (outbox/checks.py).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from webapp.outbox.checks import is_minor, is_own, moments
from webapp.outbox.model import Message
from webapp.people import consent
from webapp.people.model import EMPLOYER, FAMILY, SELF, SMS, UNKNOWN, NumberState, Person, Phone

person = cast(sa.Table, Person.__table__)
_phone, _number = aliased(Phone), aliased(NumberState)
#: Why somebody gets no text of their own: another one with the same phone gets it.
SAME_PHONE = "same_phone"
#: Before the reason why a phone may not be texted, where a phone's id would stand.
OBSTACLE = "-"
#: What `moments` gives that is asked for here.
ASKED = ("heard_since", "born_after", "born_in_or_after")


def chosen(
    *conditions: sa.ColumnElement[bool], after: str = "", reader: str = "", limit: int | None = None
) -> sa.Select[Any]:
    """Of each person that fits: id, area_code, name, language, stage, phone_id (or NULL), reason ('' if there is one).

    `after`: the cause of texts that these follow; then the phone that got one of them comes before others. `reader`:
    only phones that are read so (people.READERS). `limit`: no more people than that. Parameters: `at(now)`.
    """
    columns = [person.c[name] for name in ("id", "area_code", "name", "language", "stage")]
    facts = sa.select(*columns, _best(after, reader).label("best"), _against().label("against"))
    each = written_down("with_phone", facts.where(*conditions).limit(limit))
    is_usable = sa.and_(each.c.best.is_not(None), ~each.c.best.startswith(OBSTACLE))
    phone_id = sa.case((is_usable, sa.cast(sa.case((is_usable, each.c.best)), person.c.id.type)))
    reason = sa.case(
        (each.c.against != "", each.c.against),
        (each.c.best.is_(None), "no_phone"),
        (is_usable, ""),
        else_=sa.func.substr(each.c.best, 1 + len(OBSTACLE)),
    )
    same = (each.c[column.name] for column in columns)
    return sa.select(*same, phone_id.label("phone_id"), reason.label("reason"))


def each_phone_once(people: sa.Select[Any]) -> sa.Subquery:
    """`people` as `chosen` has them, with number and reader of the phone, and whether it is the person's own.

    Of several people with one phone only the first gets a text.
    """
    those = written_down("with_reason", people)
    phone, number = cast(sa.Table, Phone.__table__), cast(sa.Table, NumberState.__table__)
    # Whoever may not be texted takes no place before those who may.
    place = sa.func.row_number().over(partition_by=(phone.c.number, those.c.reason), order_by=those.c.id)
    same = sa.and_(those.c.reason == "", place > 1)
    others = [column for column in those.c if column.name != "reason"]
    return (
        sa.select(
            *others,
            phone.c.number,
            phone.c.reader,
            is_own(phone, number).label("is_own"),
            sa.case((same, SAME_PHONE), else_=those.c.reason).label("reason"),
        )
        .select_from(
            those.outerjoin(phone, phone.c.id == those.c.phone_id).outerjoin(number, number.c.number == phone.c.number)
        )
        .subquery()
    )


def written_down(name: str, people: sa.Select[Any]) -> sa.CTE:
    """The same, worked out once for each person. A plain subquery is taken apart by the databases, and then whatever it
    looks up is looked up again wherever one of its columns stands. `name`: its own within the statement; SQLAlchemy
    would make one of where the object lies in memory, and of one that is gone another gets the same."""
    return people.cte(name).prefix_with("MATERIALIZED")


def at(now: datetime) -> dict[str, Any]:
    """The parameters of `chosen`."""
    known = moments(now)
    return {name: known[name] for name in ASKED}


def _against() -> sa.ColumnElement[str]:
    """What stands against the person, whatever the phones; '' if nothing does. In the order of reach.choose."""
    return sa.case(
        (consent.holds(person.c.id, SMS), sa.case((is_minor(), "minor"), else_="")),
        (_said_stop(), "stopped"),
        else_="no_consent",
    )


def _had_text(cause: str) -> sa.ColumnElement[int]:
    text = sa.select(Message.id).where(
        Message.cause == cause, Message.person_id == _phone.person_id, Message.number == _phone.number
    )
    return sa.case((text.correlate(_phone).exists(), 0), else_=1)


def _best(after: str, reader: str) -> sa.ScalarSelect[Any]:
    """The id of the most promising phone of the person that may be texted: own and confirmed, own, then those that
    others read; else OBSTACLE and why the most promising one may not; NULL if there is none. As one value, so that the
    phones are looked at once."""
    obstacle = _obstacle()
    told_first = sa.case((obstacle == "", _had_text(after)), else_=1) if after else sa.literal(1)
    answer = sa.case((obstacle == "", sa.cast(_phone.id, sa.String)), else_=sa.literal(OBSTACLE) + obstacle)
    return (
        sa.select(answer)
        .select_from(_with_number())
        .where(_theirs(), *([_phone.reader == reader] if reader else []))
        .order_by(sa.case((obstacle == "", 0), else_=1), told_first, _preference(), _phone.id.desc())
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
