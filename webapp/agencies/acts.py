"""What can happen to the list: another one takes its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

import sqlalchemy as sa

from webapp.agencies.changes import TOLD
from webapp.agencies.model import Agency, key_of, licence_key
from webapp.agencies.reading import Listed
from webapp.db import db


@dataclass(frozen=True)
class Outcome:
    """How many agencies are new, are told of otherwise, and are not named any more."""

    came: int
    changed: int
    went: int


def replace(listed: Sequence[Listed], source: str, as_of: date) -> Outcome:
    """Let the list be this one. The caller commits, so that nobody ever sees half of one."""
    one_at_a_time()
    present = db.session.scalars(sa.select(Agency).order_by(Agency.id)).all()
    known = {licence_key(agency.licence): agency for agency in present}
    named = {licence_key(row.licence) for row in listed}
    # A list of before may hold one twice, in other letters: only one of them is told of anew.
    gone = [agency for agency in present if known[licence_key(agency.licence)] is not agency]
    gone += [agency for key, agency in known.items() if key not in named]
    for old in gone:
        db.session.delete(old)
    db.session.flush()
    came = changed = 0
    for row in listed:
        agency = known.get(licence_key(row.licence))
        if agency is None:
            came += 1
            agency = Agency(licence=row.licence)
            db.session.add(agency)
        elif any(getattr(agency, name) != getattr(row, name) for name in TOLD):
            changed += 1
        _tell(agency, row, source, as_of)
    db.session.flush()
    return Outcome(came, changed, len(gone))


def one_at_a_time() -> None:
    """Two lists that come at once must not mix. On SQLite who writes is alone; who reads waits on neither."""
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(sa.text("LOCK TABLE agencies IN SHARE ROW EXCLUSIVE MODE"))


def _tell(agency: Agency, row: Listed, source: str, as_of: date) -> None:
    for name, value in asdict(row).items():
        setattr(agency, name, value)
    agency.name_key, agency.source, agency.as_of = key_of(row.name), source, as_of
