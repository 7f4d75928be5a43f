"""INFO and BAHASA: what can be asked for, and in which language we answer."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from sms.keywords import Command
from webapp.areas.codes import NATION
from webapp.callbacks import replies
from webapp.conversations.model import Incoming
from webapp.db import db
from webapp.outbox.model import Text
from webapp.outbox.officers import KP2MI_HOME, first_name
from webapp.people.model import Person

#: What languages call themselves, in the order in which they are offered.
LANGUAGES = {"id": "Indonesia", "jv": "Jawa", "su": "Sunda", "sas": "Sasak"}
LONGEST_PLACE = 14


def inform(incoming: Incoming, _command: Command, now: datetime) -> None:
    """INFO: the keywords, the officer of the village, numbers for danger. An unknown number gets those of all."""
    officer = replies.officer_of(incoming)
    person = db.session.get(Person, incoming.person_id) if incoming.person_id else None
    place = person.area.name[:LONGEST_PLACE] if person else ""
    name = first_name(officer.name) if officer else ("desa" if person else "KP2MI")
    number = replies.values_for(incoming)["hp"] if incoming.area_code != NATION else KP2MI_HOME
    code = "KINFO" if number != KP2MI_HOME else "KINFO0"
    replies.send(incoming, code, {"desa": place, "ptg": name, "hp": number}, now)


def speak(incoming: Incoming, command: Command, now: datetime) -> None:
    """BAHASA: from now on this person is texted in that language, if it is switched on; else which ones there are."""
    person = db.session.get(Person, incoming.person_id) if incoming.person_id else None
    known = _enabled()
    if person is None or incoming.contact_id is not None or command.argument not in known:
        names = ", ".join(LANGUAGES[code] for code in LANGUAGES if code in known)
        replies.send(incoming, "KBHS0", replies.values_for(incoming) | {"a": names}, now)
        return
    if person.language != command.argument:
        person.change(None, now, language=command.argument)
    replies.send(incoming, "KBHS", replies.values_for(incoming) | {"a": LANGUAGES[command.argument]}, now)


def _enabled() -> set[str]:
    """Languages of which at least one stock text is switched on; a broadcast in Javanese makes no answers Javanese."""
    is_stock = Text.most_segments == 1
    return set(db.session.scalars(sa.select(Text.language).where(Text.enabled, is_stock).distinct()))
