"""Who takes care of a conversation, what an answer answers, and what stands under which heading."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from tests.callbacks.saying import say
from tests.conftest import Login
from tests.people import HOME, Cast
from webapp.cases.model import Case
from webapp.conversations import queries
from webapp.conversations.model import ANSWERED, DONE, Incoming
from webapp.db import db

NOW = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)


def wrote(cast: Cast, body: str, minute: int = 0, number: str = "") -> int:
    person = cast.migrant
    text = Incoming(
        gateway="simulator", provider_id=f"in-{body}", number=number or person.phones[0].number, body=body,
        received_at=NOW + timedelta(minutes=minute), command="text", person_id=person.id, area_code=HOME,
        for_human=True,
    )  # fmt: skip
    db.session.add(text)
    db.session.commit()
    return text.id


def row(text_id: int) -> Incoming:
    db.session.expire_all()
    return db.session.get_one(Incoming, text_id)


def test_whoever_takes_it_on_is_named_to_the_others(client: FlaskClient, cast: Cast, login: Login) -> None:
    first, second = wrote(cast, "satu"), wrote(cast, "dua", 1)
    login(client, cast.facilitator)
    taken = client.post(f"/inbox/{second}/assignment", data={"holder": str(cast.facilitator.id)})
    assert taken.status_code == 303
    assert row(first).assigned_to_id == row(second).assigned_to_id == cast.facilitator.id
    assert "dua" in client.get("/inbox?show=mine").text
    login(client, cast.coordinator)
    assert "Siti Aminah" in client.get("/inbox").text
    assert "dua" not in client.get("/inbox?show=mine").text


def test_it_can_be_handed_over_and_let_go(client: FlaskClient, cast: Cast, login: Login) -> None:
    text = wrote(cast, "satu")
    login(client, cast.facilitator)
    client.post(f"/inbox/{text}/assignment", data={"holder": str(cast.coordinator.id)})
    assert row(text).assigned_to_id == cast.coordinator.id
    client.post(f"/inbox/{text}/assignment", data={"holder": "nobody"})
    assert row(text).assigned_to_id is None
    assert row(text).assigned_at is None


@pytest.mark.parametrize("who", ["stranger", "other_coordinator", "administrator"])
def test_nobody_of_another_area_takes_care_of_it(client: FlaskClient, cast: Cast, login: Login, who: str) -> None:
    text = wrote(cast, "satu")
    login(client, cast.facilitator)
    assert client.post(f"/inbox/{text}/assignment", data={"holder": str(getattr(cast, who).id)}).status_code == 404
    assert row(text).assigned_to_id is None


def test_an_answer_answers_what_was_seen_and_no_more(client: FlaskClient, cast: Cast, login: Login) -> None:
    first, second = wrote(cast, "satu"), wrote(cast, "dua", 1)
    login(client, cast.facilitator)
    page = client.get(f"/inbox/{first}").text
    assert f'name="seen" value="{second}"' in page
    third = wrote(cast, "tiga", 2)
    client.post(f"/inbox/{first}/replies", data={"body": "Baik", "seen": str(second)})
    assert [row(one).handled_how for one in (first, second, third)] == [ANSWERED, ANSWERED, ""]
    assert "dua" in client.get("/inbox?show=answered").text
    assert "tiga" in client.get("/inbox").text
    client.post(f"/inbox/{third}/handling")
    assert row(third).handled_how == DONE
    assert "tiga" not in client.get("/inbox?show=answered").text


def test_what_waits_elsewhere_is_not_touched(client: FlaskClient, cast: Cast, login: Login) -> None:
    mine = wrote(cast, "satu")
    other = wrote(cast, "lain")
    db.session.execute(sa.update(Incoming).where(Incoming.id == other).values(person_id=cast.withdrew.id))
    db.session.commit()
    login(client, cast.facilitator)
    client.post(f"/inbox/{mine}/replies", data={"body": "Baik", "seen": str(other + 5)})
    assert row(other).handled_at is None


MOTHER = "+6281377776666"


@pytest.fixture
def mothers(cast: Cast) -> int:
    """What her mother wrote about her before she wrote herself."""
    cast.migrant.add_contact("Suminah", "mother", MOTHER, account=cast.facilitator, now=NOW)
    db.session.commit()
    return say("tolong kabari anak saya, bapaknya sakit", MOTHER, NOW).id


def test_what_a_relative_wrote_is_answered_by_itself(
    client: FlaskClient, cast: Cast, login: Login, mothers: int
) -> None:
    own, elsewhere = wrote(cast, "gaji saya kurang", 1), wrote(cast, "dari hp teman", 2, "+6281377770001")
    login(client, cast.facilitator)
    client.post(f"/inbox/{own}/replies", data={"body": "Kami cek", "seen": str(elsewhere)})
    assert [row(one).handled_how for one in (own, mothers, elsewhere)] == [ANSWERED, "", ""]
    client.post(f"/inbox/{mothers}/handling", data={"seen": str(elsewhere)})
    assert [row(one).handled_how for one in (mothers, elsewhere)] == [DONE, ""]


def test_what_a_relative_wrote_is_taken_on_by_itself(
    client: FlaskClient, cast: Cast, login: Login, mothers: int
) -> None:
    own, siti = wrote(cast, "gaji saya kurang", 1), cast.facilitator
    login(client, siti)
    client.post(f"/inbox/{own}/assignment", data={"holder": str(siti.id)})
    assert [row(one).assigned_to_id for one in (own, mothers)] == [siti.id, None]
    assert queries.holder_of(row(mothers)) is None
    client.post(f"/inbox/{own}/handling")
    assert [queries.waits(row(one)) for one in (own, mothers)] == [False, True]


def test_an_answer_to_her_takes_on_no_call_of_her_mother(client: FlaskClient, cast: Cast, login: Login) -> None:
    cast.migrant.add_contact("Suminah", "mother", MOTHER, account=cast.facilitator, now=NOW)
    db.session.commit()
    call, own = say("BANTU anak saya dipukul", MOTHER, NOW).id, wrote(cast, "halo bu", 1)
    login(client, cast.facilitator)
    client.post(f"/inbox/{own}/replies", data={"body": "Halo", "seen": str(own)})
    assert db.session.scalars(sa.select(Case.acknowledged_at)).one() is None
    client.post(f"/inbox/{call}/replies", data={"body": "Kami telepon", "seen": str(own)})
    db.session.expire_all()
    assert db.session.scalars(sa.select(Case.acknowledged_at)).one() is not None


def test_history_of_several_phones_is_one_conversation_that_says_which(
    client: FlaskClient, cast: Cast, login: Login
) -> None:
    old, new = wrote(cast, "dari nomor lama", number="+6281377770001"), wrote(cast, "dari nomor baru", 1)
    login(client, cast.facilitator)
    page = client.get(f"/inbox/{new}").text
    assert "dari nomor lama" in page
    assert "0813•••••001" in page
    assert "+6281377770001" not in page
    assert old < new


def test_nothing_is_taken_on_where_nothing_waits(client: FlaskClient, cast: Cast, login: Login) -> None:
    text = wrote(cast, "satu")
    login(client, cast.facilitator)
    client.post(f"/inbox/{text}/handling")
    client.post(f"/inbox/{text}/assignment", data={"holder": str(cast.facilitator.id)})
    assert row(text).assigned_to_id is None
