"""What can happen to a departure. Every act logs, moves the person's stage and plans the reminders anew.

Acts never commit: the view, the command or the answer to an SMS that calls them does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from webapp import clock
from webapp.accounts import audit
from webapp.accounts.model import Account
from webapp.db import db
from webapp.departures import planning
from webapp.departures.model import ChecklistItem, Departure, Paper
from webapp.people import stages
from webapp.people.model import Person
from webapp.people.stages import SIDE_STATES

#: What a form may set; everything else follows from acts.
FIELDS = (
    "destination_code",
    "sector",
    "job",
    "scheme",
    "agency",
    "employer",
    "port",
    "planned_on",
    "planned_month",
    "contract_start",
    "contract_end",
)
PAPER_FIELDS = ("done_on", "whole_number", "expires_on")


class NotNow(ValueError):
    """The departure is at a state from which this does not follow, e.g. it was ended meanwhile."""


#: Act → what must hold. Read it as a table.
POSSIBLE: dict[str, Callable[[Departure], bool]] = {
    "leave": lambda d: d.state in ("open", "postponed") and d.departed_on is None,
    "postpone": lambda d: d.state == "open" and d.departed_on is None,
    "cancel": lambda d: d.state in ("open", "postponed") and d.departed_on is None,
    "resume": lambda d: d.state in ("postponed", "cancelled"),
    "come_home": lambda d: d.state == "open" and d.departed_on is not None,
    # of corrections.py
    "take_back_leaving": lambda d: d.state == "open" and d.departed_on is not None,
    "take_back_return": lambda d: d.state == "ended",
    "correct_leaving": lambda d: d.departed_on is not None,
    "correct_return": lambda d: d.state == "ended",
}


def possible(act: str, departure: Departure) -> bool:
    """May this act happen to the departure as it is now?"""
    return POSSIBLE[act](departure)


def require(act: str, departure: Departure) -> None:
    """Raises NotNow."""
    if not possible(act, departure):
        raise NotNow(f"{act} does not follow a departure that is {departure.state}")


def record(person: Person, account: Account, now: datetime, **fields: Any) -> Departure:
    """A new departure of this person. `fields` are those of FIELDS. Returns it with its id."""
    departure = Departure(
        person_id=person.id,
        area_code=person.area_code,
        created_by_id=account.id,
        created_at=now,
        updated_at=now,
        state="open",
        version=1,
        **fields,
    )
    db.session.add(departure)
    db.session.flush()
    _move(person, "in_process", account, now)
    _note(departure, "departure_recorded", {"country": departure.destination_code}, account, now, act="created")
    planning.replan([departure.id], now)
    return departure


def change(departure: Departure, account: Account, now: datetime, **fields: Any) -> list[str]:
    """Set fields of FIELDS. Returns the names of those that changed; a moved date plans anew."""
    changed = [name for name, value in fields.items() if getattr(departure, name) != value]
    if not changed:
        return []
    facts: dict[str, Any] = {"fields": changed}
    if "planned_on" in changed:
        facts |= {"from": iso(departure.planned_on), "to": iso(fields["planned_on"])}
    for name in changed:
        setattr(departure, name, fields[name])
    touched(departure, "departure_changed", facts, account, now)
    return changed


def tick(
    departure: Departure,
    item: ChecklistItem,
    account: Account,
    now: datetime,
    *,
    done_on: date,
    number: str = "",
    expires_on: date | None = None,
) -> None:
    """A paper or step is done. Ticking it again replaces day and expiry, and the number if there is one."""
    known = departure.paper(item.code)
    paper = known or Paper(item_code=item.code)
    days = {"done_on": done_on, "expires_on": expires_on}
    changed = [name for name, value in days.items() if getattr(paper, name) != value]
    paper.done_on, paper.expires_on, paper.account_id, paper.at = done_on, expires_on, account.id, now
    if number:
        changed.append("whole_number")
        paper.keep_number(number)
    if known is None:
        departure.papers.append(paper)
    touched(departure, "paper_done", {"item": item.code, "fields": changed}, account, now)


def keep_paper(
    departure: Departure, item: ChecklistItem, account: Account, now: datetime, values: Mapping[str, Any]
) -> None:
    """Tick with these of PAPER_FIELDS; the others stay, and without a day a paper that is missing stays so."""
    known = departure.paper(item.code)
    done_on = values.get("done_on", known and known.done_on)
    if values and done_on:
        expires_on = values.get("expires_on", known and known.expires_on)
        number = values.get("whole_number", "")
        tick(departure, item, account, now, done_on=done_on, number=number, expires_on=expires_on)


def untick(departure: Departure, item: ChecklistItem, account: Account, now: datetime) -> None:
    """The paper is missing after all."""
    paper = departure.paper(item.code)
    if paper is not None:
        departure.papers.remove(paper)
        db.session.delete(paper)
        touched(departure, "paper_undone", {"item": item.code, "fields": PAPER_FIELDS}, account, now)


def postpone(departure: Departure, account: Account | None, now: datetime, reason: str = "") -> None:
    """Not now; the day becomes known later. Nothing is texted meanwhile. Raises NotNow."""
    require("postpone", departure)
    departure.state = "postponed"
    _move_unless_another(departure, "postponed", account, now, reason)
    touched(departure, "departure_postponed", {"reason": reason}, account, now)


def cancel(departure: Departure, account: Account, now: datetime, reason: str) -> None:
    """This one does not take place. Raises NotNow."""
    require("cancel", departure)
    departure.state = "cancelled"
    _move_unless_another(departure, "cancelled", account, now, reason)
    touched(departure, "departure_cancelled", {"reason": reason}, account, now)


def resume(departure: Departure, account: Account, now: datetime, reason: str, planned_on: date | None) -> None:
    """A postponed or cancelled departure goes on, on this day; None: it is not known yet. Raises NotNow.

    The old day does not stay by itself: if it has passed, the person would be asked at once about arriving.
    """
    require("resume", departure)
    expect(departure, account, now, planned_on)
    departure.state = "open"
    _move(departure.person, "in_process", account, now, reason)
    touched(departure, "departure_resumed", {"reason": reason}, account, now)


def expect(departure: Departure, account: Account, now: datetime, planned_on: date | None) -> None:
    """The person is now to leave on this day, or else in the month that was known, unless that is over."""
    this_month = clock.day_of(now, departure.person.area.zone).replace(day=1)
    month = departure.planned_month
    if planned_on is not None or (month is not None and month < this_month):
        month = None
    change(departure, account, now, planned_on=planned_on, planned_month=month)


def leave(departure: Departure, account: Account | None, now: datetime, on_day: date) -> None:
    """The person has left on this day. Raises NotNow."""
    require("leave", departure)
    departure.departed_on = on_day
    departure.state = "open"
    _move(departure.person, "departed", account, now, on_day=on_day)
    touched(departure, "departure_left", {"day": iso(on_day), "fields": ["departed_on"]}, account, now)


def arrive(departure: Departure, now: datetime) -> None:
    """The person answered that they arrived well; a day of leaving that nobody noted was the planned one.

    Whoever is in trouble or out of contact stays so until a human has spoken with them; nor does anybody arrive
    by a departure that is off, or whose day has not come or is not known.
    """
    today = clock.day_of(now, departure.person.area.zone)
    begun = departure.state == "open" and departure.leaves_on is not None and departure.leaves_on <= today
    if not begun or departure.person.stage in SIDE_STATES:
        return
    facts: dict[str, Any] = {}
    if departure.departed_on is None:
        facts = {"fields": ["departed_on"]}
        departure.departed_on = departure.planned_on
        _move(departure.person, "departed", None, now, on_day=departure.departed_on)
    _move(departure.person, "working", None, now)
    touched(departure, "arrived", facts, None, now)


def come_home(departure: Departure, account: Account, now: datetime, on_day: date) -> None:
    """The person is back in the village. Raises NotNow."""
    require("come_home", departure)
    departure.returned_on = on_day
    departure.state = "ended"
    _move(departure.person, "returned", account, now, on_day=on_day)
    if _another_is_open(departure):
        _move(departure.person, "in_process", account, now)
    touched(departure, "departure_ended", {"day": iso(on_day), "fields": ["returned_on"]}, account, now)


def _another_is_open(departure: Departure) -> bool:
    others = sa.select(Departure.id).where(
        Departure.person_id == departure.person_id, Departure.id != departure.id, Departure.state == "open"
    )
    return db.session.scalar(others.limit(1)) is not None


def _move_unless_another(departure: Departure, stage: str, account: Account | None, now: datetime, reason: str) -> None:
    """The person's stage is that of the journey that goes on, if there is one."""
    if not _another_is_open(departure):
        _move(departure.person, stage, account, now, reason)


