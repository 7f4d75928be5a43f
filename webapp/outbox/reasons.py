"""Why a text is where it is, as sentences. 'Sent' is not 'received': receipts in Indonesia are unreliable."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from webapp.outbox.checks import CANNOT
from webapp.outbox.model import Message
from webapp.routes.model import RouteState

#: What may be texted: reasons of people/reach.py and of the worker's own look (checks.py).
NOT_ALLOWED = {
    "no_consent": _l("The person has not agreed to texts."),
    "stopped": _l("This number said STOP."),
    "wrong_person": _l("Somebody answered that this is the wrong person."),
    "invalid_number": _l("The operator says that this number does not exist."),
    "do_not_text": _l("This phone is marked: do not text."),
    "no_phone": _l("There is no phone to text."),
    "minor": _l("The person is under 18."),
    "employer_phone": _l("The employer reads this phone."),
    "others_read": _l("Others read this phone."),
    "not_confirmed": _l("The person has not confirmed that this phone is theirs."),
    "other_stage": _l("The person is at another stage now."),
    CANNOT: _l("This number cannot be texted."),
}
#: What became of it on the way.
ON_THE_WAY = {
    "expired": _l("It waited until it no longer made sense."),
    "quiet_hours": _l("It waits for an hour at which the recipient may be texted."),
    "not_taken": _l("The operator did not take it yet; it is tried again."),
    "surely_not_taken": _l("It was interrupted and did not reach the operator, so it is sent again."),
    "not_delivered": _l("The operator says that it did not arrive."),
    "no_words": _l("There are no words for it."),
    "too_long": _l("With what stands in its row it is longer than ten texts."),
    "rejected": _l("The operator refused it."),
    "gave_up": _l("It was tried several times without success."),
    "answer_lost": _l("The operator's answer was lost; it is being asked."),
    "cannot_tell": _l("The operator cannot say yet whether it has it."),
    "cut_off": _l("Sending was interrupted; the operator is being asked."),
    "taken_on": _l("Somebody has taken care of it meanwhile."),
    "no_longer_planned": _l("The date or the papers changed, so it is no longer needed."),
}
SENTENCES = NOT_ALLOWED | ON_THE_WAY

STATES = {
    "queued": _l("planned"),
    "sending": _l("being sent"),
    "unknown": _l("being clarified"),
    "sent": _l("handed to the operator"),
    "delivered": _l("received"),
    "failed": _l("not delivered"),
    "expired": _l("expired"),
    "withdrawn": _l("withdrawn"),
    "suppressed": _l("held back"),
}


#: Why a route is closed. Any other reason is the provider's own code.
PAUSES = {
    "unreachable": _l("The operator cannot be reached; texts wait."),
    "configuration": _l("The operator's settings are not right; texts wait."),
    "no_worker": _l("The worker of this route is not running; texts wait."),
    "certificate": _l("The operator's identity cannot be confirmed; texts wait."),
}


def sentence(code: str) -> Any:
    """The reason in words; '' for none. A code without words is shown as it is, so that nothing hides."""
    return SENTENCES.get(code, code)


def pause(state: RouteState) -> Any:
    """Why nothing is sent on this route now."""
    # Not a lazy text: pages would not escape what the provider says.
    unknown = gettext("The operator refuses the account (code %(code)s); texts wait.", code=state.pause_reason)
    return PAUSES.get(state.pause_reason, unknown)


def state_words(message: Message) -> Any:
    """The state as people say it."""
    return STATES[message.state]
