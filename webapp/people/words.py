"""Sentences about people for pages: age, whom to call, what an event was."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from flask_babel import format_date, gettext
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from markupsafe import Markup

from sms.phone import mask, national
from webapp.accounts.model import ADMINISTRATOR
from webapp.db import db
from webapp.moments import local_date
from webapp.people import questions
from webapp.people.choices import FIELD_NAMES, PHONES_TO_CALL, PURPOSES, RELATIONS, STAGES
from webapp.people.model import EMPLOYER, SELF, Person, Phone
from webapp.people.number_state import NumberState
from webapp.people.questions import chosen_in_words
from webapp.people.reach import is_confirmed, is_silent
from webapp.people.sections import EVENT_LABELS


def number_link(number: str) -> Markup | str:
    """A number that can be called; only its ends for an administrator, who has no one to call."""
    if current_user and current_user.is_authenticated and current_user.role == ADMINISTRATOR:
        return mask(number)
    return Markup('<a href="tel:{}">{}</a>').format(number, grouped(number))


def grouped(number: str) -> str:
    """'0812-3456-7801', as it is read aloud; foreign numbers as they are."""
    digits = national(number)
    if not digits.startswith("0"):
        return digits
    return "-".join([digits[:4], *(digits[at : at + 4] for at in range(4, len(digits), 4))])


def numbers_to_call(person: Person) -> list[tuple[Any, Markup | str]]:
    """Everybody who can be called about this person: label and link, own phones before the family's."""
    own = [(_of_phone(p), number_link(p.number)) for p in person.phones_in_use if p.reader != EMPLOYER]
    family = [(f"{c.name} ({relation_in_words(c.relation)})", number_link(c.number)) for c in person.contacts_in_use]
    return [*own, *family]


def said_by_phone(phone: Phone, state: NumberState | None, now: datetime) -> str:
    """What came from this number that an officer must know, as a sentence; '' if nothing did."""
    if state and state.stopped_at:
        day = _short(state.stopped_at)
        return gettext("Asked for no more texts (STOP) on %(day)s. Only MULAI from this phone ends that.", day=day)
    if state and state.wrong_person_at:
        day = _short(state.wrong_person_at)
        return gettext("Answered “wrong person” (SALAH) on %(day)s: ask for the right number", day=day)
    if state and state.invalid_at:
        day = _short(state.invalid_at)
        return gettext("The operator knew no such number on %(day)s: ask for the right one", day=day)
    states = {phone.number: state} if state else {}
    if phone.reader == SELF and not phone.do_not_text and not is_confirmed(phone, states, now):
        if is_silent(phone, states, now):
            return gettext("Nothing heard from this phone for 180 days: until it answers YA only neutral texts")
        return gettext("No YA from this phone yet: until then no confidential question, such as wages")
    return ""


def _short(moment: datetime) -> str:
    return str(format_date(local_date(moment), "d MMM y"))


def _of_phone(phone: Phone) -> Any:
    state = db.session.get(NumberState, phone.number)
    return _l("Answered “wrong person”") if state and state.wrong_person_at else PHONES_TO_CALL[phone.reader]


def relation_in_words(relation: str) -> Any:
    """As in the form; records from elsewhere may hold other relations."""
    return RELATIONS.get(relation, RELATIONS["other"])


def birth_in_words(person: Person, today: date) -> str:
    """'17 May 1994 (32 years)', 'about 1994', or ''."""
    if person.birth_date is not None:
        day = format_date(person.birth_date, "d MMM y")
        return gettext("%(day)s (%(age)s years)", day=day, age=person.age_on(today))
    return gettext("about %(year)s", year=person.birth_year) if person.birth_year else ""


def event_in_words(kind: str, facts: Mapping[str, Any]) -> str:
    """The sentence for an event; its bare kind if its noun is not there any more.

    A str, so that templates escape what officers wrote: they take a lazy string for safe HTML.
    """
    label = EVENT_LABELS.get(kind)
    return str(label(facts)) if label else kind


def _because(what: Any, facts: Mapping[str, Any]) -> Any:
    return _l("%(what)s: %(reason)s", what=what, reason=facts["reason"]) if facts.get("reason") else what


def _relation(facts: Mapping[str, Any]) -> Any:
    return relation_in_words(facts["relation"])


def _stage(facts: Mapping[str, Any]) -> Any:
    return STAGES.get(facts["to"], facts["to"])


def _fields(facts: Mapping[str, Any]) -> str:
    return ", ".join(str(FIELD_NAMES.get(name, name)) for name in facts["fields"])


EVENT_LABELS.update(
    {
        "registered": lambda facts: _l("Registered"),
        "details_changed": lambda facts: _l("Details changed: %(fields)s", fields=_fields(facts)),
        "moved_house": lambda facts: _l("Moved to another village"),
        "stage_moved": lambda facts: _because(_l("Stage: %(stage)s", stage=_stage(facts)), facts),
        "stage_taken_back": lambda facts: _because(_l("Stage corrected, again: %(stage)s", stage=_stage(facts)), facts),
        "nonprocedural_marked": lambda facts: _because(_l("Marked: outside the legal path"), facts),
        "nonprocedural_unmarked": lambda facts: _because(_l("Mark taken away: outside the legal path"), facts),
        "phone_added": lambda facts: _l("Phone added: %(number)s", number=facts["number"]),
        "phone_changed": lambda facts: _l("Phone changed: %(number)s", number=facts["number"]),
        "phone_removed": lambda facts: _l("Phone removed: %(number)s", number=facts["number"]),
        "phone_is_of_another": lambda facts: _l(
            "Phone removed: after “wrong person” (SALAH) it is known as somebody else's: %(number)s",
            number=facts["number"],
        ),
        "phone_confirmed": lambda facts: _l(
            "Confirmed by SMS that the phone is theirs: %(number)s", number=facts["number"]
        ),
        "contact_added": lambda facts: _l("Family contact added: %(relation)s", relation=_relation(facts)),
        "contact_changed": lambda facts: _l("Family contact changed: %(relation)s", relation=_relation(facts)),
        "contact_removed": lambda facts: _l("Family contact removed: %(relation)s", relation=_relation(facts)),
        "consent_given": lambda facts: _l("Agrees: %(purpose)s", purpose=PURPOSES[facts["purpose"]]),
        "consent_withdrawn": lambda facts: _l("Does not agree: %(purpose)s", purpose=PURPOSES[facts["purpose"]]),
        "details_chosen": lambda facts: chosen_in_words(questions.DETAILS, facts),
        "phone_chosen": lambda facts: chosen_in_words(questions.PHONE, facts, facts["number"]),
        "contact_chosen": lambda facts: chosen_in_words(questions.CONTACT, facts),
        "stage_chosen": lambda facts: chosen_in_words(questions.STAGE, facts),
        "nonprocedural_chosen": lambda facts: chosen_in_words(questions.MARK, facts),
        "note": lambda facts: _l("Note: %(words)s", words=facts["words"]),
        "task_done": lambda facts: _l("Task done: %(outcome)s", outcome=facts["outcome"]),
    }
)
