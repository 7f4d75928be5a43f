"""Two officers change the same person: different fields survive, the same field is asked, the timeline keeps both."""

from __future__ import annotations

from threading import Barrier, Thread
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.conftest import Login, new_client
from tests.editing import carried, opened
from tests.people import NEIGHBOUR, Cast
from webapp.db import db
from webapp.people.model import Event, Person

NIK, OTHER_NIK = "3301065703960001", "3301065703960002"


@pytest.fixture
def siti(client: FlaskClient, cast: Cast, login: Login) -> FlaskClient:
    login(client, cast.facilitator)
    return client


@pytest.fixture
def ratna(app: Flask, cast: Cast, login: Login) -> FlaskClient:
    client = new_client(app)
    login(client, cast.coordinator)
    return client


@pytest.fixture
def path(cast: Cast) -> str:
    return f"/people/{cast.migrant.id}"


def shown(client: FlaskClient, path: str) -> dict[str, Any]:
    """The form as it is opened."""
    person = db.session.get_one(Person, int(path.rpartition("/")[2]), populate_existing=True)
    fields = {name: getattr(person, name) for name in ("name", "sex", "address", "language", "education")}
    birth = person.birth_date.isoformat() if person.birth_date else ""
    return fields | {"birth_date": birth} | opened(client, f"{path}/edit")


def asked(answer: TestResponse) -> dict[str, Any]:
    assert answer.status_code == 422, answer.text
    return carried(answer.text)


def told() -> list[dict[str, Any]]:
    query = sa.select(Event.facts).where(Event.kind.endswith("_chosen")).order_by(Event.id)
    return list(db.session.scalars(query))


def test_different_fields_both_survive(siti: FlaskClient, ratna: FlaskClient, cast: Cast, path: str) -> None:
    mine, theirs = shown(siti, path), shown(ratna, path)
    assert ratna.post(path, data=theirs | {"language": "jv"}).status_code == 303
    assert siti.post(path, data=mine | {"address": "RT 2"}).status_code == 303
    assert (cast.migrant.language, cast.migrant.address) == ("jv", "RT 2")
    assert told() == []


def test_the_same_value_is_no_conflict(siti: FlaskClient, ratna: FlaskClient, path: str) -> None:
    mine, theirs = shown(siti, path), shown(ratna, path)
    assert ratna.post(path, data=theirs | {"address": "RT 2"}).status_code == 303
    assert siti.post(path, data=mine | {"address": "RT 2"}).status_code == 303
    assert told() == []


def disputed(siti: FlaskClient, ratna: FlaskClient, path: str) -> tuple[dict[str, Any], TestResponse]:
    """Ratna stores RT 5, Siti sends RT 2 and an education: what she sent, and what she is asked."""
    mine, theirs = shown(siti, path), shown(ratna, path)
    assert ratna.post(path, data=theirs | {"address": "<RT 5>", "language": "jv"}).status_code == 303
    sent = mine | {"address": "RT 2", "education": "senior"}
    return sent, siti.post(path, data=sent)


def test_the_same_field_is_asked_with_both_values(siti: FlaskClient, ratna: FlaskClient, cast: Cast, path: str) -> None:
    _, page = disputed(siti, ratna, path)
    assert asked(page)["asked"] == ["address"]
    assert "&lt;RT 5&gt;" in page.text
    assert "Ratna Dewi" in page.text
    assert 'name="keep-address" id="keep-address-stored" value="stored" required>' in page.text, "none is chosen"
    assert 'name="keep-address" id="keep-address-mine" value="mine" required>' in page.text
    assert 'value="RT 2"' in page.text, "what was typed is kept"
    assert '<option selected value="senior">' in page.text
    assert '<option selected value="jv">' in page.text, "what was not touched stands as it is stored by now"
    assert (cast.migrant.address, cast.migrant.education) == ("<RT 5>", "")


