"""May this text go to this phone now? Asked again in SQL when a text is claimed, whatever the plan said.

Between plan and claim a person may withdraw, a phone may change hands, a stage may pass. The rules of the
plan stand in people/reach.py; these are the same ones, as conditions of one statement.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from sms.hours import FROM_HOUR, UNTIL_HOUR
from webapp.outbox.model import Message
from webapp.people import consent
from webapp.people.model import EMPLOYER, SELF, SMS, NumberState, Person, Phone
from webapp.people.reach import ADULT, PERSONAL, PUBLIC, SENSITIVE, SILENCE
from webapp.people.stages import DECEASED

REMINDER, REPLY, ALARM, NOTICE, WELCOME, ACCOUNT = "reminder", "reply", "alarm", "notice", "welcome", "account"
#: Purpose → priority; the smallest goes first.
PRIORITIES = {REPLY: 0, ALARM: 0, WELCOME: 5, ACCOUNT: 5, REMINDER: 5, NOTICE: 9}
#: What goes to many comes after calls for help and answers, however urgent: a crowd would keep them back for hours.
URGENT_TO_MANY, TO_MANY = PRIORITIES[REMINDER], PRIORITIES[NOTICE]
#: Whoever wrote within this time is awake, and has the phone in hand.
AWAKE_FOR = timedelta(hours=1)
#: Texts to our own officers: there is no registered person who could have consented.
TO_OFFICERS = (ALARM, ACCOUNT)
#: Goes out although the number said STOP a moment ago.
ANSWER_TO_STOP = "KSTOP"
#: The only obstacle that is not the recipient's.
OUT_OF_TIME = "expired"

#: Why a text to a number of a list is held back of whose holder nothing may be told.
CANNOT = "cannot_be_texted"

message, number, phone, person = Message.__table__, NumberState.__table__, Phone.__table__, Person.__table__
#: Any phone with the number of a text, and whose it is.
holder, theirs = phone.alias("holder"), person.alias("theirs")


def joined() -> sa.FromClause:
    """Messages with what the checks look at. Each joins at most one row."""
    return (
        message.outerjoin(number, number.c.number == message.c.number)
        .outerjoin(phone, phone.c.id == message.c.phone_id)
        .outerjoin(person, person.c.id == message.c.person_id)
    )


def obstacle() -> sa.ColumnElement[str]:
    """Why a text of `joined()` may not go; '' if it may. Parameters: `moments(now)`.

    The first that applies is told. A reply goes to whoever wrote to us: not after STOP or SALAH, unless they
    wrote again since, but the answer to STOP itself goes out; nor to a phone that must never be texted. What is
    sensitive goes to a confirmed phone and nowhere else, whoever wrote and whoever is to read it.
    """
    now = sa.bindparam("now", type_=message.c.due_at.type)
    halted = sa.or_(number.c.stopped_at.is_not(None), _is_wrong_or_invalid())
    purpose, reader = message.c.purpose, phone.c.reader
    sensitive = message.c.sensitivity == SENSITIVE
    return sa.case(
        (message.c.expires_at <= now, OUT_OF_TIME),
        (sa.and_(purpose == REPLY, message.c.text_code == ANSWER_TO_STOP, ~sensitive), ""),
        (sa.and_(purpose == REPLY, _not_heard_since(number.c.stopped_at)), "stopped"),
        (sa.and_(purpose == REPLY, _not_heard_since(number.c.wrong_person_at)), "wrong_person"),
        (sa.and_(purpose == REPLY, _anybodys_phone(holder.c.reader == EMPLOYER)), "employer_phone"),
        (sa.and_(purpose == REPLY, _anybodys_phone(holder.c.do_not_text)), "do_not_text"),
        (sa.and_(purpose == REPLY, sensitive, ~_is_confirmed()), "not_confirmed"),
        (purpose == REPLY, ""),
        (sa.and_(_is_of_a_stranger(), sa.or_(halted, _is_refused())), CANNOT),
        (_is_of_a_stranger(), ""),
        (number.c.stopped_at.is_not(None), "stopped"),
        (number.c.wrong_person_at.is_not(None), "wrong_person"),
        (number.c.invalid_at.is_not(None), "invalid_number"),
        (sa.and_(message.c.person_id.is_(None), purpose.in_(TO_OFFICERS), ~sensitive), ""),
        (sa.or_(phone.c.id.is_(None), phone.c.removed_at.is_not(None)), "no_phone"),
        (reader == EMPLOYER, "employer_phone"),
        (phone.c.do_not_text, "do_not_text"),
        (sa.and_(message.c.sensitivity == PERSONAL, reader != SELF), "others_read"),
        (sa.and_(sensitive, ~_is_confirmed()), "not_confirmed"),
        (sa.and_(message.c.sensitivity == PERSONAL, purpose != WELCOME, ~_heard_lately()), "not_confirmed"),
        (is_minor(), "minor"),
        (sa.or_(~_stage_fits(), sa.and_(is_listed(), person.c.stage == DECEASED)), "other_stage"),
        (~consent.holds(message.c.person_id, SMS), "no_consent"),
        (sa.and_(is_listed(), _is_refused()), CANNOT),
        else_="",
    )


def _not_heard_since(said: sa.ColumnElement[datetime]) -> sa.ColumnElement[bool]:
    """The number said this, and nothing after it."""
    silent = sa.or_(number.c.heard_at.is_(None), number.c.heard_at <= said)
    return sa.and_(said.is_not(None), silent)


def _is_wrong_or_invalid() -> sa.ColumnElement[bool]:
    return sa.or_(number.c.wrong_person_at.is_not(None), number.c.invalid_at.is_not(None))


def is_listed() -> sa.ColumnElement[bool]:
    """To a number of a list that an office brought, whose people agreed there: for whatever stage, unlike any other
    notice. Nobody who holds the number and is known to us may have said anything else."""
    anybody = sa.or_(message.c.person_id.is_(None), message.c.stages == "")
    return sa.and_(message.c.purpose == NOTICE, message.c.sensitivity == PUBLIC, anybody)


def _is_of_a_stranger() -> sa.ColumnElement[bool]:
    """Of a list, and not to somebody of the office's own area (or not any more): whoever reads why it was held back
    must not learn who is registered elsewhere."""
    moved = sa.func.coalesce(person.c.area_code != message.c.area_code, sa.true())
    return sa.and_(is_listed(), moved)


def _is_refused() -> sa.ColumnElement[bool]:
    """Does anybody with this number stand against it? Who of them reads it is not known."""
    found = sa.select(holder.c.id).join(theirs, theirs.c.id == holder.c.person_id)
    of_it = (holder.c.number == message.c.number, holder.c.removed_at.is_(None))
    return found.where(*of_it, stands_against(holder, theirs)).correlate_except(holder, theirs).exists()


def stands_against(its: Any, who: Any) -> sa.ColumnElement[bool]:
    """May no text go to this phone `its` of the person `who`, whatever else is known of its number?"""
    return sa.or_(
        its.c.reader == EMPLOYER,
        its.c.do_not_text,
        ~consent.holds(its.c.person_id, SMS),
        is_minor(who),
        who.c.stage == DECEASED,
    )


def _anybodys_phone(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """Is this number such a phone of anybody? A reply is to a number; who holds it is not sure."""
    found = sa.select(holder.c.id).where(holder.c.number == message.c.number, holder.c.removed_at.is_(None), condition)
    return found.correlate_except(holder).exists()


def moments(now: datetime) -> dict[str, Any]:
    """The parameters of `obstacle` and `at_any_hour`."""
    return {
        "now": now,
        "heard_since": now - SILENCE,
        "awake_since": now - AWAKE_FOR,
        "born_after": years_before(now.date(), ADULT),
        "born_in_or_after": now.year - ADULT,
    }


def years_before(day: date, years: int) -> date:
    """The last birthday of those who have so many years on this day."""
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - years, day=28 if is_leap_day else day.day)


def at_any_hour() -> sa.ColumnElement[bool]:
    """May it arrive at night? An alarm, and an answer to whoever wrote just now (DOMAIN, reminders).

    But an officer's own words come later than a stock text does, when others may hold the phone: they keep to the
    hours that were chosen for it.
    """
    since = sa.bindparam("awake_since", type_=message.c.due_at.type)
    awake = sa.func.coalesce(number.c.heard_at >= since, sa.false())
    at_once = sa.or_(message.c.text_code != "", ~_hours_are_chosen())
    return sa.or_(message.c.purpose == ALARM, sa.and_(message.c.purpose == REPLY, awake, at_once))


def safe_from() -> sa.ColumnElement[int]:
    """reach.safe_hours in SQL, as the two functions of `due`."""
    return _if_both_chosen(phone.c.safe_from_hour, FROM_HOUR)


def safe_until() -> sa.ColumnElement[int]:
    return _if_both_chosen(phone.c.safe_until_hour, UNTIL_HOUR)


def _if_both_chosen(hour: sa.ColumnElement[int], usual: int) -> sa.ColumnElement[int]:
    return sa.case((_hours_are_chosen(), hour), else_=usual)


def _hours_are_chosen() -> sa.ColumnElement[bool]:
    return sa.and_(phone.c.safe_from_hour.is_not(None), phone.c.safe_until_hour.is_not(None))


def others_read() -> sa.ColumnElement[bool]:
    """May a public text not greet by name? The phone is not the person's own any more, or others may have it by now;
    of a list: that of anybody who is known to hold the number. What is not public never goes to such a phone."""
    public = sa.and_(message.c.sensitivity == PUBLIC, message.c.purpose.in_((NOTICE, ALARM)))
    a_persons = sa.and_(message.c.person_id.is_not(None), ~is_own(phone, number))
    return sa.and_(public, sa.case((is_listed(), _anybodys_phone(~is_own(holder, number))), else_=a_persons))


def is_own(its: Any, state: Any) -> sa.ColumnElement[bool]:
    """Does the person alone read this phone, as far as was heard lately? `state`: of its number."""
    theirs_alone = sa.and_(its.c.reader == SELF, its.c.removed_at.is_(None), _heard_lately(its, state))
    return sa.func.coalesce(theirs_alone, sa.false())


def _is_confirmed() -> sa.ColumnElement[bool]:
    """The person said this phone is theirs, and it was heard from lately; reach.is_confirmed in SQL."""
    since = sa.bindparam("heard_since", type_=message.c.due_at.type)
    recently = sa.or_(phone.c.confirmed_at >= since, number.c.heard_at >= since)
    confirmed = sa.and_(phone.c.reader == SELF, phone.c.confirmed_at.is_not(None), _is_sure())
    # Also where no phone is known (then all of it is unknown): a number alone is nobody's confirmed phone.
    theirs = sa.func.coalesce(sa.and_(confirmed, phone.c.removed_at.is_(None)), sa.false())
    return sa.and_(theirs, sa.func.coalesce(recently, sa.false()))


def _is_sure(its: Any = phone, state: Any = number) -> sa.ColumnElement[bool]:
    """Entered or confirmed since the number was heard after a long silence, if it was."""
    since = sa.or_(its.c.added_at > state.c.doubted_at, its.c.confirmed_at > state.c.doubted_at)
    return sa.or_(state.c.doubted_at.is_(None), sa.func.coalesce(since, sa.false()))


def _heard_lately(its: Any = phone, state: Any = number) -> sa.ColumnElement[bool]:
    """reach.is_silent in SQL, the other way round. The question whose phone it is ends the silence."""
    since = sa.bindparam("heard_since", type_=message.c.due_at.type)
    known = sa.or_(its.c.added_at >= since, its.c.confirmed_at >= since, state.c.heard_at >= since)
    return sa.and_(_is_sure(its, state), sa.func.coalesce(known, sa.false()))


def is_minor(who: Any = person) -> sa.ColumnElement[bool]:
    """Person.age_on under 18; a year alone counts as its last day. An unknown birth is no obstacle."""
    born = sa.func.coalesce(who.c.birth_date > sa.bindparam("born_after", type_=sa.Date), sa.false())
    in_year = who.c.birth_year >= sa.bindparam("born_in_or_after", type_=sa.Integer)
    return sa.or_(born, sa.and_(who.c.birth_date.is_(None), sa.func.coalesce(in_year, sa.false())))


def _stage_fits() -> sa.ColumnElement[bool]:
    within = sa.func.coalesce("," + message.c.stages + ",", "").contains("," + person.c.stage + ",")
    return sa.or_(message.c.stages == "", sa.func.coalesce(within, sa.false()))
