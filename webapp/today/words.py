"""Tasks in words: what a human is asked to do."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

#: Titles of the lists of the page, where they go on.
PART_TITLES = {
    "leaving": _l("Leaving in the next 14 days"),
    "gone": _l("Has this person left?"),
    "unanswered": _l("No answer yet"),
    "help": _l("Calls for help"),
    "tasks": _l("To call"),
    "kept": _l("Forms to look at"),
}
#: What somebody answered by SMS, as the phone wrote it, or said in a call.
ANSWERS = {
    "yes": "YA",
    "no": "TIDAK",
    "call_trouble": _l("Called: has a problem"),
    "call_unreached": _l("Called: not reached"),
}
TASK_KINDS = {
    "help": _l("Calls for help"),
    "call_back": _l("Asked to be called"),
    "postponed_by_sms": _l("Answered that the departure is postponed"),
    "wage_problem": _l("Answered that the wage is late or short"),
    "contract_extension": _l("Wants to extend the contract"),
    "contract_leave": _l("Takes leave after the contract"),
    "contract_return": _l("Comes home after the contract"),
    "trouble": _l("Has a problem that needs help"),
    "unreached": _l("Could not be reached: try again or visit the family"),
}
