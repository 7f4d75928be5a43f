"""What the pages of people show."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from flask import render_template
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from webapp import clock, moments
from webapp.accounts.access import current_account
from webapp.accounts.model import ADMINISTRATOR
from webapp.areas.model import Area
from webapp.db import db
from webapp.people import consent, nik, queries, stages, timeline, wording
from webapp.people.choices import EDUCATION, LANGUAGES, PURPOSES, READERS, SEXES, STAGE_TONES, STAGES
from webapp.people.form import NoteForm, RegistrationForm
from webapp.people.model import Person
from webapp.people.number_state import NumberState
from webapp.people.reach import ADULT
from webapp.people.sections import SECTIONS, row_notes
from webapp.people.words import birth_in_words, number_link, relation_in_words, said_by_phone
from webapp.sealing import SealError


def rows(page: queries.Page, q: str, stage: str) -> dict[str, Any]:
    """A page of the list."""
    today = moments.today()
    return {
        "found": page,
        "places": queries.place_names([code for code, _ in page.villages]),
        "notes": row_notes([person.id for person in page.people]),
        "ages": {person.id: person.age_on(today) for person in page.people},
        "q": q,
        "stage": stage,
        "stages": STAGES,
        "tones": STAGE_TONES,
    }


def registration(form: RegistrationForm, village: Area) -> dict[str, Any]:
    return {"form": form, "village": village, "wording": wording.current(), "version": wording.WORDING}


def page_of(person: Person, before: datetime | None, note: NoteForm) -> dict[str, Any]:
    """A person's page. Numbers can be called from it, except by an administrator, who sees only their ends."""
    today = moments.today()
    age = person.age_on(today)
    return {
        "person": person,
        "birth": birth_in_words(person, today),
        "minor": age is not None and age < ADULT,
        "said": _said_by_phones(person),
        "nik": _masked_nik(person),
        "can_move": bool(stages.MOVES.get(person.stage)),
        "consents": consent.current(person.id),
        "sections": [Markup(render_template(template, **context)) for template, context in _sections(person)],
        "timeline": timeline.page_of(person.id, before),
        "note": note,
        "can_call": current_account.role != ADMINISTRATOR,
        "number_link": number_link,
        **WORDS,
    }


def _masked_nik(person: Person) -> Any:
    """Also where it does not open: the phones to call on this page must never depend on a key."""
    if not person.nik_encrypted:
        return ""
    try:
        return nik.masked(person.nik)
    except SealError:
        return _l("It is stored, but its key is missing. Tell your coordinator.")


def _said_by_phones(person: Person) -> dict[int, str]:
    """Phone id → what came from its number, if an officer must know it."""
    numbers = [phone.number for phone in person.phones_in_use]
    query = sa.select(NumberState).where(NumberState.number.in_(numbers))
    states = {state.number: state for state in db.session.scalars(query)} if numbers else {}
    now = clock.now()
    return {phone.id: said_by_phone(phone, states.get(phone.number), now) for phone in person.phones_in_use}


def moment(text: str) -> datetime:
    """A time of the timeline in an address. Raises ValueError."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("times in addresses say their zone")
    return at.astimezone(UTC)


WORDS = {
    "stages": STAGES,
    "tones": STAGE_TONES,
    "sexes": SEXES,
    "languages": LANGUAGES,
    "education": EDUCATION,
    "readers": READERS,
    "relation_in_words": relation_in_words,
    "purposes": PURPOSES,
}


def _sections(person: Person) -> list[tuple[str, dict[str, Any]]]:
    return [section(person) for _, section in SECTIONS]
