"""Who speaks in a text and where its reader answers: the officer of the village, the reply number."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import current_app

from sms.phone import national, normalise
from webapp.accounts.model import FACILITATOR, Account
from webapp.areas.codes import NATION
from webapp.db import db
from webapp.routes.queries import receiving

#: KP2MI from abroad; stands in where no mission's number is known (DOMAIN, helplines).
KP2MI_ABROAD = "+622129244800"
#: KP2MI inside Indonesia; stands in where a village has no facilitator with a phone yet.
KP2MI_HOME = "08001000"


def officers_of(areas: set[str]) -> dict[str, Account]:
    """One facilitator a village, the longest-serving with a phone."""
    return _by_village(_IN_AREAS, {"areas": list(areas)})


def officers_within(areas: sa.Select[tuple[str]]) -> dict[str, Account]:
    """The same for thousands of villages, which the database finds itself."""
    return _by_village(_FACILITATORS.where(Account.area_code.in_(areas)), {})


def _by_village(query: sa.Select[tuple[Account]], parameters: dict[str, Any]) -> dict[str, Account]:
    return {account.area_code: account for account in db.session.scalars(query, parameters)}


_FACILITATORS = (
    sa.select(Account)
    .where(Account.role == FACILITATOR, Account.closed_at.is_(None))
    .order_by(Account.phone.is_(None).desc(), Account.id.desc())
)
_IN_AREAS = _FACILITATORS.where(Account.area_code.in_(sa.bindparam("areas", expanding=True)))


def reply_number(officer: Account | None, abroad: bool = False) -> str:
    """The number a migrant is told to answer to: of the route that hears the officer's area, else the programme's
    second channel, else the officer's phone.

    Abroad it is written with +62, since a number that begins with 0 does not work there.
    """
    settings = current_app.config["SETTINGS"]
    of_area = receiving(officer.area_code if officer else NATION)
    number = of_area or settings.sms_reply_number or (officer.phone if officer and officer.phone else "")
    if not number:
        return KP2MI_ABROAD if abroad else KP2MI_HOME
    return normalise(number) if abroad else national(normalise(number))


def first_name(name: str) -> str:
    return name.split()[0][:10]
