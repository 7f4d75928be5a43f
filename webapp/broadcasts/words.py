"""How broadcasts are spoken of on pages."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from flask_babel import lazy_gettext as _l

from webapp.audiences.reaching import SAME_PHONE
from webapp.broadcasts.merging import LONGEST, Fault, Finding
from webapp.broadcasts.model import FACILITATORS, FAMILIES, LISTED, MIGRANTS
from webapp.broadcasts.progress import HALTED
from webapp.broadcasts.recipients import HAD_ENOUGH
from webapp.broadcasts.states import (
    APPROVED,
    CANCELLED,
    DONE,
    DRAFT,
    PAUSED,
    REJECTED,
    SCHEDULED,
    SENDING,
    WAITING,
)
from webapp.outbox.reasons import NOT_ALLOWED, ON_THE_WAY
from webapp.outbox.reasons import STATES as TEXT_STATES
from webapp.outbox.sorting import TOO_LONG

STATES = {
    DRAFT: _l("Draft"),
    WAITING: _l("Waits for approval"),
    REJECTED: _l("Refused"),
    APPROVED: _l("Approved"),
    SCHEDULED: _l("Planned"),
    SENDING: _l("Being sent"),
    PAUSED: _l("Paused"),
    DONE: _l("Sent"),
    CANCELLED: _l("Cancelled"),
}
TONES = {DRAFT: "plain", WAITING: "warn", REJECTED: "bad", APPROVED: "info", SCHEDULED: "info", SENDING: "info"}
TONES |= {PAUSED: "warn", DONE: "ok", CANCELLED: "plain"}
RECIPIENTS = {
    MIGRANTS: _l("Migrants"),
    FAMILIES: _l("Families, on the phone that a relative reads"),
    FACILITATORS: _l("Facilitators"),
    LISTED: _l("A list that the office brought"),
}
#: Why it cannot wait for the morning.
REASONS = {
    "disaster": _l("A flood, an earthquake or a fire"),
    "port": _l("A port or an airport is closed"),
    "unrest": _l("Danger in a country of work"),
    "health": _l("A disease that spreads"),
}
#: Why it was given back, refused, paused or cancelled.
GIVEN_BACK = {
    "audience": _l("It goes to the wrong people"),
    "text": _l("The words are not clear"),
    "cost": _l("It costs too much"),
    "later": _l("Not now"),
}
REJECTED_FOR = {
    "not_ours": _l("It is no matter for this programme"),
    "harmful": _l("It could do harm"),
    "cost": _l("It costs too much"),
    "told": _l("People know it already"),
}
CANCELLED_FOR = {
    "mistake": _l("It was a mistake"),
    "audience": _l("It goes to the wrong people"),
    "over": _l("It is not needed any more"),
}
PAUSED_FOR = {
    "look": _l("Somebody wants to look again"),
    "questions": _l("There are many questions; answer them first"),
    "network": _l("The network or a route has trouble"),
}
#: Why the programme itself halts one.
HALTED_FOR = {
    "grown": _l("Many more people would get it than was approved. Look at the number again, then let it go on."),
    "list": _l("Its list was removed meanwhile. Cancel it, and bring the list again."),
    "fault": _l("Something is wrong with it, and the administrator has to look. Nothing more of it goes out."),
    "budget": _l("The budget of the month does not cover it. Raise the budget, then let it go on."),
}
EVENTS = {
    "drafted": _l("Drafted"),
    "changed": _l("Changed"),
    "handed_over": _l("Handed over for approval"),
    "given_back": _l("Given back"),
    "rejected": _l("Refused"),
    "approved": _l("Approved"),
    "begun": _l("The texts begin to go out"),
    "paused": _l("Paused"),
    "resumed": _l("Goes on"),
    "cancelled": _l("Cancelled"),
    "finished": _l("All texts have gone"),
    "overspent": _l("It cost more than the budget of the month could hold"),
}
#: What an officer did with it last, for whoever opens it.
DECIDED_BY = {
    "given_back": _l("Given back by %(name)s: %(reason)s"),
    "rejected": _l("Refused by %(name)s: %(reason)s"),
    "paused": _l("Paused by %(name)s: %(reason)s"),
    "cancelled": _l("Cancelled by %(name)s: %(reason)s"),
}
#: Why somebody who is meant does not get it.
LEFT_OUT = NOT_ALLOWED | {
    SAME_PHONE: _l("Somebody else gets it on the same phone."),
    HAD_ENOUGH: _l("They get enough notices on that day."),
    TOO_LONG: ON_THE_WAY[TOO_LONG],
}
#: What has become of the texts.
PROGRESS = TEXT_STATES | {HALTED: _l("halted")}
#: Over the columns of the file (exporting.py).
EXPORT_TITLES = (
    *(_l("Planned"), _l("Sent at"), _l("Received at"), _l("Area"), _l("Language"), _l("Texts to pay")),
    *(_l("Cost (rupiah)"), _l("State"), _l("Why")),
)
FAULTS = {
    Fault.EMPTY: _l("Write the words."),
    Fault.UNKNOWN_VALUE: _l("{%(what)s} is not known. Possible: %(known)s."),
    Fault.STRAY_BRACE: _l("A %(what)s stands alone. Braces only hold {n}, {desa} or {hp}."),
    Fault.TOO_MANY_SEGMENTS: _l("Too long: at most four texts."),
    Fault.NO_SENDER: _l("Say who speaks: the word Desmigratif has to be in it."),
    Fault.NO_ANSWER: _l("Say where to answer: {hp}, a number to call, or that one may reply."),
}
#: What stands against sending it now (ready.py).
OBSTACLES = {
    "no_indonesian": _l("It has no Indonesian words, which everybody gets who has no words of their own language."),
    "words": _l("The words are not right yet. Change the draft: it says there what is wrong."),
    "nobody": _l("Nobody of those who are meant can be texted."),
    "no_list": _l("Its list was removed, or nobody has taken it yet. Bring it again."),
    "no_budget": _l("No budget is set for your area this month. A coordinator of a wider area sets it."),
    "over_budget": _l("It costs more than is left of the budget of this month."),
    "hour_passed": _l("Its hour has passed. Choose another one, or let it go out as soon as it is approved."),
    "too_late": _l("Its last useful day is over before the last of it goes out. Choose a later day or fewer hours."),
}


def fault(found: Finding, columns: Collection[str] = ()) -> str:
    """What is wrong, as a sentence. `columns`: what a list of recipients can be merged with."""
    known = ", ".join(f"{{{name}}}" for name in (*LONGEST, *columns))
    return str(FAULTS[found.kind]) % {"what": found.what, "known": known}


def why(code: str, note: str = "") -> str:
    """The reason, and what an officer added to it."""
    return f"{reason(code)}: {note}" if note else str(reason(code))


def reason(code: str) -> Any:
    """Why something was done with it; a code without words is shown as it is, so that nothing hides."""
    known = (HALTED_FOR, GIVEN_BACK, REJECTED_FOR, CANCELLED_FOR, PAUSED_FOR, REASONS)
    return next((words[code] for words in known if code in words), code)
