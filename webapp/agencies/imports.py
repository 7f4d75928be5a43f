"""A new list by two steps: a preview is stored, then it is confirmed while the list is still the one it was made of."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import astuple
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import abort

from webapp.accounts import audit
from webapp.accounts.access import current_account
from webapp.accounts.model import ADMINISTRATOR, COORDINATOR, Account
from webapp.agencies import acts, changes, queries
from webapp.agencies.import_model import CANCELLED, CONFIRMED, PREVIEW, AgencyImport
from webapp.agencies.model import Agency
from webapp.agencies.reading import Listed, Reading
from webapp.areas.codes import NATION
from webapp.db import db

SUBJECT = "agency_import"
#: A preview that lay longer is looked at anew.
HOLDS_FOR = timedelta(days=1)
PAGE = 20
#: What came of a confirmation: it is the list now; it was already; or why not.
DONE, ALREADY, WAS_CANCELLED, STALE, LATE, UNTICKED = "done", "already", "cancelled", "stale", "late", "unticked"


def may_import() -> bool:
    """The one place that says who loads the list: administrators, and coordinators of the nation."""
    account = current_account
    return account.role == ADMINISTRATOR or (account.role == COORDINATOR and account.area_code == NATION)


def present() -> list[Listed]:
    """The list as it is, by name."""
    columns = (Agency.name, Agency.licence, Agency.city, Agency.status, Agency.expires_on)
    return [Listed(*row) for row in db.session.execute(sa.select(*columns).order_by(Agency.name_key, Agency.id))]


def fingerprint(listed: Sequence[Listed]) -> str:
    """The same for the same list, with the same source and day."""
    facts = [sorted(map(astuple, listed), key=lambda one: one[1]), queries.published()]
    return hashlib.sha256(json.dumps(facts, default=str).encode()).hexdigest()


def prepare(reading: Reading, source: str, as_of: date, file_name: str, now: datetime) -> AgencyImport:
    """Store what this file would change. The list stays what it is."""
    before = present()
    found = changes.between(before, reading.listed)
    one = AgencyImport(
        account_id=current_account.id,
        created_at=now,
        source=source,
        as_of=as_of,
        file_name=file_name,
        rows=[row_of(listed) for listed in reading.listed],
        ignored=reading.ignored,
        base=fingerprint(before),
        state=PREVIEW,
        came=len(found.came),
        changed=len(found.changed),
        went=len(found.went),
        unchanged=found.unchanged,
    )
    _forget_rows_of_late(now)
    db.session.add(one)
    db.session.flush()
    audit.changed("created", SUBJECT, one.id, NATION)
    return one


def get(import_id: int) -> AgencyImport:
    """404 if there is none."""
    return db.session.get(AgencyImport, import_id) or abort(404)


def page(before: int | None) -> tuple[Sequence[AgencyImport], int | None]:
    """The newest imports, or those before the one of this id; and the id before which the next page begins."""
    query = sa.select(AgencyImport).order_by(AgencyImport.id.desc()).limit(PAGE + 1)
    if before is not None:
        query = query.where(AgencyImport.id < before)
    found = db.session.scalars(query).all()
    return found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None


def listed_of(one: AgencyImport) -> list[Listed]:
    """The agencies of its file; none once it is settled."""
    return [
        Listed(str(name), str(licence), str(city), str(status), date.fromisoformat(until) if until else None)
        for name, licence, city, status, until in one.rows
    ]


def why_not(one: AgencyImport, before: Sequence[Listed], now: datetime) -> str:
    """ALREADY, WAS_CANCELLED, LATE, STALE, or '' for one that can be confirmed."""
    if one.state != PREVIEW:
        return ALREADY if one.state == CONFIRMED else WAS_CANCELLED
    return _late_or_stale(one, before, now)


def _late_or_stale(one: AgencyImport, before: Sequence[Listed], now: datetime) -> str:
    if now - one.created_at > HOLDS_FOR:
        return LATE
    return STALE if fingerprint(before) != one.base else ""


def doubts(one: AgencyImport, before: Sequence[Listed]) -> list[str]:
    """What must be ticked."""
    published = queries.published()
    return changes.doubts(one.went, len(before), one.as_of, published[1] if published else None)


def confirm(one: AgencyImport, account: Account, ticks: Collection[str], now: datetime) -> str:
    """Let it be the list. Of two who confirm at once one is DONE and the other is told ALREADY.

    For anything but DONE the caller undoes what was begun.
    """
    listed = listed_of(one)
    if not _settle(one, CONFIRMED, rows=[], confirmed_at=now, confirmed_by_id=account.id):
        db.session.refresh(one)
        return ALREADY if one.state == CONFIRMED else WAS_CANCELLED
    acts.one_at_a_time()
    before = present()
    if refusal := _late_or_stale(one, before, now):
        return refusal
    if set(doubts(one, before)) - set(ticks):
        return UNTICKED
    acts.replace(listed, one.source, one.as_of)
    audit.changed("changed", SUBJECT, one.id, NATION)
    return DONE


def cancel(one: AgencyImport) -> bool:
    """False if it was settled already."""
    if not _settle(one, CANCELLED, rows=[]):
        return False
    audit.changed("closed", SUBJECT, one.id, NATION)
    return True


def _settle(one: AgencyImport, state: str, **facts: Any) -> bool:
    """The database decides who was first: whoever comes second finds no preview any more."""
    query = sa.update(AgencyImport).where(AgencyImport.id == one.id, AgencyImport.state == PREVIEW)
    result: Any = db.session.execute(query.values(state=state, **facts).execution_options(synchronize_session=False))
    return bool(result.rowcount)


def _forget_rows_of_late(now: datetime) -> None:
    """Previews that can be confirmed no more need no rows."""
    late = (AgencyImport.state == PREVIEW, AgencyImport.created_at < now - 2 * HOLDS_FOR)
    db.session.execute(sa.update(AgencyImport).where(*late).values(rows=[]))


def row_of(listed: Listed) -> list[str | None]:
    """As AgencyImport.rows holds it."""
    until = listed.expires_on.isoformat() if listed.expires_on else None
    return [listed.name, listed.licence, listed.city, listed.status, until]
