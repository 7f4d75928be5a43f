"""Words for what a form offers: schemes, sectors, states."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

SCHEMES = {
    "p3mi": _l("Licensed agency (P3MI)"),
    "g2g": _l("Government to government (G-to-G)"),
    "independent": _l("On one's own contract (perseorangan)"),
    "ukps": _l("The company's own staff (UKPS)"),
    "extension": _l("Contract extension abroad"),
    "reentry": _l("Going back to the same job (re-entry)"),
}

SECTORS = {
    "": _l("Not known yet"),
    "domestic": _l("Household"),
    "care": _l("Care of the elderly or ill"),
    "factory": _l("Factory"),
    "plantation": _l("Plantation or farm"),
    "construction": _l("Construction"),
    "fishery": _l("Fishing or ship"),
    "service": _l("Restaurant, hotel or shop"),
    "other": _l("Other work"),
}

STATES = {
    "open": _l("Going on"),
    "postponed": _l("Postponed"),
    "cancelled": _l("Cancelled"),
    "ended": _l("Back home"),
}

#: Why a reminder of the plan is not sent, as a sentence. Reasons of phones and consent are outbox.reasons'.
PLAN_REASONS = {
    "cancelled": _l("The departure is cancelled."),
    "postponed": _l("The departure is postponed."),
    "ended": _l("This journey has ended."),
    "not_abroad": _l("The person is not abroad yet on that day."),
    "already_asked": _l("It was sent already; the day was only corrected."),
    "other_scheme": _l("Not for this scheme."),
    "other_destination": _l("Not for this destination."),
    "stage_halted": _l("Nothing is sent at this stage of the person."),
    "stage_passed": _l("The person is past this step."),
    "unknown_date": _l("The date is not known yet."),
    "papers_complete": _l("The papers it asks for are there."),
    "too_late": _l("Its day has passed."),
    "newer_covers": _l("Its day has passed; a newer reminder goes instead."),
}

ANCHORS = {
    "departure": _l("departure"),
    "contract_end": _l("end of contract"),
    "return": _l("return"),
    "passport_expiry": _l("end of passport"),
}

#: What a facilitator learns by calling somebody who did not answer a text.
CALL_OUTCOMES = {
    "well": _l("All is well"),
    "postponed": _l("The departure is postponed"),
    "trouble": _l("There is a problem that needs help"),
    "unreached": _l("Nobody could be reached"),
}
