"""From a form to a draft: what is offered to whom, and what the typed choices stand for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from wtforms.fields.choices import SelectChoice

from webapp import clock
from webapp.accounts.model import Account
from webapp.agencies.licence import LICENSED, standing
from webapp.agencies.model import Agency
from webapp.agencies.words import STATUS_WORDS
from webapp.areas.codes import NATION, parent_of, within
from webapp.areas.load import WIB
from webapp.areas.model import DISTRICT, Area
from webapp.areas.queries import children
from webapp.brokers.model import BrokerReport
from webapp.db import db
from webapp.departures.model import Destination
from webapp.people.fields import options
from webapp.warnings import quoted, saying
from webapp.warnings.acts import Draft
from webapp.warnings.form import STAGE_CHOICES, USUAL_STAGES, CorrectionForm, IndividualForm, WarningForm
from webapp.warnings.grounds import agency_of, individuals_allowed
from webapp.warnings.levels import (
    AREA_TEXT,
    COMPANY_TEXT,
    CORRECTION,
    GENERAL_TEXTS,
    INDIVIDUAL,
    INDIVIDUAL_TEXT,
    LEVELS,
    WITHDRAWAL,
    may_draft,
)
from webapp.warnings.model import SafetyWarning
from webapp.warnings.words import TOPICS

#: Beyond this an address was made by hand.
MOST_SEEDS = 12
MOST_COMPANIES = 300
NONE = "–"
#: Which advice fits what a report recognises (brokers.choices.MODUS).
ADVICE = {
    "no_letter": AREA_TEXT,
    "wrong_visa": "W2",
    "money_to_family": "W3",
    "passport_kept": "W4",
    "changed_identity": "W4",
    "social_media": "W5",
    "scam_job": "W5",
    "holding_house": "W6",
    "cancel_fine": "W7",
}


def form_for(account: Account, seeds: Iterable[str], now: datetime, **kwargs: Any) -> WarningForm:
    """The form with what this officer may choose. `seeds`: areas that it begins with; others' are left out."""
    individuals = individuals_allowed() and may_draft(account, INDIVIDUAL)
    form = (IndividualForm if individuals else WarningForm)(**kwargs)
    texts = [*GENERAL_TEXTS, AREA_TEXT, COMPANY_TEXT, *([INDIVIDUAL_TEXT] if individuals else [])]
    form.text_code.choices = options({code: TOPICS[code] for code in texts})
    offered = _areas(account, [*list(seeds)[:MOST_SEEDS], *(form.areas.data or [])[:MOST_SEEDS]])
    form.areas.choices = [SelectChoice(area.code, area.name) for area in offered]
    places = {area.code: area.name for area in offered if area.level <= DISTRICT}
    form.place.choices = options({"": NONE, **places})
    form.licence.choices = options({"": NONE, **_companies(now)})
    form.stages.choices = STAGE_CHOICES
    form.destinations.choices = [
        SelectChoice(one.code, one.name)
        for one in db.session.scalars(sa.select(Destination).order_by(Destination.code))
    ]
    return form


def beginning(report: BrokerReport | None, seeds: Sequence[str]) -> dict[str, Any]:
    """What stands in a new form."""
    advice = next((ADVICE[sign] for sign in report.modus if sign in ADVICE), None) if report else None
    place = next((code for code in seeds if code.count(".") == 2), "")
    return {
        "report_id": report.id if report else "",
        "text_code": advice,
        "areas": [parent_of(report.area_code) or NATION] if report else list(seeds),
        "place": parent_of(report.area_code) if report else place,
        "stages": USUAL_STAGES,
    }


def stored(warning: SafetyWarning) -> dict[str, Any]:
    """What stands in the form of a draft."""
    columns = ("report_id", "text_code", "stages", "destinations", "urgent", "reason", "licence", "decision_number")
    found = {name: getattr(warning, name) for name in (*columns, "legal_basis")}
    found |= {name: getattr(warning, name) for name in ("notice_source", "notice_on", "notice_link")}
    found |= {"place": warning.place_code or "", "areas": [row.area_code for row in warning.areas]}
    return found | {"named": warning.values.get("a", "")}


