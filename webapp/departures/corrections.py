"""Taking back what was noted by mistake: that the person left or came home, or the day of it.

Like the acts, each logs, takes the person's stage along and plans the reminders anew; none commits.
"""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa

from webapp import clock
from webapp.accounts.model import Account
from webapp.db import db
from webapp.departures import acts
from webapp.departures.model import Departure
from webapp.people.model import Event, Person, StageMove

AT_HOME = ("prospect", "in_process", "ready")
ABROAD = ("departed", "working", "returning")
#: Leaving and coming home may have ended these, so taking that back brings them back.
TROUBLE = ("in_trouble", "lost_contact")


def take_back_leaving(
    departure: Departure, account: Account, now: datetime, reason: str, planned_on: date | None
) -> None:
    """The person has not left after all, and leaves on this day; None: it is not known. Raises acts.NotNow.

    The planned day does not stay by itself: if it has passed, the person would be asked at once about arriving.
    """
    acts.require("take_back_leaving", departure)
    _has_not_left(departure, account, now, reason, planned_on)
    if departure.person.stage in ABROAD and not _is_abroad(departure.person):
        stage = _stage_before(departure.person, "departed", (*AT_HOME, *TROUBLE)) or "in_process"
        departure.person.correct_stage(stage, account=account, now=now, reason=reason)


def take_back_return(departure: Departure, account: Account, now: datetime, reason: str) -> None:
    """The person has not come home after all. Raises acts.NotNow."""
    acts.require("take_back_return", departure)
    is_abroad_anyway = _is_abroad(departure.person)
    _has_not_come_home(departure, account, now, reason)
    if departure.person.stage in ("returned", *AT_HOME) and not is_abroad_anyway:
        stage = _stage_before(departure.person, "returned", (*ABROAD, *TROUBLE)) or "working"
        departure.person.correct_stage(stage, account=account, now=now, reason=reason)


def correct_leaving(departure: Departure, account: Account, now: datetime, on_day: date) -> None:
    """The person left, but on this day. Raises acts.NotNow."""
    acts.require("correct_leaving", departure)
    _correct(departure, "leaving_corrected", "departed_on", on_day, account, now)


def correct_return(departure: Departure, account: Account, now: datetime, on_day: date) -> None:
    """The person came home, but on this day. Raises acts.NotNow."""
    acts.require("correct_return", departure)
    _correct(departure, "return_corrected", "returned_on", on_day, account, now)


def follow_stage(person: Person, move: StageMove, account: Account, now: datetime, reason: str) -> None:
    """An officer took this move back on the person's page: if a departure had made it, that is taken back too."""
    noted = sa.select(Event).where(
        Event.person_id == person.id, Event.at == move.at, Event.kind.in_(("departure_left", "departure_ended"))
    )
    for event in db.session.scalars(noted):
        departure = db.session.get_one(Departure, event.facts["departure"])
        if move.to_stage == "departed" and acts.possible("take_back_leaving", departure):
            ahead = departure.planned_on if _is_ahead(departure, now) else None
            _has_not_left(departure, account, now, reason, ahead)
        if move.to_stage == "returned" and acts.possible("take_back_return", departure):
            _has_not_come_home(departure, account, now, reason)


def _has_not_left(departure: Departure, account: Account, now: datetime, reason: str, planned_on: date | None) -> None:
    facts = {"reason": reason, "day": acts.iso(departure.departed_on)}
    departure.departed_on = None
    acts.expect(departure, account, now, planned_on)
    acts.touched(departure, "leaving_taken_back", facts, account, now)


def _has_not_come_home(departure: Departure, account: Account, now: datetime, reason: str) -> None:
    facts = {"reason": reason, "day": acts.iso(departure.returned_on)}
    departure.returned_on, departure.state = None, "open"
    acts.touched(departure, "return_taken_back", facts, account, now)


def _correct(departure: Departure, kind: str, column: str, on_day: date, account: Account, now: datetime) -> None:
    before: date | None = getattr(departure, column)
    if before != on_day:
        setattr(departure, column, on_day)
        facts = {"from": acts.iso(before), "to": acts.iso(on_day), "fields": [column]}
        acts.touched(departure, kind, facts, account, now)


def _is_abroad(person: Person) -> bool:
    """By a departure that goes on: the stage is then that of this journey."""
    query = sa.select(Departure.id).where(
        Departure.person_id == person.id, Departure.state == "open", Departure.departed_on.is_not(None)
    )
    return db.session.scalar(query.limit(1)) is not None


def _stage_before(person: Person, stage: str, among: tuple[str, ...]) -> str | None:
    """From where the person last came to this stage, if it was from one of these."""
    moves = sa.select(StageMove.from_stage).where(
        StageMove.person_id == person.id, StageMove.to_stage == stage, StageMove.from_stage.in_(among)
    )
    return db.session.scalar(moves.order_by(StageMove.id.desc()).limit(1))


def _is_ahead(departure: Departure, now: datetime) -> bool:
    today = clock.day_of(now, departure.person.area.zone)
    return departure.planned_on is not None and departure.planned_on >= today
