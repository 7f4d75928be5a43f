"""What is written without a network, on a phone whose battery ends: everything is stored, once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from PIL import Image
from playwright.sync_api import Playwright
from sqlalchemy.orm import Session

from tests.browser.offline.conftest import Field
from tests.browser.offline.phone import KillablePhone, Phone
from tests.browser.offline.writing import fill_registration, register, send
from webapp.accounts.model import Submission
from webapp.brokers.model import BrokerReport
from webapp.departures.model import Departure, Paper
from webapp.people.model import Event, Person
from webapp.photos.model import Photo

pytestmark = pytest.mark.browser

NAME, WORDS = "Ningsih Rahayu", "Minta 5 juta untuk tiket."


@pytest.fixture
def killable(playwright: Playwright, field: Field, tmp_path: Path) -> Iterator[KillablePhone]:
    phone = KillablePhone(playwright, tmp_path, field.cable.address)
    phone.log_in("siti")
    phone.wait_until_copied()
    # Logged in some time ago: Chromium writes its cookies to the disk every half minute only.
    phone.shut_down()
    phone.start_again()
    yield phone
    phone.close()


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """As a camera makes it: large, and it says where it was."""
    file = tmp_path / "kuitansi.jpg"
    image = Image.effect_noise((1600, 1200), 90).convert("RGB")
    exif = Image.Exif()
    exif.get_ifd(0x8825)[1] = "S"
    image.save(file, quality=92, exif=exif)
    assert file.stat().st_size > 300_000
    return file


def record_departure(phone: Phone, name: str = NAME) -> None:
    """Through the page of somebody who is only on the phone."""
    page = phone.open("/people")
    page.click(f".row.is-person:has-text('{name}')")
    page.click("a[href$='/departures/new']")
    page.select_option("[name=destination_code]", "HK")
    page.select_option("[name=scheme]", "p3mi")
    page.fill("[name=planned_on]", "2027-02-01")
    send(page)


def tick(phone: Phone, departure_id: int) -> None:
    page = phone.open(f"/departures/{departure_id}")
    page.locator("#paper-visa .tick").click()
    page.wait_for_selector("#paper-visa .badge:has-text('Tersimpan di HP')")


def report(phone: Phone, person_id: int, picture: Path) -> None:
    page = phone.open(f"/broker-reports/new?person={person_id}")
    page.fill("[name=words]", WORDS)
    page.locator("[name=threat]").first.check()
    page.set_input_files("[data-photos]", picture)
    page.wait_for_selector(".photo-previews img")
    send(page)


def test_all_is_stored_once_though_the_phone_died(killable: KillablePhone, field: Field, picture: Path) -> None:
    phone, cable = killable, field.cable
    cable.cut()
    register(phone, NAME)
    record_departure(phone)
    tick(phone, field.ids["leaving"])
    report(phone, field.ids["sri"], picture)
    assert len(phone.queue()) == 4
    phone.kill()

    phone.start_again()
    page = phone.open("/antrean")
    assert page.locator(".queue-item [data-title]").count() == 4
    assert page.locator(".queue-item .photos img").count() == 1
    with field.session() as session:
        assert count(session, Submission) == 0
    cable.plug()
    phone.wait_until_sent()
    page.wait_for_selector(".queue-item .badge:has-text('Tersimpan')")
    with field.session() as session:
        assert_stored_once(session, field)
    receipts = {item["receipt"] for item in phone.queue()}
    assert receipts == {"1", "2", "3", "4"}
    assert page.locator(".queue-item [data-about]:has-text('Tanda terima')").count() == 4


def count(session: Session, model: type, *conditions: sa.ColumnElement[bool]) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(model).where(*conditions)) or 0


def assert_stored_once(session: Session, field: Field) -> None:
    assert count(session, Submission) == 4
    person = session.scalars(sa.select(Person).where(Person.name == NAME)).one()
    assert count(session, Departure, Departure.person_id == person.id) == 1
    visa = (Paper.departure_id == field.ids["leaving"], Paper.item_code == "visa")
    assert count(session, Paper, *visa) == 1
    broker = session.scalars(sa.select(BrokerReport).where(BrokerReport.words == WORDS)).one()
    assert broker.person_id == field.ids["sri"]
    photo = session.scalars(sa.select(Photo).where(Photo.subject_id == broker.id, Photo.subject != "")).one()
    assert photo.completed_at is not None
    assert photo.size <= 60_000
    kinds = list(session.scalars(sa.select(Event.kind).where(Event.person_id == person.id).order_by(Event.id)))
    assert kinds[0] == "registered"
    assert "departure_recorded" in kinds


def test_the_answer_that_was_lost_is_asked_for_again(phone: Phone, field: Field) -> None:
    """The network ends after the form has gone out: nobody knows whether it is stored, and it is not stored twice."""
    page = phone.open("/people/new")
    fill_registration(page, "Lastri Handayani")
    with field.cable.swallows_answers():
        send(page)
    assert page.inner_text("h1") == "Antrean"
    with field.session() as session:
        assert count(session, Person, Person.name == "Lastri Handayani") == 1
    phone.wait_until_sent()
    with field.session() as session:
        assert count(session, Person, Person.name == "Lastri Handayani") == 1
    page.wait_for_selector(".queue-item:has-text('Tersimpan')")