def _move(
    person: Person, stage: str, account: Account | None, now: datetime, reason: str = "", on_day: date | None = None
) -> None:
    """Move the stage if the path allows it; a departure never forces the order of a person's stages."""
    if person.stage != stage and stages.allowed(person.stage, stage):
        person.move_to(
            stage, on_day=on_day or clock.day_of(now, person.area.zone), account=account, reason=reason, now=now
        )


def touched(departure: Departure, kind: str, facts: Mapping[str, Any], account: Account | None, now: datetime) -> None:
    """What every act ends with: the version grows, timeline and audit log tell, the reminders are planned anew."""
    departure.version += 1
    departure.updated_at = now
    if "fields" in facts:
        facts = {**facts, "version": departure.version}
    _note(departure, kind, facts, account, now)
    planning.replan([departure.id], now)


def _note(
    departure: Departure,
    kind: str,
    facts: Mapping[str, Any],
    account: Account | None,
    now: datetime,
    act: str = "changed",
) -> None:
    departure.person.log(
        kind, {"departure": departure.id, **facts}, account_id=account.id if account else None, now=now
    )
    audit.changed(act, "departure", departure.id, departure.area_code, detail=kind)


def iso(day: date | None) -> str:
    """As events hold days."""
    return day.isoformat() if day else ""
