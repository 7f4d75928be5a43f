"""Roles, acts and kinds of things as people say them."""

from __future__ import annotations

import re

from flask_babel import lazy_gettext as _l

from webapp.accounts.model import ADMINISTRATOR, COORDINATOR, FACILITATOR

ROLE_WORDS = {
    FACILITATOR: _l("Facilitator"),
    COORDINATOR: _l("Coordinator"),
    ADMINISTRATOR: _l("Administrator"),
}
LANGUAGE_WORDS = {"id": "Bahasa Indonesia", "en": "English"}
#: What was done, in the audit log.
ACT_WORDS = {
    "seen": _l("Seen"),
    "copied": _l("Copied to a phone"),
    "exported": _l("Exported to a file"),
    "created": _l("Created"),
    "changed": _l("Changed"),
    "closed": _l("Closed"),
    "invited": _l("Invited"),
    "joined": _l("Took up an invitation"),
    "logged_in": _l("Logged in"),
    "logged_out": _l("Logged out"),
    "login_failed": _l("Somebody typed a wrong password"),
    "ended_device": _l("Ended a device"),
    "opened_personal_data": _l("Opened personal data"),
    "closed_personal_data": _l("Closed personal data again"),
    "replied": _l("Answered"),
    "handled": _l("Marked as done"),
    "asked": _l("Asked the reporter by SMS"),
    "answered": _l("The reporter answered by SMS"),
    "withdrawn": _l("Withdrawn"),
    "moved": _l("Moved"),
    "noted": _l("Wrote a note"),
    "consented": _l("Noted that the person agrees"),
    "promised": _l("Said that the people on it agreed to be texted"),
    "rested": _l("Let rest"),
    "opened": _l("Opened again"),
    "withdrew": _l("Noted that the person does not agree"),
    "revealed": _l("Was shown who reports it"),
    "taken_on": _l("Took it on"),
    "assigned": _l("Said who takes care of it"),
    "released": _l("Gave it back"),
    "removed": _l("Removed"),
    "handed_over": _l("Handed it to a second officer"),
    "given_back": _l("Gave it back to its drafter"),
    "approved": _l("Approved"),
    "stopped": _l("Stopped"),
}
#: What it was done to.
SUBJECT_WORDS = {
    "account": _l("Account"),
    "person": _l("Person"),
    "nik": "NIK",
    "departure": _l("Departure"),
    "incoming": _l("Message"),
    "message": _l("Text"),
    "task": _l("Task"),
    "kept_form": _l("A form that no longer fits"),
    "photo": _l("Photo"),
    "route": _l("Route of texts"),
    "broker_report": _l("Report of a broker"),
    "broker_cluster": _l("Network of reports"),
    "case": _l("Call for help"),
    "warning": _l("Warning"),
    "broadcast": _l("Broadcast"),
    "sms_budget": _l("Budget of texts"),
    "saved_audience": _l("Saved audience"),
    "canned_reply": _l("Canned reply"),
    "agency_import": _l("New list of agencies"),
    "stock_text": _l("Stock text"),
    "recipient_list": _l("List of recipients"),
    "reminder_rule": _l("Rule of reminders"),
    "cases": _l("Calls for help"),
    "warnings": _l("Warnings"),
    "broadcasts": _l("Broadcasts"),
    "people": _l("People"),
    "departures": _l("Departure"),
    "conversations": _l("Messages"),
    "brokers": _l("Reports of brokers"),
    "photos": _l("Photos"),
    "outbox": _l("Texts sent"),
    "today": _l("Today"),
}
#: What it was, where the act alone does not say it. Words that no entry is given here stand as they are: a reason.
DETAIL_WORDS = {
    "registered": _l("registered"),
    "details_changed": _l("details"),
    "moved_house": _l("to another village"),
    "stage_moved": _l("stage"),
    "stage_taken_back": _l("stage corrected"),
    "nonprocedural_marked": _l("outside the legal path"),
    "nonprocedural_unmarked": _l("outside the legal path: no more"),
    "phone_added": _l("phone added"),
    "phone_changed": _l("phone"),
    "phone_removed": _l("phone removed"),
    "phone_is_of_another": _l("phone removed: somebody else's"),
    "phone_confirmed": _l("phone confirmed by SMS"),
    "contact_added": _l("relative added"),
    "contact_changed": _l("relative"),
    "contact_removed": _l("relative removed"),
    "consent_given": _l("consent"),
    "consent_withdrawn": _l("consent"),
    "departure_recorded": _l("entered"),
    "departure_changed": _l("day or details"),
    "paper_done": _l("paper ticked"),
    "paper_undone": _l("paper missing again"),
    "departure_postponed": _l("postponed"),
    "departure_cancelled": _l("cancelled"),
    "departure_resumed": _l("taken up again"),
    "departure_left": _l("has left"),
    "departure_ended": _l("came home"),
    "leaving_taken_back": _l("has not left after all"),
    "return_taken_back": _l("has not come home after all"),
    "leaving_corrected": _l("day of leaving corrected"),
    "return_corrected": _l("day of coming home corrected"),
    "arrived": _l("arrived"),
    **dict.fromkeys(
        (
            "details_chosen",
            "phone_chosen",
            "contact_chosen",
            "stage_chosen",
            "nonprocedural_chosen",
            "departure_chosen",
            "paper_chosen",
            "leaving_chosen",
            "return_chosen",
        ),
        _l("which of two entries holds"),
    ),
    "alike": _l("that there is somebody with this name or number"),
    "part": _l("by a part of it"),
    "called_for_help": _l("called for help"),
    "wrong_person": _l("wrong person answered"),
    "password": _l("password"),
    "of_report": _l("as a part of a report"),
    "report_verifier": _l("who verifies it"),
    "report_state": _l("state"),
    "report_check": _l("checklist"),
    "report_details": _l("details"),
    "report_merged": _l("merged"),
    "report_separated": _l("taken apart again"),
    "report_referred": _l("letter to an office"),
    "report_receipt": _l("receipt of a letter"),
}


def detail_in_words(detail: str) -> str:
    """Endpoints of pages, which tell a developer which list it was, say nothing to others."""
    if detail in DETAIL_WORDS:
        return str(DETAIL_WORDS[detail])
    return "" if re.fullmatch(r"[a-z_]+(\.[a-z_]+)+", detail) else detail


PASSWORD_FAULTS = {
    "short": _l("Use at least 10 letters. A sentence that only you know is easy to remember."),
    "long": _l("Use at most 128 letters."),
    "name": _l("Your name or number is too easy to guess. Choose other words."),
    "common": _l("Many people use this password, so it is guessed first. Choose other words."),
}
#: One sentence for every failure, so that it tells nobody which accounts exist.
LOGIN_FAILED = _l(
    "This did not work. Check the name and the password. After five wrong attempts log-in pauses, "
    "first for a minute, then longer."
)
BAD_CODE = _l("This code is not valid. It may have been used already or be older than 7 days. Ask for a new one.")
TAKEN = _l("This user name or phone number already belongs to an account. Choose another.")
