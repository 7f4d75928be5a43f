"""A broadcast to a list that the office brought: its columns in the words, and nobody who said no."""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from sms.text import segments
from tests.broadcasts.making import approved, draft, work
from tests.outbox.conftest import store_of
from tests.people import OTHER_VILLAGE, SINCE, Cast
from tests.warnings.conftest import Browser
from tests.warnings.crowd import MORNING, willing
from webapp.audiences import acts as lists
from webapp.audiences.known import check
from webapp.audiences.listed import read
from webapp.audiences.model import RecipientList, RecipientListRow
from webapp.broadcasts import forecast, ready
from webapp.broadcasts.model import Broadcast
from webapp.db import db
from webapp.outbox.model import Message
from webapp.people.model import NumberState, Person, Phone

STRANGER, OTHER = "+6281299990001", "+6281299990002"
WORDS = {"id": "Desmigratif: {n}, pelatihan {kelas} di {tempat}. Tanya {hp}"}


def bring(cast: Cast, *rows: str, by: str = "ratna", taken: bool = True) -> RecipientList:
    content = "\n".join(("No HP;Nama;Kelas;Tempat", *rows)).encode()
    account = cast.account(by)
    one = lists.keep(check(read(content), account.area_code), "Peserta", account, MORNING)
    if taken:
        assert lists.accept(one, MORNING)
    db.session.commit()
    return one


def to_list(cast: Cast, one: RecipientList, **facts: object) -> Broadcast:
    return approved(cast, areas=["33.01"], recipients="listed", list_id=one.id, bodies=WORDS, **facts)  # type: ignore[arg-type]  # facts of one test


def texts_of(broadcast: Broadcast) -> dict[str, Message]:
    db.session.rollback()
    store_of("worker-1").claim_due(1000, MORNING)
    db.session.expire_all()
    found = db.session.scalars(sa.select(Message).where(Message.cause == broadcast.cause))
    return {text.number: text for text in found}


def test_its_columns_stand_in_the_words_and_the_forecast_is_the_bill(app: Flask, cast: Cast) -> None:
    long = "Gedung Pertemuan Kelurahan " * 5
    one = bring(cast, f"{STRANGER};Rini Astuti;Las;Balai desa", f"{OTHER};Wati;;{long[:55]}")
    broadcast = work(to_list(cast, one))
    found = forecast.read(broadcast.forecast)
    texts = texts_of(broadcast)
    assert texts[STRANGER].body.startswith("Desmigratif: Rini, pelatihan Las di Balai desa. Tanya 08")
    assert texts[OTHER].body.startswith("Desmigratif: Wati, pelatihan  di Gedung")
    assert {text.state for text in texts.values()} == {"sending"}
    assert Counter(str(segments(text.body)) for text in texts.values()) == found.languages["id"]
    assert sum(text.price_rupiah for text in texts.values()) == found.rupiah


def test_whoever_is_known_gets_it_only_as_they_agreed(app: Flask, cast: Cast) -> None:
    (person_id,) = willing(cast, 1)
    number = db.session.scalars(sa.select(Phone.number).where(Phone.person_id == person_id)).one()
    withdrew = cast.withdrew.phones[0].number
    one = bring(cast, f"{number};Warga;A;B", f"{withdrew};Tumini;A;B")
    broadcast = work(to_list(cast, one))
    assert forecast.read(broadcast.forecast).left_out == {"no_consent": 1}
    texts = texts_of(broadcast)
    assert (set(texts), texts[number].person_id) == ({number}, person_id)


def test_nobody_learns_who_said_no_elsewhere_but_they_get_nothing(app: Flask, cast: Cast) -> None:
    """Somebody of another province who is registered there, and says no since the list came."""
    (elsewhere,) = willing(cast, 1, OTHER_VILLAGE)
    person = db.session.get_one(Person, elsewhere)
    number = person.phones[0].number
    one = bring(cast, f"{number};Warga;A;B", f"{STRANGER};Rini;A;B")
    broadcast = work(to_list(cast, one))
    assert forecast.read(broadcast.forecast).left_out == {}
    person.phones[0].do_not_text = True
    db.session.commit()
    texts = texts_of(broadcast)
    assert (texts[number].state, texts[number].reason) == ("suppressed", "cannot_be_texted")
    assert texts[STRANGER].state == "sending"


@pytest.mark.parametrize("column", ["stopped_at", "wrong_person_at", "invalid_at"])
def test_whoever_cannot_be_texted_since_the_list_came_is_left_out(app: Flask, cast: Cast, column: str) -> None:
    one = bring(cast, f"{STRANGER};Rini;A;B", f"{OTHER};Wati;A;B")
    db.session.add(NumberState(number=STRANGER, **{column: SINCE}))
    db.session.commit()
    broadcast = work(to_list(cast, one))
    assert forecast.read(broadcast.forecast).left_out == {"cannot_be_texted": 1}
    assert set(texts_of(broadcast)) == {OTHER}


def test_a_list_that_nobody_took_or_that_was_removed_gets_nothing(app: Flask, cast: Cast) -> None:
    one = bring(cast, f"{STRANGER};Rini;A;B", taken=False)
    facts = {"areas": ["33.01"], "recipients": "listed", "list_id": one.id, "bodies": WORDS}
    broadcast = draft(cast, **facts)  # type: ignore[arg-type]  # facts of one test
    assert "no_list" in ready.preview_of(broadcast, MORNING).obstacles
    lists.accept(one, MORNING)
    assert "no_list" not in ready.preview_of(broadcast, MORNING).obstacles
    lists.empty(one, MORNING)
    assert "no_list" in ready.preview_of(broadcast, MORNING).obstacles


