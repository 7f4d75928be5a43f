"""From facts in the database to queued reminders: load, plan (reminders.py), make the outbox agree.

Everything is loaded for many departures at once, so that a changed rule can replan a province.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from sms.states import DELIVERED, SENDING, SENT, UNKNOWN
from webapp import clock
from webapp.accounts.model import Account
from webapp.areas.model import Area
from webapp.db import db
from webapp.departures import checklist
from webapp.departures.model import ChecklistItem, Departure, Destination, ReminderRule
from webapp.departures.reminders import Journey, Recipient, Reminder, Rule, Sent, Target, plan_reminders
from webapp.outbox import queue
from webapp.outbox.model import CALL, Message
from webapp.outbox.officers import KP2MI_ABROAD, first_name, officers_of, reply_number
from webapp.people import consent, reach
from webapp.people.model import SMS, NumberState, Person

MONTHS = ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des")
NEUTRAL_TEXT = "KN"
#: Departures in other states have no texts until an act brings them back to one of these.
ALIVE = ("open", "ended")
#: States of a text that went out, or may have.
HANDED_OVER = (SENDING, UNKNOWN, SENT, DELIVERED)
#: A plan is good for so long; then upkeep.py makes it anew.
GOOD_FOR = timedelta(days=1)


@dataclass(frozen=True)
class Facts:
    """What plans of several departures need, loaded once."""

    rules: list[Rule]
    items: list[checklist.Item]
    destinations: Mapping[str, Destination]
    zones: Mapping[str, str]
    officers: Mapping[str, Account]
    numbers: Mapping[str, NumberState]
    consenting: frozenset[int]
    sent: Mapping[int, tuple[Sent, ...]]

    def lines(self, departure: Departure, today: date) -> list[checklist.Line]:
        done = {paper.item_code: paper.done_on for paper in departure.papers}
        return checklist.lines(self.items, departure.scheme, departure.leaves_on, done, today)


@dataclass(frozen=True)
class MergeValues:
    """Values of all texts of a departure, and the reply number as it is dialled at home and abroad."""

    common: Mapping[str, str]
    home: str
    abroad: str

    def of(self, reminder: Reminder) -> dict[str, str]:
        day = short_day(reminder.anchor_on) if reminder.anchor_on else ""
        if reminder.anchor_on and reminder.rule.anchor == "passport_expiry":
            day = f"{day} {reminder.anchor_on.year}"
        return {**self.common, "d": day, "hp": self.abroad if reminder.rule.is_abroad else self.home}


def replan(departure_ids: Sequence[int], now: datetime) -> None:
    """Make the outbox hold exactly the reminders that follow from the facts of these departures."""
    if not departure_ids:
        return
    db.session.flush()
    lock(departure_ids)
    departures = load(departure_ids)
    facts = load_facts(departures)
    plans = {departure: plan_of(departure, facts, now) for departure in departures}
    queue.sync_many({cause(d): rows(d, plan, merge_values(d, facts, now)) for d, plan in plans.items()}, now)
    _note_when_due([d.id for d, plan in plans.items() if _may_change_by_itself(plan)], now + GOOD_FOR)
    _note_when_due([d.id for d, plan in plans.items() if not _may_change_by_itself(plan)], None)


def lock(departure_ids: Sequence[int]) -> None:
    """Hold these departures until the transaction ends, and before them their people, in the order of their ids.

    Of two acts on a person the second then plans from what the first has stored; since all take people
    first, they never wait for each other in a circle. SQLite has one writer at a time anyway.
    """
    if db.session.get_bind().dialect.name == "sqlite":
        return
    people = sa.select(Departure.person_id).where(Departure.id.in_(departure_ids))
    for model, ids in ((Person, people), (Departure, departure_ids)):
        query = sa.select(model.id).where(model.id.in_(ids)).order_by(model.id)
        db.session.execute(query.with_for_update(key_share=True))


def replan_person(person: Person, now: datetime) -> None:
    ids = db.session.scalars(sa.select(Departure.id).where(Departure.person_id == person.id))
    replan(list(ids), now)


def plan_of(departure: Departure, facts: Facts, now: datetime) -> list[Reminder]:
    """The whole plan, with what will not be sent and why."""
    person = departure.person
    home = facts.zones[person.area_code]
    lines = facts.lines(departure, clock.day_of(now, home))
    recipient = Recipient(
        stage=person.stage,
        home_zone=home,
        abroad_zone=facts.destinations[departure.destination_code].zone,
        target=partial(_target, person, facts, now),
    )
    return plan_reminders(_journey(departure, lines, facts), facts.rules, recipient, now)


def rows(departure: Departure, plan: list[Reminder], merged: MergeValues) -> list[dict[str, Any]]:
    """The outbox rows of what will be sent."""
    return [_row(departure, reminder, merged.of(reminder)) for reminder in plan if reminder.will_be_sent]


def _row(departure: Departure, reminder: Reminder, values: dict[str, str]) -> dict[str, Any]:
    person, target = departure.person, reminder.target
    assert target is not None
    neutral = target.neutral
    return {
        "key": reminder.key(departure.id),
        "purpose": "reminder",
        "person_id": person.id,
        "phone_id": target.phone_id,
        "number": target.number,
        "area_code": person.area_code,
        "zone": reminder.zone,
        "text_code": NEUTRAL_TEXT if neutral else reminder.rule.text_code,
        "values": values,
        "language": person.language,
        "sensitivity": "public" if neutral else reminder.rule.sensitivity,
        "stages": ",".join(reminder.rule.stages),
        "expects": _expects(reminder.rule, neutral),
        "due_at": reminder.due_at,
        "expires_at": reminder.expires_at,
    }


def _expects(rule: Rule, neutral: bool) -> str:
    """A neutral text asks nothing, but whoever does not call back is missed like whoever does not answer."""
    if neutral:
        return CALL if rule.expects else ""
    return rule.expects


def merge_values(departure: Departure, facts: Facts, now: datetime) -> MergeValues:
    """What the texts of one departure are merged with: the same for all but date and reply number."""
    person = departure.person
    officer = facts.officers.get(person.area_code)
    today = clock.day_of(now, facts.zones[person.area_code])
    common = {
        "n": first_name(person.name),
        "dok": checklist.missing_in_words(facts.lines(departure, today), today) or "tidak ada",
        "ptg": first_name(officer.name) if officer else "desa",
        "rw": facts.destinations[departure.destination_code].mission_number or KP2MI_ABROAD,
    }
    return MergeValues(common, home=reply_number(officer), abroad=reply_number(officer, abroad=True))


def short_day(day: date) -> str:
    """'1 Des': six characters at the most, in every language of the texts."""
    return f"{day.day} {MONTHS[day.month - 1]}"


def cause(departure: Departure) -> str:
    return f"departure:{departure.id}"


def load_facts(departures: Sequence[Departure]) -> Facts:
    """Everything that plans of these departures need, in a fixed number of queries."""
    people = {departure.person_id: departure.person for departure in departures}
    areas = {person.area_code for person in people.values()}
    numbers = {phone.number for person in people.values() for phone in person.phones}
    return Facts(
        rules=_rules(),
        items=_items(),
        destinations={d.code: d for d in db.session.scalars(sa.select(Destination))},
        zones=dict(db.session.execute(sa.select(Area.code, Area.zone).where(Area.code.in_(areas))).tuples().all()),
        officers=officers_of(areas),
        numbers={
            s.number: s for s in db.session.scalars(sa.select(NumberState).where(NumberState.number.in_(numbers)))
        },
        consenting=_consenting(people),
        sent=_sent(departures),
    )


def load(departure_ids: Sequence[int]) -> list[Departure]:
    """With all that a plan reads of them, as it is stored by now."""
    query = (
        sa.select(Departure)
        .where(Departure.id.in_(departure_ids))
        .options(selectinload(Departure.papers), selectinload(Departure.person).selectinload(Person.phones))
        .order_by(Departure.id)
        .execution_options(populate_existing=True)
    )
    return list(db.session.scalars(query))


def _may_change_by_itself(plan: list[Reminder]) -> bool:
    """Without an act on the departure: its words and phones while texts wait, its reason when a minor grows up."""
    return any(reminder.will_be_sent or reminder.reason == "minor" for reminder in plan)


def _note_when_due(departure_ids: list[int], due_at: datetime | None) -> None:
    if departure_ids:
        rows = sa.update(Departure).where(Departure.id.in_(departure_ids)).values(plan_due_at=due_at)
        db.session.execute(rows, execution_options={"synchronize_session": False})


def _journey(departure: Departure, lines: list[checklist.Line], facts: Facts) -> Journey:
    passport = next((paper.expires_on for paper in departure.papers if paper.item_code == "passport"), None)
    return Journey(
        id=departure.id,
        state=departure.state,
        scheme=departure.scheme,
        destination=departure.destination_code,
        planned_on=departure.planned_on,
        departed_on=departure.departed_on,
        contract_end=departure.contract_end,
        returned_on=departure.returned_on,
        passport_expires_on=passport,
        missing=checklist.missing_codes(lines),
        sent=facts.sent.get(departure.id, ()),
    )


def _sent(departures: Iterable[Departure]) -> dict[int, tuple[Sent, ...]]:
    """What went out for each departure, or is under way."""
    query = sa.select(Message.key, sa.func.coalesce(Message.sent_at, Message.due_at), Message.zone).where(
        Message.cause.in_([cause(departure) for departure in departures]), Message.state.in_(HANDED_OVER)
    )
    found: dict[int, tuple[Sent, ...]] = {}
    for key, moment, zone in db.session.execute(query):
        if known := Sent.of(key, clock.day_of(moment, zone)):
            departure_id, sent = known
            found[departure_id] = (*found.get(departure_id, ()), sent)
    return found


def _target(person: Person, facts: Facts, now: datetime, sensitivity: str) -> Target:
    reached = reach.choose(
        phones=person.phones,
        number_states=facts.numbers,
        consent=person.id in facts.consenting,
        age=person.age_on(clock.day_of(now, facts.zones[person.area_code])),
        sensitivity=sensitivity,
        # A plan lives for a day: what will be silent by the time of sending gets the neutral text now.
        now=now + 2 * GOOD_FOR,
    )
    phone = reached.phone
    if phone is None:
        return Target(None, None, reason=reached.reason)
    safe_from, safe_until = reach.safe_hours(phone)
    return Target(
        phone.id,
        phone.number,
        neutral=reached.neutral,
        own=phone.reader == "self",
        safe_from=safe_from,
        safe_until=safe_until,
    )


def _rules() -> list[Rule]:
    rows = db.session.scalars(
        sa.select(ReminderRule)
        .where(ReminderRule.active, ReminderRule.audience == "migrant")
        .order_by(ReminderRule.code)
    )
    return [rule_of(row.code, row) for row in rows]


def rule_of(code: str, row: Any) -> Rule:
    """Of a row of the rules, or of whatever else has their columns."""
    return Rule(
        code=code,
        anchor=row.anchor,
        offset_days=row.offset_days,
        repeat_days=row.repeat_days,
        hour=row.hour,
        useful_days=row.useful_days,
        stages=tuple(_codes(row.stages)),
        schemes=frozenset(_codes(row.schemes)),
        destinations=frozenset(_codes(row.destinations)),
        missing_any=frozenset(_codes(row.missing_any)),
        sensitivity=row.sensitivity,
        text_code=row.text_code,
        expects=row.expects,
    )


def _items() -> list[checklist.Item]:
    rows = db.session.scalars(sa.select(ChecklistItem).where(ChecklistItem.active).order_by(ChecklistItem.position))
    return [
        checklist.Item(r.code, r.name_id, r.name_en, r.short_name, r.due_days, frozenset(_codes(r.schemes)))
        for r in rows
    ]


def _codes(text: str) -> list[str]:
    return [code for code in text.split(",") if code]


def _consenting(people: Mapping[int, Person]) -> frozenset[int]:
    query = sa.select(Person.id).where(Person.id.in_(people), consent.holds(Person.id, SMS))
    return frozenset(db.session.scalars(query))
