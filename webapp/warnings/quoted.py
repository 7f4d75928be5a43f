"""Do the names, days and numbers that a text quotes still stand where they were taken from?

A draft keeps the words that were true when it was made. Lists and reports change while it waits for a second officer.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa

from webapp.agencies.model import Agency, key_of
from webapp.areas.names import fold
from webapp.brokers.model import BrokerReport
from webapp.brokers.queries import confirmation_of
from webapp.db import db
from webapp.warnings import grounds, saying
from webapp.warnings.levels import COMPANY_TEXT, INDIVIDUAL_TEXT, Claim
from webapp.warnings.model import SafetyWarning

#: What a text of a company says besides the status, which is compared by itself.
QUOTED = ("pt", "s", "d")
#: What stands between the names of several people.
BETWEEN_NAMES = r"(?i)[,;/&()\n]|\b(?:dan|and|alias)\b"


def claim_of(warning: SafetyWarning, now: datetime) -> Claim:
    """Everything that decides whether it may be said now, with what its text quotes compared."""
    claim = grounds.claim_of(warning, now)
    if claim.quote is not None:
        claim = replace(claim, quote=replace(claim.quote, is_as_said=_is_as_said(warning, now)))
    if warning.text_code == INDIVIDUAL_TEXT and warning.report_id is not None:
        claim = replace(claim, is_accused=_is_accused(warning), is_same_document=_is_same_document(warning))
    return claim


def is_among(named: str, accused: str) -> bool:
    """Does the name stand whole in one of the accused names? 'Darto Wijaya' does in 'Bu Sri, Pak Darto Wijaya'.

    Not the other way round: many are called Darto, and a verdict about one of them is not about the one accused.
    """
    wanted = fold(named)
    return bool(wanted) and any(f" {wanted} " in f" {fold(one)} " for one in re.split(BETWEEN_NAMES, accused))


def names(warning: SafetyWarning, agency: Agency) -> bool:
    """Is this agency still called as the text says, but for dots and capitals?"""
    return key_of(agency.name) == key_of(str(warning.values.get("pt", "")))


def _is_accused(warning: SafetyWarning) -> bool:
    accused = db.session.scalar(sa.select(BrokerReport.accused_names).where(BrokerReport.id == warning.report_id))
    return is_among(str(warning.values.get("a", "")), accused or "")


def _is_same_document(warning: SafetyWarning) -> bool:
    """By its number, however it is dotted: offices and papers write 'No. 12/Pid.Sus/2026' in many ways."""
    confirmed = confirmation_of(warning.report_id) if warning.report_id is not None else None
    number = fold(str((confirmed or {}).get("number", "")))
    return bool(number) and number == fold(warning.decision_number)


def _is_as_said(warning: SafetyWarning, now: datetime) -> bool:
    """A correction only has to name the right company: its day was right, and whoever got the first text waits."""
    agency = grounds.agency_of(warning.licence)
    if agency is None:
        return False
    if warning.text_code != COMPANY_TEXT:
        return names(warning, agency)
    values, _ = saying.of_agency(agency, now)
    return all(values[name] == warning.values.get(name) for name in QUOTED)
