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
#: What the list says to a name, and how grave that is.
ANSWERS = {
    "licensed": (_l("On the official list, and licensed."), "is-ok"),
    "not_licensed": (_l("On the official list, but without a licence that holds now."), "is-bad"),
    "several": (_l("Several agencies are called like that. Ask which one is meant."), "is-warn"),
    "near": (_l("No agency is called so. These are called nearly so: another name is another company."), "is-warn"),
    "unknown": (_l("Not on our list. That is not proof of anything."), "is-warn"),
}
#: What to do then.
ADVICE = {
    "licensed": _l("Check the job order and the letter of assignment with Disnaker too, before anybody pays or signs."),
    "not_licensed": _l("Nobody should pay or hand over papers. Ask Disnaker, and report who uses the name."),
}
CAUTION = _l("Nobody should pay or hand over papers yet. Ask Disnaker or your coordinator.")
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
