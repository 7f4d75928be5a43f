"""Who wrote, and who reads what is answered, as pages say it.

Every function returns a str, so that templates escape the names in it.
"""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from sms.phone import mask
from webapp.conversations.model import Incoming
from webapp.conversations.readers import CONFIRMED, NOBODY, NOT_NOTED, RELATIVE, SHARED
from webapp.people.model import EMPLOYER, FAMILY, SELF, UNKNOWN, FamilyContact, Person
from webapp.people.words import relation_in_words

#: By the relation of a family contact; records from elsewhere may hold others.
RELATIVES = {
    "spouse": _l("%(relative)s (husband or wife of %(name)s)"),
    "mother": _l("%(relative)s (mother of %(name)s)"),
    "father": _l("%(relative)s (father of %(name)s)"),
    "child": _l("%(relative)s (son or daughter of %(name)s)"),
    "sibling": _l("%(relative)s (brother or sister of %(name)s)"),
    "other": _l("%(relative)s (relative of %(name)s)"),
}

#: Of a phone that is not the person's own; what is left out needs no word in a list.
NOTES = {
    FAMILY: _l("The family reads it too"),
    EMPLOYER: _l("The employer reads it too"),
    UNKNOWN: _l("Not known who reads it"),
    NOT_NOTED: _l("Not among their numbers"),
}

#: Beside the reply form, by who reads the phone (readers.READERS).
GOES_TO = {
    CONFIRMED: _l("Your answer goes to %(number)s, the own phone of %(name)s. They have confirmed it."),
    SELF: _l(
        "Your answer goes to %(number)s. It is noted as the own phone of %(name)s, but that is not confirmed. "
        "Somebody else may read it."
    ),
    SHARED: _l(
        "Your answer goes to %(number)s. This number is noted for %(name)s and for somebody else too. "
        "Write only what both may read."
    ),
    FAMILY: _l(
        "Your answer goes to %(number)s. The family of %(name)s reads this phone too. Write only what they may read."
    ),
    EMPLOYER: _l(
        "Your answer goes to %(number)s. The employer of %(name)s reads this phone too. Write only what they may read."
    ),
    UNKNOWN: _l(
        "Your answer goes to %(number)s. It is not known who reads this phone of %(name)s. "
        "Write only what anybody may read."
    ),
    NOT_NOTED: _l(
        "Your answer goes to %(number)s. This number is not among those of %(name)s. Somebody else may read it."
    ),
    RELATIVE: _l(
        "Your answer goes to %(number)s, the phone of %(relative)s, and not to %(name)s. "
        "Do not write what %(name)s told you."
    ),
    NOBODY: _l(
        "Your answer goes to %(number)s. It is not known whose phone this is. Write only what anybody may read."
    ),
}


def name_of(incoming: Incoming, person: Person | None) -> str:
    """Who wrote: the person, or 'Suminah (mother of Sri Wahyuni)'; '' if nobody knows."""
    if person is None:
        return ""
    if incoming.contact is None:
        return person.name
    words = RELATIVES.get(incoming.contact.relation, RELATIVES["other"])
    return str(words) % {"relative": incoming.contact.name, "name": person.name}


def relative(contact: FamilyContact) -> str:
    """'Suminah (Mother)', on a page that says whose mother she is."""
    return f"{contact.name} ({relation_in_words(contact.relation)})"


def goes_to(incoming: Incoming, person: Person | None, read_by: str) -> str:
    """To which number an answer goes and who reads it there (readers.READERS)."""
    contact = incoming.contact
    names = {"name": person.name if person else "", "relative": contact.name if contact else ""}
    return str(GOES_TO[read_by]) % {"number": mask(incoming.number), **names}
