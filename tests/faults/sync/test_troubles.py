"""When the world misbehaves: a phone does not hurry, believes no strangers, and lets one bad form stop no other."""

from __future__ import annotations

import uuid
from datetime import date

import pytest
import sqlalchemy as sa

from tests.faults.sync.plan import done_today, registration
from tests.faults.sync.scene import Scene, kept, notes
from tests.people import HOME
from tools import phones
from webapp import clock
from webapp.accounts import sessions
from webapp.db import db
from webapp.people.model import Person

pytestmark = [
    pytest.mark.slow,
    pytest.mark.served,
    pytest.mark.skipif(not phones.is_here(), reason="no IndexedDB: `python -m tools.phones` fetches it with npm"),
]


def test_a_dead_link_wakes_the_phone_in_growing_intervals_only(scene: Scene) -> None:
    """The browser tries again by itself if it hears that we failed; who asks it anew is woken at once, for ever."""
    form = scene.note()
    scene.phone.do("offline", True)
    assert scene.phone.do("wake") == {"again": True, "asked": 0}
    scene.phone.do("offline", False)
    assert scene.phone.do("wake") == {"again": False, "asked": 0}
    assert scene.how(form) == ("stored", "")
    assert scene.phone.do("wake") == {"again": False, "asked": 0}


def test_what_needs_somebody_wakes_nobody(scene: Scene) -> None:
    scene.write_offline(f"/people/{scene.sri_id}/notes", [("words", "")])
    behind = scene.note("dahinter")
    scene.phone.drain()
    assert scene.how(behind)[0] == "waiting"
    assert scene.phone.do("wake") == {"again": False, "asked": 0}


def test_what_was_wrong_lies_sealed_too(scene: Scene) -> None:
    """The server's page repeats all that was typed, and may show other people."""
    form = scene.write_offline("/people", registration("Rahasia Sekali", date(1990, 5, 4), HOME)[:-3])
    scene.phone.drain()
    assert scene.how(form) == ("needs", "invalid")
    assert "Rahasia Sekali" in scene.phone.do("ask", "item", {"key": form.key})["errors"]
    assert "Rahasia" not in scene.phone.do("disk")


def test_a_gateway_that_answers_in_the_programmes_name_is_not_believed(scene: Scene) -> None:
    form = scene.note("Tetap catatan")
    scene.network.next.append("a gateway answers")
    scene.phone.drain()
    assert scene.how(form) == ("waiting", "busy")
    scene.phone.do("later", 3600)
    scene.phone.drain()
    assert scene.how(form) == ("stored", "")
    assert (notes(), kept()) == (["Tetap catatan"], [])


def test_a_hand_over_that_fails_is_tried_again_later(scene: Scene) -> None:
    form = scene.write_offline("/people/999999/notes", [("words", "Tidak ada")])
    scene.network.next.extend(["passed", "a gateway answers"])
    before = scene.network.counts["forwarded"]
    scene.phone.drain()
    assert scene.how(form)[0] == "keep"
    assert scene.network.counts["forwarded"] - before <= 2, "it was tried again without a pause"
    scene.phone.do("later", 3600)
    scene.phone.drain()
    assert scene.how(form) == ("kept", "")


def test_what_is_corrected_just_now_does_not_go_out_under_the_hands(scene: Scene) -> None:
    form = scene.note("Wati Salah")
    scene.phone.do("ask", "item", {"key": form.key})
    scene.phone.drain()
    assert scene.how(form)[0] == "waiting"
    assert notes() == []
    scene.phone.do("ask", "release", {"key": form.key})
    assert notes() == ["Wati Salah"]


def test_what_is_thrown_away_while_another_is_sent_is_not_sent(scene: Scene) -> None:
    first, second = scene.note("pertama"), scene.note("kedua")
    scene.network.next.append("slow")
    draining = scene.phone.begin("ask", "drain", {})
    scene.phone.do("ask", "discard", {"key": second.key})
    draining.result(30)
    assert scene.how(first) == ("stored", "")
    assert notes() == ["pertama"]


def test_what_is_stored_never_waits_again(scene: Scene) -> None:
    """An old try that fails late must not send an empty form."""
    form = scene.note("Sekali")
    scene.phone.drain()
    scene.phone.do("ask", "send", {"key": form.key})
    assert scene.how(form) == ("stored", "")
    assert notes() == ["Sekali"]


def test_one_photo_that_cannot_be_read_stops_nobody_else(scene: Scene) -> None:
    photo = scene.phone.do("photo", str(scene.siti_id))
    fields = [("words", "Minta uang"), ("threat", "money"), ("photos", photo)]
    broken = scene.write_offline("/broker-reports", fields)
    other = scene.note("Lain")
    scene.phone.do("spoil", photo)
    scene.phone.drain()
    assert scene.how(broken) == ("needs", "photo")
    assert scene.how(other) == ("stored", "")


def test_a_photo_of_an_ended_log_in_waits_for_its_owner(scene: Scene) -> None:
    photo = scene.phone.do("photo", str(scene.siti_id))
    form = scene.write_offline("/broker-reports", [("words", "Minta uang"), ("photos", photo)])
    scene.meanwhile(lambda: sessions.end_all(scene.cast.facilitator, clock.real_now()))
    scene.phone.drain()
    assert scene.how(form) == ("waiting", "door")


def test_what_followed_a_registration_that_was_thrown_away_needs_somebody(scene: Scene) -> None:
    new = scene.write_offline("/people", registration("Sumarni", date(1990, 5, 4), HOME))
    after = scene.write_offline(f"/people/~{new.key}/notes", [("words", "Sesudahnya")])
    scene.phone.do("ask", "discard", {"key": new.key})
    scene.phone.drain()
    assert scene.how(after) == ("needs", "base")
    assert scene.still_typed(after)


def test_a_form_that_leads_elsewhere_is_not_taken_for_stored(scene: Scene) -> None:
    """An answer to htmx may lead to a new password; only a receipt says that the form is stored."""

    def must_change() -> None:
        scene.cast.facilitator.must_change_password = True

    scene.meanwhile(must_change)
    form = scene.write(f"/people/{scene.sri_id}/notes", [("words", "Tetap ada")], htmx=True)
    scene.phone.do("settled")
    assert scene.how(form) == ("waiting", "door")
    assert scene.still_typed(form)


def test_a_registration_that_became_a_task_leads_to_no_stranger(scene: Scene) -> None:
    new = scene.write_offline("/people", registration("Sumarni", date(1990, 5, 4), "33.01.99.9999"))
    scene.phone.drain()
    assert scene.how(new) == ("kept", "")
    answer = scene.phone.do("visit", f"/people/~{new.key}/phones")
    assert "/kept-forms/" in answer["location"]
    assert db.session.scalar(sa.select(sa.func.count()).where(Person.name == "Sumarni")) == 0
    assert uuid.UUID(new.key)


def test_a_tap_that_leads_to_a_page_to_look_at_is_not_kept(scene: Scene) -> None:
    """Nothing was stored, and its writer sees why: what waited would come back as a question asked twice."""
    action = f"/departures/{scene.departure_id}/papers/passport"
    scene.write(action, [*done_today(), ("number", "C1234567")])
    form = scene.write(f"{action}/removal", [("version", "1")], htmx=True)
    scene.phone.do("settled")
    assert form.key not in scene.phone.items()