@pytest.mark.parametrize(("choice", "kept"), [("stored", "<RT 5>"), ("mine", "RT 2")])
def test_the_choice_is_stored_and_told(
    siti: FlaskClient, ratna: FlaskClient, cast: Cast, path: str, choice: str, kept: str
) -> None:
    sent, page = disputed(siti, ratna, path)
    decided = sent | asked(page) | {"language": "jv", "keep-address": choice}
    assert siti.post(path, data=decided).status_code == 303
    assert (cast.migrant.address, cast.migrant.education, cast.migrant.language) == (kept, "senior", "jv")
    kept_words = kept.replace("<", "&lt;").replace(">", "&gt;")
    in_indonesian = "untuk Alamat: “&lt;RT 5&gt;” (Ratna Dewi) dan “RT 2” (Siti Aminah). Dipakai: "
    assert f"{in_indonesian}“{kept_words}”" in siti.get(path).text
    siti.post("/language", data={"language": "en"})
    in_english = "for Address: “&lt;RT 5&gt;” (Ratna Dewi) and “RT 2” (Siti Aminah). Kept: "
    assert f"{in_english}“{kept_words}”" in siti.get(path).text


def test_what_stands_in_the_field_counts(siti: FlaskClient, ratna: FlaskClient, cast: Cast, path: str) -> None:
    sent, page = disputed(siti, ratna, path)
    decided = sent | asked(page) | {"address": "RT 2 RW 5", "keep-address": "mine"}
    assert siti.post(path, data=decided).status_code == 303
    assert cast.migrant.address == "RT 2 RW 5"
    assert told()[0]["sent"] == {"address": "RT 2 RW 5"}


def test_a_field_set_back_to_how_it_stood_is_a_choice_too(
    siti: FlaskClient, ratna: FlaskClient, cast: Cast, path: str
) -> None:
    sent, page = disputed(siti, ratna, path)
    assert siti.post(path, data=sent | asked(page) | {"address": "", "keep-address": "mine"}).status_code == 303
    assert cast.migrant.address == ""


@pytest.mark.parametrize("nonsense", [{}, {"keep-address": ""}, {"keep-address": "both"}])
def test_without_a_choice_it_is_asked_again(
    siti: FlaskClient, ratna: FlaskClient, cast: Cast, path: str, nonsense: dict[str, str]
) -> None:
    sent, page = disputed(siti, ratna, path)
    again = siti.post(path, data=sent | asked(page) | nonsense)
    assert asked(again)["asked"] == ["address"]
    assert "Pilih dulu mana dari keduanya yang dipakai." in again.text
    assert 'aria-describedby="keep-address-error"' in again.text
    assert cast.migrant.address == "<RT 5>"


@pytest.mark.parametrize("third", ["RT 9", ""])
@pytest.mark.parametrize("choice", ["stored", "mine"])
def test_a_third_change_asks_once_more(
    siti: FlaskClient, ratna: FlaskClient, cast: Cast, path: str, choice: str, third: str
) -> None:
    """Also one that sets the value back to how it stood when the form was opened."""
    sent, page = disputed(siti, ratna, path)
    ratna.post(path, data=shown(ratna, path) | {"address": third})
    again = siti.post(path, data=sent | asked(page) | {"language": "jv", "keep-address": choice})
    assert asked(again)["asked"] == ["address"]
    assert "Sementara itu isian ini diubah lagi." in again.text
    assert "checked" not in again.text.partition('id="keep-address-stored"')[2].partition("</fieldset>")[0]
    assert cast.migrant.address == third
    final = sent | asked(again) | {"language": "jv", "keep-address": "mine"}
    assert siti.post(path, data=final).status_code == 303
    assert cast.migrant.address == "RT 2"
    assert told()[0]["stored"] == {"address": third}


def test_a_choice_stays_while_another_is_missing_or_something_else_does_not_fit(
    siti: FlaskClient, ratna: FlaskClient, cast: Cast, path: str
) -> None:
    mine, theirs = shown(siti, path), shown(ratna, path)
    ratna.post(path, data=theirs | {"address": "RT 5", "education": "junior"})
    sent = mine | {"address": "RT 2", "education": "senior"}
    first = asked(siti.post(path, data=sent))
    half = siti.post(path, data=sent | first | {"keep-address": "mine"})
    assert 'id="keep-address-mine" value="mine" required checked>' in half.text
    both = {"keep-address": "mine", "keep-education": "stored"}
    unfit = siti.post(path, data=sent | asked(half) | both | {"name": ""})
    assert asked(unfit).items() >= both.items()
    assert siti.post(path, data=sent | asked(unfit)).status_code == 303
    assert (cast.migrant.address, cast.migrant.education) == ("RT 2", "junior")
    assert [facts["kept"] for facts in told()] == ["mine", "stored"]


