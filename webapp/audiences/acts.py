"""A list comes, is taken, and is removed again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from webapp.accounts import audit
from webapp.accounts.model import Account
from webapp.audiences import storing
from webapp.audiences.known import Checked
from webapp.audiences.model import RecipientList, RecipientListRow
from webapp.audiences.report import Report, as_json
from webapp.audiences.signals import list_emptied
from webapp.db import db

SUBJECT = "recipient_list"
#: What a list holds of people is kept so long; and so long if nobody took it.
KEPT_FOR, WAITS_FOR = timedelta(days=30), timedelta(days=1)


def keep(checked: Checked, name: str, account: Account, now: datetime) -> RecipientList:
    """Store it with its recipients, so that the officer can look at what is wrong. Nothing goes to it yet."""
    listed = checked.listed
    columns = listed.columns
    told = Report(
        columns.header_row,
        columns.number.title,
        listed.problems,
        listed.repeated,
        checked.unreachable,
        listed.notes,
        columns.left_out,
    )
    one = RecipientList(
        area_code=checked.area_code,
        name=name,
        uploaded_by_id=account.id,
        created_at=now,
        total=checked.total,
        recipients=len(listed.recipients),
        problems=len(listed.problems),
        repeated=len(listed.repeated),
        unreachable=len(checked.unreachable),
        known=sum(recipient.number in checked.people for recipient in listed.recipients),
        columns=[[column.key, column.title] for column in columns.values],
        report=as_json(told),
    )
    db.session.add(one)
    db.session.flush()
    storing.add_rows(one.id, checked)
    audit.changed("created", SUBJECT, one.id, one.area_code)
    return one


def accept(one: RecipientList, now: datetime) -> bool:
    """It may be texted from now on. False if it holds nobody, waited too long, or was removed meanwhile."""
    usable = (RecipientList.emptied_at.is_(None), RecipientList.recipients > 0)
    young = sa.or_(RecipientList.accepted_at.is_not(None), RecipientList.created_at > now - WAITS_FOR)
    query = sa.update(RecipientList).where(RecipientList.id == one.id, *usable, young)
    taken: Any = db.session.execute(query.values(accepted_at=sa.func.coalesce(RecipientList.accepted_at, now)))
    if not taken.rowcount:
        return False
    db.session.refresh(one)
    audit.changed("changed", SUBJECT, one.id, one.area_code)
    return True


def empty(one: RecipientList, now: datetime) -> None:
    """Remove what it holds of people, at once; what it was called and counted stays, for whoever asks what was sent."""
    db.session.execute(sa.delete(RecipientListRow).where(RecipientListRow.list_id == one.id))
    list_emptied.send(one)
    if one.emptied_at is None:
        one.emptied_at = now
        audit.changed("removed", SUBJECT, one.id, one.area_code)


def remove_old(now: datetime) -> int:
    """A chore: empty lists that are old, and those that nobody took. Commits after each; says how many they were."""
    old = RecipientList.created_at <= now - KEPT_FOR
    left = sa.and_(RecipientList.accepted_at.is_(None), RecipientList.created_at <= now - WAITS_FOR)
    query = sa.select(RecipientList).where(RecipientList.emptied_at.is_(None), sa.or_(old, left))
    done = 0
    while one := db.session.scalar(query.order_by(RecipientList.created_at).limit(1)):
        empty(one, now)
        db.session.commit()
        done += 1
    return done
