"""Canned replies: whose they are, what fills their fields, and that they fit."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from sms.text import segments
from tests.conftest import Login
from tests.conversations.test_taking_on import wrote
from tests.people import HOME, Cast
from webapp.areas.codes import NATION
from webapp.conversations import canned, seeds
from webapp.conversations.model import CannedReply
from webapp.db import db


def stored() -> CannedReply:
    db.session.expire_all()
    return db.session.scalars(sa.select(CannedReply).where(CannedReply.area_code == HOME)).one()


def write(client: FlaskClient, **words: str) -> None:
    client.post("/canned-replies", data={"title": "Besok", "body": "Halo {nama}, besok ke balai desa {desa}"} | words)


def test_what_ships_fits_and_knows_its_fields(cast: Cast) -> None:
    rows = db.session.scalars(sa.select(CannedReply).where(CannedReply.area_code == NATION)).all()
    assert len(rows) >= 6
    for one in rows:
        assert canned.unknown_fields(one.body) == []
        assert not canned.is_too_long(one.body)


def test_one_that_was_removed_does_not_come_back(cast: Cast) -> None:
    db.session.execute(sa.update(CannedReply).values(removed_at=CannedReply.updated_at))
    assert seeds.load() == 0


def test_its_fields_are_filled_when_it_is_used(client: FlaskClient, cast: Cast, login: Login) -> None:
    text = wrote(cast, "kapan bu?")
    login(client, cast.facilitator)
    write(client)
    page = client.get(f"/inbox/{text}?canned={stored().id}").text
    assert "Halo Sri, besok ke balai desa Bajing</textarea>" in page.replace("\r\n", "")


def test_a_village_uses_its_own_and_those_above_but_not_its_neighbours(
    client: FlaskClient, cast: Cast, login: Login
) -> None:
    login(client, cast.facilitator)
    write(client)
    login(client, cast.stranger)
    assert "Besok" not in client.get("/canned-replies").text
    assert client.get(f"/canned-replies/{stored().id}").status_code == 404
    login(client, cast.coordinator)
    write(client, title="Dari kabupaten")
    login(client, cast.stranger)
    assert "Dari kabupaten" in client.get("/canned-replies").text


def test_a_facilitator_does_not_change_what_comes_from_above(client: FlaskClient, cast: Cast, login: Login) -> None:
    national = db.session.scalars(sa.select(CannedReply.id).where(CannedReply.area_code == NATION)).first()
    login(client, cast.facilitator)
    assert client.get(f"/canned-replies/{national}").status_code == 404
    assert client.post(f"/canned-replies/{national}/removal").status_code == 404


def test_a_change_made_meanwhile_is_told(client: FlaskClient, cast: Cast, login: Login) -> None:
    login(client, cast.facilitator)
    write(client)
    one = stored().id
    changed = {"title": "Lusa", "body": "Lusa", "version": "1"}
    assert client.post(f"/canned-replies/{one}", data=changed).status_code == 303
    assert client.post(f"/canned-replies/{one}", data=changed | {"title": "Besok lagi"}).status_code == 422
    assert stored().title == "Lusa"


@pytest.mark.parametrize("body", ["", "Halo {nomer}", "x" * 300])
def test_bad_words_are_shown_again(client: FlaskClient, cast: Cast, login: Login, body: str) -> None:
    login(client, cast.facilitator)
    response = client.post("/canned-replies", data={"title": "Besok", "body": body})
    assert response.status_code == 422
    assert body in response.text


def test_a_removed_one_is_offered_no_more(client: FlaskClient, cast: Cast, login: Login) -> None:
    login(client, cast.facilitator)
    write(client)
    client.post(f"/canned-replies/{stored().id}/removal")
    assert "Besok" not in client.get("/canned-replies").text


@given(st.text(max_size=200), st.dictionaries(st.sampled_from(list(canned.FIELDS)), st.text("abcdefghij", max_size=10)))
def test_what_fits_for_the_longest_names_fits_for_all(body: str, values: dict[str, str]) -> None:
    if not canned.is_too_long(body) and not canned.unknown_fields(body):
        assert segments("Siti, Desmigratif: " + canned.merged(body, canned.LONGEST | values)) <= canned.MOST_SEGMENTS
