"""Three warnings: advice that goes out when the demonstration starts, one that waits for a second officer, a draft."""

from __future__ import annotations

from datetime import datetime, timedelta

from webapp.accounts.model import Account
from webapp.areas.model import Area
from webapp.audiences.criteria import OFFERED_STAGES
from webapp.db import db
from webapp.people.stages import BEFORE
from webapp.warnings import acts, presenter, saying
from webapp.warnings.acts import Draft
from webapp.warnings.grounds import agency_of
from webapp.warnings.levels import AREA_TEXT, COMPANY_TEXT

ADVICE = "W4"
REGENCY, DISTRICT = "33.01", "33.01.06"
#: Of agencies.csv: one whose licence is suspended.
LICENCE, DECISION, LEGAL_BASIS = "CONTOH/012/2023", "CONTOH/KEP/12", "UU 18/2017"
STAGES = [stage for stage in OFFERED_STAGES if stage in BEFORE]


def load(officers: dict[str, Account], now: datetime) -> None:
    """Of the coordinator of the regency; the company's waits for the one of the province."""
    ratna = officers["ratna"]
    _advise(ratna, now)
    _name_a_company(ratna, now - timedelta(hours=2))
    _begin(ratna, now - timedelta(minutes=20))


def _advise(account: Account, now: datetime) -> None:
    """Approved: the worker makes its texts, which reach nobody but the invented people."""
    warning = acts.draft(account, Draft(ADVICE, {}, [REGENCY], STAGES), now - timedelta(minutes=15))
    found = presenter.preview_of(warning, now)
    acts.approve(warning, account, found.count.recipients, found.cost_rupiah, now)


def _name_a_company(account: Account, at: datetime) -> None:
    """Who drafts such a warning cannot send it: it waits."""
    agency = agency_of(LICENCE)
    assert agency is not None
    values, status = saying.of_agency(agency, at)
    chosen = Draft(
        COMPANY_TEXT, values, [REGENCY], STAGES, licence=LICENCE, said_status=status, decision_number=DECISION,
        legal_basis=LEGAL_BASIS,
    )  # fmt: skip
    acts.hand_over(acts.draft(account, chosen, at - timedelta(minutes=30)), account, "", at)


def _begin(account: Account, at: datetime) -> None:
    """About a district whose newest report is of today: its page says that it is too early to send."""
    place = db.session.get_one(Area, DISTRICT)
    acts.draft(account, Draft(AREA_TEXT, saying.of_place(place), [DISTRICT], STAGES, place_code=DISTRICT), at)
