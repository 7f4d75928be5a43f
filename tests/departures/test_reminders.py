"""The planner: what goes out, when, to whom, and why not. No database, no clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.departures.shipped import shipped_rules
from webapp.departures.reminders import PROGRESS, Journey, Recipient, Reminder, Sent, Target, plan_reminders

RULES = shipped_rules()
LEAVES = date(2026, 12, 1)
PAPERS = frozenset({"civil", "consent", "pp", "medical", "psychology", "passport", "pk", "visa", "bpjs", "opp", "epmi"})
OWN = Target(1, "+6281234567890", own=True)
JOURNEY = Journey(
    id=41,
    state="open",
    scheme="p3mi",
    destination="TW",
    planned_on=LEAVES,
    departed_on=None,
    contract_end=None,
    returned_on=None,
    passport_expires_on=None,
    missing=PAPERS,
)


def recipient(stage: str = "in_process", target: Target = OWN, home: str = "Asia/Jakarta") -> Recipient:
    return Recipient(stage, home, "Asia/Taipei", lambda sensitivity: target)


def plan(now: datetime, journey: Journey = JOURNEY, who: Recipient | None = None) -> list[Reminder]:
    return plan_reminders(journey, RULES, who or recipient(), now)


def going(reminders: list[Reminder]) -> list[str]:
    return [r.rule.code for r in reminders if r.will_be_sent]


def reasons(reminders: list[Reminder]) -> dict[str, str]:
    return {r.rule.code: r.reason for r in reminders}


def at(day: date, hour: int = 8, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo("Asia/Jakarta"))


LONG_BEFORE = at(LEAVES - timedelta(days=120))


def test_long_before_departure_all_are_planned_in_order() -> None:
    codes = going(plan(LONG_BEFORE))
    assert codes[:10] == ["R1", "R2", "R3", "R4", "R5", "R6", "R7", "R8", "R9", "P1"]


def test_each_leaves_on_its_day_at_nine_local() -> None:
    for reminder in plan(LONG_BEFORE):
        if reminder.rule.code.startswith("R"):
            local = reminder.due_at.astimezone(ZoneInfo("Asia/Jakarta"))
            assert local.date() == LEAVES + timedelta(days=reminder.rule.offset_days)
            assert local.hour == 9


def test_after_arrival_the_hour_is_that_of_the_destination() -> None:
    arrival = next(r for r in plan(LONG_BEFORE) if r.rule.code == "P1")
    assert arrival.due_at.astimezone(ZoneInfo("Asia/Taipei")).hour == 10


def test_a_family_phone_stays_in_the_zone_of_the_village() -> None:
    family = recipient(target=Target(2, "+6281234567891", neutral=True, own=False))
    arrival = next(r for r in plan(LONG_BEFORE, who=family) if r.rule.code == "P1")
    assert arrival.due_at.astimezone(ZoneInfo("Asia/Jakarta")).hour == 10


def test_late_registration_sends_only_the_newest_useful_one() -> None:
    made = plan(at(LEAVES - timedelta(days=5)))
    assert going(made)[:3] == ["R7", "R8", "R9"]
    late = next(r for r in made if r.rule.code == "R7")
    assert late.due_at == at(LEAVES - timedelta(days=5)).astimezone(UTC)
    assert reasons(made)["R1"] == "too_late"
    assert reasons(made)["R6"] == "too_late"


def test_of_several_late_useful_ones_only_the_newest_goes() -> None:
    made = plan(at(LEAVES - timedelta(days=20)))
    assert "R4" not in going(made)
    assert going(made)[0] == "R5"


def test_on_the_day_of_departure_nothing_about_preparing_goes_out() -> None:
    assert not [code for code in going(plan(at(LEAVES))) if code.startswith("R")]


def test_complete_papers_need_no_reminder_of_papers() -> None:
    made = plan(LONG_BEFORE, replace(JOURNEY, missing=frozenset()))
    assert reasons(made)["R5"] == "papers_complete"
    assert {"R7", "R8", "R9"} <= set(going(made))


@pytest.mark.parametrize("state", ["cancelled", "postponed"])
def test_nothing_goes_out_for_a_departure_that_is_off(state: str) -> None:
    made = plan(LONG_BEFORE, replace(JOURNEY, state=state))
    assert set(reasons(made).values()) == {state}


@pytest.mark.parametrize("stage", ["cancelled", "postponed", "deceased", "lost_contact", "in_trouble"])
def test_nothing_goes_out_in_a_halted_stage(stage: str) -> None:
    assert not going(plan(LONG_BEFORE, who=recipient(stage)))


def test_an_unknown_day_plans_nothing_and_says_so() -> None:
    made = plan(LONG_BEFORE, replace(JOURNEY, planned_on=None))
    assert not going(made)
    assert reasons(made)["R7"] == "unknown_date"


def test_who_has_left_gets_no_reminder_of_preparing() -> None:
    gone = replace(JOURNEY, departed_on=LEAVES)
    made = plan(at(LEAVES + timedelta(days=1)), gone, recipient("departed"))
    assert going(made)[:2] == ["P1", "P2"]


SLIPPED = replace(JOURNEY, planned_on=date(2027, 1, 10), sent=(Sent("P1", 0, LEAVES, date(2026, 12, 8)),))


@pytest.mark.parametrize(
    ("journey", "stage", "reason"),
    [
        (SLIPPED, "ready", ""),
        (replace(SLIPPED, departed_on=date(2027, 1, 10)), "departed", ""),
        (replace(SLIPPED, departed_on=date(2026, 12, 4)), "departed", "already_asked"),
        (replace(SLIPPED, departed_on=date(2026, 12, 8)), "departed", "already_asked"),
    ],
)
def test_what_went_out_before_the_journey_began_has_not_asked_about_it(
    journey: Journey, stage: str, reason: str
) -> None:
    now = at((journey.leaves_on or LEAVES) + timedelta(days=1))
    assert reasons(plan(now, journey, recipient(stage)))["P1"] == reason


@pytest.mark.parametrize(("days", "keys"), [(45, ["0", "45", "90", "135", "180"]), (180, ["0", "180"])])
def test_a_question_stays_the_same_when_it_comes_oftener_or_more_seldom(days: int, keys: list[str]) -> None:
    """It is known by its day: by its number one that went out would be asked again, or another one never."""
    regular = next(rule for rule in RULES if rule.code == "P3")
    ends = replace(JOURNEY, departed_on=LEAVES, contract_end=LEAVES + timedelta(days=400))
    planned = plan_reminders(ends, [replace(regular, repeat_days=days)], recipient("working"), at(LEAVES))
    assert [one.key(41).split(":")[-1] for one in planned][: len(keys)] == keys


def test_regular_questions_end_with_the_contract() -> None:
    ends = replace(JOURNEY, departed_on=LEAVES, contract_end=LEAVES + timedelta(days=400))
    made = plan(at(LEAVES + timedelta(days=2)), ends, recipient("working"))
    regular = [r for r in made if r.rule.code == "P3" and r.will_be_sent]
    assert [r.day for r in regular] == [LEAVES + timedelta(days=90 * n) for n in (1, 2, 3, 4)]
    assert len({r.key(41) for r in regular}) == 4


def test_return_passport_and_contract_have_their_own_anchors() -> None:
    home = replace(
        JOURNEY,
        state="ended",
        departed_on=date(2024, 1, 1),
        returned_on=LEAVES,
        passport_expires_on=LEAVES + timedelta(days=500),
    )
    made = plan(at(LEAVES), home, recipient("returned"))
    assert going(made) == ["P6"]


def test_a_reason_of_the_phone_is_kept() -> None:
    made = plan(LONG_BEFORE, who=recipient(target=Target(None, None, reason="no_consent")))
    assert set(reasons(made).values()) <= {"no_consent", "unknown_date"}
    assert not going(made)


def test_a_passport_is_no_concern_of_somebody_who_is_still_at_home() -> None:
    """Whoever leaves with a passport that soon ends is warned of it before leaving, by another rule."""
    ends_soon = replace(JOURNEY, passport_expires_on=LEAVES + timedelta(days=200))
    assert reasons(plan(LONG_BEFORE, ends_soon))["P5"] == "not_abroad"
    gone = replace(ends_soon, departed_on=LEAVES)
    assert "P5" not in going(plan(at(LEAVES + timedelta(days=1)), gone, recipient("ready")))


def test_safe_hours_in_the_evening_are_kept_and_the_text_still_has_time() -> None:
    evening = recipient(target=replace(OWN, safe_from=21, safe_until=23))
    last = next(r for r in plan(LONG_BEFORE, who=evening) if r.rule.code == "R9")
    assert last.due_at.astimezone(ZoneInfo("Asia/Jakarta")).hour == 21
    assert last.expires_at > last.due_at


@pytest.mark.parametrize(("begin", "end", "hour"), [(4, 7, 6), (0, 2, 1), (8, 9, 8), (9, 10, 9), (22, 4, 22)])
def test_tomorrow_is_never_said_on_the_day_of_departure(begin: int, end: int, hour: int) -> None:
    safe = recipient("ready", replace(OWN, safe_from=begin, safe_until=end))
    last = next(r for r in plan(LONG_BEFORE, who=safe) if r.rule.code == "R9")
    local = last.due_at.astimezone(ZoneInfo("Asia/Jakarta"))
    assert (local.date(), local.hour) == (LEAVES - timedelta(days=1), hour)
    assert last.will_be_sent
    assert last.due_at < last.expires_at <= at(LEAVES, 0)
    noon_before = at(LEAVES - timedelta(days=1), 12)
    late = next(r for r in plan(noon_before, who=safe) if r.rule.code == "R9")
    assert late.will_be_sent is (hour == 22), "what was missed is not made up for on the day of departure"


def test_without_a_permitted_hour_on_its_day_it_says_so() -> None:
    """The only safe hour is that of Friday prayer."""
    friday = recipient("ready", replace(OWN, safe_from=12, safe_until=13))
    saturday = replace(JOURNEY, planned_on=date(2026, 12, 5))
    assert reasons(plan(LONG_BEFORE, saturday, friday))["R9"] == "no_safe_hour"


def is_open(local: datetime, begin: int, end: int) -> bool:
    """Quiet hours and Friday prayer, said again in other words than those of sms/hours.py."""
    if begin == end or begin > 23 or end > 24:
        begin, end = 8, 20
    hours = {hour % 24 for hour in range(begin, end if end > begin else end + 24)}
    prays = str(local.tzinfo) in ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura") and local.isoweekday() == 5
    return local.hour in hours and not (prays and "11:30" <= f"{local:%H:%M}" < "13:00")


DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))
NOWS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))
STAGES = st.sampled_from([*PROGRESS, "cancelled", "postponed", "lost_contact"])
ZONES = st.sampled_from(["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"])
JOURNEYS = st.builds(
    Journey,
    id=st.just(41),
    state=st.sampled_from(["open", "postponed", "cancelled", "ended"]),
    scheme=st.sampled_from(["p3mi", "g2g", "independent", "ukps", "extension", "reentry"]),
    destination=st.just("TW"),
    planned_on=st.none() | DAYS,
    departed_on=st.none() | DAYS,
    contract_end=st.none() | DAYS,
    returned_on=st.none() | DAYS,
    passport_expires_on=st.none() | DAYS,
    missing=st.frozensets(st.sampled_from(sorted(PAPERS))),
)


SAFE = st.sampled_from([(8, 20), (21, 23), (5, 7), (22, 4), (12, 12), (24, 20), (9, 30)])


@given(journey=JOURNEYS, now=NOWS, stage=STAGES, home=ZONES, safe=SAFE)
def test_never_twice_never_in_quiet_hours_never_stale(
    journey: Journey, now: datetime, stage: str, home: str, safe: tuple[int, int]
) -> None:
    made = plan(now, journey, recipient(stage, replace(OWN, safe_from=safe[0], safe_until=safe[1]), home))
    keys = [r.key(journey.id) for r in made if r.will_be_sent]
    assert len(keys) == len(set(keys))
    for reminder in made:
        if reminder.will_be_sent:
            assert now <= reminder.due_at < reminder.expires_at
            local = reminder.due_at.astimezone(ZoneInfo(reminder.zone))
            assert is_open(local, *safe)
            assert local.date() <= reminder.day + timedelta(days=reminder.rule.useful_days)
            assert journey.state not in ("cancelled", "postponed")
            assert stage in PROGRESS


@given(journey=JOURNEYS, now=NOWS)
def test_at_most_one_late_reminder_for_an_anchor(journey: Journey, now: datetime) -> None:
    late = [r.rule.anchor for r in plan(now, journey) if r.will_be_sent and r.late]
    assert len(late) == len(set(late))


@given(now=NOWS)
def test_the_plan_is_in_order_of_days(now: datetime) -> None:
    days = [r.day for r in plan(now) if r.day]
    assert all(a <= b for a, b in pairwise(days))