def test_words_may_name_its_columns_and_no_others(app: Flask, cast: Cast) -> None:
    one = bring(cast, f"{STRANGER};Rini;A;B")
    facts = {"areas": ["33.01"], "recipients": "listed", "list_id": one.id}
    good = draft(cast, **facts, bodies=WORDS)  # type: ignore[arg-type]  # facts of one test
    assert "words" not in ready.preview_of(good, MORNING).obstacles
    bad = draft(cast, **facts, bodies={"id": WORDS["id"] + " {gaji}"})  # type: ignore[arg-type]  # facts of one test
    assert "words" in ready.preview_of(bad, MORNING).obstacles


def test_the_form_begins_with_a_list_and_asks_for_nobody_else(app: Flask, cast: Cast, browser: Browser) -> None:
    one = bring(cast, f"{STRANGER};Rini;Las;Balai desa")
    page = browser("ratna").get(f"/broadcasts/new?list={one.id}").text
    assert "{kelas}" in page
    assert 'name="areas"' not in page
    form = {"list_id": str(one.id), "recipients": "listed", "title": "Pelatihan", "body_id": WORDS["id"], "when": "now"}
    answer = browser("ratna").post("/broadcasts", data=form)
    assert answer.status_code == 303
    stored = db.session.scalars(sa.select(Broadcast)).one()
    assert (stored.recipients, stored.list_id, stored.area_code) == ("listed", one.id, "33.01")
    assert forecast.read(stored.forecast).recipients == 1
    page = browser("ratna").get(answer.location).text
    assert "Peserta" in page
    assert "pelatihan Las di Balai desa" in page
    edited = browser("ratna").get(f"/broadcasts/{stored.id}/edit").text
    assert f'name="list_id" type="hidden" value="{one.id}"' in edited


def test_others_lists_and_those_that_are_gone_cannot_be_used(app: Flask, cast: Cast, browser: Browser) -> None:
    theirs = bring(cast, f"{STRANGER};Rini;A;B", by="hartono")
    untaken = bring(cast, f"{OTHER};Wati;A;B", taken=False)
    for number in (theirs.id, untaken.id, "x"):
        assert browser("ratna").get(f"/broadcasts/new?list={number}").status_code == 404
        form = {"list_id": str(number), "recipients": "listed", "title": "X", "body_id": WORDS["id"], "when": "now"}
        assert browser("ratna").post("/broadcasts", data=form).status_code == 404


def test_nobody_is_listed_without_a_list(app: Flask, cast: Cast, browser: Browser) -> None:
    form = {"recipients": "listed", "areas": ["33.01"], "title": "X", "body_id": WORDS["id"], "when": "now"}
    assert browser("ratna").post("/broadcasts", data=form).status_code == 422


def test_a_list_in_use_is_not_removed_and_one_that_is_gone_halts_its_broadcast(
    app: Flask, cast: Cast, browser: Browser
) -> None:
    one = bring(cast, f"{STRANGER};Rini;A;B")
    broadcast = to_list(cast, one, send_on=MORNING.date() + timedelta(days=3), send_minute=600)
    browser("ratna").post(f"/broadcasts/lists/{one.id}/removal")
    db.session.expire_all()
    assert one.emptied_at is None
    lists.empty(one, MORNING)
    db.session.commit()
    assert broadcast.starts_at is not None
    broadcast = work(broadcast, broadcast.starts_at)
    assert (broadcast.state, broadcast.pause_reason) == ("paused", "list")


def test_no_column_takes_the_place_of_what_the_programme_says(app: Flask, cast: Cast) -> None:
    """Were its number in the text, answers would go to whoever made the list; and its words would cost what nobody
    foretold."""
    one = bring(cast, f"{STRANGER};Rini;Las;Balai desa")
    row = db.session.scalars(sa.select(RecipientListRow)).one()
    row.values = {**row.values, "n": "Bukan Rini", "desa": "Desa Sangat Panjang " * 3, "hp": "081277778888"}
    words = {"id": "Desmigratif: {n}, " + "kabar " * 14 + "{kelas} di {desa}. Tanya {hp}"}
    broadcast = work(approved(cast, areas=["33.01"], recipients="listed", list_id=one.id, bodies=words))
    (text,) = texts_of(broadcast).values()
    assert set(text.values) == {"n", "kelas", "desa", "hp"}
    assert (text.values["n"], text.values["kelas"]) == ("Rini", "Las")
    assert "Sangat" not in text.body
    assert "081277778888" not in text.body
    assert text.price_rupiah == forecast.read(broadcast.forecast).rupiah


def test_a_copy_of_what_went_to_a_list_chooses_nobody_in_its_place(app: Flask, cast: Cast, browser: Browser) -> None:
    gone = work(to_list(cast, bring(cast, f"{STRANGER};Rini;A;B")))
    page = browser("ratna").get(f"/broadcasts/new?copy={gone.id}").text
    assert "It went to a list, which is not copied." in page
    kinds = re.findall(r'<input[^>]* name="recipients"[^>]*>', page)
    assert len(kinds) == 3
    assert not any("checked" in kind for kind in kinds)


def test_the_form_for_a_list_asks_for_no_area_and_is_counted_at_once(app: Flask, cast: Cast, browser: Browser) -> None:
    one = bring(cast, f"{STRANGER};Rini;A;B")
    page = browser("ratna").get(f"/broadcasts/new?list={one.id}").text
    assert "As soon as an area is chosen" not in page
    assert 'hx-trigger="load, ' in page
    asked = {"list_id": one.id, "recipients": "listed"}
    part = browser("ratna").post("/broadcasts/count", data=asked, headers={"HX-Request": "true"}).text
    assert "of 1 person who is meant gets it" in part
    assert 'id="chosen-' not in part
