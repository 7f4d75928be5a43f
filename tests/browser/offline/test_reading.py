"""Without a network the village is on the phone: pages, lists, forms, and a search through everybody."""

from __future__ import annotations

import pytest

from tests.browser.offline.conftest import Field
from tests.browser.offline.phone import Phone
from tests.browser.scene import DAY
from tests.people import NEIGHBOUR
from webapp.people.model import Person

pytestmark = pytest.mark.browser
IS_FORGOTTEN = """async (id) => {
  await refresh(await fact("account"), true);
  return !(await readKeys("people")).includes(id);
}"""
COPIED_AT = "async () => (await readAll('people')).map(({id, at}) => [id, at])"


def test_the_village_can_be_read(phone: Phone, field: Field) -> None:
    field.cable.cut()
    sri, leaving = field.ids["sri"], field.ids["leaving"]
    pages = {
        "/": "Hari ini",
        "/people": "Orang",
        f"/people/{sri}": "Sri Wahyuni",
        f"/people/{sri}/edit": "Ubah data diri",
        f"/departures/{leaving}": "Sri Wahyuni ke Hong Kong",
        f"/departures/{leaving}/papers/visa": "Visa kerja",
        f"/broker-reports/new?person={sri}": "Laporkan calo",
        "/people/new": "Daftarkan orang",
        "/agencies": "Daftar P3MI",
        "/helplines": "Nomor bantuan",
        "/inbox": "Pesan",
    }
    for path, heading in pages.items():
        page = phone.open(path)
        assert page.inner_text("h1") == heading
        assert page.inner_text("[data-note=no_signal]").startswith("Tanpa sinyal. Halaman ini per ")


@pytest.mark.parametrize(
    ("typed", "names", "note"),
    [
        ("contoh jaya", ["PT Contoh Jaya (contoh)"], ""),
        ("PT. MISAL SEJ", ["PT Misal Sejahtera (contoh)"], ""),
        ("umpma mandri", ["PT Umpama Mandiri (contoh)"], "Tidak ada nama yang ditulis persis begitu."),
        ("Cahaya Abadi Nusantara", [], "Tidak ada di daftar per"),
    ],
)
def test_an_agency_is_looked_up_without_a_network(
    phone: Phone, field: Field, typed: str, names: list[str], note: str
) -> None:
    field.cable.cut()
    page = phone.open("/agencies")
    everything = page.locator("#rows strong:visible").count()
    page.fill("#q", typed)
    assert page.locator("#rows strong:visible").all_inner_texts() == names
    notes = page.locator("[data-found]:visible").all_inner_texts()
    assert [words.startswith(note) for words in notes] == ([True] if note else [])
    page.fill("#q", "")
    assert page.locator("#rows strong:visible").count() == everything > 3


def test_forms_offer_the_programmes_day(phone: Phone, field: Field) -> None:
    """Not that of the phone, whose clock may say anything."""
    field.cable.cut()
    page = phone.open(f"/departures/{field.ids['leaving']}/papers/visa")
    assert page.input_value("[name=done_on]") == DAY.isoformat()


def test_a_page_that_is_not_here_says_so(phone: Phone, field: Field) -> None:
    field.cable.cut()
    page = phone.open("/accounts")
    assert page.inner_text("h1") == "Halaman ini tidak ada di HP"
    assert "Tanpa sinyal" in page.inner_text("main")


@pytest.mark.parametrize(
    ("typed", "found"),
    [("wah", ["Sri Wahyuni"]), ("HADI wag", ["Wagiman Hadi"]), ("62812 3456 7801", ["Sri Wahyuni"]), ("xyz", [])],
)
def test_people_are_searched_on_the_phone(phone: Phone, field: Field, typed: str, found: list[str]) -> None:
    field.cable.cut()
    page = phone.open("/people")
    assert page.locator("#rows .row.is-person strong").count() == 3
    page.fill("#q", typed)
    page.wait_for_selector("#rows [data-note=no_signal]")
    assert page.locator("#rows .row.is-person strong").all_inner_texts() == found


FORTY_MORE = """async () => {
  const [one] = await readAll("people"), ids = Array.from({length: 40}, (_, n) => 100000 + n);
  await write("people", ...ids.map((id) => Object.assign({}, one, {id})));
  everybody = null;
  return ids;
}"""


def test_a_long_list_says_that_it_is_not_whole(phone: Phone, field: Field) -> None:
    field.cable.cut()
    ids = phone.ask(FORTY_MORE)
    page = phone.open("/people")
    assert page.locator("#rows .row.is-person").count() == 30
    assert "Masih ada 13 orang lagi di HP ini" in page.inner_text("#rows")
    page.fill("#q", page.locator("#rows .row.is-person strong").nth(5).inner_text())
    page.wait_for_selector("#rows [data-note=no_signal]")
    assert page.locator("#rows .row.is-person").count() == 15
    phone.ask("async (ids) => { await remove('people', ...ids); everybody = null; }", ids)


def test_the_start_shows_the_copy_at_once_and_then_what_is_new(phone: Phone, field: Field) -> None:
    phone.ask(
        "async () => { const copied = await read('pages', '/'); copied.at -= 3600000; await write('pages', copied); }"
    )
    page = phone.open("/?mulai")
    assert page.locator("h1").inner_text() == "Hari ini"
    page.wait_for_selector("[data-note=as_of]", state="detached")
    assert page.locator("#leaving-title").count() == 1
    field.cable.cut()
    page = phone.open("/?mulai")
    page.wait_for_function("() => document.querySelector('[data-note]').innerText.startsWith('Tanpa sinyal')")


def test_only_what_changed_is_copied_again(phone: Phone, field: Field) -> None:
    before = {
        p["id"]: p["at"] for p in phone.ask("async () => (await readAll('people')).map(({id, at}) => ({id, at}))")
    }
    page = phone.open(f"/people/{field.ids['sri']}")
    page.fill("#words", "Sudah ke Cilacap")
    page.click("form[action$='/notes'] button")
    page.wait_for_url("**#timeline")
    changed = field.ids["sri"]
    phone.wait_for("async ([id, at]) => (await read('people', id)).at > at", [changed, before[changed]])
    after = dict(phone.ask(COPIED_AT))
    assert {one for one in after if after[one] != before[one]} == {changed}
    field.cable.cut()
    assert "Sudah ke Cilacap" in phone.open(f"/people/{changed}").inner_text("#timeline")


def test_whoever_has_moved_away_is_forgotten(phone: Phone, field: Field) -> None:
    with field.session() as session, session.begin():
        session.get_one(Person, field.ids["wagiman"]).area_code = NEIGHBOUR
    phone.wait_for(IS_FORGOTTEN, field.ids["wagiman"])
    field.cable.cut()
    assert phone.open(f"/people/{field.ids['wagiman']}").inner_text("h1") == "Halaman ini tidak ada di HP"
