"""How a licence stands, as people say it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import format_date, gettext
from flask_babel import lazy_gettext as _l

from webapp import moments
from webapp.agencies.licence import EXPIRED, LICENSED, REVOKED, SUSPENDED, standing
from webapp.agencies.model import Agency

STATUS_WORDS = {
    LICENSED: _l("Licensed"),
    SUSPENDED: _l("Suspended"),
    REVOKED: _l("Licence revoked"),
    EXPIRED: _l("Licence expired"),
}
#: How the keys of nearly all names begin.
COMPANY = "pt "
TONES = {LICENSED: "ok", SUSPENDED: "warn", REVOKED: "bad", EXPIRED: "bad"}


def badge_of(agency: Agency) -> tuple[Any, str]:
    """Words and tone of how it stands on the reader's day."""
    now = standing(agency.status, agency.expires_on, moments.today())
    return STATUS_WORDS[now], TONES[now]


def until(agency: Agency) -> str:
    """'until 12 Mar 2027', 'was valid until 12 Mar 2026' for one that ran out, or '' where the list does not say."""
    if agency.expires_on is None:
        return ""
    day = format_date(agency.expires_on, "d MMM y")
    now = standing(agency.status, agency.expires_on, moments.today())
    if now == EXPIRED:
        return gettext("was valid until %(day)s", day=day)
    # What was revoked or halted is worth nothing until that day, so the day is not shown.
    return gettext("until %(day)s", day=day) if now == LICENSED else ""


def first_of_letters(agencies: Iterable[Agency]) -> dict[int, str]:
    """Id of the first agency of each letter → this letter, which is the one after the 'PT' of nearly all names."""
    found: dict[str, int] = {}
    for agency in agencies:
        if agency.name_key.startswith(COMPANY):
            found.setdefault(agency.name_key[len(COMPANY)].upper(), agency.id)
    return {agency_id: letter for letter, agency_id in found.items()}
