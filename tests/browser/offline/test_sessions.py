"""What ends while a phone is away: log-in, password, village, account. Nothing that was typed is lost."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.browser.offline.conftest import Field
from tests.browser.offline.phone import Phone
from tests.browser.offline.writing import note
from tests.browser.server import demonstration
from tests.people import HOME, NEIGHBOUR, PASSWORD, Cast
from webapp import clock
from webapp.accounts import acts, passwords, sessions
from webapp.accounts.model import Account, AccountSession
from webapp.db import db
from webapp.offline.model import KeptForm
from webapp.people.model import Event

pytestmark = pytest.mark.browser
NEW_PASSWORD = "jagung-menguning-2027"


def written(phone: Phone, field: Field, words: str) -> None:
    """A note about Wagiman, in a place without a signal."""
    field.cable.cut()
    note(phone, field.ids["wagiman"], words)
    assert [state for _, state, _ in phone.states()][-1] == "waiting"


def notes(field: Field) -> list[str]:
    with field.session() as session:
        query = sa.select(Event).where(Event.person_id == field.ids["wagiman"], Event.kind == "note")
        return [event.facts["words"] for event in session.scalars(query.order_by(Event.id))]


def sentence(phone: Phone) -> str:
    """What the page Antrean says of the form that waits."""
    page = phone.open("/antrean")
    page.wait_for_selector(".queue-item")
    return page.inner_text(".queue-item")


def test_the_log_in_has_ended(phone: Phone, field: Field) -> None:
    written(phone, field, "Sesi habis")
    end_log_ins(field)
    field.cable.plug()
    phone.send()
    assert "Masuk lagi, lalu formulir ini terkirim" in sentence(phone)
    assert notes(field) == []
    phone.log_in("siti")
    phone.wait_until_sent()
    assert notes(field) == ["Sesi habis"]


def end_log_ins(field: Field) -> None:
    with field.session() as session, session.begin():
        session.execute(sa.update(AccountSession).values(ended_at=clock.real_now()))


def test_who_waits_for_a_form_reads_that_it_is_kept(phone: Phone, field: Field) -> None:
    """And not that it has to be sent once more: then it would be stored twice."""
    page = phone.open(f"/people/{field.ids['wagiman']}")
    end_log_ins(field)
    page.fill("#words", "Saat sesi habis")
    with page.expect_navigation():
        page.click("form[action$='/notes'] button")
    page.wait_for_selector(".queue-item:has-text('Masuk lagi')")
    assert "Tidak ada yang tersimpan" not in page.inner_text("body")
    phone.log_in("siti")
    phone.wait_until_sent()
    assert notes(field).count("Saat sesi habis") == 1


def test_the_start_after_the_log_in_has_ended_leads_to_the_door(phone: Phone, field: Field) -> None:
    """The village goes from the phone, and nothing is loaded again and again."""
    end_log_ins(field)
    visits: list[str] = []
    page = phone.page
    page.on("framenavigated", lambda frame: visits.append(frame.url))
    page.goto(f"{phone.address}/?mulai")
    page.wait_for_selector("[name=username]")
    page.wait_for_timeout(1000)
    assert page.inner_text("h1") == "Masuk"
    assert len(visits) <= 4
    assert phone.ask("async () => (await readAll('people')).length + (await readAll('pages')).length") == 0


def test_logging_out_when_the_log_in_has_ended_already_leaves_nothing(phone: Phone, field: Field) -> None:
    page = phone.open("/more")
    end_log_ins(field)
    page.click("form[action='/logout'] button")
    page.wait_for_load_state()
    phone.wait_for("async () => !(await fact('account'))")
    assert phone.ask("async () => (await readAll('people')).length") == 0


def test_the_password_was_changed_elsewhere(phone: Phone, field: Field) -> None:
    written(phone, field, "Sandi baru")
    with demonstration(field.server.database_url).app_context():
        siti = Cast(db.session).facilitator
        siti.password_hash = passwords.hashed(NEW_PASSWORD)
        sessions.end_all(siti, clock.real_now())
        db.session.commit()
        db.engine.dispose()
    field.cable.plug()
    phone.send()
    assert "Masuk lagi" in sentence(phone)
    phone.log_in("siti", NEW_PASSWORD)
    phone.wait_until_sent()
    assert notes(field)[-1] == "Sandi baru"
    with field.session() as session, session.begin():
        siti = session.scalars(sa.select(Account).where(Account.username == "siti")).one()
        siti.password_hash = passwords.hashed(PASSWORD)


def test_the_account_works_in_another_village_now(phone: Phone, field: Field) -> None:
    """Its forms are kept for the village where the person lives."""
    written(phone, field, "Pindah desa")
    with field.session() as session, session.begin():
        session.execute(sa.update(Account).where(Account.username == "siti").values(area_code=NEIGHBOUR))
    field.cable.plug()
    phone.send()
    assert "Disimpan sebagai tugas" in sentence(phone)
    with field.session() as session, session.begin():
        kept = session.scalars(sa.select(KeptForm).order_by(KeptForm.id.desc()).limit(1)).one()
        assert (kept.person_id, kept.area_code) == (field.ids["wagiman"], HOME)
        session.execute(sa.update(Account).where(Account.username == "siti").values(area_code=HOME))
    assert "Pindah desa" not in notes(field)


def test_the_account_was_closed(phone: Phone, field: Field) -> None:
    """Nobody can log in any more: what was typed stays readable on the phone, for whoever enters it."""
    written(phone, field, "Akun ditutup")
    with demonstration(field.server.database_url).app_context():
        acts.close(Cast(db.session).facilitator, clock.real_now())
        db.session.commit()
        db.engine.dispose()
    field.cable.plug()
    phone.send()
    assert "Akun Anda sudah ditutup" in sentence(phone)
    page = phone.open("/antrean")
    page.click("button:has-text('Isi formulir')")
    assert "Akun ditutup" in page.inner_text(".queue-item dl")
    assert "Akun ditutup" not in notes(field)
