"""What stands beside the form while it is filled in: the count, the measure of the words, a test text to oneself."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from sms.hours import next_allowed
from tests.broadcasts.making import BODY, allow, approved, draft, work
from tests.broadcasts.test_composing import FORM, all_drafts, day
from tests.outbox.conftest import store_of
from tests.people import HOME, NEIGHBOUR, OTHER_VILLAGE, REGENCY, Cast
from tests.plans import statements
from tests.warnings.conftest import Browser
from tests.warnings.crowd import MORNING, gather
from webapp import clock
from webapp.broadcasts import acts, meaning, merging, testing, timing
from webapp.db import db
from webapp.outbox.model import Message

HTMX = {"HX-Request": "true"}
LONG = BODY + " Acara ini gratis dan terbuka untuk semua warga desa yang ingin bekerja dengan aman." * 2


def count(browser: Browser, who: str = "ratna", **form: Any) -> str:
    answer = browser(who).post("/broadcasts/count", data=FORM | form, headers=HTMX)
    assert answer.status_code == 200
    assert "<html" not in answer.text
    return words_of(answer.text)


def words_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


@pytest.mark.parametrize("body", [BODY, LONG, BODY + " ☺"])
@pytest.mark.parametrize("recipients", ["migrants", "families", "facilitators"])
def test_the_count_beside_the_form_is_the_forecast(
    app: Flask, cast: Cast, browser: Browser, recipients: str, body: str
) -> None:
    gather(cast, 120, 7)
    form: dict[str, Any] = {"areas": [HOME, NEIGHBOUR], "recipients": recipients, "body_id": body}
    said = count(browser, **form)
    browser("ratna").post("/broadcasts", data=FORM | form)
    found = acts.forecast_of(all_drafts()[0])
    assert found is not None
    assert found.recipients > 0
    assert said.startswith(f"{found.recipients} of {found.everybody} ")
    assert f"Rp{found.rupiah:,}" in said
    for counts in found.languages.values():
        for texts, people in counts.items():
            assert re.search(rf"{texts} texts? each: {people} (person|people)", said)


def test_it_counts_only_in_ones_own_area(app: Flask, cast: Cast, browser: Browser) -> None:
    gather(cast, 60, 8)
    said = count(browser, areas=[HOME, OTHER_VILLAGE])
    assert "Rp" not in said
    assert "Choose only areas inside your own." in said
    assert " of " in count(browser, "hartono", areas=[OTHER_VILLAGE])


HALF_FILLED: dict[str, tuple[dict[str, Any], str]] = {
    "nothing chosen": ({"areas": []}, "Choose an area."),
    "an age that is none": ({"age_from": "dua puluh"}, "Write a number in digits."),
    "an age as long as a book": ({"age_from": "9" * 5000}, "Write a number in digits."),
    "a day that is none": ({"leaves_until": "2026-02-31"}, "There is no such day."),
    "turned ages": ({"age_from": "40", "age_until": "20"}, "It ends before it begins."),
    "no words": ({"body_id": ""}, "What it costs is told as soon as there are words."),
    "a value that is none": ({"body_id": "Halo {nik"}, "of 2 people who are meant get it"),
    "an unknown value": ({"body_id": "Halo {nik}"}, "Mend the words first."),
    "no title": ({"title": ""}, "of 2 people who are meant get it"),
    "a wrong day to send": ({"when": "later", "send_on": "2026-13-01"}, "of 2 people who are meant get it"),
    "an hour that is none": ({"when": "later", "send_at": "25:99"}, "of 2 people who are meant get it"),
    "only other words": ({"body_id": "", "body_jv": "Desmigratif {hp}"}, "of 2 people who are meant get it"),
}


@pytest.mark.parametrize("what", HALF_FILLED)
def test_a_half_filled_form_is_counted_or_told_why_not(app: Flask, cast: Cast, browser: Browser, what: str) -> None:
    form, said = HALF_FILLED[what]
    assert said in count(browser, **form)
    assert browser("ratna").post("/broadcasts/count", data=FORM | form).status_code == 200


def test_an_empty_form_is_no_mistake(app: Flask, cast: Cast, browser: Browser) -> None:
    answer = browser("ratna").post("/broadcasts/count", data={}, headers=HTMX)
    assert "Choose an area." in answer.text


def test_without_a_script_the_whole_form_comes_back_with_the_count(app: Flask, cast: Cast, browser: Browser) -> None:
    page = browser("ratna").post("/broadcasts/count", data=FORM | {"title": "", "body_id": "Desmigratif {hp}"}).text
    assert "of 2 people who are meant get it" in words_of(page)
    assert "Desmigratif {hp}" in page
    assert "Please correct this first" not in page
    assert all_drafts() == []


def test_the_form_of_a_draft_stays_its_form(app: Flask, cast: Cast, browser: Browser) -> None:
    stored = draft(cast)
    form = FORM | {"broadcast_id": str(stored.id), "version": "1"}
    page = browser("ratna").post("/broadcasts/count", data=form).text
    assert f'action="/broadcasts/{stored.id}/edit"' in page
    assert browser("bambang").post("/broadcasts/count", data=form).status_code == 404


def test_many_are_counted_after_storing(
    app: Flask, cast: Cast, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(meaning, "MOST_AT_ONCE", 1)
    assert "they are counted after storing" in count(browser)


def test_counting_asks_little_however_many_are_meant(app: Flask, cast: Cast, browser: Browser) -> None:
    def asked() -> int:
        with statements() as sent:
            count(browser, areas=[REGENCY], missing=["passport"], destinations=["TW"])
        return len(sent)

    gather(cast, 100, 9)
    count(browser)
    few = asked()
    gather(cast, 300, 10)
    assert asked() == few <= 22


def test_what_is_ticked_is_told_beside_the_folded_lists(app: Flask, cast: Cast, browser: Browser) -> None:
    part = browser("ratna").post("/broadcasts/count", data=FORM | {"destinations": ["TW"]}, headers=HTMX).text
    assert '<span id="chosen-destinations" class="chosen" hx-swap-oob="true">Taiwan</span>' in part


def test_letters_that_cost_are_shown_and_replaced(app: Flask, cast: Cast, browser: Browser) -> None:
    form = {"body_id": "Desmigratif: “halo” – tanya {hp}"}
    part = browser("ratna").post("/broadcasts/measure?language=id", data=form, headers=HTMX).text
    assert "1 text at the longest usual name" in part
    for letter in "“”–":
        assert f"<b>{letter}</b> 1×" in part
    assert "Desmigratif: &#34;halo&#34; - tanya {hp}" in part
    used = browser("ratna").post("/broadcasts/measure", data=form | {"use": "id"}, headers=HTMX)
    assert 'id="words-id"' in used.text
    assert "Desmigratif: &#34;halo&#34; - tanya {hp}</textarea>" in used.text
    assert "Use these words" not in used.text
    assert used.headers["HX-Trigger"] == "words-used"
    page = browser("ratna").post("/broadcasts/measure", data=FORM | form | {"use": "id"}).text
    assert "Desmigratif: &#34;halo&#34; - tanya {hp}</textarea>" in page
    assert "<h1>" in page


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("x" * 150, "150 letters, 1 text at the longest usual name; 10 letters left"),
        ("x" * 155 + "{n}", "165 letters, 2 texts at the longest usual name; 141 letters left"),
        ("x" * 69 + "☺", "70 letters, 1 text at the longest usual name; 0 letters left"),
        ("x" * 70 + "☺", "71 letters, 2 texts at the longest usual name; 63 letters left"),
        ("{nik} {", "10 letters"),
    ],
)
def test_words_are_measured_as_one_types(app: Flask, cast: Cast, browser: Browser, body: str, said: str) -> None:
    part = browser("ratna").post("/broadcasts/measure?language=su", data={"body_su": body}, headers=HTMX).text
    assert said in words_of(part)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (BODY + " {nama}", "{nama} is not known. Possible: {n}, {desa}, {hp}."),
        (BODY + " kata" * 103, "Too long: at most four texts."),
    ],
)
def test_what_is_wrong_already_is_told_as_one_types(
    app: Flask, cast: Cast, browser: Browser, body: str, said: str
) -> None:
    part = browser("ratna").post("/broadcasts/measure?language=id", data={"body_id": body}, headers=HTMX).text
    assert said in words_of(part)
    assert "data-right" not in part
    counted = count(browser, body_id=body)
    assert "Mend the words first." in counted
    assert "Rp" not in counted


def test_only_words_that_may_go_out_are_called_right(app: Flask, cast: Cast, browser: Browser) -> None:
    def part(body: str) -> str:
        return browser("ratna").post("/broadcasts/measure?language=id", data={"body_id": body}, headers=HTMX).text

    assert "data-right" in part(BODY)
    # They may still come to say who speaks: no fault yet, but not right either.
    assert "data-right" not in part("Halo, tanya {hp}")
    assert "field-error" not in part("Halo, tanya {hp}")


def test_where_a_picture_was_left_out_no_double_space_is_offered() -> None:
    assert merging.measure("Biaya “resmi” ☺ hari ini? Tanya ☺").offered == 'Biaya "resmi" hari ini? Tanya'
    assert merging.measure("Besok 🎉 bazar 🎉\n🎉 gratis 🎉").offered == "Besok bazar\ngratis"
    # What is right already is left as it is written.
    assert merging.measure("Dua  spasi").offered == "Dua  spasi"


def test_spread_over_hours_it_takes_as_long(app: Flask, cast: Cast, browser: Browser) -> None:
    assert "within 4 hours" in count(browser, spread_hours="4")
    assert "less than a minute until the last one has gone" in count(browser, spread_hours="0")


def test_who_has_enough_on_that_day_is_told_beside_the_number(app: Flask, cast: Cast, browser: Browser) -> None:
    gather(cast, 60, 7)
    for more in (" Gratis.", " Bawa anak."):
        assert "get enough notices" not in count(browser)
        gone = work(approved(cast, now=clock.now(), bodies={"id": BODY + more}), clock.now())
    enough = f"{gone.approved_count} people get enough notices on that day. Choose the next day"
    assert enough in count(browser)
    assert enough in words_of(browser("ratna").get(f"/broadcasts/{draft(cast, now=clock.now()).id}").text)


def texts_to(cast: Cast, who: str) -> list[Message]:
    db.session.expire_all()
    number = cast.account(who).phone
    return list(db.session.scalars(sa.select(Message).where(Message.number == number).order_by(Message.id)))


def test_a_test_text_goes_to_oneself_alone(app: Flask, cast: Cast, browser: Browser) -> None:
    stored = draft(cast, bodies={"id": LONG, "jv": BODY})
    form = {"client_id": "0f0e1d2c-0000-4000-8000-0000000000ab"}
    for _ in range(2):
        assert browser("ratna").post(f"/broadcasts/{stored.id}/test", data=form).status_code == 303
    (text,) = texts_to(cast, "ratna")
    assert text.purpose == "account"
    assert text.body.startswith("Desmigratif: Ratna, bursa kerja di Kabupaten Cilacap")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Message)) == 1
    browser("ratna").post(f"/broadcasts/{stored.id}/test", data={"language": "jv"})
    assert [one.language for one in texts_to(cast, "ratna")] == ["id", "jv"]


def test_a_long_test_text_goes_out_whole(app: Flask, cast: Cast, browser: Browser) -> None:
    stored = draft(cast, bodies={"id": LONG * 2})
    browser("ratna").post(f"/broadcasts/{stored.id}/test")
    words = texts_to(cast, "ratna")[0].body
    db.session.rollback()
    # At night it comes in the morning.
    store_of("worker-1").claim_due(10, next_allowed(clock.now(), "Asia/Jakarta"))
    (sent,) = texts_to(cast, "ratna")
    assert (sent.state, sent.body, sent.segments) == ("sending", words, 4)


def test_five_tests_a_day_are_enough(app: Flask, cast: Cast, browser: Browser) -> None:
    stored = draft(cast)
    for _ in range(testing.MOST_A_DAY):
        browser("ratna").post(f"/broadcasts/{stored.id}/test")
    answer = browser("ratna").post(f"/broadcasts/{stored.id}/test", follow_redirects=True)
    assert "That is enough." in answer.text
    assert len(texts_to(cast, "ratna")) == testing.MOST_A_DAY
    # Another officer reads it too; and tomorrow is another day.
    browser("bambang").post(f"/broadcasts/{stored.id}/test")
    assert len(texts_to(cast, "bambang")) == 1
    db.session.execute(sa.update(Message).values(created_at=MORNING.replace(year=2025)))
    db.session.commit()
    browser("ratna").post(f"/broadcasts/{stored.id}/test")
    assert len(texts_to(cast, "ratna")) == testing.MOST_A_DAY + 1


def test_no_test_without_a_phone_nor_of_what_is_not_ours(app: Flask, cast: Cast, browser: Browser) -> None:
    stored = draft(cast)
    assert browser("hartono").post(f"/broadcasts/{stored.id}/test").status_code == 404
    cast.coordinator.phone = None
    db.session.commit()
    answer = browser("ratna").post(f"/broadcasts/{stored.id}/test", follow_redirects=True)
    assert "Your account has no phone." in answer.text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Message)) == 0


def test_no_test_of_words_that_cannot_be_sent_nor_of_what_is_approved(app: Flask, cast: Cast, browser: Browser) -> None:
    stored = draft(cast)
    stored.texts[0].body = "Halo, tanya {hp}"
    db.session.commit()
    answer = browser("ratna").post(f"/broadcasts/{stored.id}/test", follow_redirects=True)
    assert "The words are not right yet." in answer.text
    allow(cast, REGENCY)
    gone = approved(cast, now=MORNING)
    assert browser("ratna").post(f"/broadcasts/{gone.id}/test").status_code == 404


def test_the_morning_after_a_spread_evening_is_counted_beside_the_form(
    app: Flask, cast: Cast, browser: Browser
) -> None:
    gather(cast, 60, 7)
    morning = datetime.combine(timing.office_day(clock.now()) + timedelta(days=4), time(9), timing.OFFICE)
    for more in (" Gratis.", " Bawa anak."):
        notice = approved(cast, now=clock.now(), bodies={"id": BODY + more}, send_on=morning.date(), send_minute=540)
        work(notice, morning)
    evening = {"when": "later", "send_on": day(3), "send_at": "19:30"}
    assert "get enough notices" not in count(browser, **evening)
    assert "get enough notices" in count(browser, **evening, spread_hours="2")


@pytest.mark.parametrize("spread", ["", "-5", "25", "99999999"])
@pytest.mark.parametrize("send_at", ["", "07:59", "19:59", "23:59", "xx"])
@pytest.mark.parametrize("send_on", ["", "0001-01-01", "9999-12-31", "xx"])
def test_days_and_hours_that_cannot_be_keep_nothing_from_being_counted(
    app: Flask, cast: Cast, browser: Browser, send_on: str, send_at: str, spread: str
) -> None:
    gather(cast, 3, 7)
    wild = {"when": "later", "send_on": send_on, "send_at": send_at, "spread_hours": spread}
    assert count(browser, **wild) == count(browser)
