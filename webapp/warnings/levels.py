"""What a warning may say at which level, on what grounds, and who drafts and approves it (DOMAIN, naming). Pure.

Level 0 is general advice. Level 1 speaks of an area and of nobody in it. Level 2 quotes the dated official status of
a company. Level 3 quotes an official notice or verdict about a person, and is off unless the installation allows it.
A name is refused unless a state and a source allow it, and then a second officer approves.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from webapp.accounts.hierarchy import NATION_LEVEL, PROVINCE, REGENCY, level_of
from webapp.accounts.model import COORDINATOR
from webapp.agencies.licence import LICENSED
from webapp.areas.codes import is_within
from webapp.areas.model import DISTRICT
from webapp.brokers.sources import LEAST_REPORTS, LEAST_SOURCES

GENERAL, AREA, COMPANY, INDIVIDUAL = range(4)
AREA_TEXT, COMPANY_TEXT, INDIVIDUAL_TEXT = "W8", "N1", "N2"
#: A correction of a company's status, and the withdrawal of any warning.
CORRECTION, WITHDRAWAL = "WK1", "WK2"
GENERAL_TEXTS = tuple(f"W{n}" for n in range(1, 8))
#: Text → level. A withdrawal names what was said and takes it back: it must not wait for a second officer.
LEVELS = {
    **dict.fromkeys(GENERAL_TEXTS, GENERAL),
    AREA_TEXT: AREA,
    COMPANY_TEXT: COMPANY,
    INDIVIDUAL_TEXT: INDIVIDUAL,
    CORRECTION: COMPANY,
    WITHDRAWAL: GENERAL,
}

#: The newest of the reports is so old, so that nobody can tell from the warning who has just reported.
DELAY = timedelta(hours=24)
#: What was reported before tells nothing of today. Ours, not the law's.
REPORTS_COUNT_FOR = timedelta(days=180)
#: An older list may have been overtaken by a newer decision. Ours, not the law's.
LIST_GOOD_FOR = timedelta(days=90)

_OFFICES = (NATION_LEVEL, PROVINCE, REGENCY)
_HIGHER_OFFICES = (NATION_LEVEL, PROVINCE)


@dataclass(frozen=True)
class Rule:
    """Coordinators of which levels of the tree draft and approve; whether the drafter alone is enough."""

    drafted_at: tuple[int, ...]
    approved_at: tuple[int, ...]
    needs_second: bool


RULES = {
    GENERAL: Rule(_OFFICES, _OFFICES, needs_second=False),
    AREA: Rule(_OFFICES, _OFFICES, needs_second=True),
    COMPANY: Rule(_OFFICES, _OFFICES, needs_second=True),
    INDIVIDUAL: Rule(_HIGHER_OFFICES, _HIGHER_OFFICES, needs_second=True),
}


class Officer(Protocol):
    """What is asked of an account; accounts.model.Account answers it."""

    @property
    def id(self) -> int: ...
    @property
    def role(self) -> str: ...
    @property
    def area_code(self) -> str: ...


def may_draft(officer: Officer, level: int) -> bool:
    """Facilitators and administrators never do."""
    return officer.role == COORDINATOR and level_of(officer.area_code) in RULES[level].drafted_at


def may_approve(officer: Officer, level: int, *, drafter_id: int, office: str) -> bool:
    """A coordinator of the drafter's area or of one above it; above general advice nobody approves their own."""
    rule = RULES[level]
    return (
        officer.role == COORDINATOR
        and is_within(office, officer.area_code)
        and level_of(officer.area_code) in rule.approved_at
        and not (rule.needs_second and officer.id == drafter_id)
    )


@dataclass(frozen=True)
class Grounds:
    """The reports that an area warning rests on. `newest_at`: None if there are none."""

    reports: int = 0
    sources: int = 0
    newest_at: datetime | None = None
    any_urgent: bool = False


@dataclass(frozen=True)
class Quote:
    """How an agency stands on the newest official list. `status`: one of agencies.licence.STATUSES; '' if it went."""

    status: str
    as_of: date
    #: Another agency with the same name is licensed: it would be hurt by the text.
    has_namesake: bool = False
    #: The list has the name, the day and the source that the text says; a licence may go to another company.
    is_as_said: bool = True


@dataclass(frozen=True)
class Claim:
    """Everything that decides whether a warning may be said."""

    text_code: str
    urgent: bool
    reason: str
    #: Level of the tree of the area that is spoken of; None if none is.
    place_level: int | None = None
    grounds: Grounds = Grounds()
    quote: Quote | None = None
    #: What the text says of the agency's status.
    said_status: str = ""
    decision_number: str = ""
    legal_basis: str = ""
    individuals_allowed: bool = False
    #: Source, number, day and link of the official notice are all there.
    has_notice: bool = False
    #: The report that it is drafted from was confirmed by an office.
    is_confirmed: bool = False
    #: The report accuses somebody of just that name, and the notice has the number by which the report was confirmed.
    is_accused: bool = False
    is_same_document: bool = False


def what_is_missing(claim: Claim, now: datetime) -> list[str]:
    """Codes of what stands against it; empty if nothing does. Words for them: words.MISSING."""
    level = LEVELS[claim.text_code]
    found = ["no_reason"] if claim.urgent and not claim.reason else []
    if level == AREA:
        found += _of_area(claim, now)
    elif level == COMPANY:
        found += _of_company(claim, now)
    elif level == INDIVIDUAL:
        found += _of_individual(claim)
    return found


def _of_area(claim: Claim, now: datetime) -> list[str]:
    grounds, found = claim.grounds, []
    if claim.place_level is None or claim.place_level > DISTRICT:
        found.append("place_too_small")
    if grounds.reports < LEAST_REPORTS:
        found.append("few_reports")
    elif grounds.sources < LEAST_SOURCES:
        found.append("one_source")
    if claim.urgent and not grounds.any_urgent:
        found.append("nothing_urgent")
    if not claim.urgent and grounds.newest_at is not None and now - grounds.newest_at < DELAY:
        found.append("too_soon")
    return found


def _of_company(claim: Claim, now: datetime) -> list[str]:
    quote, found = claim.quote, []
    if quote is None or not quote.status:
        return ["not_listed"]
    if quote.status != claim.said_status:
        found.append("status_changed")
    if not quote.is_as_said:
        found.append("quote_changed")
    if now.date() - quote.as_of > LIST_GOOD_FOR:
        found.append("old_list")
    if quote.has_namesake:
        found.append("namesake")
    if claim.text_code == CORRECTION:
        return found
    if quote.status == LICENSED:
        found.append("licensed")
    if not claim.decision_number:
        found.append("no_decision")
    if not claim.legal_basis:
        found.append("no_basis")
    return found


def _of_individual(claim: Claim) -> list[str]:
    found = []
    if not claim.individuals_allowed:
        found.append("individuals_off")
    if not claim.is_confirmed:
        found.append("not_confirmed")
    else:
        found += [] if claim.is_accused else ["not_accused"]
        found += [] if claim.is_same_document else ["other_document"]
    if not claim.has_notice:
        found.append("no_notice")
    return found
