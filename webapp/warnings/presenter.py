"""What the page of a warning shows, by who reads it and how far it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from flask_babel import format_decimal, gettext

from webapp.accounts.access import current_account
from webapp.accounts.model import COORDINATOR
from webapp.areas.codes import is_within
from webapp.areas.model import DISTRICT
from webapp.audiences.counting import Count
from webapp.audiences.criteria import OFFERED_STAGES
from webapp.outbox import reasons
from webapp.outbox.officers import officers_of
from webapp.people.choices import LANGUAGES, STAGES
from webapp.routes import queries as routes
from webapp.routes.choice import OF_THE_SETTINGS
from webapp.sealing import SealError
from webapp.warnings import acts, audience, queries, quoted, ready, reported, saying, words
from webapp.warnings.form import GiveBackForm, ReadForm, StopForm
from webapp.warnings.levels import AREA, DELAY, RULES, what_is_missing
from webapp.warnings.model import SafetyWarning
from webapp.warnings.states import APPROVED, DRAFT, SENDING, WAITING


@dataclass(frozen=True)
class Preview:
    """What sending it now comes to, and what stands against it."""

    count: Count
    cost_rupiah: int
    missing: list[str]
    #: When the reports are old enough, if that is what stands against it.
    not_before: datetime | None = None

    @property
    def may_go(self) -> bool:
        return not self.missing


def preview_of(warning: SafetyWarning, now: datetime) -> Preview:
    found = audience.count(warning, now)
    claim = quoted.claim_of(warning, now)
    missing = [*what_is_missing(claim, now), *against_words(warning), *against_audience(warning)]
    if not found.recipients:
        missing.append("nobody")
    newest = claim.grounds.newest_at
    not_before = newest + DELAY if newest and "too_soon" in missing else None
    return Preview(found, cost_of(found.routes), missing, not_before)


def against_audience(warning: SafetyWarning) -> list[str]:
    """What speaks of an area goes to whole districts: to one village it would tell where somebody reported."""
    is_small = any(row.area_code.count(".") + 1 > DISTRICT for row in warning.areas)
    return ["audience_too_small"] if warning.level == AREA and is_small else []


def against_words(warning: SafetyWarning) -> list[str]:
    """The last look at the words themselves."""
    cut = ["cut"] if saying.is_cut(warning) else []
    try:
        return cut + reported.held(warning, saying.said(warning))
    except SealError:
        return [*cut, "unreadable"]


def cost_of(texts: Mapping[str, int]) -> int:
    """In rupiah, by the route that carries so many texts; every text is one segment."""
    prices = {OF_THE_SETTINGS: int(current_app.config["SETTINGS"].sms_price_rupiah)} | routes.prices()
    return sum(number * prices[code] for code, number in texts.items())


def page_of(warning: SafetyWarning, now: datetime, **forms: Any) -> dict[str, Any]:
    """Everything for the page. `forms` that were filled in wrongly take the place of empty ones."""
    office = current_account.role == COORDINATOR and is_within(warning.area_code, current_account.area_code)
    common = {
        "warning": warning,
        "words": words,
        "office": office,
        "sample": saying.sample(warning, _officer(warning, now)),
        "audience": audience_of(warning),
        "group_text": ready.for_groups(warning) if warning.holds else "",
        "corrections": queries.corrections(warning.id),
    }
    return common | (_for_office(warning, now, forms) if office else {})


def may_hand_over(warning: SafetyWarning) -> bool:
    """Its drafter; a correction waits for nobody who may be away: any officer of the office."""
    return warning.drafted_by_id == current_account.id or warning.corrects_id is not None


def _for_office(warning: SafetyWarning, now: datetime, forms: dict[str, Any]) -> dict[str, Any]:
    is_mine, state = warning.drafted_by_id == current_account.id, warning.state
    alone = not RULES[warning.level].needs_second
    return {
        "preview": preview_of(warning, now) if state in (DRAFT, WAITING) else None,
        "results": _results(warning) if warning.approved_at else None,
        "events": queries.events(warning.id),
        "needs_second": not alone,
        "may_change": is_mine and state == DRAFT and not acts.is_correction(warning),
        "may_hand_over": may_hand_over(warning) and state == DRAFT and not alone,
        "may_approve": queries.approves(current_account, warning) and state == (DRAFT if alone else WAITING),
        "may_give_back": state == WAITING,
        "may_stop": state in (DRAFT, WAITING, APPROVED, SENDING),
        "may_correct": warning.approved_at is not None and acts.may_be_corrected(warning),
        "read_form": forms.get("read_form") or ReadForm(formdata=None, version=warning.version),
        "give_back_form": forms.get("give_back_form") or GiveBackForm(formdata=None),
        "stop_form": forms.get("stop_form") or StopForm(formdata=None),
        "official": _official(warning),
    }


def _officer(warning: SafetyWarning, now: datetime) -> Any:
    """Whose number stands in the sample: of a village that gets it, or of the reader's own."""
    village = current_account.area_code
    if village.count(".") != 3:
        codes = [row.area_code for row in warning.areas if row.area_code.count(".") == 3]
        village = codes[0] if codes else (audience.a_village(warning, now) or village)
    return officers_of({village}).get(village)


def audience_of(warning: SafetyWarning) -> list[tuple[str, str]]:
    """Label and words of to whom it goes."""
    if warning.corrects is not None:
        got_it = gettext("exactly those who got %(code)s, wherever they are now", code=warning.corrects.code)
        return [(gettext("Who gets it"), got_it)]
    areas = ", ".join(row.area.name for row in warning.areas)
    is_for_all = set(warning.stages) == set(OFFERED_STAGES)
    stages = gettext("all") if is_for_all else ", ".join(str(STAGES[stage]) for stage in warning.stages)
    return [
        (gettext("Areas"), areas),
        (gettext("Stages"), stages),
        (gettext("Countries"), ", ".join(warning.destinations)),
    ]


def _official(warning: SafetyWarning) -> list[tuple[str, Any]]:
    return [
        (gettext("Licence"), warning.licence),
        (gettext("Number of the decision"), warning.decision_number),
        (gettext("Legal basis"), warning.legal_basis),
        (gettext("Published by"), words.NOTICE_SOURCES.get(warning.notice_source, "")),
        (gettext("To be read at"), warning.notice_link),
        (gettext("Reports it rests on"), _grounds(warning)),
    ]


def _grounds(warning: SafetyWarning) -> str:
    """Only numbers: which reports these are is not said here."""
    if not warning.reports:
        return ""
    return gettext("%(reports)s, of %(sources)s unrelated sources", reports=warning.reports, sources=warning.sources)


def _results(warning: SafetyWarning) -> dict[str, Any]:
    found = queries.results(warning)
    more = "+" if found.is_capped else ""
    return {
        "states": [(f"{format_decimal(n)}{more}", reasons.STATES[state]) for state, n in found.states.items()],
        "reasons": [(reasons.sentence(code), format_decimal(n)) for code, n in found.reasons.items()],
        "replies": f"{min(found.replies, queries.MOST_REPLIES)}{'+' if found.replies > queries.MOST_REPLIES else ''}",
    }


def languages(count: Count, switched_on: set[str]) -> list[tuple[str, int]]:
    """Language as it is called → how many get it so: who has another one gets Indonesian."""
    found: dict[str, int] = {}
    for language, number in count.languages.items():
        name = LANGUAGES[language if language in switched_on else "id"]
        found[name] = found.get(name, 0) + number
    return sorted(found.items(), key=lambda item: -item[1])
