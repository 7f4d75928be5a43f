"""On what a warning rests, as it is stored now: reports of an area, the official list, the report it came from."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from flask import current_app

from webapp import clock
from webapp.agencies.licence import LICENSED, standing
from webapp.agencies.model import Agency
from webapp.areas.codes import within
from webapp.areas.load import WIB
from webapp.areas.model import Area
from webapp.brokers import source_queries
from webapp.brokers.model import BrokerReport
from webapp.brokers.sources import independent
from webapp.brokers.states import CONFIRMED, OPEN
from webapp.db import db
from webapp.warnings.levels import REPORTS_COUNT_FOR, Claim, Grounds, Quote
from webapp.warnings.model import SafetyWarning

#: More say no more: the newest of an area.
MOST_REPORTS = 500
#: Nothing was found out that speaks against them.
COUNTED_STATES = (*OPEN, CONFIRMED)
#: Company forms, which do not tell names apart.
FORMS = frozenset({"pt", "cv", "tbk"})


def claim_of(warning: SafetyWarning, now: datetime) -> Claim:
    """Everything that decides whether it may be said now (levels.what_is_missing)."""
    return Claim(
        text_code=warning.text_code,
        urgent=warning.urgent,
        reason=warning.reason,
        place_level=level_of_place(warning.place_code),
        grounds=reports_of(warning.place_code, now) if warning.place_code else Grounds(),
        quote=quote_of(warning.licence, now) if warning.licence else None,
        said_status=warning.said_status,
        decision_number=warning.decision_number,
        legal_basis=warning.legal_basis,
        individuals_allowed=individuals_allowed(),
        has_notice=has_notice(warning),
        is_confirmed=_is_confirmed(warning.report_id),
    )


def individuals_allowed() -> bool:
    return bool(current_app.config["SETTINGS"].warn_individuals)


def has_notice(warning: SafetyWarning) -> bool:
    told = (warning.notice_source, warning.decision_number, warning.notice_link, warning.values.get("a"))
    return all(told) and warning.notice_on is not None


def reports_of(place_code: str, now: datetime) -> Grounds:
    """The reports of this area that count: not old, not merged, not dismissed.

    How old the newest is, those that were merged tell too: they do not become older by it.
    """
    lately = (
        within(BrokerReport.area_code, place_code),
        BrokerReport.state.in_(COUNTED_STATES),
        BrokerReport.received_at > now - REPORTS_COUNT_FOR,
    )
    rows = db.session.execute(
        sa.select(*source_queries.COLUMNS, BrokerReport.urgent)
        .where(*lately, BrokerReport.merged_into_id.is_(None))
        .order_by(BrokerReport.id.desc())
        .limit(MOST_REPORTS)
    ).all()
    return Grounds(
        reports=len(rows),
        sources=independent(source_queries.sources_of(rows).values()),
        newest_at=db.session.scalar(sa.select(sa.func.max(BrokerReport.received_at)).where(*lately)),
        any_urgent=any(row.urgent for row in rows),
    )


def quote_of(licence: str, now: datetime) -> Quote | None:
    """How the newest list and today's date let this agency stand; no status if the list has it no more."""
    agency = agency_of(licence)
    if agency is None:
        return None
    today = clock.day_of(now, WIB)
    return Quote(standing(agency.status, agency.expires_on, today), agency.as_of, _has_licensed_namesake(agency, now))


def agency_of(licence: str) -> Agency | None:
    return db.session.scalar(sa.select(Agency).where(Agency.licence == licence))


def _has_licensed_namesake(agency: Agency, now: datetime) -> bool:
    """Another company of the same name, whatever form stands before or behind it, that is licensed."""
    core, today = _core(agency.name_key), clock.day_of(now, WIB)
    alike = db.session.scalars(
        sa.select(Agency).where(Agency.id != agency.id, Agency.name_key.contains(core, autoescape=True)).limit(50)
    )
    return any(_core(o.name_key) == core and standing(o.status, o.expires_on, today) == LICENSED for o in alike)


def _core(name_key: str) -> str:
    return " ".join(word for word in name_key.split() if word not in FORMS)


def level_of_place(code: str | None) -> int | None:
    return db.session.scalar(sa.select(Area.level).where(Area.code == code)) if code else None


def _is_confirmed(report_id: int | None) -> bool:
    if report_id is None:
        return False
    return db.session.scalar(sa.select(BrokerReport.state).where(BrokerReport.id == report_id)) == CONFIRMED
