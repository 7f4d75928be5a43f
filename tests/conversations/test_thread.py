"""A long conversation: its newest texts, the earlier ones page by page, and what came while the page stood open."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from tests.conftest import Login
from tests.people import Cast
from webapp.conversations import thread as conversation
from webapp.conversations.model import Incoming
from webapp.db import db
from webapp.outbox.model import Message
from webapp.people.model import Person

NOW = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
HTMX = {"HX-Request": "true"}
MANY = 45


def heard(person: Person, number: int, at: datetime) -> int:
    text = Incoming(
        gateway="simulator", provider_id=f"in-{number}", number=person.phones[0].number, body=f"kata {number:03}.",
        received_at=at, command="text", person_id=person.id, area_code=person.area_code, for_human=True,
    )  # fmt: skip
    db.session.add(text)
    db.session.flush()
    return text.id


def said(person: Person, number: int, at: datetime) -> None:
    """Planned long before it was sent, the last of them first: ids do not follow the order of a conversation."""
    text = Message(
        key=f"k{number}", reference=f"r{number}", number=person.phones[0].number, area_code=person.area_code,
        person_id=person.id, body=f"kata {number:03}.", purpose="reminder", state="sent", due_at=at, sent_at=at,
        created_at=NOW - timedelta(days=90), updated_at=at,
    )  # fmt: skip
    db.session.add(text)
    db.session.flush()


@pytest.fixture
def newest(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> int:
    """Forty-five of each side by turns, every third pair at one moment. Returns the id of the newest that came in."""
    monkeypatch.setattr(conversation, "LONGEST", 20)
    person = cast.migrant
    times = [NOW + timedelta(minutes=n // 3) for n in range(2 * MANY)]
    for n in reversed(range(1, 2 * MANY, 2)):
        said(person, n, times[n])
    ids = [heard(person, n, times[n]) for n in range(0, 2 * MANY, 2)]
    db.session.commit()
    return ids[-1]


def words(page: str) -> list[str]:
    return re.findall(r"kata (\d{3})\.", page)


def earlier(page: str) -> str:
    found = re.search(r'href="([^"]+\?before=[^"]+)"', page)
    return found[1].replace("&amp;", "&") if found else ""


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_earlier_texts_follow_without_a_gap(
    client: FlaskClient, cast: Cast, login: Login, newest: int, headers: dict[str, str]
) -> None:
    login(client, cast.facilitator)
    page = client.get(f"/inbox/{newest}").text
    pages = [words(page)]
    assert len(pages[0]) == 20
    while address := earlier(page):
        page = client.get(address, headers=headers).text
        pages.append(words(page))
        assert ("<html" in page) is not bool(headers)
        assert 'id="newest"' not in page
        assert ("#newest" in page) is not bool(headers)
    assert len(pages) == 5
    read = [text for some in reversed(pages) for text in some]
    assert len(read) == len(set(read)) == 2 * MANY
    assert [int(text) // 3 for text in read] == [n // 3 for n in range(2 * MANY)], "in the order of their moments"


def test_the_open_page_shows_what_came_and_keeps_what_it_showed(
    client: FlaskClient, cast: Cast, login: Login, newest: int
) -> None:
    login(client, cast.facilitator)
    page = client.get(f"/inbox/{newest}").text
    found = re.search(r'id="thread" hx-get="([^"]+)"', page)
    assert found
    heard(cast.migrant, 900, NOW + timedelta(days=1))
    db.session.commit()
    part = client.get(found[1], headers=HTMX).text
    assert words(part) == [*words(page), "900"]
    assert part.count('id="newest"') == 1
    assert earlier(part) == "", "the way to earlier texts stands above what is swapped"


def test_an_empty_page_of_earlier_texts_is_no_failure(
    client: FlaskClient, cast: Cast, login: Login, newest: int
) -> None:
    login(client, cast.facilitator)
    first = db.session.scalar(sa.select(sa.func.min(Incoming.id)))
    assert words(client.get(f"/inbox/{newest}?before=in-{first}").text) == []


@pytest.mark.parametrize("mark", ["", "in-", "in-x", "in--1", "in-" + "9" * 30, "up-1", "in-0", "out-99999"])
@pytest.mark.parametrize("name", ["before", "since"])
def test_a_mark_that_is_none_begins_with_the_newest(
    client: FlaskClient, cast: Cast, login: Login, newest: int, name: str, mark: str
) -> None:
    login(client, cast.facilitator)
    assert len(words(client.get(f"/inbox/{newest}?{name}={mark}").text)) == 20


def test_a_text_of_somebody_else_is_no_mark(client: FlaskClient, cast: Cast, login: Login, newest: int) -> None:
    other = heard(cast.withdrew, 901, NOW - timedelta(days=1))
    db.session.commit()
    login(client, cast.facilitator)
    assert len(words(client.get(f"/inbox/{newest}?before=in-{other}").text)) == 20
