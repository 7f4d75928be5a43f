"""Two reports of one event: found, compared, merged, taken apart; who told it is still counted."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.brokers.office import again, steps, taken, told
from tests.people import Cast
from webapp.brokers import alike, merging, queries
from webapp.brokers.choices import CALM, STATES
from webapp.brokers.model import BrokerReport
from webapp.db import db

Pair = tuple[BrokerReport, BrokerReport]


@pytest.fixture
def two(cast: Cast) -> Pair:
    """An older and a newer one; the coordinator verifies the newer."""
    older = told(cast.facilitator, accused_phones="0812-3456-7890", reporter_kind="family")
    newer = told(cast.stranger, accused_phones="WA +62 812 3456 7890", reporter_kind="neighbour", threat="threat")
    return older, taken(newer, cast.coordinator)


def merge(client: FlaskClient, one: BrokerReport, other: BrokerReport) -> int:
    return client.post(f"/broker-reports/{one.id}/merging/{other.id}").status_code


@pytest.mark.parametrize(
    ("one", "other", "by"),
    [
        ({"phones": "0812 3456 7890"}, {"phones": "+62-812-3456-7890 (WA)"}, ["phone"]),
        ({"phones": "081234567890"}, {"accounts": "DANA 081234567890"}, ["phone"]),
        ({"accounts": "BRI 0012 01 012345 50 6"}, {"accounts": "bri 001201012345506"}, ["account"]),
        ({"plates": "R 1234 AB"}, {"plates": "mobil r-1234-ab, hitam"}, ["plate"]),
        ({"names": "Pak Darto, Mas Yon"}, {"names": "darto (calo)"}, ["name"]),
        ({"names": "Pak Budi"}, {"names": "Pak Agus"}, []),
        ({"phones": "0812"}, {"phones": "0812"}, []),
        ({}, {}, []),
    ],
)
def test_by_what_reports_are_alike(one: dict[str, str], other: dict[str, str], by: list[str]) -> None:
    empty = {"names": "", "phones": "", "accounts": "", "plates": ""}
    assert alike.in_common(alike.marks(**(empty | one)), alike.marks(**(empty | other))) == by


def test_the_other_is_suggested_and_both_stand_side_by_side(coordinator: FlaskClient, two: Pair) -> None:
    older, newer = two
    page = coordinator.get(f"/broker-reports/{newer.id}/merging").text
    assert f'href="/broker-reports/{newer.id}/merging/{older.id}"' in page
    preview = coordinator.get(f"/broker-reports/{newer.id}/merging/{older.id}").text
    assert older.reference in preview
    assert newer.reference in preview
    assert "Karti" not in preview


@pytest.mark.parametrize("spell", [str.lower, str, lambda text: text.replace(" ", "")])
def test_it_is_found_by_its_code_or_word(coordinator: FlaskClient, two: Pair, spell: Callable[[str], str]) -> None:
    older, newer = two
    for name in (older.reference, str(older.word)):
        answer = coordinator.get(f"/broker-reports/{newer.id}/merging", query_string={"q": spell(name)})
        assert answer.location == f"/broker-reports/{newer.id}/merging/{older.id}"


def test_the_older_goes_on_and_the_newer_says_where_it_went(coordinator: FlaskClient, cast: Cast, two: Pair) -> None:
    older, newer = two
    assert merge(coordinator, newer, older) == 303
    older, newer = again(older), again(newer)
    assert (newer.merged_into_id, older.merged_into_id) == (older.id, None)
    assert older.verifier_id == newer.verifier_id == cast.coordinator.id
    assert older.urgent, "the case is as urgent as its most urgent report"
    assert f'href="/broker-reports/{older.id}"' in coordinator.get(f"/broker-reports/{newer.id}").text
    assert f'href="/broker-reports/{newer.id}"' in coordinator.get(f"/broker-reports/{older.id}").text
    assert {one.id for one in queries.case_of(newer)} == {older.id, newer.id}
    assert {one.account_id for one in queries.case_of(older)} == {cast.facilitator.id, cast.stranger.id}


def test_a_merged_report_waits_for_nobody_and_is_not_acted_on(coordinator: FlaskClient, two: Pair) -> None:
    older, newer = two
    merge(coordinator, newer, older)
    page = coordinator.get("/broker-reports").text
    assert older.reference in page
    assert newer.reference not in page
    answer = coordinator.post(f"/broker-reports/{newer.id}/moves", data={"from_state": "triage", "to": "verifying"})
    assert answer.status_code == 409
    assert merge(coordinator, older, newer) == 409
    assert merge(coordinator, older, older) == 409


def test_the_writer_of_the_newer_learns_nothing_of_the_older(
    coordinator: FlaskClient, facilitator: FlaskClient, cast: Cast, two: Pair
) -> None:
    older, _ = two
    second = taken(told(cast.facilitator, words="Darto lagi"), cast.coordinator)
    merge(coordinator, second, older)
    assert merge(coordinator, again(older), two[1]) == 303
    page = facilitator.get(f"/broker-reports/{older.id}").text
    assert two[1].reference not in page
    assert f"/broker-reports/{two[1].id}" not in page


def test_not_over_the_head_of_another_verifier(coordinator: FlaskClient, cast: Cast, two: Pair) -> None:
    older, newer = two
    taken(older, cast.province)
    answer = coordinator.post(f"/broker-reports/{newer.id}/merging/{older.id}")
    assert answer.status_code == 409
    assert "Bambang Irawan" in answer.text
    assert again(newer).merged_into_id is None


@pytest.mark.parametrize("which", [0, 1])
def test_what_is_open_does_not_vanish_in_what_has_ended(coordinator: FlaskClient, two: Pair, which: int) -> None:
    older, newer = two
    two[which].state = "not_proven"
    db.session.commit()
    assert merge(coordinator, newer, older) == 409
    assert again(newer).merged_into_id is None


def test_with_one_of_another_area_nobody_merges(coordinator: FlaskClient, cast: Cast, two: Pair) -> None:
    foreign = told(cast.other_coordinator)
    assert merge(coordinator, two[1], foreign) == 404
    assert foreign.reference not in coordinator.get(f"/broker-reports/{two[1].id}/merging").text


def test_it_can_be_undone_with_a_reason(coordinator: FlaskClient, cast: Cast, two: Pair) -> None:
    older, newer = two
    merge(coordinator, newer, older)
    path = f"/broker-reports/{newer.id}/separation"
    assert coordinator.get(path).status_code == 200
    assert coordinator.post(path).status_code == 422
    assert coordinator.post(path, data={"reason": "Lain kejadian"}).status_code == 303
    older, newer = again(older), again(newer)
    assert newer.merged_into_id is None
    assert (newer.urgent, older.urgent) == (True, False)
    assert (newer.state, older.state) == ("triage", "received")
    assert steps(newer)[-1] == steps(older)[-1] == ("separated", cast.coordinator.id)
    assert coordinator.post(path, data={"reason": "Sekali lagi"}).status_code == 404


def test_what_was_merged_before_comes_along_and_comes_back(coordinator: FlaskClient, cast: Cast, two: Pair) -> None:
    oldest, middle = two
    newest = taken(told(cast.facilitator), cast.coordinator)
    assert merge(coordinator, middle, newest) == 303
    assert merge(coordinator, middle, oldest) == 303
    assert {again(one).merged_into_id for one in (middle, newest)} == {oldest.id}
    coordinator.post(f"/broker-reports/{middle.id}/separation", data={"reason": "Lain kejadian"})
    assert (again(middle).merged_into_id, again(newest).merged_into_id) == (None, middle.id)


def test_whoever_takes_the_case_over_verifies_all_of_it(
    coordinator: FlaskClient, province: FlaskClient, cast: Cast, two: Pair
) -> None:
    older, newer = two
    merge(coordinator, newer, older)
    known = {"verifier_id": str(cast.coordinator.id), "reason": "Lintas kabupaten"}
    assert province.post(f"/broker-reports/{older.id}/verification", data=known).status_code == 303
    assert again(newer).verifier_id == cast.province.id
    assert coordinator.post(f"/broker-reports/{newer.id}/reporter-views").status_code == 404


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_only_so_many_are_compared(coordinator: FlaskClient, two: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merging, "COMPARED", 0)
    page = coordinator.get(f"/broker-reports/{two[1].id}/merging")
    assert page.status_code == 200
    assert two[0].reference not in page.text


def test_whoever_wrote_it_reads_how_far_the_case_is_and_not_that_others_told_it(
    coordinator: FlaskClient, facilitator: FlaskClient, cast: Cast
) -> None:
    older = taken(told(cast.stranger, accused_phones="081234567890"), cast.coordinator, "referred")
    newer = taken(told(cast.facilitator, accused_phones="081234567890"), cast.coordinator)
    alone = facilitator.get(f"/broker-reports/{newer.id}").text
    assert str(STATES["triage"]) in alone
    assert merge(coordinator, newer, older) == 303
    for address in (f"/broker-reports/{newer.id}", "/broker-reports"):
        page = html.unescape(facilitator.get(address).text)
        assert badges(page) == [str(STATES["referred"])], "as if it were referred itself"
        assert older.reference not in page
    assert str(CALM["referred"][0]) in html.unescape(facilitator.get(f"/broker-reports/{newer.id}").text)
    assert badges(html.unescape(coordinator.get(f"/broker-reports/{newer.id}").text))[0] not in [
        str(words) for words in STATES.values()
    ]


def badges(page: str) -> list[str]:
    return re.findall(r'<span class="badge[^"]*">([^<]*)</span>', page)
