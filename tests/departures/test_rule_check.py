"""Which values of a rule make sense, and which are refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.departures.shipped import shipped_items, shipped_rules
from webapp.departures.rule_check import Known, RuleValues, changed, faults

TODAY = date(2026, 11, 2)
SCHEMES = ("p3mi", "g2g", "independent", "ukps", "extension", "reentry")
KNOWN = Known(
    schemes=SCHEMES,
    destinations={"TW", "HK"},
    papers={item.code for item in shipped_items()},
    texts={rule.text_code for rule in shipped_rules()},
)
WEEK_BEFORE = RuleValues(
    anchor="departure",
    offset_days=-7,
    repeat_days=0,
    hour=9,
    useful_days=3,
    stages=("prospect", "in_process", "ready"),
    schemes=("p3mi",),
    destinations=(),
    missing_any=(),
    text_code="R7",
    expects="",
    active=True,
    source="Aturan pengingat Desmigratif",
    as_of=date(2026, 1, 1),
)
QUARTERLY = replace(
    WEEK_BEFORE, offset_days=90, repeat_days=90, useful_days=14, stages=("departed", "working"), text_code="P3"
)


def found(rule: RuleValues, **values: Any) -> list[tuple[str, str]]:
    return [(fault.field, fault.code) for fault in faults(replace(rule, **values), KNOWN, TODAY)]


@pytest.mark.parametrize("shipped", shipped_rules(), ids=lambda rule: rule.code)
def test_every_shipped_rule_makes_sense(shipped: Any) -> None:
    own = {name: getattr(shipped, name) for name in ("anchor", "offset_days", "repeat_days", "hour", "useful_days")}
    own |= {name: getattr(shipped, name) for name in ("stages", "text_code", "expects")}
    own |= {name: tuple(sorted(getattr(shipped, name))) for name in ("schemes", "missing_any")}
    assert found(WEEK_BEFORE, **own) == []


@pytest.mark.parametrize(
    ("anchor", "first", "last", "stages"),
    [
        ("departure", -365, 730, ("ready", "working")),
        ("contract_end", -365, 60, ("working",)),
        ("return", 0, 365, ("returned",)),
        ("passport_expiry", -730, -1, ("working",)),
    ],
)
def test_the_day_lies_within_what_makes_sense_for_its_anchor(
    anchor: str, first: int, last: int, stages: tuple[str, ...]
) -> None:
    about = {"anchor": anchor, "stages": stages, "useful_days": 0}
    for fits, offset in ((True, first), (True, last), (False, first - 1), (False, last + 1)):
        assert (("offset_days", "bounds") not in found(WEEK_BEFORE, offset_days=offset, **about)) is fits, offset


@pytest.mark.parametrize(("hour", "fits"), [(7, False), (8, True), (19, True), (20, False)])
def test_the_hour_is_one_of_the_day(hour: int, fits: bool) -> None:
    assert (found(WEEK_BEFORE, hour=hour) == []) is fits


@pytest.mark.parametrize(("days", "fits"), [(-1, False), (0, True), (1, False), (15, True), (365, True), (366, False)])
def test_it_is_repeated_weekly_at_the_most(days: int, fits: bool) -> None:
    assert (("repeat_days", "repeat_bounds") not in found(QUARTERLY, repeat_days=days)) is fits


def test_what_prepares_is_not_repeated() -> None:
    assert found(WEEK_BEFORE, repeat_days=7) == [("repeat_days", "no_repeat")]


def test_what_prepares_never_goes_out_on_the_day_of_leaving() -> None:
    assert found(WEEK_BEFORE, useful_days=6) == []
    assert found(WEEK_BEFORE, useful_days=7) == [("useful_days", "bounds")]
    assert found(WEEK_BEFORE, useful_days=-1) == [("useful_days", "bounds")]


def test_what_is_repeated_is_not_useful_until_it_comes_again() -> None:
    assert found(QUARTERLY, useful_days=89) == []
    assert found(QUARTERLY, useful_days=90) == [("useful_days", "bounds")]


@pytest.mark.parametrize("field", ["stages", "schemes", "destinations", "missing_any"])
def test_it_names_only_what_is_known(field: str) -> None:
    assert (field, "unknown") in found(WEEK_BEFORE, **{field: ("ready", "moon")})


def test_its_text_and_its_answers_are_known() -> None:
    assert found(WEEK_BEFORE, text_code="XX", expects="maybe") == [("text_code", "unknown"), ("expects", "unknown")]
    assert found(WEEK_BEFORE, anchor="birthday") == [("anchor", "unknown")]


def test_somebody_stands_at_one_of_its_stages_on_its_day() -> None:
    assert found(WEEK_BEFORE, stages=()) == [("stages", "none")]
    assert found(WEEK_BEFORE, stages=("working",)) == [("stages", "never")]
    assert found(QUARTERLY, stages=("ready",)) == []


def test_it_says_who_says_so_and_of_which_day() -> None:
    assert found(WEEK_BEFORE, source="  ") == [("source", "none")]
    assert found(WEEK_BEFORE, source="x" * 201) == [("source", "too_many")]
    assert found(WEEK_BEFORE, as_of=TODAY) == []
    assert found(WEEK_BEFORE, as_of=date(2026, 11, 3)) == [("as_of", "future")]
    assert found(WEEK_BEFORE, as_of=date(1026, 11, 3)) == [("as_of", "too_old")]


def test_lists_that_the_table_cannot_hold_are_refused() -> None:
    many = tuple(f"{n:02}" for n in range(30))
    known = replace(KNOWN, destinations=many)
    assert [f.code for f in faults(replace(WEEK_BEFORE, destinations=many), known, TODAY)] == ["too_many"]


def test_the_order_of_a_list_is_no_change() -> None:
    assert changed(WEEK_BEFORE, replace(WEEK_BEFORE, stages=("ready", "prospect", "in_process"))) == []
    assert changed(WEEK_BEFORE, replace(WEEK_BEFORE, hour=10, stages=("ready",))) == ["hour", "stages"]
