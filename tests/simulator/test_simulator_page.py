"""The page of pretend phones: texts arrive, answers go out, the demonstration moves, the network misbehaves."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from sms.gateways import Outgoing
from sms.gateways.simulator import Behaviour, Simulator
from tests.conftest import settings_for
from tests.people import Cast
from webapp import assets, clock, create_app
from webapp.conversations.model import Incoming
from webapp.db import db
from webapp.outbox.gateway import current_gateway
from webapp.outbox.model import Message
from webapp.simulator import views

SRI = "+6281234567801"


@pytest.fixture
def network(app: Flask, tmp_path: Path) -> Simulator:
    simulator = Simulator(tmp_path / "simulator.db")
    simulator.behave(Behaviour(delay_seconds=0))
    app.extensions["sms_gateway"] = simulator
    return simulator


def sent(network: Simulator, body: str, to: str = SRI) -> str:
    """A text arrives; the address of its phone."""
    network.send(Outgoing("ref-" + body, to, body))
    return f"/simulator/phones/{network.phones(1)[0].id}"


def test_without_texts_it_says_what_to_do(client: FlaskClient, network: Simulator) -> None:
    page = client.get("/simulator")
    assert page.status_code == 200
    assert "handset" not in page.text


def test_a_page_without_a_phone_loads_anew_when_there_is_one(client: FlaskClient, network: Simulator) -> None:
    waiting, headers = "/simulator?beside=0", {"HX-Request": "true"}
    assert waiting in client.get("/simulator").text
    assert "HX-Refresh" not in client.get(waiting, headers=headers).headers
    sent(network, "Halo Sri")
    assert client.get(waiting, headers=headers).headers["HX-Refresh"] == "true"
    assert waiting not in client.get("/simulator").text


def test_the_list_marks_the_phone_that_stands_beside_it(client: FlaskClient, network: Simulator) -> None:
    phone = sent(network, "Halo Sri")
    sent(network, "Halo Tumini", "+6281234567802")
    beside = "/simulator?beside=" + phone.rpartition("/")[2]
    assert beside in client.get(phone).text
    listed = client.get(beside, headers={"HX-Request": "true"}).text
    assert f'href="{phone}" aria-current="true"' in listed
    assert client.get("/simulator?beside=" + "9" * 30, headers={"HX-Request": "true"}).status_code == 200


def test_the_phone_with_the_newest_text_is_shown(client: FlaskClient, network: Simulator) -> None:
    sent(network, "Halo Sri")
    sent(network, "Halo Tumini", "+6281234567802")
    page = client.get("/simulator").text
    assert "Halo Tumini" in page
    assert "Halo Sri" not in page[: page.index('id="phones"')]
    assert page.index(">0812-3456-7802") < page.index(">0812-3456-7801")


def test_all_phones_are_reached(client: FlaskClient, network: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "MOST_PHONES", 3)
    for n in range(8):
        sent(network, f"Halo {n}", f"+62812345678{n:02}")
    seen: list[str] = []
    address = "/simulator"
    while address:
        page = client.get(address).text
        listed = page[page.index('id="phones"') :]
        seen += re.findall(r"Halo \d", listed)
        polled = re.search(r'hx-get="(/simulator\?[^"]+)"', listed)
        assert polled
        part = client.get(polled[1].replace("&amp;", "&"), headers={"HX-Request": "true"}).text
        assert part.strip() in page, "what is asked again is the same part of the list"
        onward = re.search(r'rel="next" href="([^"#]+)', listed)
        address = onward[1].replace("&amp;", "&") if onward else ""
    assert seen == [f"Halo {n}" for n in reversed(range(8))]


def test_a_phone_shows_its_texts_as_page_and_as_part(client: FlaskClient, network: Simulator) -> None:
    phone = sent(network, "Besok jadi berangkat? <b>")
    for headers in ({}, {"HX-Request": "true"}):
        answer = client.get(phone, headers=headers)
        assert "Besok jadi berangkat? &lt;b&gt;" in answer.text
        assert "HX-Request" in answer.headers["Vary"]
    assert "<html" not in answer.text
    listed = client.get("/simulator", headers={"HX-Request": "true"}).text
    assert phone in listed
    assert "<html" not in listed
    assert client.get("/simulator/phones/999").status_code == 404


def test_an_answer_reaches_the_inbox(client: FlaskClient, network: Simulator, cast: Cast) -> None:
    phone = sent(network, "Apa kabar?")
    answer = client.post(phone + "/answers", data={"body": "Baik bu, terima kasih"})
    assert (answer.status_code, answer.headers["Location"]) == (303, phone + "#phone")
    incoming = db.session.scalars(sa.select(Incoming)).one()
    assert (incoming.gateway, incoming.number, incoming.person_id) == ("simulator", SRI, cast.migrant.id)
    assert "Baik bu, terima kasih" in client.get(phone).text


def test_stop_from_the_phone_is_answered(client: FlaskClient, network: Simulator, cast: Cast) -> None:
    client.post(sent(network, "Halo") + "/answers", data={"body": "STOP"})
    assert db.session.scalars(sa.select(Message.text_code)).all() == ["KSTOP"]


@pytest.mark.parametrize("body", ["", "x" * 481])
def test_an_answer_that_does_not_fit_is_kept(client: FlaskClient, network: Simulator, body: str) -> None:
    answer = client.post(sent(network, "Halo") + "/answers", data={"body": body})
    assert answer.status_code == 422
    assert body in answer.text
    assert db.session.scalars(sa.select(Incoming)).all() == []


def test_texts_show_the_programmes_time(client: FlaskClient, network: Simulator, cast: Cast) -> None:
    phone = sent(network, "Halo")
    day = clock.real_now() + timedelta(days=400)
    row = {"key": "x", "reference": "ref-Halo", "number": SRI, "area_code": "ID", "purpose": "reminder"}
    db.session.add(Message(**row, due_at=day, created_at=day, updated_at=day, sent_at=day, state="sent"))
    assert day.isoformat()[:16] in client.get(phone).text


@pytest.mark.settings(demo=True)
def test_the_demonstration_moves_to_another_day(app: Flask, client: FlaskClient, network: Simulator) -> None:
    day = clock.real_now().date() + timedelta(days=30)
    assert client.post("/simulator/day", data={"day": day.isoformat()}).status_code == 303
    assert clock.now().date() == day
    for wrong in ("", "tomorrow", "9999-12-31", "2026-02-30", "0001-01-01"):
        assert client.post("/simulator/day", data={"day": wrong}).status_code == 422
    assert clock.now().date() == day
    assert re.search(r'name="day" value="' + (day + timedelta(days=1)).isoformat(), client.get("/simulator").text)


def test_outside_a_demonstration_no_day_is_moved(client: FlaskClient, network: Simulator) -> None:
    assert client.post("/simulator/day", data={"day": date(2027, 1, 1).isoformat()}).status_code == 404
    assert "/simulator/day" not in client.get("/simulator").text


GOOD = {"delay_seconds": "2.5", "fail_percent": "10", "failure": "undelivered", "drop_answer_percent": "5"}


def test_the_network_can_be_told_to_misbehave(client: FlaskClient, network: Simulator) -> None:
    form = GOOD | {"duplicate_receipts": "y"}
    assert client.post("/simulator/behaviour", data=form).status_code == 303
    assert network.behaviour == Behaviour(2.5, 10, "undelivered", 5, duplicate_receipts=True, reorder_receipts=False)
    assert 'value="10"' in client.get("/simulator").text


@pytest.mark.parametrize(
    "wrong",
    [
        {"fail_percent": "101"},
        {"fail_percent": "x"},
        {"delay_seconds": "-1"},
        {"delay_seconds": "nan"},
        {"delay_seconds": "1e9"},
        {"failure": "other"},
        {"drop_answer_percent": ""},
    ],
)
def test_impossible_behaviour_is_refused(client: FlaskClient, network: Simulator, wrong: dict[str, str]) -> None:
    before = network.behaviour
    assert client.post("/simulator/behaviour", data=GOOD | wrong).status_code == 422
    assert network.behaviour == before


def test_other_sites_cannot_answer(client: FlaskClient, network: Simulator) -> None:
    phone = sent(network, "Halo")
    headers = {"Sec-Fetch-Site": "cross-site"}
    assert client.post(phone + "/answers", data={"body": "STOP"}, headers=headers).status_code == 403


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_only_a_simulated_network_has_pretend_phones(app: Flask, database_url: str) -> None:
    for changes in ({"sms_gateway": "twilio"}, {"environment": "production"}):
        other = create_app(settings_for(database_url, **changes))
        assert [rule for rule in other.url_map.iter_rules() if rule.rule.startswith("/simulator")] == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_network_is_kept_beside_the_database(app: Flask, database_url: str) -> None:
    gateway = current_gateway()
    assert isinstance(gateway, Simulator)
    file = Path(database_url.removeprefix("sqlite:///")).with_name("simulator.db")
    assert app.config["SETTINGS"].simulator_file == file
    assert settings_for("x", simulator_url="sqlite:////srv/network.db").simulator_file == Path("/srv/network.db")


def test_no_style_of_all_pages_says_how_its_own_parts_look() -> None:
    """A class of app.css that has the name of one of simulator.css once made the page half as wide."""
    of_all, own = (
        set(re.findall(r"^\.([\w-]+) \{", (assets.STATIC / name).read_text(encoding="utf-8"), re.MULTILINE))
        for name in ("app.css", "simulator.css")
    )
    assert "network" in own
    assert not of_all & own
