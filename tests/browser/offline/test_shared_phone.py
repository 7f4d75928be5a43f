"""A phone that two people use: what one wrote is locked for the other, and opens again for its owner."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.offline.conftest import Field
from tests.browser.offline.phone import Phone
from tests.browser.offline.writing import note, register, send
from tests.people import NEIGHBOUR
from webapp.people.model import Event, Person

pytestmark = pytest.mark.browser
PIN, WRONG = "248163", "111111"
COPIES = "async () => (await Promise.all(COPIES.map((store) => readKeys(store)))).flat().length"
#: Bytes are read like letters: what is not sealed is found.
ALL_STORES = """async (words) => {
  const readable = (_, value) => (value instanceof ArrayBuffer ? new TextDecoder().decode(value) : value);
  const stores = await Promise.all(Object.keys(STORES).map(readAll));
  return stores.some((rows) => JSON.stringify(rows, readable).includes(words));
}"""
#: Somebody else's answer that comes after the log-out, on a slow line.
LATE = """async () => {
  const account = await fact("account");
  await changeAccount(null);
  const failed = await writeCopies(account, {people: [{id: 1, pages: []}]}).then(() => false, () => true);
  const left = (await readAll("people")).length;
  await changeAccount(account);
  return [failed, left];
}"""


def log_out(phone: Phone, pin: str | None = None) -> Page:
    """Through the page More; asked for a PIN where forms wait."""
    page = phone.open("/more")
    page.click("form[action='/logout'] button")
    if pin:
        page.fill("#new-pin", pin)
        with page.expect_navigation():
            page.click("form[data-pin=set] button")
    page.wait_for_selector("[name=username], .lead")
    return page


def unlock(page: Page, pin: str) -> None:
    page.fill("#pin", pin)
    page.click("form[data-pin=unlock] button")


def test_what_waits_is_locked_and_opens_with_the_pin(phone: Phone, field: Field) -> None:
    field.cable.cut()
    register(phone, "Rahasia Utama")
    page = log_out(phone, PIN)
    assert page.inner_text("h1") == "Anda sudah keluar"
    assert phone.ask(COPIES) == 0
    assert not phone.ask(ALL_STORES, "Rahasia Utama")
    page = phone.open("/people")
    assert page.inner_text("h1") == "Antrean"
    assert "Rahasia" not in page.inner_text("body")
    unlock(page, WRONG)
    page.wait_for_selector(".field-error:has-text('tidak cocok')")
    unlock(page, PIN)
    page.wait_for_selector(".queue-item:has-text('Daftarkan orang')")
    page.click("button:has-text('Isi formulir')")
    assert "Rahasia Utama" in page.inner_text(".queue-item")


def test_what_came_back_is_locked_too(phone: Phone, field: Field) -> None:
    """The server's page repeats what was typed."""
    page = phone.open("/people/new")
    page.fill("[name=name]", "Rahasia Kembali")
    page.evaluate("document.querySelectorAll('[required]').forEach((one) => one.removeAttribute('required'))")
    send(page)
    page.wait_for_selector(".error-summary")
    assert not phone.ask(ALL_STORES, "Rahasia Kembali")


def test_what_is_copied_too_late_is_not_kept(phone: Phone, field: Field) -> None:
    assert phone.ask(LATE) == [True, 0]


def test_a_log_out_that_waits_for_the_server_is_not_undone_by_another_tab(phone: Phone, field: Field) -> None:
    field.cable.cut()
    log_out(phone)
    assert phone.ask("async () => (await QUESTIONS.hello()).failed") == "log-out"
    assert phone.ask("async () => (await fact('account')) || null") is None


def test_a_pin_opens_for_a_while_only(phone: Phone, field: Field) -> None:
    field.cable.cut()
    register(phone, "Rahasia Sebentar")
    page = log_out(phone, PIN)
    page = phone.open("/antrean")
    unlock(page, PIN)
    page.wait_for_selector(".queue-item:has-text('Daftarkan orang')")
    phone.ask("async () => write('keys', Object.assign(await read('keys', '1'), {openUntil: Date.now() - 1}))")
    page = phone.open("/antrean")
    page.wait_for_selector("form[data-pin=unlock]")
    assert page.inner_text(".queue-item [data-title]") == "Terkunci"


def test_wrong_pins_slow_down(phone: Phone, field: Field) -> None:
    field.cable.cut()
    register(phone, "Pelan Pelan")
    log_out(phone, PIN)
    page = phone.open("/antrean")
    for _ in range(3):
        page.fill("#pin", WRONG)
        phone_answers = page.locator("form[data-pin=unlock]:not([aria-busy])")
        page.click("form[data-pin=unlock] button")
        phone_answers.wait_for()
    page.wait_for_selector(".field-error:has-text('Coba lagi setelah')")
    unlock(page, PIN)
    page.wait_for_selector(".field-error:has-text('Coba lagi setelah')")
    assert page.inner_text(".queue-item [data-title]") == "Terkunci"
    assert page.locator("button:has-text('Isi formulir')").count() == 0


def test_a_log_out_without_a_network_reaches_the_server_first(phone: Phone, field: Field) -> None:
    """The next person on this phone must not find the last one's pages, only because there was no signal."""
    field.cable.cut()
    log_out(phone)
    field.cable.plug()
    page = phone.open("/people")
    assert page.inner_text("h1") == "Masuk"


def test_the_next_person_sees_nothing_and_the_owner_finds_it_again(phone: Phone, field: Field) -> None:
    field.cable.cut()
    note(phone, field.ids["wagiman"], "Catatan rahasia Siti")
    field.cable.plug()
    page = phone.open("/more")
    field.cable.cut()  # so that it still waits
    page.click("form[action='/logout'] button")
    with page.expect_navigation():
        page.click("#log-out button")
    field.cable.plug()
    phone.log_in("joko")
    page = phone.open("/antrean")
    page.wait_for_selector("#queue-empty:not([hidden])")
    phone.ask("() => drain()")
    assert [state for _, state, _ in phone.states()] == ["waiting"]
    assert phone.ask("async () => keyOf('1')") is None
    page = phone.open("/people")
    assert "Wagiman" not in page.inner_text("main")
    log_out(phone)

    phone.log_in("siti")
    phone.wait_until_sent()
    with field.session() as session:
        notes = session.query(Event).where(Event.person_id == field.ids["wagiman"], Event.kind == "note").all()
        assert [(event.facts["words"], event.account_id) for event in notes] == [("Catatan rahasia Siti", 1)]
        assert session.query(Person).where(Person.area_code == NEIGHBOUR).count() == 0
