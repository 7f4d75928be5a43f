"""Which reminders go out for a departure, when, to which phone and why, or why not. Pure.

The rules are data (DOMAIN: reminders R1–R9 before departure, P1–P6 after it). The plan is made anew
whenever a fact changes; what was already sent is recognised by its key and never planned twice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sms.hours import next_allowed

#: The last hour of a day, local to the recipient, at which a text of that day still makes sense.
LAST_HOUR = 20
#: Every text has at least so long to leave after its moment.
AT_LEAST = timedelta(hours=2)
#: Without a known contract end, regular questions stop after two years.
REPEAT_UNTIL_DAYS = 730
#: A day that is corrected by at most so much is still the same event: nobody is asked about it again.
SAME_EVENT = timedelta(days=60)
#: How far along the path a stage is; a rule whose last stage lies behind will never apply again.
PROGRESS = {
    "prospect": 0,
    "in_process": 1,
    "ready": 2,
    "departed": 3,
    "working": 4,
    "returning": 5,
    "returned": 6,
}


@dataclass(frozen=True, slots=True)
class Rule:
    """When which text goes out. Days are relative to the anchor; hours are the recipient's."""

    code: str
    anchor: str
    offset_days: int
    repeat_days: int
    hour: int
    useful_days: int
    stages: tuple[str, ...]
    schemes: frozenset[str]
    destinations: frozenset[str]
    missing_any: frozenset[str]
    sensitivity: str
    text_code: str
    expects: str

    @property
    def is_of_preparing(self) -> bool:
        """Does it come before leaving? Another day of leaving is then news."""
        return self.anchor == "departure" and self.offset_days < 0

    @property
    def is_abroad(self) -> bool:
        """Does it find the person in the country of work?"""
        return self.anchor in ("contract_end", "passport_expiry") or (
            self.anchor == "departure" and self.offset_days > 0
        )


@dataclass(frozen=True, slots=True)
class Sent:
    """A text of this departure that went out, or may have: which rule, which time of it, counted from which day."""

    rule: str
    occurrence: int
    anchor_on: date
    #: The recipient's day when it left.
    went_on: date

    @classmethod
    def of(cls, key: str, went_on: date) -> tuple[int, Sent] | None:
        """Departure and text from the key of `Reminder.key`; None for a text that is no reminder."""
        match = re.fullmatch(r"departure:(\d+):(\w+):(\d{4}-\d\d-\d\d):(\d+)", key)
        if match is None:
            return None
        departure_id, rule, anchor_on, occurrence = match.groups()
        return int(departure_id), cls(rule, int(occurrence), date.fromisoformat(anchor_on), went_on)


@dataclass(frozen=True, slots=True)
class Journey:
    """The facts of one departure that reminders depend on."""

    id: int
    state: str
    scheme: str
    destination: str
    planned_on: date | None
    departed_on: date | None
    contract_end: date | None
    returned_on: date | None
    passport_expires_on: date | None
    missing: frozenset[str]
    sent: tuple[Sent, ...] = ()

    @property
    def leaves_on(self) -> date | None:
        return self.departed_on or self.planned_on

    def anchor(self, name: str) -> date | None:
        """The day a rule counts from; None while it is unknown."""
        return {
            "departure": self.leaves_on,
            "contract_end": self.contract_end,
            "return": self.returned_on,
            "passport_expiry": self.passport_expires_on,
        }[name]


@dataclass(frozen=True, slots=True)
class Target:
    """The phone a text would go to. `neutral`: others read it, so only 'ask the officer' is sent."""

    phone_id: int | None
    number: str | None
    neutral: bool = False
    own: bool = False
    reason: str = ""
    safe_from: int = 8
    safe_until: int = 20


@dataclass(frozen=True, slots=True)
class Recipient:
    """Where the person stands and lives, and which phone may get a text of a sensitivity."""

    stage: str
    home_zone: str
    abroad_zone: str
    target: Callable[[str], Target]


@dataclass(frozen=True, slots=True)
class Reminder:
    """One line of the plan. `reason` is empty if it will be sent, else says why it will not."""

    rule: Rule
    zone: str
    anchor_on: date | None = None
    #: The day the rule names, before the clock or quiet hours had a say.
    day: date | None = None
    due_at: datetime | None = None
    expires_at: datetime | None = None
    target: Target | None = None
    #: Of a repeated rule: days since the first time. Not its number, which changes when it comes oftener or seldomer.
    occurrence: int = 0
    #: Its hour had passed when the plan was made.
    late: bool = False
    reason: str = ""

    @property
    def will_be_sent(self) -> bool:
        return not self.reason

    def key(self, departure_id: int) -> str:
        """Unique for (departure, rule, anchor day, repetition): a text exists at most once for it."""
        return f"departure:{departure_id}:{self.rule.code}:{self.anchor_on}:{self.occurrence}"


def plan_reminders(journey: Journey, rules: Iterable[Rule], recipient: Recipient, now: datetime) -> list[Reminder]:
    """All reminders of a departure, in order of time, each with its moment or the reason it is not sent.

    A moment that has passed sends nothing stale: of several late reminders only the latest one that is
    still useful goes out, at the next permitted hour. `now` is aware.
    """
    plan = [reminder for rule in rules for reminder in _apply(rule, journey, recipient, now)]
    plan.sort(key=lambda r: (r.day or date.max, r.rule.code))
    return _only_newest_late(plan)


