"""Which names sound alike, and what is read from the words of a report: whatever is typed, the same way round."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.brokers.likeness import NOTHING, TELLING, USUAL, in_common, name_of, names_in
from webapp.brokers.sounds import nearly_alike, skeleton, sound, sound_alike
from webapp.brokers.traces import NUMBER, PHONE, PLATE, agencies_in, places_in, traces

#: Pieces that names are made of here, beside any letters at all.
PIECES = [
    *("oe", "dj", "tj", "sj", "nj", "ch", "kh", "sy", "sh", "dz", "dh", "th", "ph", "ie", "ae", "ay", "iy", "uw"),
    *("soe", "to", "no", "wi", "ya", "ti", "mo", "ham", "mad", "st", "moh", "md", *"wyhxqvzaiueodrtnsmlkgb"),
]
WORDS = st.lists(st.sampled_from(PIECES), min_size=1, max_size=9).map("".join)
ODD = st.text(max_size=40)
NAMES = st.lists(WORDS | ODD, min_size=1, max_size=4).map(" ".join)

#: Spellings of one name each.
SPELLINGS = (
    "Soetardjo Sutarjo Soetarjo Sutardjo",
    "Djoko Joko",
    "Tjipto Cipto",
    "Soejanto Suyanto Soeyanto",
    "Wahjudi Wahyudi",
    "Achmad Akhmad Ahmad Ach",
    "Chairul Khairul Hairul",
    "Sjamsul Syamsul Samsul",
    "Muhammad Mohamad Mochammad Moh Muh Md M Muhamad Mokhamad",
    "Noer Nur Noor",
    "Zaenal Zainal",
    "Saeful Syaiful Saiful",
    "Widiyanto Widianto Widyanto",
    "Suwardi Suardi",
    "Rizky Rizki",
    "Yusuf Yusup Jusuf",
    "Fatimah Patima",
    "Siti Sitti St",
    "Chandra Candra",
    "Didik Diddik",
)
#: Names of different people that look alike.
DIFFERENT = (
    ("Sutarno", "Sutarto"), ("Suyanti", "Suyanto"), ("Kasiman", "Kasimin"), ("Rizka", "Rizki"), ("Chandra", "Hendra"),
    ("Ratna", "Ratno"), ("Dani", "Dina"), ("Darto", "Karto"), ("Budi Santoso", "Budi Hartono"),
)  # fmt: skip


@pytest.mark.parametrize("spellings", SPELLINGS)
def test_old_and_new_spellings_are_one_sound(spellings: str) -> None:
    assert len({sound(word) for word in spellings.split()}) == 1


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_different_names_are_not_taken_for_one(one: str, other: str) -> None:
    assert in_common(name_of(one), name_of(other)) < TELLING
    if " " not in one:
        assert not sound_alike(sound(one), sound(other))


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("Pak Darto", "H. Dharto", TELLING),
        ("Darto Susilo", "Soesilo Darto", TELLING),
        ("Darto", "Darto Susilo", TELLING),
        ("Hendra Kusumawardana", "Hendra Kusumawarana", TELLING),
        ("Sugiarto", "Soegijarto", TELLING),
        ("Sri Wahyuni", "Bu Sri Wahjoeni", USUAL),
        ("Muhammad Rizki", "Md. Rizky", USUAL),
        ("Sri", "Sri", NOTHING),
        ("Slamet", "Selamet", NOTHING),
        ("Budi", "Budi Darto", NOTHING),
        ("Mas Yon", "Yon", NOTHING),
        ("Hendra Kusumawardana", "Kusumawarana", NOTHING),
        ("Pak", "Bu", NOTHING),
    ],
)
def test_how_much_names_have_in_common(one: str, other: str, level: int) -> None:
    assert in_common(name_of(one), name_of(other)) == level


@given(NAMES, NAMES)
def test_likeness_is_the_same_both_ways(one: str, other: str) -> None:
    mine, theirs = name_of(one), name_of(other)
    assert in_common(mine, theirs) == in_common(theirs, mine)
    for first in mine.words:
        for second in theirs.words:
            assert sound_alike(first, second) == sound_alike(second, first)
            assert nearly_alike(first, second) == nearly_alike(second, first)


@given(WORDS | ODD)
def test_the_sound_of_a_sound_is_itself(word: str) -> None:
    key = sound(word)
    assert sound(key) == key
    assert key == "" or (key.isascii() and key.isalpha() and key.islower())


@given(NAMES)
def test_a_name_read_again_from_its_sounds_is_the_same(text: str) -> None:
    name = name_of(text)
    assert name_of(name.sounds) == name


@given(NAMES, NAMES)
def test_whatever_is_alike_can_be_found_by_its_consonants(one: str, other: str) -> None:
    mine, theirs = name_of(one), name_of(other)
    if in_common(mine, theirs) > NOTHING:
        assert mine.blocks & theirs.blocks
    for word in mine.words:
        assert skeleton(word) == skeleton(sound(word))


@given(ODD, ODD, ODD, ODD, ODD, ODD)
def test_no_text_raises(names: str, phones: str, accounts: str, plates: str, agency: str, place: str) -> None:
    found = traces(names=names, phones=phones, accounts=accounts, plates=plates, agency=agency, place=place)
    assert found == traces(names=names, phones=phones, accounts=accounts, plates=plates, agency=agency, place=place)
    assert all(len(one.value) <= 64 for one in (*found.strong, *found.agencies, *found.places))
    assert all(len(name.sounds) <= 100 and len(name.shown) <= 60 for name in found.names)


def test_every_name_of_a_report_is_read() -> None:
    text = "H. Sumarto alias Kang Jono/Cipto (bos) dan Bu Hj. Karti, dipanggil 'Mak Ti'; orang bernama Kasan dari Kroya"
    read = [name.words for name in names_in(text)]
    assert read == [("sumarto",), ("yono",), ("cipto",), ("karti",), ("mak", "ti"), ("kasan",)]


def test_quotes_within_a_name_do_not_part_it() -> None:
    assert [name.words for name in names_in("Ja'far Nur'aini 'Tole'")] == [("yapar", "nuraini"), ("tole",)]


@pytest.mark.parametrize("text", ["", "tidak tahu", "Bapak H.", "seorang laki-laki", "-", "calo", "dari Kroya"])
def test_where_no_name_is_known_none_is_read(text: str) -> None:
    assert names_in(text) == ()


def strong(**words: str) -> list[tuple[str, str]]:
    empty = dict.fromkeys(("names", "phones", "accounts", "plates", "agency", "place"), "")
    return [(one.kind, one.value) for one in traces(**empty | words).strong]


def test_phones_in_every_spelling_are_one() -> None:
    one = [(PHONE, "+6281234567890")]
    for text in (
        "0812 3456 7890", "+62 812-3456-7890", "62812.3456.7890", "wa.me/6281234567890", "WA: 081234567890 (aktif)",
        "https://api.whatsapp.com/send?phone=6281234567890&text=halo", "０８１２３４５６７８９０",
        "0812 3456 7890, 081234567890",
    ):  # fmt: skip
        assert strong(phones=text) == one, text


def test_several_phones_are_told_apart() -> None:
    both = [(PHONE, "+6281234567890"), (PHONE, "+6281311112222")]
    for text in (
        "081234567890 081311112222", "0812 3456 7890 0813 1111 2222", "081234567890/081311112222",
        "081234567890 dan 0813-1111-2222",
    ):  # fmt: skip
        assert strong(phones=text) == both, text


def test_a_number_that_cannot_be_called_is_kept_by_its_digits() -> None:
    assert strong(phones="0812 345") == []
    assert strong(phones="0812 3456") == [(NUMBER, "08123456")]
    assert strong(phones="000000000, 12345678") == []


def test_an_e_wallet_is_a_phone_and_an_account_is_not() -> None:
    assert strong(accounts="DANA 0812 3456 7890") == strong(phones="081234567890")
    assert strong(accounts="BCA 0812345678, a.n. Darto") == [(NUMBER, "0812345678")]
    assert strong(accounts="BRI 1234-01-567890-50-1") == strong(accounts="1234 01 567890 501")


def test_plates_in_every_spelling_are_one() -> None:
    for text in ("AD 1234 XY", "ad1234xy", "Avanza hitam AD-1234-XY", "AD.1234.XY sejak 2019"):
        assert strong(plates=text) == [(PLATE, "AD1234XY")], text
    assert strong(plates="di 2 mobil, tahun 2019") == []
    assert strong(plates="WXY 1234 (Malaysia)") == [(PLATE, "WXY1234")]


def test_an_agency_is_known_without_its_form() -> None:
    written = ("PT Maju Jaya", "PT. MAJU  JAYA", "maju jaya (P3MI)", "Pt.Maju-Jaya")
    assert {one.value for text in written for one in agencies_in(text)} == {"maju jaya"}
    assert list(agencies_in("PT, tidak tahu")) == []


def test_words_that_every_place_has_say_nothing() -> None:
    assert [one.value for one in places_in("Rumah di Jl. Melati, dekat pasar Kroya")] == ["melati", "kroya"]
