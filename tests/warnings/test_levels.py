"""Who may draft and approve what, and on what grounds: both sides of every rule."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import pytest

from webapp.warnings.levels import (
    AREA,
    COMPANY,
    GENERAL,
    INDIVIDUAL,
    LEVELS,
    Claim,
    Grounds,
    Quote,
    may_approve,
    may_draft,
    what_is_missing,
)
from webapp.warnings.states import MOVES, STATES, may_move

NOW = datetime(2026, 12, 1, 3, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Officer:
    id: int = 1
    role: str = "coordinator"
    area_code: str = "33.01"


REGENCY, COLLEAGUE, ELSEWHERE = Officer(1), Officer(2), Officer(3, area_code="35.02")
PROVINCE, NATION = Officer(4, area_code="33"), Officer(5, area_code="ID")
FACILITATOR, ADMINISTRATOR = Officer(6, "facilitator", "33.01.06.2010"), Officer(7, "administrator", "ID")


@pytest.mark.parametrize("level", [GENERAL, AREA, COMPANY, INDIVIDUAL])
@pytest.mark.parametrize("officer", [FACILITATOR, ADMINISTRATOR])
def test_facilitators_and_administrators_never_draft_nor_approve(officer: Officer, level: int) -> None:
    assert not may_draft(officer, level)
    assert not may_approve(officer, level, drafter_id=1, office="33.01.06.2010")


def test_general_advice_needs_one_coordinator() -> None:
    assert may_draft(REGENCY, GENERAL)
    assert may_approve(REGENCY, GENERAL, drafter_id=REGENCY.id, office="33.01")


@pytest.mark.parametrize("level", [AREA, COMPANY])
def test_areas_and_companies_need_a_second_officer_of_the_same_or_a_higher_area(level: int) -> None:
    assert may_draft(REGENCY, level)
    approve = {o: may_approve(o, level, drafter_id=1, office="33.01") for o in (COLLEAGUE, PROVINCE, NATION)}
    assert all(approve.values())
    assert not may_approve(REGENCY, level, drafter_id=1, office="33.01"), "their own"
    assert not may_approve(ELSEWHERE, level, drafter_id=1, office="33.01")
    assert not may_approve(REGENCY, level, drafter_id=4, office="33"), "a lower office"


def test_individuals_are_for_the_province_and_the_nation() -> None:
    assert may_draft(PROVINCE, INDIVIDUAL)
    assert may_draft(NATION, INDIVIDUAL)
    assert not may_draft(REGENCY, INDIVIDUAL)
    assert may_approve(NATION, INDIVIDUAL, drafter_id=4, office="33")
    assert not may_approve(PROVINCE, INDIVIDUAL, drafter_id=4, office="33")


AREA_CLAIM = Claim("W8", urgent=False, reason="", place_level=3, grounds=Grounds(3, 2, NOW - DAY))
COMPANY_CLAIM = Claim(
    "N1", urgent=False, reason="", quote=Quote("revoked", date(2026, 11, 20)), said_status="revoked",
    decision_number="KEP 12/2026", legal_basis="UU 18/2017 Pasal 33",
)  # fmt: skip
PERSON_CLAIM = Claim(
    "N2", urgent=False, reason="", individuals_allowed=True, has_notice=True, is_confirmed=True, is_accused=True,
    is_same_document=True,
)  # fmt: skip


@pytest.mark.parametrize("claim", [Claim("W1", urgent=False, reason=""), AREA_CLAIM, COMPANY_CLAIM, PERSON_CLAIM])
def test_nothing_stands_against_what_is_complete(claim: Claim) -> None:
    assert what_is_missing(claim, NOW) == []


@pytest.mark.parametrize(
    ("claim", "missing"),
    [
        (replace(AREA_CLAIM, place_level=4), ["place_too_small"]),
        (replace(AREA_CLAIM, place_level=None), ["place_too_small"]),
        (replace(AREA_CLAIM, grounds=Grounds(2, 2, NOW - DAY)), ["few_reports"]),
        (replace(AREA_CLAIM, grounds=Grounds(0, 0, None)), ["few_reports"]),
        (replace(AREA_CLAIM, grounds=Grounds(9, 1, NOW - DAY)), ["one_source"]),
        (replace(AREA_CLAIM, grounds=Grounds(3, 2, NOW - DAY + timedelta(seconds=1))), ["too_soon"]),
        (replace(AREA_CLAIM, urgent=True, reason="threats"), ["nothing_urgent"]),
        (replace(AREA_CLAIM, urgent=True, reason="threats", grounds=Grounds(3, 2, NOW, True)), []),
        (replace(AREA_CLAIM, urgent=True, grounds=Grounds(3, 2, NOW, True)), ["no_reason"]),
        (Claim("W1", urgent=True, reason=""), ["no_reason"]),
        (replace(COMPANY_CLAIM, quote=None), ["not_listed"]),
        (replace(COMPANY_CLAIM, quote=Quote("suspended", date(2026, 11, 20))), ["status_changed"]),
        (replace(COMPANY_CLAIM, quote=Quote("revoked", date(2026, 11, 20), is_as_said=False)), ["quote_changed"]),
        (replace(COMPANY_CLAIM, quote=Quote("revoked", date(2026, 9, 1))), ["old_list"]),
        (replace(COMPANY_CLAIM, quote=Quote("revoked", date(2026, 11, 20), True)), ["namesake"]),
        (replace(COMPANY_CLAIM, quote=Quote("licensed", date(2026, 11, 20)), said_status="licensed"), ["licensed"]),
        (replace(COMPANY_CLAIM, decision_number=""), ["no_decision"]),
        (replace(COMPANY_CLAIM, legal_basis=""), ["no_basis"]),
        (replace(PERSON_CLAIM, individuals_allowed=False), ["individuals_off"]),
        (replace(PERSON_CLAIM, is_confirmed=False), ["not_confirmed"]),
        (replace(PERSON_CLAIM, is_accused=False), ["not_accused"]),
        (replace(PERSON_CLAIM, is_same_document=False), ["other_document"]),
        (replace(PERSON_CLAIM, has_notice=False), ["no_notice"]),
    ],
)  # fmt: skip
def test_each_rule_has_another_side(claim: Claim, missing: list[str]) -> None:
    assert what_is_missing(claim, NOW) == missing


def test_a_correction_may_say_that_a_company_is_licensed_again() -> None:
    said = replace(COMPANY_CLAIM, text_code="WK1", decision_number="", legal_basis="", said_status="licensed")
    assert what_is_missing(replace(said, quote=Quote("licensed", date(2026, 11, 20))), NOW) == []
    assert what_is_missing(replace(said, quote=Quote("revoked", date(2026, 11, 20))), NOW) == ["status_changed"]


def test_a_withdrawal_waits_for_nobody() -> None:
    assert LEVELS["WK2"] == GENERAL
    assert what_is_missing(Claim("WK2", urgent=False, reason=""), NOW) == []


def test_the_table_of_moves_is_whole() -> None:
    assert set(MOVES) == set(STATES)
    assert {to for moves in MOVES.values() for to in moves} == set(STATES)
    assert MOVES["withdrawn"] == ("withdrawn",), "only its correction is drafted anew"
    assert not may_move("draft", "sending"), "nothing goes out unapproved"
    assert not may_move("cancelled", "sending")
    assert not may_move("unknown", "draft")