def _apply(rule: Rule, journey: Journey, recipient: Recipient, now: datetime) -> list[Reminder]:
    anchor_on = journey.anchor(rule.anchor)
    reason = _why_not(rule, journey, recipient, anchor_on)
    if anchor_on is None:
        return [Reminder(rule, recipient.home_zone, reason=reason)]
    target = recipient.target(rule.sensitivity)
    zone = recipient.abroad_zone if target.own and rule.is_abroad else recipient.home_zone
    reason = reason or target.reason
    return [
        _on_day(
            Reminder(
                *(rule, zone, anchor_on, day),
                target=target,
                occurrence=number * rule.repeat_days,
                reason=reason or _why_not_then(rule, journey, day, number * rule.repeat_days),
            ),
            recipient.stage,
            now,
        )
        for number, day in enumerate(_days(rule, journey, anchor_on))
    ]


def _why_not(rule: Rule, journey: Journey, recipient: Recipient, anchor_on: date | None) -> str:
    """The first reason of the facts, not of the clock, that keeps a rule from applying."""
    if journey.state in ("cancelled", "postponed"):
        return journey.state
    if journey.state == "ended" and rule.anchor != "return":
        return "ended"
    if rule.schemes and journey.scheme not in rule.schemes:
        return "other_scheme"
    if rule.destinations and journey.destination not in rule.destinations:
        return "other_destination"
    if recipient.stage not in PROGRESS:
        return "stage_halted"
    if PROGRESS[recipient.stage] > max(PROGRESS[stage] for stage in rule.stages):
        return "stage_passed"
    if anchor_on is None:
        return "unknown_date"
    if rule.missing_any and not rule.missing_any & journey.missing:
        return "papers_complete"
    return ""


def _why_not_then(rule: Rule, journey: Journey, day: date, occurrence: int) -> str:
    """The same for one day of a rule."""
    if rule.is_abroad and (journey.leaves_on is None or day < journey.leaves_on):
        return "not_abroad"
    if rule.is_of_preparing:
        return ""
    anchor_on = journey.anchor(rule.anchor)
    assert anchor_on is not None
    asked = any(
        (sent.rule, sent.occurrence) == (rule.code, occurrence)
        and timedelta(0) < abs(sent.anchor_on - anchor_on) <= SAME_EVENT
        and _was_about(journey, rule, sent)
        for sent in journey.sent
    )
    return "already_asked" if asked else ""


def _was_about(journey: Journey, rule: Rule, sent: Sent) -> bool:
    """What went out before the person leaves, or comes home, as is known now, spoke of what had not happened."""
    if rule.anchor == "return":
        return journey.returned_on is None or sent.went_on >= journey.returned_on
    return journey.leaves_on is None or sent.went_on >= journey.leaves_on


def _days(rule: Rule, journey: Journey, anchor_on: date) -> list[date]:
    first = anchor_on + timedelta(days=rule.offset_days)
    if not rule.repeat_days:
        return [first]
    last = journey.contract_end or anchor_on + timedelta(days=REPEAT_UNTIL_DAYS)
    span = max(0, (last - first).days)
    return [first + timedelta(days=n * rule.repeat_days) for n in range(span // rule.repeat_days + 1)]


def _on_day(reminder: Reminder, stage: str, now: datetime) -> Reminder:
    """Give a reminder its moment: quiet hours respected, a passed one late, while it is useful.

    One that would go now must fit the stage of now; a later one may wait for a later stage.
    """
    rule, day = reminder.rule, reminder.day
    assert day is not None
    last_day = day + timedelta(days=rule.useful_days)
    due_at = _moment(reminder, day, last_day)
    if due_at is None:
        return replace(reminder, reason=reminder.reason or "no_safe_hour")
    # Somebody whose safe hours lie in the evening still gets the text of that day.
    expires_at = max(_local(last_day, LAST_HOUR, reminder.zone), due_at + AT_LEAST)
    # But 'tomorrow' is wrong from midnight on.
    expires_at = min(expires_at, _local(last_day + timedelta(days=1), 0, reminder.zone))
    late, reason = due_at < now, reminder.reason
    if late and not reason:
        due_at = _allowed(now, reminder)
        reason = "too_late" if due_at >= expires_at else "" if stage in rule.stages else "other_stage"
    return replace(reminder, due_at=due_at, expires_at=expires_at, late=late, reason=reason)


def _moment(reminder: Reminder, day: date, last_day: date) -> datetime | None:
    """The first permitted moment from the hour of the rule on; if that is too late, the last whole hour before it.

    Safe hours early in the morning would move 'do you leave tomorrow?' to the day of leaving.
    """
    hour, zone = reminder.rule.hour, reminder.zone
    first = _allowed(_local(day, hour, zone), reminder)
    if first.astimezone(ZoneInfo(zone)).date() <= last_day:
        return first
    before = (_local(day, earlier, zone) for earlier in range(hour - 1, -1, -1))
    return next((moment for moment in before if _allowed(moment, reminder) == moment), None)


def _allowed(moment: datetime, reminder: Reminder) -> datetime:
    target = reminder.target or Target(None, None)
    return next_allowed(moment, reminder.zone, from_hour=target.safe_from, until_hour=target.safe_until)


def _local(day: date, hour: int, zone: str) -> datetime:
    return datetime.combine(day, time(hour), ZoneInfo(zone)).astimezone(UTC)


def _only_newest_late(plan: list[Reminder]) -> list[Reminder]:
    """Of several late reminders that count from one anchor only the newest goes: it says what counts now."""
    newest = {r.rule.anchor: r for r in plan if r.late and r.will_be_sent}
    return [
        replace(r, reason="newer_covers") if r.late and r.will_be_sent and newest[r.rule.anchor] is not r else r
        for r in plan
    ]
