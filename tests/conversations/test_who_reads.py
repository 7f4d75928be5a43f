"""Whose phone wrote, and who reads the answer: a page never takes a relative, or a shared phone, for the person."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient

from tests.callbacks.saying import SRI, STRANGER, say
from tests.conftest import Login
from tests.people import SINCE, Cast
from webapp import clock
from webapp.conversations import queries, readers, words
from webapp.conversations.answering import recipient_of
from webapp.conversations.model import Incoming
from webapp.conversations.presenter import by_sender
from webapp.db import db
from webapp.people.model import Person

NOW = datetime(2026, 11, 30, 2, 0, tzinfo=UTC)
MOTHER, SHARED_PHONE = "+6281377776666", "+6281355554444"
WRITTEN = ("dari 666", "dari 444", "sekarang dari HP ini", "dari saya")
RELATIVE = re.compile(r"Suminah \([^()]* Sri Wahyuni\)")


@pytest.fixture
def sri(cast: Cast) -> Person:
    """With her own phone, one that the family reads too, and her mother."""
    person = cast.migrant
    person.add_contact("Suminah", "mother", MOTHER, account=cast.facilitator, now=NOW)
    person.add_phone(SHARED_PHONE, "family", account=cast.facilitator, now=NOW)
    db.session.commit()
    return person


def main(page: str) -> str:
    return page[page.index("<main") : page.index("</main>")]


def heading(page: str) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", page, re.S)
    assert found
    return found[1].strip()


def test_a_relatives_text_stands_under_the_relatives_name(
    client: FlaskClient, cast: Cast, login: Login, sri: Person
) -> None:
    mothers, own = say("Bagaimana kabarnya bu", MOTHER, NOW), say("Majikan sering memukul", SRI, NOW)
    login(client, cast.facilitator)
    page = client.get(f"/inbox/{mothers.id}").text
    assert RELATIVE.fullmatch(heading(page))
    assert "0813•••••666" in main(page)
    assert "memukul" not in page
    assert heading(client.get(f"/inbox/{own.id}").text) == "Sri Wahyuni"
    timeline = client.get(f"/people/{sri.id}").text
    assert "Suminah" in timeline[timeline.rindex("<li", 0, timeline.index("Bagaimana kabarnya")) :].split("</li>")[0]


def test_where_several_wrote_each_text_says_whose_it_is(
    client: FlaskClient, cast: Cast, login: Login, sri: Person
) -> None:
    for number in (MOTHER, SHARED_PHONE):
        say(f"dari {number[-3:]}", number, NOW)
    sri.remove_contact(sri.contacts[0], account=cast.facilitator, now=NOW)
    sri.add_phone(MOTHER, "self", account=cast.facilitator, now=NOW)
    db.session.commit()
    say("sekarang dari HP ini", MOTHER, NOW + timedelta(minutes=1))
    own = say("dari saya", SRI, NOW + timedelta(minutes=2))
    login(client, cast.facilitator)
    bubbles = client.get(f"/inbox/{own.id}").text.split('class="bubble ')
    foots = {words: next(b.split("bubble-foot")[1] for b in bubbles if f"<p>{words}" in b) for words in WRITTEN}
    assert ["Suminah" in foot for foot in foots.values()] == [True, False, False, False]
    assert ["•" in foot for foot in foots.values()] == [False, True, True, True]


@pytest.mark.parametrize("address", ["/", "/inbox"])
def test_each_phone_has_its_row(client: FlaskClient, cast: Cast, login: Login, sri: Person, address: str) -> None:
    texts = [say("halo bu", number, NOW) for number in (SRI, MOTHER, SHARED_PHONE)]
    say("bu?", SRI, NOW + timedelta(minutes=1))
    login(client, cast.facilitator)
    page = main(client.get(address).text)
    rows = {row.split('"')[0] for row in page.split('href="/inbox/')[1:] if row[0].isdigit()}
    assert len(rows) == len(texts)
    assert len(RELATIVE.findall(page)) == 1


def test_a_list_says_which_phone_others_read(client: FlaskClient, cast: Cast, login: Login, sri: Person) -> None:
    for number in (SRI, SHARED_PHONE):
        say("halo bu", number, NOW)
    login(client, cast.facilitator)
    with client:
        client.get("/inbox")
        notes = {row.incoming.number: row.note for row in by_sender(queries.inbox(waiting_only=True)[0])}
    assert notes == {SRI: None, SHARED_PHONE: words.NOTES["family"]}


def read_by(incoming: Incoming) -> str:
    return recipient_of(incoming).read_by(clock.now())


def test_it_is_known_who_reads_an_answer(cast: Cast, sri: Person) -> None:
    siti, now = cast.facilitator, clock.now()
    texts = {number: say("halo", number, now) for number in (SRI, MOTHER, SHARED_PHONE, STRANGER)}
    assert [read_by(text) for text in texts.values()] == ["confirmed", "relative", "family", "nobody"]
    own, shared = (next(p for p in sri.phones if p.number == number) for number in (SRI, SHARED_PHONE))
    for reader in ("unknown", "employer", "self"):
        sri.change_phone(shared, account=siti, now=now, reader=reader)
        assert read_by(texts[SHARED_PHONE]) == reader
    cast.withdrew.add_phone(SRI, "family", account=siti, now=now)
    assert read_by(texts[SRI]) == readers.SHARED
    sri.remove_phone(own, account=siti, now=now)
    assert read_by(texts[SRI]) == readers.NOT_NOTED


def test_a_phone_that_was_silent_for_long_is_not_sure_to_be_hers(cast: Cast) -> None:
    cast.migrant.phones[0].confirmed_at = cast.migrant.phones[0].added_at = SINCE - timedelta(days=400)
    db.session.commit()
    assert read_by(say("halo", SRI, clock.now())) == "self"


@pytest.mark.parametrize(("number", "warns"), [(SRI, False), (MOTHER, True), (SHARED_PHONE, True)])
def test_the_form_says_where_the_answer_goes_and_warns(
    client: FlaskClient, cast: Cast, login: Login, sri: Person, number: str, warns: bool
) -> None:
    text = say("halo bu", number, NOW)
    login(client, cast.facilitator)
    for answer in (client.get(f"/inbox/{text.id}"), client.post(f"/inbox/{text.id}/replies", data={"body": ""})):
        form = answer.text.split(f'action="/inbox/{text.id}/replies"')[1].split("</form>")[0]
        assert f"{number[-3:]}" in form.split("<textarea")[0]
        assert ("notice is-warn" in form) is warns
        assert number not in form


@pytest.mark.parametrize("read", readers.READERS)
def test_every_reader_has_a_sentence_with_the_number(cast: Cast, sri: Person, read: str) -> None:
    text = say("halo", MOTHER, NOW)
    sentence = words.goes_to(text, sri, read)
    assert "0813•••••666" in sentence
    assert ("Sri Wahyuni" in sentence) is (read != readers.NOBODY)
    assert ("Suminah" in sentence) is (read == readers.RELATIVE)


def test_what_a_name_holds_is_no_markup(client: FlaskClient, cast: Cast, login: Login) -> None:
    cast.migrant.add_contact("<b>Ibu</b>", "mother", MOTHER, account=cast.facilitator, now=NOW)
    db.session.commit()
    text = say("halo bu", MOTHER, NOW)
    login(client, cast.facilitator)
    for address in ("/", "/inbox", f"/inbox/{text.id}", f"/people/{cast.migrant.id}"):
        assert "<b>Ibu" not in client.get(address).text
