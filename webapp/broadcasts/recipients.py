"""Who gets a broadcast, by which number, and why others do not: by sets, in the form that counting and sending share.

Of each who is meant: id, person_id, area_code, language, number, phone_id, reason ('' if they get it), name ('' where
somebody else reads the phone, or may by now: a name on it would tell who is registered with the programme), zone,
is_abroad, cells (what a list says of them, as JSON; '' for others, and where there is no name for that reason).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, cast

import sqlalchemy as sa

from sms.states import EXPIRED, FAILED, SUPPRESSED, WITHDRAWN
from webapp.accounts.model import FACILITATOR, Account
from webapp.areas.codes import within
from webapp.areas.model import Area
from webapp.audiences import expanding, reaching
from webapp.audiences.conditions import conditions, schemes_of_items
from webapp.audiences.criteria import Criteria
from webapp.audiences.model import RecipientList, RecipientListRow
from webapp.audiences.reaching import person
from webapp.broadcasts.foreign import AT_HOME, zone_of_number
from webapp.broadcasts.model import FACILITATORS, FAMILIES, LISTED
from webapp.broadcasts.timing import OFFICE
from webapp.db import db
from webapp.outbox.checks import ACCOUNT, ALARM, CANNOT, NOTICE, holder, is_minor, is_own, stands_against, theirs
from webapp.outbox.holding import PARKED
from webapp.outbox.model import Message
from webapp.people import consent
from webapp.people.model import EMPLOYER, FAMILY, SELF, SMS, NumberState, Phone
from webapp.people.stages import DECEASED

account = cast(sa.Table, Account.__table__)
listed = cast(sa.Table, RecipientListRow.__table__)
phone, number = cast(sa.Table, Phone.__table__), cast(sa.Table, NumberState.__table__)
#: Why somebody is left out whom enough notices reach on that day already.
HAD_ENOUGH = "had_enough"
#: These never reached anybody.
NOT_ARRIVING = (WITHDRAWN, SUPPRESSED, EXPIRED, FAILED)


@dataclass(frozen=True)
class Meant:
    """Whom somebody wants to reach, stored or only typed. `cause`: of its own texts, '' if there are none yet."""

    recipients: str
    criteria: Criteria
    emergency: bool
    #: In Jakarta: the first day on which it may arrive. Nobody gets more than `most_a_day` notices on one.
    day: date
    most_a_day: int
    cause: str = ""
    list_id: int | None = None
    #: Who drafted it: facilitators answer to them.
    drafter: Account | None = None
    #: The last day on which one that is spread over hours may arrive, if that is another one.
    last_day: date | None = None

    @property
    def days(self) -> list[date]:
        """In Jakarta: on each of them it may arrive."""
        more = (self.last_day - self.day).days if self.last_day else 0
        return [self.day + timedelta(days=number) for number in range(max(0, more) + 1)]

    @property
    def purpose(self) -> str:
        """Of the texts in the outbox, which gives them their route."""
        if self.recipients == LISTED:
            # Whoever is on a list is not known to us well enough to be woken.
            return NOTICE
        if self.recipients == FACILITATORS:
            return ALARM if self.emergency else ACCOUNT
        return ALARM if self.emergency else NOTICE

    @property
    def number(self) -> Any:
        """The column by which portions follow each other."""
        return {FACILITATORS: account.c.id, LISTED: listed.c.row}.get(self.recipients, person.c.id)

    @property
    def area_code(self) -> Any:
        """The column of the village of each."""
        return {FACILITATORS: account.c.area_code, LISTED: listed.c.area_code}.get(self.recipients, person.c.area_code)

    def conditions(self) -> list[sa.ColumnElement[bool]]:
        """Who is meant, whether or not they can be reached."""
        if self.recipients == LISTED:
            return [listed.c.list_id == self.list_id]
        if self.recipients == FACILITATORS:
            areas = sa.or_(sa.false(), *(within(account.c.area_code, code) for code in self.criteria.areas))
            return [account.c.role == FACILITATOR, account.c.closed_at.is_(None), areas]
        items = schemes_of_items(db.session) if self.criteria.missing else {}
        return conditions(self.criteria, self.day, items)


def chosen(meant: Meant, *more: sa.ColumnElement[bool]) -> sa.Subquery:
    """Parameters: `reaching.at(now)`. `more`: conditions on `meant.number`."""
    if meant.recipients == FACILITATORS:
        return _officers(meant, *more)
    if meant.recipients == LISTED:
        return _on_a_list(meant, *more)
    reader = FAMILY if meant.recipients == FAMILIES else ""
    people = reaching.chosen(*more, *meant.conditions(), reader=reader)
    if not meant.emergency:
        people = _not_too_often(people, meant)
    each = reaching.each_phone_once(people)
    # Who reads it for them is at home, wherever the person is.
    abroad = sa.case((each.c.reader == SELF, expanding.zone_abroad(each)))
    found = reaching.written_down("with_zone", sa.select(*each.c, sa.cast(abroad, sa.String(32)).label("zone_abroad")))
    return (
        sa.select(
            found.c.id,
            found.c.id.label("person_id"),
            found.c.area_code,
            found.c.language,
            found.c.number,
            found.c.phone_id,
            found.c.reason,
            sa.case((found.c.is_own, expanding.first_name(found.c.name)), else_="").label("name"),
            sa.func.coalesce(found.c.zone_abroad, Area.zone).label("zone"),
            found.c.zone_abroad.is_not(None).label("is_abroad"),
            sa.literal("").label("cells"),
        )
        .join(Area, Area.code == found.c.area_code)
        .subquery("recipients")
    )


def _officers(meant: Meant, *more: sa.ColumnElement[bool]) -> sa.Subquery:
    reason = sa.case(
        (account.c.phone.is_(None), "no_phone"),
        (number.c.stopped_at.is_not(None), "stopped"),
        (number.c.wrong_person_at.is_not(None), "wrong_person"),
        (number.c.invalid_at.is_not(None), "invalid_number"),
        else_="",
    )
    return (
        sa.select(
            account.c.id,
            sa.cast(sa.null(), person.c.id.type).label("person_id"),
            account.c.area_code,
            sa.literal("id").label("language"),
            account.c.phone.label("number"),
            sa.cast(sa.null(), phone.c.id.type).label("phone_id"),
            reason.label("reason"),
            expanding.first_name(account.c.name).label("name"),
            Area.zone.label("zone"),
            sa.false().label("is_abroad"),
            sa.literal("").label("cells"),
        )
        .select_from(account.outerjoin(number, number.c.number == account.c.phone))
        .join(Area, Area.code == account.c.area_code)
        .where(*more, *meant.conditions())
        .subquery("recipients")
    )


def _on_a_list(meant: Meant, *more: sa.ColumnElement[bool]) -> sa.Subquery:
    """Of people of the area it is told what stands against a text; of others nothing but that they cannot be texted."""
    own = _own_area(meant)
    known = sa.func.coalesce(own(person.c.area_code), sa.false())
    halted = sa.or_(
        number.c.stopped_at.is_not(None), number.c.wrong_person_at.is_not(None), number.c.invalid_at.is_not(None)
    )
    reason = sa.case(
        (halted, CANNOT),
        (sa.and_(~known, _is_refused()), CANNOT),
        (sa.and_(~known, _notices_to(listed.c.number, meant)), HAD_ENOUGH),
        (~known, ""),
        (phone.c.id.is_(None), "no_phone"),
        (phone.c.reader == EMPLOYER, "employer_phone"),
        (phone.c.do_not_text, "do_not_text"),
        (~consent.holds(listed.c.person_id, SMS), "no_consent"),
        (is_minor(), "minor"),
        (person.c.stage == DECEASED, "other_stage"),
        (_is_refused(), CANNOT),
        (_had_enough(Message.person_id == listed.c.person_id, listed, meant), HAD_ENOUGH),
        else_="",
    )
    this = sa.and_(
        phone.c.person_id == listed.c.person_id, phone.c.number == listed.c.number, phone.c.removed_at.is_(None)
    )
    rows = (
        listed.outerjoin(number, number.c.number == listed.c.number)
        .outerjoin(person, person.c.id == listed.c.person_id)
        .outerjoin(phone, this)
        .join(Area, Area.code == listed.c.area_code)
    )
    # Of one's own people by where they work, of others by their number.
    own_zone = sa.case((sa.and_(known, phone.c.reader == SELF), expanding.zone_abroad(person)))
    abroad = sa.func.coalesce(own_zone, zone_of_number(listed.c.number))
    found = reaching.written_down(
        "on_list",
        sa.select(
            listed.c.row.label("id"),
            listed.c.person_id,
            listed.c.area_code,
            listed.c.language,
            listed.c.number,
            phone.c.id.label("phone_id"),
            reason.label("reason"),
            expanding.first_name(listed.c.name).label("name"),
            sa.func.coalesce(abroad, Area.zone).label("zone"),
            sa.or_(abroad.is_not(None), ~listed.c.number.startswith(AT_HOME)).label("is_abroad"),
            sa.cast(listed.c["values"], sa.Text).label("cells"),
            _has_holder(own, ~is_own(holder, number)).label("others_read"),
        )
        .select_from(rows)
        .where(*more, *meant.conditions()),
    )
    of_each = [sa.case((found.c.others_read, ""), else_=found.c[name]).label(name) for name in ("name", "cells")]
    others = [column for column in found.c if column.name not in ("name", "cells", "others_read")]
    return sa.select(*others, *of_each).subquery("recipients")


def _own_area(meant: Meant) -> Callable[[Any], sa.ColumnElement[bool]]:
    """Is a column an area of the office that brought the list? Of people elsewhere a count tells nothing."""
    brought = sa.select(RecipientList.area_code).where(RecipientList.id == meant.list_id)
    area_code = db.session.scalar(brought)
    return lambda column: within(column, area_code) if area_code else sa.false()


def _is_refused() -> sa.ColumnElement[bool]:
    """Does anybody who holds this number, anywhere, stand against a text to it? As the claim asks it, or what it holds
    back would tell who is registered elsewhere."""
    return _has_holder(lambda _: sa.true(), stands_against(holder, theirs))


def _has_holder(own: Callable[[Any], sa.ColumnElement[bool]], condition: sa.ColumnElement[bool]) -> sa.Exists:
    found = sa.select(holder.c.id).join(theirs, theirs.c.id == holder.c.person_id)
    of_it = (holder.c.number == listed.c.number, holder.c.removed_at.is_(None), own(theirs.c.area_code))
    return found.where(*of_it, condition).correlate_except(holder, theirs).exists()


def _not_too_often(people: sa.Select[Any], meant: Meant) -> sa.Select[Any]:
    """Whoever gets enough notices on that day gets no other; before one of several with a phone is chosen."""
    those = people.subquery("with_notices")
    enough = sa.and_(those.c.reason == "", _had_enough(Message.person_id == those.c.id, those, meant))
    columns = [column for column in those.c if column.name != "reason"]
    return sa.select(*columns, sa.case((enough, HAD_ENOUGH), else_=those.c.reason).label("reason"))


def _notices_to(number: Any, meant: Meant) -> sa.ColumnElement[bool]:
    """Do enough notices reach this number of a stranger?"""
    return _had_enough(sa.and_(Message.person_id.is_(None), Message.number == number), listed, meant)


def _had_enough(to_them: sa.ColumnElement[bool], those: sa.FromClause, meant: Meant) -> sa.ColumnElement[bool]:
    """Do so many other notices reach somebody of `those` on a day on which this one may that it is one too many?"""
    return sa.or_(*(_notices_on(day, to_them, those, meant) >= meant.most_a_day for day in meant.days))


def _notices_on(day: date, to_them: sa.ColumnElement[bool], those: sa.FromClause, meant: Meant) -> sa.ScalarSelect[int]:
    begins = datetime.combine(day, time(), OFFICE)
    return (
        sa.select(sa.func.count())
        .where(
            to_them,
            Message.purpose == NOTICE,
            Message.cause != meant.cause,
            Message.due_at >= begins,
            Message.due_at < begins + timedelta(days=1),
            # Not the plain column: through its index every waiting text would be read.
            # What is halted may go on the same day.
            sa.or_(
                sa.func.coalesce(Message.state, "").not_in(NOT_ARRIVING),
                sa.and_(sa.func.coalesce(Message.state, "") == WITHDRAWN, Message.reason == PARKED),
            ),
        )
        .correlate(those)
        .scalar_subquery()
    )
