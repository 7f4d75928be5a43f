"""The page Antrean: what waits is opened, corrected, sent and thrown away; drafts are offered again."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.browser.browsing import fill_birth
from tests.browser.offline.conftest import Field
from tests.browser.offline.phone import Phone
from tests.browser.offline.writing import fill_registration, note, register, send
from tests.browser.server import demonstration
from tests.people import Cast
from webapp import clock
from webapp.db import db
from webapp.people.model import Event, Person
from webapp.people.model import Phone as Phone_

pytestmark = pytest.mark.browser
#: The copy was made by an application whose styles had another name.
AGED = """async () => {
  const frame = await fact("frame");
  await setFact("frame", frame.replace(/app\\.[0-9a-f]{12}\\.css/, "app.0123456789ab.css"));
}"""


def names(field: Field, like: str) -> list[str]:
    with field.session() as session:
        return list(session.scalars(sa.select(Person.name).where(Person.name.like(like)).order_by(Person.id)))


def test_what_does_not_fit_comes_back_with_everything_typed(phone: Phone, field: Field) -> None:
    """The phone was typed wrongly, which only the server sees; the form about the same person waits for it."""
    field.cable.cut()
    page = phone.open("/people/new")
    fill_registration(page, "Parti Koreksi")
    page.fill("[name=phone]", "0812")
    page.check("[name=reader][value=self]")
    page.fill("[name=contact_name]", "Pak Karto")
    send(page)
    field.cable.plug()
    phone.send()
    assert [state[1:] for state in phone.states()] == [("needs", "invalid")]
    page = phone.open("/antrean")
    page.wait_for_selector("#waiting.is-bad a:has-text('1 formulir perlu Anda')")
    page.click(".queue-item a:has-text('Buka dan perbaiki')")
    page.wait_for_selector(".error-summary")
    assert page.input_value("[name=name]") == "Parti Koreksi"
    assert page.input_value("[name=contact_name]") == "Pak Karto"
    page.fill("[name=phone]", "081299887766")
    page.select_option("[name=contact_relation]", "father")
    page.fill("[name=contact_number]", "081299887755")
    send(page)
    assert page.inner_text("h1") == "Parti Koreksi"
    assert [state for _, state, _ in phone.states()] == ["stored"]
    assert names(field, "Parti%") == ["Parti Koreksi"]


def test_what_waits_is_changed_before_it_goes(phone: Phone, field: Field) -> None:
    field.cable.cut()
    register(phone, "Wati Salah")
    page = phone.open("/antrean")
    page.click(".queue-item a:text-is('Buka')")
    page.wait_for_function("() => document.querySelector('[name=name]').value === 'Wati Salah'")
    assert page.input_value("[name=birth_date] >> nth=2") == "1995"
    assert page.is_checked("[name=sex][value=f]")
    page.fill("[name=name]", "Wati Benar")
    send(page)
    assert len(phone.queue()) == 1
    field.cable.plug()
    phone.wait_until_sent()
    assert names(field, "Wati%") == ["Wati Benar"]


def test_a_form_about_somebody_registered_here_is_corrected_under_its_own_key(phone: Phone, field: Field) -> None:
    """By the time it comes back, the person has an id: it is the same form all the same."""
    field.cable.cut()
    register(phone, "Kartini Rejo")
    page = phone.open("/people")
    page.click(".row.is-person:has-text('Kartini Rejo')")
    page.click("a[href$='/phones']")
    page.fill("[name=number]", "12")
    page.evaluate("document.querySelectorAll('form').forEach((form) => { form.noValidate = true; })")
    page.check("[name=reader][value=family]")
    send(page)
    field.cable.plug()
    phone.send()
    page = phone.open("/antrean")
    page.click(".queue-item a:has-text('Buka dan perbaiki')")
    page.wait_for_selector(".error-summary")
    page.fill("[name=number]", "081255667788")
    send(page)
    assert [state for _, state, _ in phone.states()] == ["stored", "stored"]


def test_a_copy_that_breaks_off_can_be_read_as_far_as_it_went(phone: Phone, field: Field) -> None:
    broken = phone.ask(
        """async () => {
          const account = await fact("account"), whole = copyPeople;
          copyPeople = () => { throw new Error("the link broke"); };
          await navigator.locks.request("copies", () => changeAccount(account));
          const ended = await refresh(account, true).then(() => "", String);
          copyPeople = whole;
          return [ended, (await readAll("people")).length, (await readAll("pages")).length > 3];
        }"""
    )
    assert broken == ["Error: the link broke", 0, True]
    field.cable.cut()
    page = phone.open("/people/new")
    assert page.locator("[name=name]").count() == 1


def test_throwing_away_is_asked_twice(phone: Phone, field: Field) -> None:
    field.cable.cut()
    register(phone, "Buang Saja")
    page = phone.open("/antrean")
    page.click("button:has-text('Buang')")
    assert len(phone.queue()) == 1
    page.click("button:has-text('Benar dibuang?')")
    page.wait_for_selector("#queue-empty:not([hidden])")
    assert phone.queue() == []


def test_a_draft_is_offered_after_a_crash(phone: Phone, field: Field) -> None:
    page = phone.open("/people/new")
    page.locator("[name=name]").press_sequentially("Setengah Jadi")
    page.check("[name=sex][value=m]")
    phone.wait_for("async () => (await readAll('drafts')).length === 1")
    page.wait_for_timeout(600)
    page.close()
    phone.page = page = phone.context.new_page()
    phone.open("/people/new")
    page.click(".draft button:has-text('Lanjutkan')")
    assert page.input_value("[name=name]") == "Setengah Jadi"
    assert page.is_checked("[name=sex][value=m]")
    phone.open("/people/new")
    page.click(".draft button:has-text('Buang')")
    phone.wait_for("async () => (await readAll('drafts')).length === 0")


def test_two_tabs_send_once(phone: Phone, field: Field) -> None:
    field.cable.cut()
    for number in range(3):
        note(phone, field.ids["wagiman"], f"Tab {number}")
    other = phone.context.new_page()
    other.goto(f"{phone.address}/antrean")
    field.cable.plug()
    for page in (phone.page, other):
        page.evaluate("for (let i = 0; i < 5; i++) window.desmigratif.ask({type: 'drain'})")
    phone.wait_until_sent()
    other.close()
    with field.session() as session:
        query = sa.select(Event).where(Event.person_id == field.ids["wagiman"], Event.kind == "note")
        assert [event.facts["words"] for event in session.scalars(query.order_by(Event.id))] == [
            "Tab 0",
            "Tab 1",
            "Tab 2",
        ]


def test_an_update_keeps_what_waits(phone_of_its_own: Phone, field: Field) -> None:
    """A newer service worker takes over by itself; caches of the older one go."""
    phone = phone_of_its_own
    field.cable.cut()
    register(phone, "Tetap Ada")
    field.cable.plug()
    phone.page.evaluate("caches.open('assets-of-an-older-version')")
    page = phone.open("/login")
    phone.ask(AGED)
    page.evaluate(
        """async () => {
          const old = await navigator.serviceWorker.getRegistration();
          await navigator.serviceWorker.register("/sw.js?newer");
          await new Promise((done) => navigator.serviceWorker.addEventListener("controllerchange", done, {once: true}));
        }"""
    )
    page.wait_for_function("() => caches.keys().then((names) => names.length === 1)")
    page = phone.open("/antrean")
    page.wait_for_selector(".queue-item:has-text('Daftarkan orang')")
    field.cable.cut()
    page = phone.open("/people")
    assert page.evaluate("getComputedStyle(document.querySelector('.tabs')).position") == "fixed"


def test_somebody_who_is_registered_already(phone: Phone, field: Field) -> None:
    """The server asks who it is; what was written about the same person follows to the one who is stored."""
    field.cable.cut()
    page = phone.open("/people/new")
    fill_registration(page, "Wagiman Hadi")
    fill_birth(page, "1990-05-20")
    send(page)
    page = phone.open("/people")
    page.click(".row.is-person:has-text('belum terkirim')")
    page.click("a[href$='/phones']")
    page.fill("[name=number]", "081277665544")
    page.check("[name=reader][value=family]")
    send(page)
    field.cable.plug()
    phone.send()
    assert [state[1:] for state in phone.states()] == [("needs", "invalid"), ("waiting", "")]
    page = phone.open("/antrean")
    page.click(".queue-item a:has-text('Buka dan perbaiki')")
    page.click("[data-same]")
    page.wait_for_url(f"**/people/{field.ids['wagiman']}")
    phone.wait_until_sent()
    assert names(field, "Wagiman%") == ["Wagiman Hadi"]
    with field.session() as session:
        assert session.scalars(sa.select(Phone_.person_id).where(Phone_.number == "+6281277665544")).all() == [
            field.ids["wagiman"]
        ]


def test_two_who_changed_the_same_are_asked(phone: Phone, field: Field) -> None:
    """Without a signal one cannot see what a colleague stores meanwhile: both values stand side by side."""
    field.cable.cut()
    page = phone.open(f"/people/{field.ids['sri']}/edit")
    page.fill("[name=address]", "RT 02 RW 05")
    page.select_option("[name=education]", "senior")
    send(page)
    with demonstration(field.server.database_url).app_context():
        cast = Cast(db.session)
        cast.migrant.change(cast.coordinator, clock.now(), address="RT 01 RW 01")
        db.session.commit()
        db.engine.dispose()
    field.cable.plug()
    phone.send()
    phone.wait_for("async () => (await readAll('queue')).every((item) => item.state === NEEDS)")
    page = phone.open("/antrean")
    page.click(".queue-item a:has-text('Buka dan perbaiki')")
    page.check("[name=keep-address][value=mine]")
    send(page)
    with field.session() as session:
        sri = session.get_one(Person, field.ids["sri"])
        assert (sri.address, sri.education) == ("RT 02 RW 05", "senior")
    timeline = phone.open(f"/people/{field.ids['sri']}").inner_text("#timeline")
    assert "RT 01 RW 01" in timeline
    assert "RT 02 RW 05" in timeline
