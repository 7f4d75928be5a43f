"""The real programme on a prepared database: the scene of the browser tests, and a village around it."""

from __future__ import annotations

import http.client
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.cookies import SimpleCookie

import sqlalchemy as sa
from werkzeug.exceptions import NotFound

from bench import population
from tests import conftest, people
from tests.browser import scene, test_axe
from tests.browser.server import Server, demonstration, running
from tests.databases import SqliteDatabases, in_memory
from webapp import clock
from webapp.db import db
from webapp.departures import acts
from webapp.people.model import Person

USER = "siti"
#: Ids of the village's people begin here, after those of the scene.
FIRST_ID = 1001
#: Every so manieth has a departure: some soon, some later.
TRAVELS = 5


@contextmanager
def programme(size: int) -> Iterator[tuple[Server, dict[str, int]]]:
    """Running, with so many people in the village; and the ids that addresses of pages need."""
    databases = SqliteDatabases(in_memory("budget"), conftest.prepare, conftest.populate)
    try:
        url = databases.fresh()
        ids = scene.set_up(url)
        _add_village(url, size)
        with running(url) as server:
            yield server, ids
    finally:
        databases.stop()


def _add_village(url: str, size: int) -> None:
    with demonstration(url).app_context():
        siti = people.Cast(db.session()).facilitator
        there = db.session.scalar(sa.select(sa.func.count()).select_from(Person).where(Person.area_code == people.HOME))
        missing = size - (there or 0)
        population.add_people(missing, [people.HOME], siti.id, FIRST_ID)
        for person_id in range(FIRST_ID, FIRST_ID + missing, TRAVELS):
            person, planned = db.session.get_one(Person, person_id), clock.now().date() + timedelta(30 + person_id % 90)
            acts.record(person, siti, clock.now(), destination_code="HK", scheme="p3mi", planned_on=planned)
        db.session.commit()
        db.session.remove()
        db.engine.dispose()


def change_somebody(server: Server) -> None:
    """As if a colleague had entered something about one person of the village."""
    with demonstration(server.database_url).app_context():
        siti = people.Cast(db.session()).facilitator
        person = db.session.get_one(Person, FIRST_ID + 1)
        person.add_contact("Karsinem", "sibling", "+6281399998888", account=siti, now=clock.now())
        db.session.commit()
        db.session.remove()
        db.engine.dispose()


def routes(server: Server, ids: dict[str, int]) -> dict[str, str]:
    """Endpoint → the first address of it that the browser tests open as a facilitator."""
    adapter = demonstration(server.database_url).url_map.bind("")
    found: dict[str, str] = {}
    for path in test_axe.PAGES[USER]:
        address = path.format(**ids)
        try:
            endpoint = str(adapter.match(address.partition("?")[0])[0])
        except NotFound:
            continue
        found.setdefault(endpoint, address)
    return found


def cookies(server: Server) -> list[dict[str, str]]:
    """Those of a browser in which the facilitator has logged in."""
    body = urllib.parse.urlencode({"username": USER, "password": people.PASSWORD})
    kind = "application/x-www-form-urlencoded"
    answer = _ask(server, "POST", "/login", body, {"Origin": server.address, "Content-Type": kind})
    assert answer.status == 303, answer.status
    found = [SimpleCookie(value) for value in answer.headers.get_all("Set-Cookie", [])]
    pairs = [(name, morsel.value) for one in found for name, morsel in one.items()]
    return [{"name": name, "value": value, "url": server.address} for name, value in pairs]


def wire_size(server: Server, path: str) -> int:
    """Bytes of an answer as it travels: what the browser fetches by itself is not told of in any session."""
    answer = _ask(server, "GET", path, None, {"Accept-Encoding": "gzip, deflate, br, zstd"})
    head = sum(len(name) + len(value) + 4 for name, value in answer.headers.items())
    return len(f"HTTP/1.1 {answer.status} {answer.reason}\r\n\r\n") + head + len(answer.read())


def _ask(server: Server, method: str, path: str, body: str | None, headers: dict[str, str]) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(server.address).netloc)
    connection.request(method, path, body, headers)
    return connection.getresponse()
