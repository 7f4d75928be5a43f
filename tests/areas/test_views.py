"""Choosing an area, with and without JavaScript, never outside one's own."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests import people
from tests.conftest import Login

HTMX = {"HX-Request": "true"}


@pytest.fixture
def coordinator(client: FlaskClient, cast: people.Cast, login: Login) -> FlaskClient:
    login(client, cast.nation)
    return client


def test_each_choice_opens_the_next_select(coordinator: FlaskClient) -> None:
    page = coordinator.get("/areas?within=33").text
    assert "Kabupaten Cilacap" in page
    assert "Kroya" not in page
    page = coordinator.get("/areas?within=33&within=33.01&within=33.01.06&next=/people/new&level=4").text
    assert 'href="/people/new?area=33.01.06.2010"' in page


def test_a_choice_left_over_from_another_province_is_ignored(coordinator: FlaskClient) -> None:
    page = coordinator.get("/areas?within=35&within=33.01&within=33.01.06").text
    assert "Kabupaten Ponorogo" in page
    assert "Kroya" not in page


def test_one_code_stands_for_the_way_to_it(coordinator: FlaskClient) -> None:
    assert "Bajing" in coordinator.get("/areas?within=33.01.06").text


def test_typing_finds_by_part_of_the_name(coordinator: FlaskClient) -> None:
    part = coordinator.get("/areas?q=baj&next=/people/new%3Fstep%3D1&level=4", headers=HTMX)
    assert part.text.lstrip().startswith("<ul")
    assert 'href="/people/new?step=1&amp;area=33.01.06.2010"' in part.text
    assert "HX-Request" in part.headers["Vary"]


def test_nothing_found_says_what_to_do(coordinator: FlaskClient) -> None:
    assert "area-1" in coordinator.get("/areas?q=xyzzy").text


@pytest.mark.parametrize("query", ["q=buntu", "within=33.01.06", "within=33", "q=kradenan"])
def test_nobody_chooses_outside_the_own_area(client: FlaskClient, cast: people.Cast, login: Login, query: str) -> None:
    login(client, cast.facilitator)
    page = client.get(f"/areas?{query}&next=/people/new").text
    assert "Buntu" not in page
    assert "Kradenan" not in page
    assert "area=33.01.06.2014" not in page


def test_it_leads_to_no_other_site(coordinator: FlaskClient) -> None:
    assert "evil.example" not in coordinator.get("/areas?q=baj&next=https://evil.example/").text


def test_strangers_log_in_first(client: FlaskClient) -> None:
    assert client.get("/areas").status_code in (302, 303)
