"""Canned replies: which an officer may use, and how their merge fields are filled."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from flask import abort
from flask_babel import lazy_gettext as _l

from sms.text import segments
from webapp.accounts.model import COORDINATOR, Account
from webapp.areas.codes import areas_above, is_within
from webapp.conversations.model import CannedReply, Incoming
from webapp.db import db
from webapp.outbox.officers import first_name, reply_number
from webapp.people.model import Person

#: Merge field → what it stands for, on the page where replies are written.
FIELDS = {
    "nama": _l("first name of whoever wrote"),
    "petugas": _l("your first name"),
    "desa": _l("the village"),
    "nomor": _l("the number to answer to"),
}
#: As long as they get, for the count of segments: names of 10 letters, villages of 14, numbers of 13.
LONGEST = {"nama": "N" * 10, "petugas": "N" * 10, "desa": "N" * 14, "nomor": "0" * 13}
#: What an answer begins with at the longest ('Siti, Desmigratif: '); it is counted with the words.
OPENING = f"{'N' * 10}, Desmigratif: "
MOST_SEGMENTS = 2
#: For somebody whose name is not known.
NAMELESS = "Bapak/Ibu"
MOST = 50
_field = re.compile(r"\{(\w*)\}")


def unknown_fields(body: str) -> list[str]:
    """Merge fields that nobody fills, in the order of the words."""
    return [name for name in _field.findall(body) if name not in FIELDS]


def merged(body: str, values: Mapping[str, str]) -> str:
    """The words with their values; a field that is not known stays as it stands."""
    return _field.sub(lambda found: values.get(found[1], found[0]), body)


def is_too_long(body: str) -> bool:
    """Would it be more than two texts for the longest names?"""
    return segments(OPENING + merged(body, LONGEST)) > MOST_SEGMENTS


def values_for(incoming: Incoming, person: Person | None, account: Account) -> dict[str, str]:
    """What the fields stand for in an answer of this officer. A relative is not called by the migrant's name."""
    own = person is not None and incoming.contact_id is None
    return {
        "nama": first_name(person.name) if own and person else NAMELESS,
        "petugas": first_name(account.name),
        "desa": person.area.name[:14] if person else account.area.name[:14],
        "nomor": reply_number(account),
    }


def usable_by(account: Account) -> Sequence[CannedReply]:
    """Those of the account's own area and of the areas above it, by title."""
    query = (
        sa.select(CannedReply)
        .where(CannedReply.area_code.in_(areas_above(account.area_code)), CannedReply.removed_at.is_(None))
        .order_by(CannedReply.title, CannedReply.id)
        .limit(MOST)
    )
    return db.session.scalars(query).all()


def usable(canned_id: int, account: Account) -> CannedReply | None:
    """One of `usable_by`."""
    query = sa.select(CannedReply).where(CannedReply.id == canned_id, CannedReply.removed_at.is_(None))
    return db.session.scalar(query.where(CannedReply.area_code.in_(areas_above(account.area_code))))


def may_change(canned: CannedReply, account: Account) -> bool:
    """A facilitator those of her village, a coordinator those of the area and below."""
    if account.role == COORDINATOR:
        return is_within(canned.area_code, account.area_code)
    return canned.area_code == account.area_code


def changeable(canned_id: int, account: Account) -> CannedReply:
    """One that the account may change; else 404."""
    query = sa.select(CannedReply).where(CannedReply.id == canned_id, CannedReply.removed_at.is_(None))
    canned = db.session.scalar(query.with_for_update())
    if canned is None or not may_change(canned, account):
        abort(404)
    return canned
