"""One phone whose form cannot be stored as it was meant: what the phone shows, what it keeps, what the server has."""

from __future__ import annotations

import uuid
from datetime import date

import pytest
import sqlalchemy as sa

from tests.faults.sync.plan import Form, as_sent, departure, done_today, registration
from tests.faults.sync.scene import Scene, kept, notes, receipt_of
from tests.people import HOME, NEIGHBOUR, PASSWORD
from tools import phones
from webapp import clock
from webapp.accounts import acts as accounts
from webapp.accounts import sessions
from webapp.db import db
from webapp.departures import acts
from webapp.departures.model import Departure, Paper
from webapp.offline.model import KeptForm

pytestmark = [
    pytest.mark.slow,
    pytest.mark.served,
    pytest.mark.skipif(not phones.is_here(), reason="no IndexedDB: `python -m tools.phones` fetches it with npm"),
]


@pytest.mark.parametrize("silent", [False, True], ids=["broken off", "silent"])
def test_an_answer_that_ends_in_the_middle_is_none(scene: Scene, silent: bool) -> None:
    """Its writer is told that the form waits, and it goes out once more."""
    scene.network.silent = silent
    scene.network.next.append("answer cut in the middle")
    form = scene.write(f"/people/{scene.sri_id}/notes", [("words", "Halo")])
    assert scene.how(form) == ("waiting", "offline")
    assert scene.still_typed(form)
    scene.network.next.append("answer cut in the middle")
    scene.phone.drain()
    assert scene.how(form) == ("waiting", "offline")
    scene.phone.drain()
    assert scene.how(form) == ("stored", "")
    assert scene.phone.items()[form.key]["receipt"] == receipt_of(form)
    assert notes() == ["Halo"]


def test_a_tick_whose_answer_was_lost_is_the_same_tick(scene: Scene) -> None:
    scene.network.next.append("answer dropped")
    form = scene.write(f"/departures/{scene.departure_id}/papers/civil", done_today(one_tap=True), htmx=True)
    scene.phone.do("settled")
    scene.phone.drain()
    assert scene.how(form) == ("stored", "")
    assert len(db.session.scalars(sa.select(Paper)).all()) == 1


@pytest.mark.parametrize("workers", [1, 2])
def test_two_that_send_at_once_send_once(scene: Scene, workers: int) -> None:
    """Two pages that ask one worker, and an old worker beside a new one."""
    forms = [scene.note(str(n)) for n in range(20)]
    before = scene.network.counts["forwarded"]
    scene.phone.do("drainTwice", workers)
    assert [scene.how(form) for form in forms] == [("stored", "")] * 20
    assert notes() == [str(n) for n in range(20)]
    assert scene.network.counts["forwarded"] - before == 20, "a form was sent twice"


def test_a_session_that_ended_lets_the_form_wait_for_its_owner(scene: Scene) -> None:
    form = scene.note()
    scene.meanwhile(lambda: sessions.end_all(scene.cast.facilitator, clock.real_now()))
    scene.phone.drain()
    assert scene.how(form) == ("waiting", "login")
    assert scene.still_typed(form)
    assert notes() == []
    scene.phone.do("logIn", "siti", PASSWORD)
    scene.phone.drain()
    assert scene.how(form) == ("stored", "")
    assert notes() == ["Menunggu paspor"]


def test_a_closed_account_keeps_what_was_typed(scene: Scene) -> None:
    form = scene.note()
    scene.meanwhile(lambda: accounts.close(scene.cast.facilitator, clock.real_now()))
    scene.phone.drain()
    scene.phone.drain()
    state, _ = scene.how(form)
    assert state == "waiting"
    assert scene.still_typed(form)
    assert (notes(), kept()) == ([], [])


def test_about_somebody_who_moved_it_is_kept_for_the_new_village(scene: Scene) -> None:
    form = scene.note("Paspor hilang")
    coordinator = scene.cast.coordinator
    scene.meanwhile(lambda: scene.cast.migrant.move_house(NEIGHBOUR, account=coordinator, now=clock.now()))
    scene.network.next.extend(["passed", "answer dropped"])
    scene.phone.drain()
    assert scene.how(form)[0] == "keep"
    assert scene.still_typed(form)
    scene.phone.drain()
    assert scene.how(form) == ("kept", "")
    assert scene.phone.items()[form.key]["receipt"] == receipt_of(form)
    ((path, body),) = kept()
    assert path == form.action
    assert "words=Paspor+hilang" in body
    assert db.session.scalars(sa.select(KeptForm.area_code)).all() == [NEIGHBOUR]
    assert notes() == []


