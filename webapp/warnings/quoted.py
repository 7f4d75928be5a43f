"""Do the names, days and numbers that a text quotes still stand where they were taken from?

A draft keeps the words that were true when it was made. Lists and reports change while it waits for a second officer.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from webapp.agencies.model import Agency, key_of
from webapp.warnings import grounds, saying
from webapp.warnings.levels import COMPANY_TEXT, Claim
from webapp.warnings.model import SafetyWarning

#: What a text of a company says besides the status, which is compared by itself.
QUOTED = ("pt", "s", "d")


def claim_of(warning: SafetyWarning, now: datetime) -> Claim:
    """Everything that decides whether it may be said now, with what its text quotes compared."""
    claim = grounds.claim_of(warning, now)
    if claim.quote is not None:
        claim = replace(claim, quote=replace(claim.quote, is_as_said=_is_as_said(warning, now)))
    return claim


def names(warning: SafetyWarning, agency: Agency) -> bool:
    """Is this agency still called as the text says, but for dots and capitals?"""
    return key_of(agency.name) == key_of(str(warning.values.get("pt", "")))


def _is_as_said(warning: SafetyWarning, now: datetime) -> bool:
    """A correction only has to name the right company: its day was right, and whoever got the first text waits."""
    agency = grounds.agency_of(warning.licence)
    if agency is None:
        return False
    if warning.text_code != COMPANY_TEXT:
        return names(warning, agency)
    values, _ = saying.of_agency(agency, now)
    return all(values[name] == warning.values.get(name) for name in QUOTED)
