"""Words for what a form offers: schemes, sectors, states."""

from __future__ import annotations

from typing import Any

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
    "open": _l("In preparation"),
    "postponed": _l("Postponed"),
    "cancelled": _l("Cancelled"),
    "ended": _l("Back home"),
}

#: Whether Indonesian workers are placed in a country.
DESTINATION_STATES = {
    "open": _l("Open"),
    "moratorium": _l("Closed (moratorium)"),
    "unknown": _l("Not known here: ask your coordinator"),
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
    "no_safe_hour": _l("On its day there is no hour at which this phone may be texted."),
    "newer_covers": _l("Its day has passed; a newer reminder goes instead."),
}

#: What can be done where a reason holds back every text: words, page, its parameters (ids are filled in).
REMEDIES: dict[str, tuple[Any, str, dict[str, Any]]] = {
    "no_consent": (_l("Record consent"), "people.consents.index", {"person_id": 0}),
    "no_phone": (_l("Add a phone"), "people.phones.new", {"person_id": 0}),
    "stopped": (_l("See the phones"), "people.show", {"person_id": 0, "_anchor": "reach"}),
    "wrong_person": (_l("Add another phone"), "people.phones.new", {"person_id": 0}),
    "invalid_number": (_l("Add another phone"), "people.phones.new", {"person_id": 0}),
    "do_not_text": (_l("See the phones"), "people.show", {"person_id": 0, "_anchor": "reach"}),
    "employer_phone": (_l("Add another phone"), "people.phones.new", {"person_id": 0}),
    "minor": (_l("See the person"), "people.show", {"person_id": 0}),
    "unknown_date": (_l("Write the day of departure"), "departures.edit", {"departure_id": 0}),
    "postponed": (_l("Take up again"), "departures.reason", {"departure_id": 0, "step": "resumption"}),
    "cancelled": (_l("Take up again"), "departures.reason", {"departure_id": 0, "step": "resumption"}),
    "stage_halted": (_l("Change stage"), "people.path.stage", {"person_id": 0}),
}

#: Items of the shipped checklist in two words at the most, for lists; others go by their whole name.
SHORT_NAMES = {
    "informed": _l("explanation"),
    "registered": _l("Disnaker"),
    "language_test": _l("language test"),
    "civil": _l("civil papers"),
    "consent": _l("family consent"),
    "job_order": _l("job order"),
    "pp": _l("PP"),
    "certificate": _l("certificate"),
    "medical": _l("medical"),
    "psychology": _l("psychological test"),
    "passport": _l("passport"),
    "slc": _l("SLC"),
    "pk": _l("PK"),
    "visa": _l("work visa"),
    "bpjs": _l("BPJS"),
    "ticket": _l("ticket"),
    "opp": _l("OPP"),
    "epmi": _l("E-PMI"),
}

ANCHORS = {
    "departure": _l("departure"),
    "contract_end": _l("end of contract"),
    "return": _l("return"),
    "passport_expiry": _l("end of passport"),
}

#: An answer that came of a call, not by SMS, begins so.
CALL = "call_"
#: What a facilitator learns by calling somebody who did not answer a text.
CALL_OUTCOMES = {
    "well": _l("All is well"),
    "postponed": _l("The departure is postponed"),
    "trouble": _l("There is a problem that needs help"),
    "unreached": _l("Nobody could be reached"),
}

#: What an answer to a question says: (rule, answer) → words.
ANSWERS = {
    ("R9", "yes"): _l("leaves tomorrow"),
    ("R9", "no"): _l("does not leave yet"),
    ("P1", "1"): _l("arrived well"),
    ("P1", "2"): _l("asks for a call"),
    ("P2", "1"): _l("the wage is right"),
    ("P2", "2"): _l("the wage is late or short"),
    ("P2", "3"): _l("asks for a call"),
    ("P3", "1"): _l("is well"),
    ("P3", "2"): _l("asks for a call"),
    ("P4", "1"): _l("extends the contract"),
    ("P4", "2"): _l("takes leave"),
    ("P4", "3"): _l("comes home"),
}


def answer_in_words(rule: str, answer: str) -> Any:
    """Of an answer by SMS, or of a call that was made in its stead."""
    if outcome := CALL_OUTCOMES.get(answer.removeprefix(CALL)):
        return outcome
    return ANSWERS.get((rule, answer), answer)
