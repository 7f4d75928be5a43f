"""BANTU and the safe word: an urgent case is opened, and the caller gets an answer that fits their danger."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sms.keywords import Command
from sms.phone import country_of
from webapp.areas.codes import NATION
from webapp.callbacks import replies
from webapp.cases import escalation, safe_words, telling
from webapp.cases.acts import open_case
from webapp.cases.model import HELP, SAFE_WORD, Case
from webapp.conversations.model import Incoming
from webapp.db import db
from webapp.departures import answers
from webapp.departures.model import Destination
from webapp.outbox.officers import KP2MI_ABROAD, KP2MI_HOME
from webapp.people.model import SELF, Person

#: The police of Indonesia.
POLICE = "110"
#: What a text with a safe word is taken for, in the table of texts.
SAFE = "safe"


def call(incoming: Incoming, _command: Command, now: datetime) -> None:
    """Somebody calls for help, known or unknown: officers are told, and the caller whom to call at once."""
    incoming.for_human = True
    person = db.session.get(Person, incoming.person_id) if incoming.person_id else None
    case = open_case(
        key=f"incoming:{incoming.id}",
        kind=HELP,
        area_code=incoming.area_code,
        now=now,
        person=person,
        number=incoming.number,
        incoming_id=incoming.id,
    )
    if person:
        answers.call_for_help(person, f"help:{incoming.id}", now)
    answer(incoming, case, whom_to_call(incoming), now)


def answer(incoming: Incoming, case: Case, numbers: dict[str, str], now: datetime) -> None:
    """The code, by when somebody calls, and whom to call meanwhile."""
    values = {"k": case.reference, "jam": str(escalation.hours_until_called(telling.steps_of(HELP)))}
    replies.send(incoming, "KBANTU", values | numbers, now, however_often=True)


def whom_to_call(incoming: Incoming) -> dict[str, str]:
    """By where the phone is that wrote: of a foreign number in its country; a relative's with +62 is at home.

    Of somebody's own Indonesian number it is known by their journey.
    """
    number = incoming.number
    if not number.startswith("+62"):
        country = db.session.get(Destination, country_of(number) or "")
        return _numbers((country.mission_number if country else "") or KP2MI_ABROAD)
    person = db.session.get(Person, incoming.person_id) if incoming.person_id else None
    own = person is not None and any(p.number == number and p.reader == SELF for p in person.phones_in_use)
    return _numbers(answers.help_number(person) if person is not None and own else KP2MI_HOME)


def is_safe_word(incoming: Incoming, people: Iterable[int]) -> bool:
    """Is the whole text the safe word of one of `people`: who has this number, or whose relative has it?"""
    return safe_words.could_be_one(incoming.body) and safe_words.caller(incoming.body, people) is not None


def call_unseen(incoming: Incoming, people: Iterable[int], now: datetime) -> None:
    """The same alarm. The word stands nowhere any more, and what is answered is what anybody might get."""
    person_id = safe_words.caller(incoming.body, people)
    person = db.session.get_one(Person, person_id)
    open_case(
        key=f"incoming:{incoming.id}",
        kind=SAFE_WORD,
        area_code=person.area_code,
        now=now,
        person=person,
        number=incoming.number,
        incoming_id=incoming.id,
    )
    values = replies.values_for(incoming)
    incoming.command, incoming.body, incoming.private = SAFE, "", True
    incoming.person_id, incoming.contact_id, incoming.area_code, incoming.for_human = None, None, NATION, False
    replies.send(incoming, "KSAFE", values, now, private=True, however_often=True)


def _numbers(mission: str) -> dict[str, str]:
    """Abroad the mission and KP2MI as it is called from there; at home the police and KP2MI."""
    return {"dar": POLICE, "rw": KP2MI_HOME} if mission == KP2MI_HOME else {"dar": mission, "rw": KP2MI_ABROAD}
