"""When an answer goes: a stock text while somebody waits for it, an officer's words when the phone is in good hands."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from flask.testing import FlaskClient

from tests.callbacks.saying import SRI, leave_at, say
from tests.conftest import Login
from tests.people import Cast
from webapp import clock
from webapp.conversations import acts
from webapp.db import db
from webapp.departures import acts as departures
from webapp.people.model import Person

#: 19:00 in the village, and half past two of the night after the next day.
EVENING = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
NIGHT = datetime(2026, 12, 1, 19, 30, tzinfo=UTC)
MORNING = datetime(2026, 12, 2, 1, 0, tzinfo=UTC)
MOTHER = "+6281377776666"


def answer(cast: Cast, now: datetime, *, wrote_at: datetime = EVENING, number: str = SRI) -> datetime:
    incoming = say("bu saya takut majikan", number, wrote_at)
    leave_at(wrote_at)
    leaves_at = acts.reply(incoming, "Siti, Desmigratif: halo", cast.facilitator, now)
    db.session.commit()
    return leaves_at


def between(person: Person, begin: int | None, end: int | None, cast: Cast) -> None:
    use = {"safe_from_hour": begin, "safe_until_hour": end}
    person.change_phone(person.phones[0], account=cast.facilitator, now=EVENING - timedelta(days=1), **use)
    db.session.commit()


def test_an_answer_to_whoever_just_wrote_leaves_at_once_also_at_night(cast: Cast) -> None:
    assert answer(cast, NIGHT, wrote_at=NIGHT - timedelta(minutes=50)) == NIGHT
    assert leave_at(NIGHT) == ["Siti, Desmigratif: halo"]


def test_an_answer_a_day_later_waits_for_the_morning(cast: Cast) -> None:
    assert answer(cast, NIGHT) == MORNING
    assert leave_at(NIGHT) == []
    assert leave_at(MORNING) == ["Siti, Desmigratif: halo"]


def test_an_officers_words_keep_to_the_hours_of_the_phone(cast: Cast) -> None:
    between(cast.migrant, 18, 20, cast)
    then = datetime(2026, 12, 2, 11, 0, tzinfo=UTC)
    for wrote_at in (EVENING, NIGHT - timedelta(minutes=10)):
        assert answer(cast, NIGHT, wrote_at=wrote_at) == then
    assert leave_at(NIGHT) == []
    assert len(leave_at(then)) == 2


def test_hours_that_were_chosen_after_it_was_typed_count_too(cast: Cast) -> None:
    between(cast.migrant, 18, 20, cast)
    assert answer(cast, EVENING) == EVENING
    between(cast.migrant, 6, 7, cast)
    assert leave_at(EVENING) == []
    assert leave_at(datetime(2026, 11, 30, 23, 0, tzinfo=UTC)) == ["Siti, Desmigratif: halo"]


def test_of_several_people_with_a_number_the_hours_that_were_chosen_count(cast: Cast) -> None:
    tumini = cast.withdrew
    tumini.add_phone(SRI, "family", account=cast.facilitator, now=EVENING, safe_from_hour=18, safe_until_hour=20)
    db.session.commit()
    assert answer(cast, NIGHT) == datetime(2026, 12, 2, 11, 0, tzinfo=UTC)


def test_abroad_the_morning_there_counts_but_for_the_family_at_home(cast: Cast) -> None:
    sri, left = cast.migrant, date(2026, 11, 20)
    departure = departures.record(sri, cast.facilitator, EVENING, destination_code="SA", scheme="p3mi")
    departures.leave(departure, cast.facilitator, EVENING, left)
    sri.add_contact("Suminah", "mother", MOTHER, account=cast.facilitator, now=EVENING)
    db.session.commit()
    assert answer(cast, NIGHT) == datetime(2026, 12, 2, 5, 0, tzinfo=UTC)
    assert answer(cast, NIGHT, number=MOTHER) == MORNING


def test_the_programmes_own_answer_is_for_the_hour_in_which_somebody_waits(cast: Cast) -> None:
    say("BANTU", SRI, NIGHT)
    (words,) = (text for text in leave_at(NIGHT + timedelta(minutes=5)) if "panggilan darurat" not in text)
    assert "08001000" in words
    say("BANTU", SRI, NIGHT)
    assert leave_at(NIGHT + timedelta(hours=2)) == [], "it is night again"
    say("BANTU", SRI, MORNING)
    assert leave_at(MORNING + timedelta(hours=7)) == [], "nobody remembers asking"


def test_an_officer_reads_when_the_answer_leaves(client: FlaskClient, cast: Cast, login: Login) -> None:
    hour = clock.now().hour + 7  # on the clock of the village
    begin = (hour + 2) % 24
    between(cast.migrant, begin, (begin + 1) % 24, cast)
    incoming = say("bu?", SRI, clock.now())
    login(client, cast.facilitator)
    client.post(f"/inbox/{incoming.id}/replies", data={"body": "halo"})
    page = client.get(f"/inbox/{incoming.id}").text
    assert f"{begin:02}.00" in page
    assert "Jawaban Anda dikirim nanti" in page
    between(cast.migrant, None, None, cast)
    page = client.post(f"/inbox/{incoming.id}/replies", data={"body": "halo"}, follow_redirects=True).text
    assert "Jawaban Anda dikirim nanti" not in page
