"""Which reports belong together, how many sources stand behind them, and how a cluster is drawn: without a database."""

from __future__ import annotations

from itertools import combinations
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.people import DISTRICT, HOME, NATION, NEIGHBOUR, OTHER_VILLAGE, PROVINCE
from webapp.brokers import drawing
from webapp.brokers.likeness import names_in
from webapp.brokers.links import Traits, components, linked
from webapp.brokers.shared import shared
from webapp.brokers.sources import Source, are_enough, independent

ELSEWHERE_IN_REGENCY = "33.01.22.2004"


def traits(report_id: int, names: str = "", area: str = HOME, **others: Any) -> Traits:
    strong = frozenset(("phone", value) for value in others.get("phones", ()))
    agencies, places = frozenset(others.get("agencies", ())), frozenset(others.get("places", ()))
    return Traits(report_id, area, strong, frozenset(names_in(names)), agencies, places)


def are_linked(one: Traits, other: Traits) -> bool:
    assert linked(one, other) == linked(other, one)
    return linked(one, other)


def test_the_same_phone_links_wherever_it_is() -> None:
    assert are_linked(traits(1, phones={"+62811"}), traits(2, area=OTHER_VILLAGE, phones={"+62811", "+62812"}))
    assert not are_linked(traits(1, phones={"+62811"}), traits(2, phones={"+62812"}))


def test_a_name_that_tells_links_only_with_something_else() -> None:
    one = traits(1, "Pak Darto", agencies={"maju"}, places={"kroya", "wetan"})
    assert are_linked(one, traits(2, "Dharto", area=ELSEWHERE_IN_REGENCY))
    assert not are_linked(one, traits(2, "Dharto", area=OTHER_VILLAGE))
    assert are_linked(one, traits(2, "Dharto", area=OTHER_VILLAGE, agencies={"maju", "jaya"}))
    assert are_linked(one, traits(2, "Dharto", area=OTHER_VILLAGE, places={"kroya", "wetan"}))
    assert not are_linked(one, traits(2, "Dharto", area=OTHER_VILLAGE, places={"kroya"}))


def test_usual_names_link_only_within_a_district_or_with_two_things_more() -> None:
    one = traits(1, "Sri Wahyuni", agencies={"maju"})
    assert are_linked(one, traits(2, "Sri Wahjuni", area=NEIGHBOUR))
    assert not are_linked(one, traits(2, "Sri Wahjuni", area=ELSEWHERE_IN_REGENCY))
    assert are_linked(one, traits(2, "Sri Wahjuni", area=ELSEWHERE_IN_REGENCY, agencies={"maju"}))
    assert not are_linked(one, traits(2, "Sri Wahjuni", area=OTHER_VILLAGE, agencies={"maju"}))


@pytest.mark.parametrize("name", ["Sri", "Slamet", "Bu Siti", "Pak Budi", "Mas Yon", "Joko"])
def test_a_usual_name_alone_links_nothing_whatever_else_agrees(name: str) -> None:
    same: dict[str, Any] = {"agencies": {"maju"}, "places": {"kroya", "wetan"}}
    assert not are_linked(traits(1, name, **same), traits(2, name, **same))


def test_an_agency_or_a_place_alone_links_nothing() -> None:
    same: dict[str, Any] = {"agencies": {"maju"}, "places": {"kroya", "wetan"}}
    assert not are_linked(traits(1, "Darto", **same), traits(2, "Kasan", **same))
    assert not are_linked(traits(1, **same), traits(2, **same))


@pytest.mark.parametrize("area", [NATION, PROVINCE])
def test_a_province_is_no_place_to_meet(area: str) -> None:
    assert not are_linked(traits(1, "Darto", area=area), traits(2, "Darto", area=area))
    assert are_linked(traits(1, "Darto", area=DISTRICT), traits(2, "Darto", area=DISTRICT))


AREAS = st.sampled_from([HOME, NEIGHBOUR, ELSEWHERE_IN_REGENCY, OTHER_VILLAGE, PROVINCE, NATION])
SAID = st.sampled_from(
    ["Darto", "Dharto Susilo", "Sri Wahyuni", "Bu Sri Wahjuni", "Slamet", "Kasan, Darto", "", "Soesilo"]
)
SOME = st.sets(st.sampled_from(["a", "b", "c"]), max_size=2)
REPORTS = st.lists(st.tuples(SAID, AREAS, SOME, SOME, SOME), max_size=9).map(
    lambda rows: [
        traits(number, names, area, phones=phones, agencies=agencies, places=places)
        for number, (names, area, phones, agencies, places) in enumerate(rows)
    ]
)