def test_about_a_journey_that_ended_it_is_kept(scene: Scene) -> None:
    day = clock.now().date().isoformat()
    form = scene.write_offline(f"/departures/{scene.departure_id}/leaving", [("on_day", day)])
    journey, siti = db.session.get_one(Departure, scene.departure_id), scene.cast.facilitator
    scene.meanwhile(lambda: acts.cancel(journey, siti, clock.now(), "Sakit"))
    scene.phone.drain()
    assert scene.how(form) == ("kept", "")
    ((path, body),) = kept()
    assert path == form.action
    assert f"on_day={day}" in body
    assert db.session.get_one(Departure, scene.departure_id).departed_on is None


def test_what_follows_a_form_that_was_kept_is_kept_too(scene: Scene) -> None:
    """A paper of a departure that could not be stored: it does not wait for ever."""
    first = scene.write_offline(f"/people/{scene.sri_id}/departures", departure(1))
    second = scene.write_offline(f"/departures/~{first.key}/papers/civil", done_today())
    coordinator = scene.cast.coordinator
    scene.meanwhile(lambda: scene.cast.migrant.move_house(NEIGHBOUR, account=coordinator, now=clock.now()))
    scene.phone.drain()
    assert [scene.how(form) for form in (first, second)] == [("kept", "")] * 2
    assert [path for path, _ in kept()] == [first.action, second.action]


def test_an_account_that_moved_hands_over_what_it_wrote_in_its_old_village(scene: Scene) -> None:
    form = scene.note("Dari kantor desa")

    def move() -> None:
        scene.cast.facilitator.area_code = NEIGHBOUR

    scene.meanwhile(move)
    scene.phone.drain()
    assert scene.how(form) == ("kept", "")
    assert [path for path, _ in kept()] == [form.action]
    assert db.session.scalars(sa.select(KeptForm.area_code)).all() == [HOME]


def test_what_knows_the_key_and_what_knows_the_id_go_out_in_order(scene: Scene) -> None:
    """Somebody was registered here; her forms before and after her number is known are about the same person."""
    new = scene.write_offline("/people", registration("Sumarni", date(1990, 5, 4), HOME))
    early = scene.write_offline(f"/people/~{new.key}/notes", [("words", "early")])
    scene.network.next.extend(["passed", "refused"])
    scene.phone.drain()
    assert [scene.how(form)[0] for form in (new, early)] == ["stored", "waiting"]
    address = scene.phone.items()[new.key]["location"]
    scene.network.next.append("passed")
    scene.write(f"{address}/notes", [("words", "late")])
    scene.phone.do("settled")
    scene.phone.drain()
    assert notes() == ["early", "late"]


def test_a_receipt_stays_while_another_form_needs_it(scene: Scene) -> None:
    new = scene.write_offline("/people", registration("Sumarni", date(1990, 5, 4), HOME))
    scene.phone.drain()
    late = scene.write_offline(f"/people/~{new.key}/notes", [("words", "late")])
    scene.phone.do("later", 8 * 24 * 3600)
    assert scene.phone.items().keys() == {new.key, late.key}
    scene.phone.drain()
    assert notes() == ["late"]
    scene.phone.do("later", 8 * 24 * 3600)
    scene.phone.items()
    assert scene.phone.items() == {}


def test_the_first_two_forms_of_a_phone_are_sealed_under_one_key(scene: Scene) -> None:
    """Both made when there was no key yet: what the second key sealed, the first would never open."""
    phone = scene.programme.crowd.phone(str(uuid.uuid4()), copies=False)
    phone.do("offline", True)
    forms = [Form(f"/people/{scene.sri_id}/notes", [("words", f"{n}")], "", str(uuid.uuid4())) for n in range(5)]
    phone.do("together", [[form.action, as_sent(form, scene.siti_id)["fields"]] for form in forms])
    for form in forms:
        typed = phone.typed(form.key)
        assert typed is not None
        assert typed[-1] == ("words", form.fields[0][1])
