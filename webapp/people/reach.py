"""Which phone gets a text of a given sensitivity, and whether only the neutral text may go there. Pure.

Phones are shared (DOMAIN, safety). A personal text goes to the person's own phone; on a phone that others
read, or that was silent for 180 days, only the neutral text KN goes. A sensitive text needs an own phone that
the person confirmed and that was heard from in the last 180 days. An employer's phone is never texted, nor
anybody under 18.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from sms.hours import FROM_HOUR, UNTIL_HOUR

ADULT = 18
#: After so long a silence a number may have changed hands.
SILENCE = timedelta(days=180)
PUBLIC, PERSONAL, SENSITIVE = "public", "personal", "sensitive"


class PhoneFacts(Protocol):
    """What is asked of a phone; people.model.Phone answers it."""

    @property
    def id(self) -> int: ...
    @property
    def number(self) -> str: ...
    @property
    def reader(self) -> str: ...
    @property
    def do_not_text(self) -> bool: ...
    @property
    def safe_from_hour(self) -> int | None: ...
    @property
    def safe_until_hour(self) -> int | None: ...
    @property
    def added_at(self) -> datetime: ...
    @property
    def confirmed_at(self) -> datetime | None: ...
    @property
    def removed_at(self) -> datetime | None: ...


class NumberFacts(Protocol):
    """What a number itself told us; people.model.NumberState answers it."""

    @property
    def stopped_at(self) -> datetime | None: ...
    @property
    def wrong_person_at(self) -> datetime | None: ...
    @property
    def invalid_at(self) -> datetime | None: ...
    @property
    def heard_at(self) -> datetime | None: ...
    @property
    def doubted_at(self) -> datetime | None: ...


@dataclass(frozen=True)
class Reach:
    """A phone, or none and why. `neutral`: only KN may go there. `reason` is a code that pages explain."""

    phone: PhoneFacts | None
    neutral: bool = False
    reason: str = ""


def choose(
    *,
    phones: Sequence[PhoneFacts],
    number_states: Mapping[str, NumberFacts],
    consent: bool,
    age: int | None,
    sensitivity: str,
    now: datetime,
) -> Reach:
    """The phone for a text of this sensitivity ('public', 'personal', 'sensitive').

    `number_states` by E.164 number, `age` in full years or None if unknown. Reasons without a phone:
    no_consent (or stopped, if a phone said so), minor, no_phone, and, when phones exist but none may be
    used, what is wrong with the most promising one: stopped, wrong_person, invalid_number, do_not_text,
    employer_phone. A sensitive text that is replaced by the neutral one has the reason not_confirmed.
    """
    if not consent:
        # STOP takes the consent back as well; pages then say what the person said.
        return Reach(None, reason="stopped" if _said_stop(phones, number_states) else "no_consent")
    if age is not None and age < ADULT:
        return Reach(None, reason="minor")
    in_order = sorted((p for p in phones if p.removed_at is None), key=lambda p: _preference(p, number_states, now))
    usable = [phone for phone in in_order if not _obstacle(phone, number_states)]
    if not in_order:
        return Reach(None, reason="no_phone")
    if not usable:
        return Reach(None, reason=_obstacle(in_order[0], number_states))
    return _as_fits(usable[0], number_states, sensitivity, now)


def has_safe_hours(phone: PhoneFacts) -> bool:
    """Were hours chosen for it? Half a choice is none."""
    return phone.safe_from_hour is not None and phone.safe_until_hour is not None


def safe_hours(phone: PhoneFacts) -> tuple[int, int]:
    """From which hour and until which hour this phone may be texted, local to it."""
    if phone.safe_from_hour is None or phone.safe_until_hour is None:
        return FROM_HOUR, UNTIL_HOUR
    return phone.safe_from_hour, phone.safe_until_hour


def is_confirmed(phone: PhoneFacts, number_states: Mapping[str, NumberFacts], now: datetime) -> bool:
    """Did the person say that this phone is theirs, and was it heard from in the last 180 days?"""
    if phone.reader != "self" or phone.confirmed_at is None or is_silent(phone, number_states, now):
        return False
    state = number_states.get(phone.number)
    heard = [phone.confirmed_at, *([state.heard_at] if state and state.heard_at else [])]
    return now - max(heard) <= SILENCE


def is_silent(phone: PhoneFacts, number_states: Mapping[str, NumberFacts], now: datetime) -> bool:
    """Was nothing heard of this number for 180 days? It may have changed hands, so it is asked again before use.

    A text that then comes from there does not tell whose it is: only a YA does, or an officer who enters it.
    """
    state = number_states.get(phone.number)
    if state and state.doubted_at and max(phone.added_at, phone.confirmed_at or phone.added_at) <= state.doubted_at:
        return True
    known = (phone.added_at, phone.confirmed_at, state.heard_at if state else None)
    return now - max(moment for moment in known if moment is not None) > SILENCE


def _as_fits(phone: PhoneFacts, states: Mapping[str, NumberFacts], sensitivity: str, now: datetime) -> Reach:
    if sensitivity == PUBLIC:
        return Reach(phone)
    if phone.reader != "self":
        return Reach(phone, neutral=True)
    if is_silent(phone, states, now):
        return Reach(phone, neutral=True, reason="not_confirmed")
    if sensitivity == PERSONAL or is_confirmed(phone, states, now):
        return Reach(phone)
    return Reach(phone, neutral=True, reason="not_confirmed")


def _preference(phone: PhoneFacts, states: Mapping[str, NumberFacts], now: datetime) -> tuple[int, int]:
    """Own and confirmed first, then own, then those that others read; of equals the newest."""
    if phone.reader == "self":
        return (0 if is_confirmed(phone, states, now) else 1), -phone.id
    return {"family": 2, "unknown": 3}.get(phone.reader, 4), -phone.id


def _said_stop(phones: Sequence[PhoneFacts], states: Mapping[str, NumberFacts]) -> bool:
    found = (states.get(phone.number) for phone in phones if phone.removed_at is None)
    return any(state is not None and state.stopped_at for state in found)


def _obstacle(phone: PhoneFacts, states: Mapping[str, NumberFacts]) -> str:
    """Why this phone may not be texted at all; '' if it may."""
    state = states.get(phone.number)
    if state is not None and state.stopped_at:
        return "stopped"
    if state is not None and state.wrong_person_at:
        return "wrong_person"
    if phone.reader == "employer":
        return "employer_phone"
    if phone.do_not_text:
        return "do_not_text"
    return "invalid_number" if state is not None and state.invalid_at else ""
