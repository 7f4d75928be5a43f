"""A call for help stays on top of *Hari ini* and the inbox, however many texts and tasks came since."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from tests.conftest import Login
from tests.people import HOME, Cast
from webapp import clock
from webapp.areas.codes import NATION
from webapp.conversations.model import HELP, Incoming
from webapp.conversations.queries import PAGE
from webapp.db import db
from webapp.people.model import Person
from webapp.people.tasks import open_task

MANY = PAGE + 5


def wrote(
    number: int, body: str, command: str = "text", person: Person | None = None, phone: int | None = None
) -> Incoming:
    text = Incoming(
        gateway="simulator",
        provider_id=f"in-{number}",
        number=f"+62857{number if phone is None else phone:08}",
        body=body,
        received_at=clock.now() - timedelta(hours=5) + timedelta(minutes=number),
        command=command,
        person_id=person.id if person else None,
        area_code=person.area_code if person else NATION,
        for_human=True,
    )
    db.session.add(text)
    db.session.flush()
    return text


def bury(cast: Cast) -> None:
    """A page and more of other texts and tasks of the same village."""
    for n in range(1, MANY + 1):
        wrote(n, f"tanya {n:02}.", person=cast.withdrew)
        open_task(f"t:{n}", cast.withdrew, "unreached", clock.now())
    db.session.commit()


@pytest.mark.parametrize("who", ["facilitator", "coordinator", "nation"])
def test_newer_texts_and_tasks_bury_no_call(client: FlaskClient, cast: Cast, login: Login, who: str) -> None:
    wrote(0, "BANTU saya disekap", HELP, cast.migrant)
    open_task("help:1", cast.migrant, HELP, clock.now())
    bury(cast)
    login(client, getattr(cast, who))
    for address in ("/", "/inbox", "/inbox?show=all"):
        page = client.get(address).text
        assert page.count("BANTU saya disekap") == 1, address
        assert page.count("Sri Wahyuni") == 1, "her task is not told beside her text"
        assert page.index("Sri Wahyuni") < page.index("Tumini")


def test_a_task_to_help_whose_text_was_read_stands_first(client: FlaskClient, cast: Cast, login: Login) -> None:
    open_task("help:1", cast.migrant, HELP, clock.now())
    bury(cast)
    login(client, cast.facilitator)
    page = client.get("/").text
    assert page.count("Sri Wahyuni") == 1
    assert page.index("Sri Wahyuni") < page.index("Tumini")


def test_newer_words_of_a_phone_that_calls_for_help_make_no_second_row(
    client: FlaskClient, cast: Cast, login: Login
) -> None:
    wrote(0, "BANTU saya disekap", HELP, cast.migrant)
    wrote(1, "cepat bu", person=cast.migrant, phone=0)
    db.session.commit()
    login(client, cast.facilitator)
    for address in ("/", "/inbox", "/inbox?show=all"):
        assert client.get(address).text.count("Sri Wahyuni") == 1, address


@pytest.mark.parametrize("show", ["", "?show=all"])
def test_every_text_is_in_the_inbox_once(client: FlaskClient, cast: Cast, login: Login, show: str) -> None:
    """Each from a number of its own, half of them calls, so that both lists go on."""
    for n in range(2 * MANY):
        wrote(n, f"pesan {n:02}.", HELP if n % 2 else "text")
    login(client, cast.nation)
    seen: list[str] = []
    waiting = [f"/inbox{show}"]
    while waiting:
        page = client.get(waiting.pop()).text
        seen += re.findall(r"pesan (\d\d)\.", page)
        waiting += [address.replace("&amp;", "&") for address in re.findall(r'rel="next" href="([^"]+)"', page)]
    assert sorted(seen) == [f"{n:02}" for n in range(2 * MANY)]
    assert all(int(n) % 2 for n in seen[:PAGE]), "calls come first"


def test_more_calls_than_a_page_holds_go_on(client: FlaskClient, cast: Cast, login: Login) -> None:
    for n in range(MANY):
        wrote(n, f"BANTU {n:02}.", HELP)
        person = Person(
            name=f"Nur {n:02}", name_key=f"nur {n:02}", search_text=f"nur {n:02}", sex="f", birth_year=1990,
            created_by_id=cast.facilitator.id, area_code=HOME, created_at=clock.now(), updated_at=clock.now(),
        )  # fmt: skip
        db.session.add(person)
        db.session.flush()
        open_task(f"help:{n}", person, HELP, clock.now())
    db.session.commit()
    login(client, cast.nation)
    texts, people = [], []
    waiting = ["/"]
    while waiting:
        page = client.get(waiting.pop()).text
        texts += re.findall(r"BANTU \d\d\.", page)
        people += re.findall(r"Nur \d\d", page)
        waiting += [address.replace("&amp;", "&") for address in re.findall(r'rel="next" href="([^"]+)"', page)]
    assert len(texts) == len(set(texts)) == MANY
    assert len(people) == len(set(people)) == MANY
    assert f"<strong>{2 * PAGE}+</strong>" in client.get("/").text


def test_a_call_that_was_dealt_with_is_among_all_texts(client: FlaskClient, cast: Cast, login: Login) -> None:
    call = wrote(0, "BANTU saya disekap", HELP, cast.migrant)
    db.session.commit()
    login(client, cast.facilitator)
    client.post(f"/inbox/{call.id}/handling")
    assert "BANTU saya disekap" not in client.get("/inbox").text
    assert "BANTU saya disekap" in client.get("/inbox?show=all").text
