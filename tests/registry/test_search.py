"""The list and the search: what they find, in which order, with which indexes and how many queries."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import parse_qsl

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import Login, new_client
from tests.people import HOME, NEIGHBOUR, OTHER_VILLAGE, REGENCY, SINCE, Cast
from tests.plans import plan, reads_whole_table, statements
from webapp.db import db
from webapp.people import queries, search
from webapp.people.model import Person
from webapp.people.names import fold
from webapp.people.queries import PeopleOf
from webapp.people.stages import STAGES
from webapp.sealing import fingerprint, fingerprints, seal

NIK = "3301065703960001"
Find = Callable[..., list[str]]


@pytest.fixture
def village(app: Flask, cast: Cast) -> list[Person]:
    """Sixty people in three villages of two provinces, besides the cast."""
    places, siti = (HOME, NEIGHBOUR, OTHER_VILLAGE), cast.facilitator
    made = [
        Person(
            area_code=places[n % 3],
            name=f"{('Budi', 'Nur', 'Wayan')[n % 3]} Ke{n:02}",
            name_key=fold(f"{('Budi', 'Nur', 'Wayan')[n % 3]} Ke{n:02}"),
            search_text=fold(f"{('Budi', 'Nur', 'Wayan')[n % 3]} Ke{n:02}"),
            sex="m",
            birth_date=date(1990, 1, 1),
            stage="prospect",
            created_by_id=siti.id,
            created_at=SINCE,
            updated_at=SINCE,
        )
        for n in range(60)
    ]
    made[0].nik_encrypted, made[0].nik_hash = seal(NIK), fingerprint(NIK)
    db.session.add_all(made)
    db.session.flush()
    made[1].add_phone("+6285799998888", "self", account=siti, now=SINCE)
    made[2].add_contact("Pak Karto", "father", "+6285711112222", account=siti, now=SINCE)
    db.session.commit()
    return made


def look_at_no_rows_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the area were so large that the first rows tell nothing."""
    monkeypatch.setattr(search, "PROBE_NAMES", (0,))
    monkeypatch.setattr(search, "PROBE_NUMBERS", (0,))


