"""What an answer to a reminder means: YA and TIDAK before leaving, 1 2 3 after it.

An answer makes an entry in the timeline, may move the stage, and makes a task where a human must act.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import sqlalchemy as sa

from webapp import clock
from webapp.accounts.model import Account
from webapp.db import db
from webapp.departures import acts, planning
from webapp.departures.choices import CALL
from webapp.departures.model import Departure
from webapp.departures.whereabouts import HAS_LEFT
from webapp.outbox.model import Message
from webapp.outbox.officers import KP2MI_ABROAD, KP2MI_HOME, first_name
from webapp.people import stages
from webapp.people.model import Person
from webapp.people.tasks import HELP, Task, open_task

Reply = tuple[str, dict[str, str]]
Answer = Callable[[Message, Departure, datetime], Reply]
#: Kind of the task of whoever answered that the wage is late or short: they were told a code to name.
WAGE = "wage_problem"


def record(message_id: int, answer: str, now: datetime) -> Reply | None:
    """Let the answer ('yes', 'no', '1', '2', '3') to this sent question take effect.

    Returns the code and values of the reply, or None if this question is not about a departure or the
    answer is none of those it invites: then a human reads it. The caller has bound the answer to the
    question once, and commits.
    """
    message = db.session.get_one(Message, message_id)
    departure = _departure_of(message)
    act = ANSWERS.get((message.rule, answer))
    if departure is None or act is None or not _still_fits(message, departure, answer):
        return None
    facts = {"departure": departure.id, "question": message.rule, "answer": answer}
    departure.person.log("answered", facts, account_id=None, now=now)
    return act(message, departure, now)


def _still_fits(message: Message, departure: Departure, answer: str) -> bool:
    """Is the departure still the one that was asked about? It may have moved or ended since, and then a human reads.

    Somebody in trouble, or who was cancelled, is no matter for a robot either.
    """
    if departure.state != "open" or departure.person.stage in stages.SIDE_STATES:
        return False
    if message.rule == "R9":
        may_follow = answer == "yes" or acts.possible("postpone", departure)
        return may_follow and _asked_about(message, departure.leaves_on)
    if (message.rule, answer) == ("P1", "1"):
        return departure.leaves_on is not None and departure.leaves_on <= _asked_on(message)
    return True


def _asked_about(message: Message, day: date | None) -> bool:
    return day is not None and message.key.split(":")[3] == day.isoformat()


def _asked_on(message: Message) -> date:
    """The recipient's day when the question went out."""
    return clock.day_of(message.sent_at or message.due_at, message.zone)


def call_for_help(person: Person, key: str, now: datetime) -> dict[str, str]:
    """A task to call this person at once, unless one is open; `key` names the cause. Returns values of the reply."""
    is_open = sa.select(Task.id).where(Task.person_id == person.id, Task.kind == HELP, Task.done_at.is_(None))
    if db.session.scalar(is_open.limit(1)) is None:
        open_task(key, person, HELP, now)
    person.log("called_for_help", {}, account_id=None, now=now)
    return {"n": first_name(person.name), "rw": help_number(person)}


def help_number(person: Person) -> str:
    """Whom to call now: the mission of the country where the person is, at home KP2MI."""
    newest = (
        sa.select(Departure)
        .where(Departure.person_id == person.id, Departure.state == "open")
        .where(sa.or_(Departure.departed_on.is_not(None), sa.literal(person.stage in HAS_LEFT)))
        .order_by(Departure.departed_on.desc().nulls_last(), Departure.id.desc())
        .limit(1)
    )
    departure = db.session.scalar(newest)
    if departure is None:
        return KP2MI_HOME
    return departure.destination.mission_number or KP2MI_ABROAD


def record_call(
    message: Message, departure: Departure, outcome: str, note: str, account: Account, now: datetime
) -> None:
    """A facilitator called about an unanswered question. The question is closed; nothing is texted again.

    If it was answered meanwhile, that answer and what followed from it stand; the call is only noted, and
    somebody who needs help gets it.
    """
    _log_call(message, departure, outcome, note, account, now)
    if message.answered_at is None:
        message.answered_at, message.answer = now, f"{CALL}{outcome}"[:16]
        if outcome == "well" and message.rule == "P1":
            acts.arrive(departure, now)
        if outcome == "postponed" and acts.possible("postpone", departure):
            acts.postpone(departure, account, now, reason=note)
        if outcome == "unreached":
            open_task(f"call:{message.id}", departure.person, outcome, now)
    if outcome == "trouble":
        open_task(f"call:{message.id}", departure.person, outcome, now)


def _log_call(message: Message, departure: Departure, outcome: str, note: str, account: Account, now: datetime) -> None:
    departure.person.log(
        "called",
        {"departure": departure.id, "question": message.rule, "outcome": outcome, "note": note},
        account_id=account.id,
        now=now,
    )


def _departure_of(message: Message) -> Departure | None:
    kind, _, departure_id = message.cause.partition(":")
    if kind != "departure":
        return None
    planning.lock([int(departure_id)])
    query = sa.select(Departure).where(Departure.id == int(departure_id))
    return db.session.scalar(query.execution_options(populate_existing=True))


def _leaves_tomorrow(message: Message, departure: Departure, now: datetime) -> Reply:
    return "KYA", _values(departure)


def _does_not_leave(message: Message, departure: Departure, now: datetime) -> Reply:
    acts.postpone(departure, None, now, reason="sms")
    _call_back(message, departure, "postponed_by_sms", now)
    return "KTDK", _values(departure)


def _is_well(message: Message, departure: Departure, now: datetime) -> Reply:
    if message.rule == "P1":
        acts.arrive(departure, now)
    return "K1", _values(departure)


def reference_of(question: Message) -> str:
    """'T160': what a migrant is told to name when they call about their answer to this question."""
    return f"T{question.id % 10000}"


def _wants_a_call(message: Message, departure: Departure, now: datetime) -> Reply:
    _call_back(message, departure, "call_back", now)
    return "K2T", _values(departure)


def _wage_is_short(message: Message, departure: Departure, now: datetime) -> Reply:
    _call_back(message, departure, WAGE, now)
    return "K2", _values(departure) | {"k": reference_of(message)}


def _next_after_contract(code: str, kind: str) -> Answer:
    def act(message: Message, departure: Departure, now: datetime) -> Reply:
        _call_back(message, departure, kind, now)
        return code, _values(departure)

    return act


#: (rule, answer) → what it means. Reviewable; an answer that is not here goes to a human.
ANSWERS: dict[tuple[str, str], Answer] = {
    ("R9", "yes"): _leaves_tomorrow,
    ("R9", "no"): _does_not_leave,
    ("P1", "1"): _is_well,
    ("P1", "2"): _wants_a_call,
    ("P2", "1"): _is_well,
    ("P2", "2"): _wage_is_short,
    ("P2", "3"): _wants_a_call,
    ("P3", "1"): _is_well,
    ("P3", "2"): _wants_a_call,
    ("P4", "1"): _next_after_contract("KP41", "contract_extension"),
    ("P4", "2"): _next_after_contract("KP42", "contract_leave"),
    ("P4", "3"): _next_after_contract("KP43", "contract_return"),
}


def _call_back(message: Message, departure: Departure, kind: str, now: datetime) -> None:
    open_task(f"answer:{message.id}", departure.person, kind, now)


def _values(departure: Departure) -> dict[str, str]:
    return {
        "n": first_name(departure.person.name),
        "rw": departure.destination.mission_number or KP2MI_ABROAD,
        "k": "",
    }
