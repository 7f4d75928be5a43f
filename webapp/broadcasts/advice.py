"""What can be done about texts that did not arrive, by their cause: a sentence each, for the office."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

ADVICE = {
    "no_consent": _l("Leave it so. At the next visit the facilitator may ask whether they want texts now."),
    "stopped": _l("Leave it so: they do not want texts. Whoever wants them again sends MULAI."),
    "wrong_person": _l("Ask the facilitator whose number it is, and to enter the right one."),
    "invalid_number": _l("Ask the facilitator for the new number."),
    "do_not_text": _l("Leave it so. The facilitator tells them in person."),
    "no_phone": _l("Ask the facilitator for a number, or to tell them in person."),
    "minor": _l("Leave it so: the programme texts nobody under 18."),
    "employer_phone": _l("Leave it so: the employer would read it. The facilitator knows another way."),
    "others_read": _l("Ask the facilitator whether they have a phone of their own by now."),
    "not_confirmed": _l("Ask the facilitator to confirm with them that the phone is theirs."),
    "other_stage": _l("Nothing is to be done: it does not concern them any more."),
    "cannot_be_texted": _l("Leave it so: somebody with this number does not want texts, or may not get any."),
    "expired": _l("They did not get it in time. If it still matters, write a new notice with more time."),
    "not_delivered": _l("The phone was off or out of reach for long. The facilitator may ask for another number."),
    "no_words": _l("Tell whoever runs the installation: the words of this notice are missing."),
    "too_long": _l("Shorten what stands in the columns of the list, or name fewer of them, and bring it again."),
    "rejected": _l("The operator refuses these words or this number. Look at the routes, and ask the operator."),
    "gave_up": _l("The route had trouble. Look at the routes before you write a new notice."),
}
OTHERWISE = _l("Look at the texts that were not delivered, one by one.")


def advice(code: str) -> Any:
    """What to do about this cause; for one that has no words of its own, where to look."""
    return ADVICE.get(code, OTHERWISE)
