"""What the page of a report shows: the report itself, and to coordinators how far its verification is."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from flask_babel import format_decimal, gettext

from webapp.accounts.access import current_account
from webapp.accounts.model import COORDINATOR, FACILITATOR
from webapp.brokers import queries, referral, steps
from webapp.brokers.choices import CALM, CHANNELS, MODUS, NAMINGS, OFFICES, REPORTERS, STATES, THREATS, TONES
from webapp.brokers.model import SUBJECT, BrokerReport, BrokerStep
from webapp.brokers.seeing import may_learn_reporter, person_leads_to_reporter
from webapp.brokers.states import moves_by_hand
from webapp.brokers.triage import due_at, is_overdue
from webapp.brokers.verification import ANSWERS, CHECKS, Check, may_take_over
from webapp.photos.queries import attached_to


class Line(NamedTuple):
    """One line of the checklist, with its newest answer if there is one."""

    code: str
    check: Check
    step: BrokerStep | None

    @property
    def answer(self) -> Any:
        return ANSWERS.get(self.step.facts["answer"], "") if self.step else ""


def page_of(report: BrokerReport, now: datetime) -> dict[str, Any]:
    is_own = report.account_id == current_account.id
    shows_person = not person_leads_to_reporter(report, current_account)
    return {
        "report": report,
        "person": queries.person_of(report) if shows_person else None,
        "photos": attached_to(SUBJECT, report.id),
        "is_own": is_own,
        "calm": CALM[report.state_of_case] if is_own and current_account.role == FACILITATOR else None,
        "accused": accused(report),
        "journey": journey(report),
        "source": _source(report),
        "modus": [MODUS.get(code, code) for code in report.modus],
        "offices": [OFFICES.get(code, code) for code in report.may_forward],
        "may_learn": may_learn_reporter(report, current_account),
        "states": STATES,
        "tones": TONES,
        "office": _office(report, now) if current_account.role != FACILITATOR else None,
    }


def _office(report: BrokerReport, now: datetime) -> dict[str, Any]:
    """How far it is, and what this reader may do with it."""
    works = current_account.role == COORDINATOR and report.merged_into_id is None
    is_mine = works and report.verifier_id == current_account.id
    return {
        "is_mine": is_mine,
        "may_take": works and may_take_over(report.verifier, current_account) and not is_mine,
        "due": due_at(report.state, urgent=report.urgent, received_at=report.received_at),
        "is_late": is_overdue(report.state, urgent=report.urgent, received_at=report.received_at, now=now),
        "checks": checklist(report),
        "steps": [(step, steps.in_words(step), steps.note_of(step)) for step in queries.steps_of(report)],
        "referrals": queries.referrals_of(report),
        "offices": OFFICES,
        "may_refer": is_mine and report.state in referral.MAY_REFER,
        "may_move": is_mine and bool(moves_by_hand(report.state)),
        **_case(report),
    }


def _case(report: BrokerReport) -> dict[str, Any]:
    """With which reports it is one case, as far as the reader may see them."""
    merged = [one.id for one in queries.merged_into(report)]
    goes_on = queries.seen_of([report.merged_into_id]) if report.merged_into_id else []
    return {"merged": queries.seen_of(merged), "merged_count": len(merged), "goes_on": next(iter(goes_on), None)}


def checklist(report: BrokerReport) -> list[Line]:
    answers = queries.checks_of(report)
    return [Line(code, check, answers.get(code)) for code, check in CHECKS.items()]


def accused(report: BrokerReport) -> list[tuple[str, Any]]:
    """Who did it, as far as it is known; threat and child last."""
    staff = gettext("Said to be part of it: nobody of the village sees this report") if report.accuses_staff else ""
    return [
        (gettext("Name"), report.accused_names),
        (gettext("Their phone numbers"), report.accused_phones),
        (gettext("Their bank accounts or e-wallets"), report.accused_accounts),
        (gettext("Number plates"), report.accused_plates),
        (gettext("Agency"), report.agency_claimed),
        (gettext("Letter of assignment"), report.letter_shown),
        (gettext("Village office"), staff),
        (gettext("Threat or violence"), THREATS.get(report.threat, report.threat)),
        (gettext("A child is involved"), gettext("Yes") if report.child_involved else ""),
    ]


def journey(report: BrokerReport) -> list[tuple[str, Any]]:
    return [
        (gettext("Country"), report.country),
        (gettext("Work promised"), report.job_promised),
        (gettext("Wage promised"), report.wage_promised),
        (gettext("Visa promised"), report.visa_promised),
        (gettext("People are to leave"), report.planned_departure),
        (gettext("Place"), report.place),
        (gettext("Money asked for"), in_rupiah(report.money_asked)),
        (gettext("Money paid"), in_rupiah(report.money_paid)),
        (gettext("Papers that they keep"), report.papers_held),
        (gettext("People affected"), report.people_count),
    ]


def _source(report: BrokerReport) -> list[tuple[str, Any]]:
    """Nothing that leads to the reporter."""
    is_own = report.account_id == current_account.id
    return [
        (gettext("Reported by"), REPORTERS.get(report.reporter_kind, report.reporter_kind)),
        (gettext("How it came"), CHANNELS.get(report.channel, report.channel)),
        (gettext("Who may learn it"), NAMINGS.get(report.naming, report.naming)),
        (gettext("Word for the reporter"), report.word if is_own or current_account.role == COORDINATOR else ""),
        (gettext("Area"), report.area.full_name),
    ]


def reporter_of(report: BrokerReport) -> list[tuple[str, Any]]:
    """Who reports it: for the page that shows it once, to whom `may_learn_reporter` allows it."""
    calls = {True: gettext("Yes"), False: gettext("No"), None: gettext("Nobody has asked: do not call")}
    return [
        (gettext("Reported by"), REPORTERS.get(report.reporter_kind, report.reporter_kind)),
        (gettext("Name and number"), report.reporter_contact or gettext("None is stored.")),
        (gettext("Is a call safe?"), calls[report.safe_to_call]),
        (gettext("When is a call safe?"), report.safe_hours),
        (gettext("Written down by"), report.account.name if report.account else gettext("Nobody: it came by SMS")),
    ]


def in_rupiah(amount: int | None) -> str:
    """'Rp5.000.000', or '' if the amount is not known."""
    return "" if amount is None else f"Rp{format_decimal(amount)}"
