"""What phones keep for reading: every page and every form of a village, and nothing of another."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import Login, new_client
from tests.people import NEIGHBOUR, Cast
from tests.routes import routes, stored_examples
from webapp import clock
from webapp.accounts.model import FACILITATOR, AccountSession, AuditEntry
from webapp.agencies.acts import replace
from webapp.agencies.licence import LICENSED
from webapp.agencies.reading import Listed
from webapp.db import db
from webapp.departures import acts
from webapp.departures.model import ChecklistItem
from webapp.offline import pages, worker
from webapp.people.model import Person

ACTION = re.compile(r'<form action="([^"]+)" method="post"')


@pytest.fixture
def siti(client: FlaskClient, cast: Cast, login: Login) -> FlaskClient:
    login(client, cast.facilitator)
    return client


def copied(client: FlaskClient, *ids: int, known: str = "") -> dict[str, Any]:
    answer = client.post("/offline/people", data={"ids": ",".join(map(str, ids)), "known": known})
    assert answer.status_code == 200
    return answer.json or {}


def spelled_out(found: dict[str, Any]) -> dict[str, str]:
    """Address → content, as the phone puts them together."""
    spelled = {}
    for one in found["people"]:
        for path, text, *further in one["pages"]:
            marks = {pages.PERSON: str(one["id"]), pages.NAME: one["name"]}
            marks |= dict(zip(pages.FURTHER, map(str, further), strict=False))
            content = found["texts"][text][4]
            for mark, value in marks.items():
                path, content = path.replace(mark, value), content.replace(mark, value)
            spelled[path] = content
    return spelled


def test_every_form_of_a_facilitator_is_on_the_phone(app: Flask, siti: FlaskClient, cast: Cast) -> None:
    """Also one that is added tomorrow: a form that no copied page leads to would be lost in the field."""
    examples = stored_examples(cast, db.session())
    person, now = cast.migrant, clock.now()
    for state in ("open", "postponed", "left", "ended"):
        _departure(cast, person, state, now)
    cast.withdrew.move_to("in_process", on_day=now.date(), account=cast.facilitator, now=now)
    db.session.commit()
    everything = spelled_out(copied(siti, person.id, cast.withdrew.id))
    found = siti.post("/offline/pages").json or {}
    everything |= {path: found["texts"][text][4] for path, text in found["pages"]}
    actions = {action for content in everything.values() for action in ACTION.findall(content)}
    adapter = app.url_map.bind("")
    offered = {adapter.match(action, method="POST")[0] for action in actions}
    never = [re.compile(expression) for expression in worker._never_kept()]
    wanted = {
        route.endpoint
        for route in routes(app, examples)
        if route.method == "POST" and FACILITATOR in route.roles and not any(e.match(route.path) for e in never)
    }
    assert wanted - offered - NOT_OFFERED == set()


#: Sent by the phone itself; asked of nobody in a village; and a page that follows another form, not one that is opened.
NOT_OFFERED = {"offline.keep", "offline.key", "offline.blank_forms", "people.move_house"}


def _departure(cast: Cast, person: Person, state: str, now: Any) -> None:
    siti, day = cast.facilitator, now.date()
    departure = acts.record(person, siti, now, destination_code="HK", scheme="p3mi", planned_on=day)
    acts.tick(departure, db.session.get_one(ChecklistItem, "civil"), siti, now, done_on=day)
    if state == "postponed":
        acts.postpone(departure, siti, now)
    if state in ("left", "ended"):
        acts.leave(departure, siti, now, day)
    if state == "ended":
        acts.come_home(departure, siti, now, day)


def test_a_copy_is_the_page(siti: FlaskClient, cast: Cast) -> None:
    person_id = cast.migrant.id
    everything = spelled_out(copied(siti, person_id))
    for path in (f"/people/{person_id}", f"/people/{person_id}/edit", f"/people/{person_id}/phones"):
        shown = siti.get(path).text
        content = everything[path].replace(pages.TODAY, clock.now().date().isoformat()).replace(pages.ACCOUNT, "1")
        assert _bare(content) in _bare(shown)


def _bare(text: str) -> str:
    return re.sub(r'(name="(?:client_id|csrf_token|account|on_day|done_on)" value=")[^"]*|\s+', r"\1", text)


def test_what_the_phone_has_is_not_sent_again(siti: FlaskClient, cast: Cast) -> None:
    first = copied(siti, cast.migrant.id, cast.withdrew.id)
    shared = [
        text for _, text, *_ in first["people"][0]["pages"] if text in {t for _, t, *_ in first["people"][1]["pages"]}
    ]
    assert len(shared) >= 5
    assert {len(text) for text in first["texts"]} == {16}, "so that no two texts have the same"
    assert copied(siti, cast.migrant.id, known=",".join(first["texts"]))["texts"] == {}


def test_nobody_of_another_village_is_copied(app: Flask, siti: FlaskClient, cast: Cast, login: Login) -> None:
    stranger = new_client(app)
    login(stranger, cast.stranger)
    assert copied(stranger, cast.migrant.id) == {"people": [], "texts": {}}
    assert (stranger.get("/offline/changes").json or {})["people"] == []
    assert stranger.get("/offline/everybody").json == []


def test_larger_areas_are_not_copied(app: Flask, cast: Cast, login: Login) -> None:
    coordinator = new_client(app)
    login(coordinator, cast.coordinator)
    for path in ("/offline/changes", "/offline/everybody"):
        assert coordinator.get(path).status_code == 403


def test_what_was_copied_stands_in_the_audit_log(siti: FlaskClient, cast: Cast) -> None:
    person_id = cast.migrant.id
    copied(siti, person_id)
    query = sa.select(AuditEntry.act, AuditEntry.subject_id).where(AuditEntry.subject == "person")
    assert db.session.execute(query).all() == [("copied", person_id)]


def test_what_leads_to_no_person_is_noted_as_copied_too(siti: FlaskClient, cast: Cast) -> None:
    stored_examples(cast, db.session())
    db.session.commit()
    for _ in range(2):
        assert siti.post("/offline/pages").status_code == 200
    query = sa.select(AuditEntry.subject, AuditEntry.subject_id).where(AuditEntry.act == "copied")
    noted = list(db.session.execute(query).tuples())
    assert {"broker_report", "incoming", "kept_form", "today"} <= {subject for subject, _ in noted}
    assert len(noted) == len(set(noted)), "each once"
    assert db.session.scalar(sa.select(sa.func.count(AuditEntry.id)).where(AuditEntry.act == "seen")) == 0


def test_many_journeys_push_no_form_of_the_open_one_out(
    siti: FlaskClient, cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    person, now = cast.migrant, clock.now()
    items = db.session.scalars(sa.select(ChecklistItem).where(ChecklistItem.schemes.contains("p3mi")).limit(12)).all()
    made = []
    for country in ("HK", "TW", "MY", "SG", "KR", "JP", "SA"):
        departure = acts.record(person, cast.facilitator, now, destination_code=country, scheme="p3mi")
        for item in items:
            acts.tick(departure, item, cast.facilitator, now, done_on=now.date())
        made.append(departure)
    for departure in made[:3] + made[4:]:
        acts.cancel(departure, cast.facilitator, now, "ragu")
    going_on, codes = made[3].id, [item.code for item in items]
    db.session.commit()
    caplog.clear()
    everything = spelled_out(copied(siti, person.id))
    papers = {f"/departures/{going_on}/papers/{code}" for code in codes}
    wanted = papers | {f"{path}/removal" for path in papers}
    wanted |= {f"/departures/{going_on}/{end}" for end in ("edit", "leaving", "postponement", "cancellation")}
    wanted |= {
        f"/people/{person.id}/{end}" for end in ("edit", "phones", "contacts", "consents", "stage", "departures/new")
    }
    assert wanted - everything.keys() == set()
    assert all('name="version"' in everything[f"{path}/removal"] for path in papers)
    assert len(everything) <= pages.MOST_PAGES
    assert "a copy has no room" in caplog.text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("strange", ["0", "²", "-1", "x", "99999999999999999999", ""])
def test_what_is_no_id_is_passed_over(siti: FlaskClient, cast: Cast, strange: str) -> None:
    found = siti.post("/offline/people", data={"ids": f"{strange},{cast.migrant.id}"})
    assert [one["id"] for one in (found.json or {})["people"]] == [cast.migrant.id]


def test_the_copy_of_the_agencies_is_the_whole_list(siti: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webapp.agencies.queries.PAGE", 3)
    names = [f"PT {word} {n}" for word in ("Élok", "Maju", "Zamrud") for n in range(3)]
    listed = [Listed(name, f"L/{name}", "Cilacap", LICENSED, None) for name in names]
    replace(listed, "Daftar rekaan", clock.now().date())
    db.session.commit()
    found = siti.post("/offline/pages").json or {}
    content = {path: found["texts"][text][4] for path, text in found["pages"]}["/agencies"]
    assert re.findall(r"<strong>(PT [^<]*)</strong>", content) == names
    assert 'role="search"' not in content
    assert "after=" not in content
    letters = re.findall(r'href="#(agency-\d+)">(\w)</a>', content)
    assert [letter for _, letter in letters] == ["E", "M", "Z"]
    assert all(content.count(f'id="{place}"') == 1 for place, _ in letters)
    assert 'role="search"' in siti.get("/agencies").text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_worker_that_any_cache_may_keep_is_nobodys(siti: FlaskClient) -> None:
    later = sa.update(AccountSession).values(seen_at=clock.real_now() - timedelta(hours=2))
    db.session.execute(later)
    db.session.commit()
    answer = siti.get("/sw.js")
    assert answer.cache_control.public
    assert not {"Set-Cookie", "Account"} & set(answer.headers.keys())
    own = siti.get("/more").headers
    assert {"Set-Cookie", "Account"} <= set(own.keys())


def test_changes_tell_only_what_is_new(siti: FlaskClient, cast: Cast) -> None:
    everything = siti.get("/offline/changes").json or {}
    assert {person_id for person_id, _ in everything["people"]} == {cast.migrant.id, cast.withdrew.id}
    newest = everything["people"][0][1] + 10 * 60 * 1_000_000
    nothing = siti.get(f"/offline/changes?since={newest}").json or {}
    assert nothing == everything | {"people": []}
    cast.migrant.note("Sudah ke Cilacap", account=cast.facilitator, now=clock.now())
    db.session.commit()
    news = siti.get(f"/offline/changes?since={newest}").json or {}
    assert [person_id for person_id, _ in news["people"]] == [cast.migrant.id]
    assert news["pages"] != nothing["pages"]


def test_changes_of_a_large_village_come_in_parts(
    siti: FlaskClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webapp.offline.copies.LISTED", 1)
    first = siti.get("/offline/changes").json or {}
    (person_id, stamp), more = first["people"][0], first["more"]
    assert more
    second = siti.get(f"/offline/changes?before={stamp}.{person_id}").json or {}
    assert [len(first["people"]), len(second["people"]), second["more"]] == [1, 1, False]
    assert first["people"] != second["people"]


def test_whoever_moves_away_is_counted_out(siti: FlaskClient, cast: Cast) -> None:
    before = (siti.get("/offline/changes").json or {})["count"]
    cast.migrant.move_house(NEIGHBOUR, account=cast.coordinator, now=clock.now())
    db.session.commit()
    assert (siti.get("/offline/changes").json or {})["count"] == before - 1
    assert siti.get("/offline/everybody").json == [cast.withdrew.id]


def test_forms_of_somebody_new_leave_nobody_behind(siti: FlaskClient, cast: Cast) -> None:
    before = db.session.scalar(sa.select(sa.func.count(Person.id)))
    found = siti.post("/offline/blank").json or {}
    paths = {path for path, *_ in found["pages"]}
    assert {f"/people/{pages.PERSON}/departures/new", f"/people/{pages.PERSON}/phones"} <= paths
    assert db.session.scalar(sa.select(sa.func.count(Person.id))) == before
    assert db.session.scalar(sa.select(sa.func.count(AuditEntry.id)).where(AuditEntry.act == "created")) == 0
