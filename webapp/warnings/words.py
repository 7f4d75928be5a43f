"""How warnings are spoken of on pages."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from webapp.outbox.reasons import NOT_ALLOWED
from webapp.warnings.levels import AREA, COMPANY, GENERAL, INDIVIDUAL
from webapp.warnings.states import APPROVED, CANCELLED, DONE, DRAFT, SENDING, WAITING, WITHDRAWN

#: What each text is about, as one chooses it.
TOPICS = {
    "W1": _l("Promises of a quick departure"),
    "W2": _l("Working on a tourist or umrah visa"),
    "W3": _l("Pocket money that becomes a debt"),
    "W4": _l("Original papers stay with their owner"),
    "W5": _l("Job offers on Facebook, TikTok and WhatsApp"),
    "W6": _l("Waiting in a holding house"),
    "W7": _l("Forced to leave, or asked for a fine"),
    "W8": _l("Recruiters without a letter go round in an area"),
    "N1": _l("How a company's licence stands, as the official list says"),
    "N2": _l("An official verdict about a person"),
    "WK1": _l("Correction: a licence stands otherwise now"),
    "WK2": _l("Withdrawal: what was said was wrong"),
}
LEVELS = {
    GENERAL: _l("General advice"),
    AREA: _l("Area, without names"),
    COMPANY: _l("Company, as the official list says"),
    INDIVIDUAL: _l("Person, as an official verdict says"),
}
#: Who has to agree, by level.
APPROVERS = {
    GENERAL: _l("You may send it yourself."),
    AREA: _l("Another coordinator of your area, or of one above it, has to approve it."),
    COMPANY: _l("Another coordinator of your area, or of one above it, has to approve it as head of the office."),
    INDIVIDUAL: _l("A second coordinator of the province or of the nation has to approve it."),
}
STATES = {
    DRAFT: _l("Draft"),
    WAITING: _l("Waits for approval"),
    APPROVED: _l("Approved"),
    SENDING: _l("Being sent"),
    DONE: _l("Sent"),
    CANCELLED: _l("Stopped"),
    WITHDRAWN: _l("Withdrawn"),
}
TONES = {DRAFT: "plain", WAITING: "warn", APPROVED: "info", SENDING: "info", DONE: "ok", CANCELLED: "plain"}
TONES[WITHDRAWN] = "bad"
#: Why it cannot wait for the morning.
REASONS = {
    "recruiting": _l("Recruiters are going round now"),
    "leaving": _l("People are about to leave"),
    "holding": _l("People are held, or their papers are"),
    "threats": _l("There are threats or violence"),
}
#: Why it was given back or stopped.
GIVEN_BACK = {
    "audience": _l("It goes to the wrong people"),
    "text": _l("Another text fits better"),
    "grounds": _l("It rests on too little"),
    "later": _l("Not now"),
}
STOPPED = {
    "mistake": _l("It was a mistake"),
    "audience": _l("It goes to the wrong people"),
    "over": _l("It is not needed any more"),
}
EVENTS = {
    "drafted": _l("Drafted"),
    "changed": _l("Changed"),
    "handed_over": _l("Handed over for approval"),
    "given_back": _l("Given back"),
    "approved": _l("Approved"),
    "stopped": _l("Stopped"),
    "withdrawn": _l("Withdrawn"),
    "finished": _l("All texts have gone"),
}
#: What stands against a warning: codes of levels.what_is_missing and of the guard.
MISSING = {
    "no_reason": _l("Say why it is urgent."),
    "place_too_small": _l("An area warning speaks of a district or something larger, so that nobody in it is known."),
    "audience_too_small": _l("What speaks of an area goes to whole districts: to a village alone it would show where."),
    "few_reports": _l("Fewer than three reports of this area count. General advice can be sent at once."),
    "one_source": _l("All reports of this area come from one source. Two that are not related are needed."),
    "too_soon": _l("The newest report is younger than 24 hours. A warning now could show who reported."),
    "nothing_urgent": _l("No report of this area is urgent."),
    "not_listed": _l("The newest official list does not have this company. What is not on it cannot be quoted."),
    "status_changed": _l("The official list says something else by now. Change the draft."),
    "quote_changed": _l(
        "The newest official list has another name, day or source for this licence. Choose the company again."
    ),
    "old_list": _l("The official list is older than 90 days. Load a newer one first."),
    "namesake": _l("Another company of the same name is licensed and would be hurt."),
    "licensed": _l("The company is licensed."),
    "no_decision": _l("Write the number of the decision."),
    "no_basis": _l("Write the legal basis."),
    "individuals_off": _l("Warnings about a person are switched off."),
    "not_confirmed": _l("The report has not been confirmed by an office."),
    "not_accused": _l("The report accuses nobody of this name."),
    "other_document": _l("The report was confirmed by a document with another number."),
    "no_notice": _l("Source, number, day and link of the official notice are needed."),
    "cut": _l("The name does not fit into one text. It would be cut and become another."),
    "holds_accused": _l("The words hold a name from a report."),
    "holds_person": _l("The words hold the name of a reporter or of somebody affected."),
    "holds_number": _l("The words hold a number from a report."),
    "holds_plate": _l("The words hold a number plate from a report."),
    "holds_registered": _l("The words hold the name of somebody of the registry, with the village."),
    "unreadable": _l(
        "A report of this area cannot be opened, so nobody can tell whether the words hold anything of it."
    ),
    "nobody": _l("Nobody would get it."),
}
#: Why others do not get it.
LEFT_OUT = NOT_ALLOWED | {"same_phone": _l("Another one with the same phone gets it.")}
NOTICE_SOURCES = {
    "PN": _l("District court (PN)"),
    "PT": _l("High court (PT)"),
    "MA": _l("Supreme court (MA)"),
    "KP2MI": _l("The ministry (KP2MI)"),
    "Polri": _l("The police (Polri)"),
}


def missing(code: str) -> Any:
    """A code without words is shown as it is, so that nothing hides."""
    return MISSING.get(code, code)


def reason(code: str) -> Any:
    return (REASONS | GIVEN_BACK | STOPPED).get(code, code)