def test_a_form_that_lay_for_days_names_who_changed_it_last(
    siti: FlaskClient, ratna: FlaskClient, app: Flask, cast: Cast, login: Login, path: str
) -> None:
    mine, province = shown(siti, path), new_client(app)
    login(province, cast.account("bambang"))
    for client, address in ((ratna, "RT 5"), (province, "RT 6"), (ratna, "RT 7"), (province, "RT 8")):
        client.post(path, data=shown(client, path) | {"address": address})
    ratna.post(path, data=shown(ratna, path) | {"education": "higher"})
    page = siti.post(path, data=mine | {"address": "RT 2"})
    card = page.text.partition('id="keep-address"')[2].partition("</fieldset>")[0]
    assert "RT 8" in card
    assert "Bambang Irawan" in card
    decided = mine | {"address": "RT 2", "education": "higher", "keep-address": "mine"} | asked(page)
    assert siti.post(path, data=decided).status_code == 303
    assert (cast.migrant.address, cast.migrant.education) == ("RT 2", "higher")


def test_a_form_that_does_not_say_where_it_began_overwrites_nothing(
    siti: FlaskClient, ratna: FlaskClient, cast: Cast, path: str
) -> None:
    ratna.post(path, data=shown(ratna, path) | {"address": "RT 5"})
    form = {name: value for name, value in shown(siti, path).items() if not name.startswith("was-")}
    for version in ("", "0", "-1", "99999", "9" * 5000, "x"):
        assert siti.post(path, data=form | {"address": "RT 2", "version": version}).status_code == 422
    assert cast.migrant.address == "RT 5"


def test_birth_is_one_question(siti: FlaskClient, ratna: FlaskClient, cast: Cast, path: str) -> None:
    mine, theirs = shown(siti, path), shown(ratna, path)
    ratna.post(path, data=theirs | {"birth_date": "1990-01-05"})
    page = siti.post(path, data=mine | {"birth_date": ["", "", "1992"]})
    assert asked(page)["asked"] == ["birth_date"]
    assert "5 Jan 1990" in page.text
    decided = mine | {"birth_date": ["", "", "1992"], "keep-birth_date": "mine"} | asked(page)
    assert siti.post(path, data=decided).status_code == 303
    assert (cast.migrant.birth_date, cast.migrant.birth_year) == (None, 1992)


def test_a_nik_is_masked_wherever_it_is_asked_and_told(
    siti: FlaskClient, ratna: FlaskClient, cast: Cast, path: str
) -> None:
    mine, theirs = shown(siti, path), shown(ratna, path)
    confirmed = {"nik_confirmed": "y"}
    assert ratna.post(path, data=theirs | confirmed | {"nik": NIK}).status_code == 303
    page = siti.post(path, data=mine | confirmed | {"nik": OTHER_NIK})
    assert asked(page)["asked"] == ["nik"]
    card = page.text.partition('id="keep-nik"')[2].partition("</fieldset>")[0]
    assert NIK not in page.text
    assert OTHER_NIK not in card
    assert "3301••••••••0001" in card
    assert "3301••••••••0002" in card
    decided = mine | confirmed | {"nik": OTHER_NIK, "keep-nik": "mine"} | asked(page)
    assert siti.post(path, data=decided).status_code == 303
    assert cast.migrant.nik == OTHER_NIK
    timeline = siti.get(path).text
    assert "“3301••••••••0001” (Ratna Dewi) dan “3301••••••••0002” (Siti Aminah)" in timeline
    assert not any(
        number in str(facts) for number in (NIK, OTHER_NIK) for facts in db.session.scalars(sa.select(Event.facts))
    )


def test_of_two_at_the_same_moment_one_is_asked(
    app: Flask, siti: FlaskClient, ratna: FlaskClient, cast: Cast, path: str
) -> None:
    forms = {"RT 2": (siti, shown(siti, path)), "RT 5": (ratna, shown(ratna, path))}
    start, answers = Barrier(len(forms)), {}

    def send(address: str) -> None:
        client, form = forms[address]
        with app.app_context():
            start.wait(10)
            answers[address] = client.post(path, data=form | {"address": address}).status_code
            db.session.remove()

    both = [Thread(target=send, args=(address,)) for address in forms]
    for one in both:
        one.start()
    for one in both:
        one.join(30)
    assert sorted(answers.values()) == [303, 422]
    assert answers[cast.migrant.address] == 303