@given(REPORTS, st.randoms())
def test_components_are_what_the_rule_says_of_every_pair(reports: list[Traits], random: Random) -> None:
    """Found by corners, they are those that are found by asking of every pair; and the order is no matter."""
    near: dict[int, set[int]] = {one.report_id: {one.report_id} for one in reports}
    for one, other in combinations(reports, 2):
        if are_linked(one, other):
            whole = near[one.report_id] | near[other.report_id]
            near |= dict.fromkeys(whole, whole)
    expected = sorted(sorted(group) for group in {frozenset(group) for group in near.values()})
    assert components(reports) == expected
    mixed = list(reports)
    random.shuffle(mixed)
    assert components(mixed) == expected


@given(REPORTS)
def test_what_is_shown_as_common_holds_each_cluster_together(reports: list[Traits]) -> None:
    whole = {one for group in components(reports) if len(group) > 1 for one in group}
    assert {report_id for one in shared(reports) for report_id in one.report_ids} == whole


def test_names_that_are_alike_are_one_line() -> None:
    found = shared(
        [traits(1, "Darto"), traits(2, "Dharto"), traits(3, "Darto Susilo", phones={"x"}), traits(4, phones={"x"})]
    )
    assert [(one.kind, one.report_ids) for one in found] == [("phone", (3, 4)), ("name", (1, 2, 3))]


def test_one_family_is_one_source_whoever_wrote_it_down() -> None:
    assert independent([Source(1, frozenset({"person:7"})), Source(2, frozenset({"person:7", "number:+62811"}))]) == 1
    assert independent([Source(1, frozenset({"person:7"})), Source(1, frozenset({"person:7"}))]) == 1


def test_one_officer_who_writes_for_two_families_wrote_for_two_sources() -> None:
    assert independent([Source(1, frozenset({"person:7"})), Source(1, frozenset({"person:8"}))]) == 2


def test_what_an_officer_writes_without_saying_for_whom_counts_once() -> None:
    assert independent([Source(1), Source(1), Source(1, frozenset({"person:7"}))]) == 1
    assert independent([Source(1), Source(2)]) == 2
    assert independent([Source(None), Source(None)]) == 1
    assert independent([Source(None, frozenset({"return:1"})), Source(None, frozenset({"return:2"}))]) == 2
    assert independent([]) == 0


@given(st.lists(st.tuples(st.sampled_from([None, 1, 2]), st.sets(st.sampled_from("abc"))), max_size=8))
def test_more_reports_from_the_same_sources_do_not_make_more(rows: list[tuple[int | None, set[str]]]) -> None:
    sources = [Source(account, frozenset(marks)) for account, marks in rows]
    assert independent(sources + sources) == independent(sources) <= len(sources)


def test_three_reports_of_two_sources_are_enough() -> None:
    assert are_enough(3, 2)
    assert not are_enough(2, 2)
    assert not are_enough(9, 1)


NODE = drawing.Node("LC-7K3M, of a very long name", "Bajing")


def test_a_drawing_has_all_that_has_room_and_counts_the_rest() -> None:
    reports = {number: drawing.Node(f"LC-{number}", "Bajing") for number in range(60)}
    aliases = [(drawing.Node(f"alias {n}", ""), [n, n + 1, n + 2]) for n in range(0, 50, 2)]
    picture = drawing.draw(reports, aliases)
    assert len(picture.boxes) <= 40
    assert len(picture.boxes) + picture.more_reports + picture.more_aliases >= 60
    assert picture == drawing.draw(reports, aliases)


def test_lines_do_not_cross_where_they_need_not() -> None:
    aliases = [(drawing.Node("a", ""), [1, 6]), (drawing.Node("b", ""), [2, 5]), (drawing.Node("c", ""), [3, 4])]
    picture = drawing.draw(dict.fromkeys(range(1, 7), NODE), aliases)
    crossings = [
        (one, other) for one, other in combinations(picture.lines, 2) if (one.y1 - other.y1) * (one.y2 - other.y2) < 0
    ]
    assert crossings == []


@given(st.integers(1, 50), st.lists(st.sets(st.integers(0, 60), min_size=1, max_size=9), max_size=30))
def test_boxes_stand_apart_and_within_the_picture(number: int, linked: list[set[int]]) -> None:
    reports = dict.fromkeys(range(number), NODE)
    picture = drawing.draw(reports, [(NODE, sorted(ids & reports.keys())) for ids in linked])
    places = [(box.x, box.y) for box in picture.boxes]
    assert len(set(places)) == len(places) <= 40
    assert all(0 <= x <= picture.width - drawing.BOX and 0 <= y <= picture.height - drawing.HEIGHT for x, y in places)
    assert all(len(box.first) <= drawing.LETTERS[0] for box in picture.boxes)
    middles = {y + drawing.HEIGHT // 2 for _, y in places}
    assert all(line.y1 in middles and line.y2 in middles for line in picture.lines)