@pytest.fixture(params=["first rows", "trigrams"])
def find(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Find:
    """Finds names of people, by both ways that a large area is searched."""
    if request.param == "trigrams":
        look_at_no_rows_first(monkeypatch)

    def names(q: str, area_code: str = "ID", **others: Any) -> list[str]:
        return [person.name for person in PeopleOf(area_code).page(q=q, **others).people]

    return names


@pytest.mark.usefixtures("village")
def test_any_part_of_a_name_finds(find: Find) -> None:
    assert find("ahyun") == ["Sri Wahyuni"]
    assert find("WAHYUNI sri") == ["Sri Wahyuni"]
    assert find("wahyuni budi") == []
    assert len(find("wayan")) == 20


@pytest.mark.usefixtures("village")
@pytest.mark.parametrize("rows", [(25, 1000), (25, 40), (5, 30)])
def test_it_finds_the_same_however_far_it_looks_first(monkeypatch: pytest.MonkeyPatch, rows: tuple[int, int]) -> None:
    def found() -> dict[str, list[str]]:
        return {
            q: [p.name for p in PeopleOf("ID").page(q=q).people] for q in ("budi", "wayan", "ke0", "8123", "nobody")
        }

    known = found()
    assert [len(names) for names in known.values()] == [20, 20, 10, 2, 0]
    monkeypatch.setattr(search, "PROBE_NAMES", rows)
    monkeypatch.setattr(search, "PROBE_NUMBERS", rows)
    assert found() == known


@pytest.mark.usefixtures("village")
def test_a_part_that_crosses_words_finds_nobody(find: Find) -> None:
    assert find("iwah") == []


@pytest.mark.usefixtures("village")
@pytest.mark.parametrize("q", ["99998888", "+62 857 9999", "0857-9999", "9999"])
def test_any_part_of_a_number_finds(find: Find, q: str) -> None:
    assert find(q) == ["Nur Ke01"]


@pytest.mark.usefixtures("village")
def test_a_number_of_the_family_finds_too(find: Find) -> None:
    assert find("0857 1111 2222") == ["Wayan Ke02"]


@pytest.mark.usefixtures("village")
@pytest.mark.parametrize("area_code", [HOME, REGENCY, "ID"])
def test_a_whole_nik_finds(find: Find, area_code: str) -> None:
    assert find(NIK, area_code) == ["Budi Ke00"]
    assert find("33.01.06.570396.0001", area_code) == ["Budi Ke00"]


@pytest.mark.usefixtures("village")
def test_a_part_of_a_nik_finds_in_the_village_only(find: Find) -> None:
    assert find("570396", HOME) == ["Budi Ke00"]
    assert find("570396", REGENCY) == []


@pytest.mark.usefixtures("village")
def test_nobody_outside_the_area_is_found(find: Find) -> None:
    assert find("wayan", HOME) == []
    assert find("wayan", REGENCY) == []
    assert len(find("wayan", "35")) == 20
    assert find("wahyuni", NEIGHBOUR) == []


@pytest.mark.usefixtures("village")
def test_what_is_no_part_of_a_name_is_harmless(find: Find) -> None:
    for q in ("%", "_", "%%%", "' OR 1=1 --", '"', "a" * 500, "\x00abc", "siti*", "NOT", "ke AND"):
        for area_code in (HOME, "ID"):
            assert find(q, area_code) == [], (q, area_code)


@pytest.mark.usefixtures("village")
def test_a_changed_name_is_found_and_the_old_one_not(find: Find, cast: Cast) -> None:
    cast.migrant.change(cast.facilitator, SINCE, name="Endang Sulastri")
    db.session.flush()
    assert find("sulast") == ["Endang Sulastri"]
    assert find("wahyuni") == []


@pytest.mark.usefixtures("village")
def test_the_stage_narrows_list_and_search(find: Find, cast: Cast) -> None:
    cast.migrant.move_to("in_process", on_day=SINCE.date(), account=None, now=SINCE)
    db.session.flush()
    assert find("", stage="in_process") == ["Sri Wahyuni"]
    assert find("sri", stage="in_process") == ["Sri Wahyuni"]
    assert find("sri", stage="prospect") == []


@pytest.mark.usefixtures("village")
@pytest.mark.parametrize(("area_code", "q"), [(HOME, ""), (REGENCY, ""), ("ID", ""), ("ID", "ke"), ("ID", "budi")])
def test_pages_follow_one_another_without_gap_or_repeat(
    monkeypatch: pytest.MonkeyPatch, area_code: str, q: str
) -> None:
    monkeypatch.setattr(queries, "PAGE", 7)
    seen, after = [], None
    while True:
        page = PeopleOf(area_code).page(after, q)
        seen += page.people
        after = page.next_after
        if after is None:
            break
    everybody = db.session.scalars(sa.select(Person)).all()
    wanted = [p for p in everybody if p.area_code.startswith("" if area_code == "ID" else area_code)]
    expected = sorted((p for p in wanted if q in p.name_key), key=lambda p: (p.area_code, p.name_key, p.id))
    assert seen == expected


WORDS = st.text(st.sampled_from("abknuw 0e"), min_size=3, max_size=6)


@pytest.mark.usefixtures("village")
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(q=WORDS)
def test_the_search_finds_exactly_the_names_that_hold_every_word(find: Find, q: str) -> None:
    words = fold(q).split()
    if not any(len(word) >= 3 and not word.isdigit() for word in words):
        return
    names = [p.name for p in db.session.scalars(sa.select(Person))]
    expected = {name for name in names if all(word in fold(name) for word in words)}
    assert set(find(q)) <= expected
    assert len(find(q)) == min(len(expected), queries.PAGE)


def test_a_nik_sealed_under_an_older_key_is_found(app: Flask, cast: Cast, village: list[Person], find: Find) -> None:
    from dataclasses import replace

    older = app.config["SETTINGS"]
    keys = (("newer", b"n" * 32), *older.encryption_keys)
    app.config["SETTINGS"] = replace(older, encryption_keys=keys)
    assert len(fingerprints(NIK)) == 2
    assert find(NIK) == ["Budi Ke00"]


# How the database gets there.


def ask(client: FlaskClient, path: str) -> Any:
    """Open a page of PAGES: a search is posted."""
    address, _, query = path.partition("?")
    return client.post(address, data=dict(parse_qsl(query))) if address.endswith("/search") else client.get(path)


#: What stands after the '?' of a search is posted.
PAGES = [
    ("facilitator", "/people"),
    ("facilitator", "/people?stage=in_process"),
    ("facilitator", "/people/search?q=wahyu"),
    ("facilitator", "/people/search?q=" + NIK),
    ("facilitator", "/people?after={id}"),
    ("coordinator", "/people"),
    ("coordinator", "/people?after={id}"),
    ("coordinator", "/people/search?q=wahyu"),
    ("coordinator", "/people/search?q=wahyu&after={id}"),
    ("nation", "/people"),
    ("nation", "/people?after={id}"),
    ("nation", "/people?stage=" + STAGES[0]),
    ("nation", "/people?stage=" + STAGES[0] + "&after={id}"),
    ("nation", "/people/search?q=wahyu"),
    ("nation", "/people/search?q=0812345"),
    ("nation", "/people/search?q=" + NIK),
    ("nation", "/people/{id}"),
]


@pytest.mark.usefixtures("village")
@pytest.mark.parametrize("by_trigrams", [False, True])
def test_every_page_reads_people_by_an_index(
    app: Flask, cast: Cast, login: Login, monkeypatch: pytest.MonkeyPatch, by_trigrams: bool
) -> None:
    if by_trigrams:
        look_at_no_rows_first(monkeypatch)
    browsers = {who: new_client(app) for who, _ in PAGES}
    for who, client in browsers.items():
        login(client, getattr(cast, who))
    for who, path in PAGES:
        assert_reads_by_an_index(browsers[who], path.format(id=cast.migrant.id))


def assert_reads_by_an_index(client: FlaskClient, path: str) -> None:
    with statements() as sent:
        assert ask(client, path).status_code == 200
    asked = [(s, p) for s, p in sent if re.search(r"\bpeople\b", s) and s.lstrip().startswith("SELECT")]
    assert asked
    for statement, parameters in asked:
        how = plan(statement, parameters)
        assert not reads_whole_table(how, "people"), how
        if "q=" not in path and "ORDER BY people.area_code" in statement:
            assert "Sort" not in how, how
            assert "TEMP B-TREE" not in how, how


@pytest.mark.usefixtures("village")
def test_rare_parts_are_found_by_trigrams(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    look_at_no_rows_first(monkeypatch)
    with statements() as sent:
        PeopleOf("ID").page(q="wahyu")
    how = [plan(s, p) for s, p in sent if "people_search" in s or "trigrams(" in s]
    assert len(how) == 1
    assert "VIRTUAL TABLE" in how[0] or "ix_people_search" in how[0]


@pytest.mark.usefixtures("village")
@pytest.mark.parametrize(
    ("path", "most"), [("/people", 7), ("/people?after={id}", 8), ("/people/search?q=wahyu", 9), ("/people/{id}", 16)]
)
def test_a_page_asks_a_fixed_number_of_questions(
    client: FlaskClient, cast: Cast, login: Login, path: str, most: int
) -> None:
    login(client, cast.nation)
    path = path.format(id=cast.migrant.id)
    ask(client, path)
    with statements() as sent:
        assert ask(client, path).status_code == 200
    assert len(sent) <= most, "\n".join(statement for statement, _ in sent)


def test_htmx_gets_the_rows_only(client: FlaskClient, cast: Cast, login: Login) -> None:
    login(client, cast.facilitator)
    whole = client.post("/people/search", data={"q": "wahyu"})
    part = client.post("/people/search", data={"q": "wahyu"}, headers={"HX-Request": "true"})
    assert "Sri Wahyuni" in whole.text
    assert "<h1>" in whole.text
    assert "Sri Wahyuni" in part.text
    assert "<html" not in part.text
    assert "HX-Request" in whole.headers["Vary"]
    assert "HX-Request" in part.headers["Vary"]


def test_what_is_typed_stands_in_no_address(
    client: FlaskClient, cast: Cast, login: Login, village: list[Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PAGE", 7)
    login(client, cast.nation)
    assert client.get("/people?q=wayan").text == client.get("/people").text, "an address asks for nobody"
    page = client.post("/people/search", data={"q": "wayan"}).text
    assert "Wayan Ke02" in page
    assert not re.search(r'(href|action|hx-[a-z]+)="[^"]*wayan', page)


def test_the_pages_of_a_search_follow_one_another(
    client: FlaskClient, cast: Cast, login: Login, village: list[Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PAGE", 7)
    login(client, cast.nation)
    seen: list[str] = []
    form = {"q": "wayan"}
    while form:
        page = client.post("/people/search", data=form).text
        seen += re.findall(r"Wayan Ke\d\d", page)
        after = re.search(r'name="after" value="(\d+)"', page)
        form = {"q": "wayan", "after": after[1]} if after else {}
    assert sorted(seen) == sorted(person.name for person in village if person.name.startswith("Wayan"))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_search_waits_for_nobody_who_writes(client: FlaskClient, cast: Cast, login: Login) -> None:
    login(client, cast.facilitator)
    with statements() as sent:
        assert client.post("/people/search", data={"q": "wahyu"}).status_code == 200
    begins = [statement for statement, _ in sent if statement.startswith("BEGIN")]
    assert begins[0] == "BEGIN"


@pytest.mark.parametrize("q", ["x" * 20_000, "9" * 5_000, "%_\\", "' OR 1=1; --", "<script>", "   \t "])
@pytest.mark.parametrize("after", ["", "x", "-1", "9" * 30])
def test_an_odd_search_is_no_failure(client: FlaskClient, cast: Cast, login: Login, q: str, after: str) -> None:
    login(client, cast.facilitator)
    page = client.post("/people/search", data={"q": q, "after": after, "stage": after})
    assert page.status_code == 200
    assert "<script>" not in page.text


@pytest.mark.parametrize("query", ["after=x", "after=-1", "after=" + "9" * 30, "stage=nowhere", "q=%00", "q=%ff"])
def test_an_odd_address_is_no_failure(client: FlaskClient, cast: Cast, login: Login, query: str) -> None:
    login(client, cast.facilitator)
    assert client.get(f"/people?{query}").status_code in (200, 400)
