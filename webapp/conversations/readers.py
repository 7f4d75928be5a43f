"""Who reads an answer: the phone that wrote is not always the person's own, nor theirs alone (DOMAIN, safety)."""

from __future__ import annotations

from webapp.conversations.model import Incoming
from webapp.people.model import EMPLOYER, FAMILY, SELF, UNKNOWN, Phone

#: Beside those of a phone (SELF, FAMILY, EMPLOYER, UNKNOWN): the person's own, and the person said so from there; own,
#: but noted for somebody else too; not, or no longer, among the person's numbers; a relative's; of nobody we know.
CONFIRMED, SHARED, NOT_NOTED, RELATIVE, NOBODY = "confirmed", "shared", "not_noted", "relative", "nobody"
READERS = (CONFIRMED, SELF, SHARED, FAMILY, EMPLOYER, UNKNOWN, NOT_NOTED, RELATIVE, NOBODY)


def by_notes(incoming: Incoming, phone: Phone | None) -> str:
    """What is noted of the number that wrote. `phone`: the person's in use with this number, if there is one."""
    if incoming.contact_id is not None:
        return RELATIVE
    if incoming.person_id is None:
        return NOBODY
    return phone.reader if phone is not None else NOT_NOTED
