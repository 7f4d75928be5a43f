"""What the page of a report shows."""

from __future__ import annotations

from typing import Any

from flask_babel import format_decimal, gettext

from webapp.accounts.access import current_account
from webapp.brokers import queries
from webapp.brokers.choices import MODUS, OFFICES, REPORTERS, STATES, THREATS
from webapp.brokers.model import SUBJECT, BrokerReport
from webapp.photos.queries import attached_to


def page_of(report: BrokerReport) -> dict[str, Any]:
    return {
        "report": report,
        "person": queries.person_of(report),
        "photos": attached_to(SUBJECT, report.id),
        "is_own": report.account_id == current_account.id,
        "accused": _accused(report),
        "journey": _journey(report),
        "source": _source(report),
        "modus": [MODUS.get(code, code) for code in report.modus],
        "offices": [OFFICES.get(code, code) for code in report.may_forward],
        "states": STATES,
    }


def _accused(report: BrokerReport) -> list[tuple[str, Any]]:
    return [
        (gettext("Name"), report.accused_names),
        (gettext("Their phone numbers"), report.accused_phones),
        (gettext("Agency"), report.agency_claimed),
        (gettext("Threat or violence"), THREATS.get(report.threat, report.threat)),
        (gettext("A child is involved"), gettext("Yes") if report.child_involved else ""),
    ]


def _journey(report: BrokerReport) -> list[tuple[str, Any]]:
    return [
        (gettext("Country"), report.country),
        (gettext("People are to leave"), report.planned_departure),
        (gettext("Place"), report.place),
        (gettext("Money asked for"), in_rupiah(report.money_asked)),
        (gettext("Money paid"), in_rupiah(report.money_paid)),
        (gettext("Papers that they keep"), report.papers_held),
        (gettext("People affected"), report.people_count),
    ]


def _source(report: BrokerReport) -> list[tuple[str, Any]]:
    return [
        (gettext("Reported by"), REPORTERS.get(report.reporter_kind, report.reporter_kind)),
        (gettext("Call back"), report.reporter_contact if report.account_id == current_account.id else ""),
        (gettext("When is a call safe?"), report.safe_hours),
        (gettext("Written down by"), report.account.name if report.account else ""),
        (gettext("Area"), report.area.full_name),
    ]


def in_rupiah(amount: int | None) -> str:
    """'Rp5.000.000', or '' if the amount is not known."""
    return "" if amount is None else f"Rp{format_decimal(amount)}"