def draft_of(form: WarningForm, report_id: int | None, now: datetime) -> Draft:
    """What was chosen, with the values of its text taken from our tables."""
    code = form.text_code.data
    values: dict[str, str] = {}
    facts: dict[str, Any] = {}
    if code == AREA_TEXT:
        place = db.session.get_one(Area, form.place.data)
        values, facts = saying.of_place(place), {"place_code": place.code}
    elif code == COMPANY_TEXT and (agency := agency_of(form.licence.data)) is not None:
        values, status = saying.of_agency(agency, now)
        facts = {"licence": agency.licence, "said_status": status, "legal_basis": form.legal_basis.data}
        facts |= {"decision_number": form.decision_number.data}
    elif code == INDIVIDUAL_TEXT:
        notice, number = form.notice, form.decision_number.data
        values = saying.of_notice(notice.pop("named"), notice["notice_source"], number, notice["notice_on"])
        facts = notice | {"decision_number": number, "legal_basis": form.legal_basis.data}
    return Draft(
        text_code=code,
        values=values,
        areas=form.areas.data,
        stages=form.stages.data,
        destinations=form.destinations.data,
        urgent=form.urgent.data,
        reason=form.reason.data if form.urgent.data else "",
        report_id=report_id,
        **facts,
    )


def corrections_of(wrong: SafetyWarning) -> CorrectionForm:
    """That a licence of the same company stands otherwise now can be told; everything can be withdrawn."""
    form = CorrectionForm()
    kinds = [WITHDRAWAL]
    agency = agency_of(wrong.licence) if wrong.text_code in (COMPANY_TEXT, CORRECTION) else None
    if agency is not None and quoted.names(wrong, agency):
        kinds.insert(0, CORRECTION)
    form.kind.choices = options({kind: TOPICS[kind] for kind in kinds})
    return form


def correction_of(wrong: SafetyWarning, kind: str, now: datetime) -> Draft:
    """The warning that goes to those who got the wrong one. It is as urgent as that was."""
    common: dict[str, Any] = {
        "areas": [row.area_code for row in wrong.areas],
        "stages": wrong.stages,
        "destinations": wrong.destinations,
        "urgent": wrong.urgent,
        "reason": wrong.reason,
    }
    agency = agency_of(wrong.licence) if kind == CORRECTION else None
    if agency is None:
        return Draft(text_code=WITHDRAWAL, values=saying.of_withdrawal(wrong), **common)
    values, status = saying.of_agency(agency, now)
    return Draft(text_code=CORRECTION, values=values, licence=wrong.licence, said_status=status, **common)


def _areas(account: Account, seeds: Iterable[str]) -> list[Area]:
    """One's own area, those directly below, and on the way from a seed up to one's own: widest first."""
    codes = {account.area_code, *(area.code for area in children(account.area_code))}
    for seed in seeds:
        code: str | None = seed
        while code is not None:
            codes.add(code)
            code = parent_of(code)
    query = sa.select(Area).where(Area.code.in_(codes), within(Area.code, account.area_code))
    return list(db.session.scalars(query.order_by(Area.level, Area.name_key, Area.code)))


def _companies(now: datetime) -> dict[str, str]:
    """Licence → name and status of those that are not licensed today."""
    today = clock.day_of(now, WIB)
    not_licensed = sa.or_(Agency.status != LICENSED, Agency.expires_on < today)
    query = sa.select(Agency).where(not_licensed).order_by(Agency.name_key, Agency.id).limit(MOST_COMPANIES)
    return {
        agency.licence: f"{agency.name} ({STATUS_WORDS[standing(agency.status, agency.expires_on, today)]})"
        for agency in db.session.scalars(query)
    }


def level_of(text_code: str) -> int:
    return LEVELS[text_code]
