"""The table of the migrant's path."""

from __future__ import annotations

import pytest

from webapp.people.stages import ABROAD, BEFORE, MOVES, STAGES, allowed


def test_the_table_has_a_line_for_every_stage_and_no_other() -> None:
    assert set(MOVES) == set(STAGES)
    assert {to for line in MOVES.values() for to in line} <= set(STAGES)


def test_no_stage_follows_itself_or_stands_twice_in_a_line() -> None:
    for stage, following in MOVES.items():
        assert stage not in following
        assert len(following) == len(set(following))


def test_every_stage_can_be_reached() -> None:
    reached, more = set(), {"prospect"}
    while more:
        reached |= more
        more = {to for stage in more for to in MOVES[stage]} - reached
    assert reached == set(STAGES)


def test_after_death_nothing_follows() -> None:
    assert MOVES["deceased"] == ()


@pytest.mark.parametrize(
    ("from_stage", "to_stage"),
    [
        ("prospect", "in_process"), ("prospect", "departed"), ("in_process", "postponed"), ("postponed", "in_process"),
        ("ready", "departed"), ("departed", "working"), ("working", "returned"), ("returned", "in_process"),
        ("working", "in_trouble"), ("in_trouble", "returned"), ("lost_contact", "working"),
    ],
)  # fmt: skip
def test_steps_of_life_are_allowed(from_stage: str, to_stage: str) -> None:
    assert allowed(from_stage, to_stage)


@pytest.mark.parametrize(
    ("from_stage", "to_stage"),
    [
        ("prospect", "returned"), ("cancelled", "working"), ("deceased", "working"), ("returned", "ready"),
        ("working", "postponed"), ("nowhere", "working"), ("prospect", "nowhere"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(from_stage: str, to_stage: str) -> None:
    assert not allowed(from_stage, to_stage)


def test_before_and_abroad_do_not_overlap() -> None:
    assert not BEFORE & ABROAD