def test_a_relative_is_changed_by_two(siti: FlaskClient, ratna: FlaskClient, cast: Cast, path: str) -> None:
    relative = {"name": "Wagiman", "relation": "father", "number": "081377776666"}
    siti.post(f"{path}/contacts", data=relative)
    one = f"{path}/contacts/{cast.migrant.contacts[0].id}"
    mine, theirs = opened(siti, one), opened(ratna, one)
    assert "81377776666" not in str(mine)
    assert ratna.post(one, data=relative | theirs | {"number": "081377776667"}).status_code == 303
    assert siti.post(one, data=relative | mine | {"name": "Wagimin"}).status_code == 303
    contact = cast.migrant.contacts_in_use[0]
    assert (contact.name, contact.number) == ("Wagimin", "+6281377776667")
    page = siti.post(one, data=relative | mine | {"name": "Wagimin", "number": "081377776668"})
    assert asked(page)["asked"] == ["number"]
    decided = relative | {"name": "Wagimin", "number": "081377776668", "keep-number": "stored"} | asked(page)
    assert siti.post(one, data=decided).status_code == 303
    assert cast.migrant.contacts_in_use[0].number == "+6281377776667"
    timeline = siti.get(path).text
    assert "“0813•••••667” (Ratna Dewi) dan “0813•••••668” (Siti Aminah)" in timeline


def test_a_stage_that_another_moved_meanwhile_is_asked(
    siti: FlaskClient, ratna: FlaskClient, cast: Cast, path: str
) -> None:
    stage, day = f"{path}/stage", "2026-11-01"
    mine = opened(siti, stage)
    ratna.post(stage, data=opened(ratna, stage) | {"stage": "in_trouble", "on_day": day})
    page = siti.post(stage, data=mine | {"stage": "cancelled", "on_day": day})
    assert asked(page)["asked"] == ["stage"]
    assert cast.migrant.stage == "in_trouble"
    decided = {"stage": "cancelled", "on_day": day, "keep-stage": "stored"} | asked(page)
    assert siti.post(stage, data=decided).status_code == 303
    assert cast.migrant.stage == "in_trouble"
    same = siti.post(stage, data=mine | {"stage": "in_trouble", "on_day": day})
    assert same.status_code == 303
    assert "Sudah tercatat" in siti.get(path).text


@pytest.mark.parametrize("choice", ["stored", "mine"])
def test_only_of_whoever_is_noted_as_dead_the_texts_are_said_to_end(
    siti: FlaskClient, ratna: FlaskClient, cast: Cast, path: str, choice: str
) -> None:
    stage, day = f"{path}/stage", "2026-11-01"
    died = opened(siti, stage) | {"stage": "deceased", "on_day": day, "reason": "kabar dari KBRI"}
    ratna.post(stage, data=opened(ratna, stage) | {"stage": "in_trouble", "on_day": day})
    decided = died | asked(siti.post(stage, data=died)) | {"keep-stage": choice}
    assert siti.post(stage, data=decided).status_code == 303
    assert cast.migrant.stage == {"stored": "in_trouble", "mine": "deceased"}[choice]
    assert ("Tidak ada SMS lagi" in siti.get(path).text) is (choice == "mine")


def test_a_mark_that_another_set_meanwhile_is_asked(
    siti: FlaskClient, ratna: FlaskClient, cast: Cast, path: str
) -> None:
    mark = f"{path}/nonprocedural"
    mine = opened(siti, mark)
    ratna.post(mark, data=opened(ratna, mark) | {"marked": "yes"})
    page = siti.post(mark, data=mine | {"marked": "no"})
    assert asked(page)["asked"] == ["marked"]
    assert cast.migrant.nonprocedural
    assert siti.post(mark, data=asked(page) | {"marked": "no", "keep-marked": "mine"}).status_code == 303
    assert not cast.migrant.nonprocedural
    assert "“Ya” (Ratna Dewi) dan “Tidak” (Siti Aminah)" in siti.get(path).text


def test_who_was_moved_meanwhile_is_not_moved_over_it(app: Flask, ratna: FlaskClient, cast: Cast, path: str) -> None:
    here = cast.migrant.area_code
    assert ratna.post(f"{path}/village", data={"area_code": NEIGHBOUR, "from_code": here}).status_code == 303
    late = ratna.post(f"{path}/village", data={"area_code": here, "from_code": here})
    assert late.status_code == 409
    assert "Buntu" in late.text
    assert "Bajing" in late.text
    assert cast.migrant.area_code == NEIGHBOUR
