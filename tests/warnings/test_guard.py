"""The last look at the words: names, numbers and plates in whatever spelling, and what is no name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.areas.names import fold
from webapp.warnings.guard import Said, Secrets, held, names_in, numbers_in, plates_in, words_of

OURS = frozenset(fold("Info ada kabar perekrut tanpa surat tugas tanya rahasia dijaga Kroya Cilacap").split())
SECRETS = Secrets(
    accused=frozenset(names_in("Pak Darto, 'Mas Yon' alias Gendut")),
    others=frozenset([*names_in("Bu Karti 0813 0000 0009"), "Sri Wahyuni"]),
    numbers=frozenset(numbers_in("0812 3456 7890, BCA 1234567890")),
    plates=frozenset(plates_in("R 1234 AB")),
)


def test_names_of_a_field() -> None:
    assert list(names_in("Pak Darto, 'Mas Yon' alias Gendut (Kroya)")) == ["Pak Darto", "Mas Yon", "Gendut", "Kroya"]
    assert list(names_in("Bu Karti 0813 0000 0009")) == ["Bu Karti"]
    assert words_of("Pak H. Darto") == ["darto"]
    assert words_of("Mas") == []


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        ("Info Kroya: ada kabar perekrut tanpa surat tugas", []),
        ("Info Kroya: hati-hati DARTO", ["accused"]),
        ("Info Kroya: yon", ["accused"]),
        ("Info Kroya: dar-to", []),
        ("Info: gendut, sri", ["accused", "person"]),
        ("Info: Ká.rti", []),
        ("Info: Kárti", ["person"]),
        ("hubungi 0812-3456.7890", ["number"]),
        ("hubungi +62 812 3456 7890", ["number"]),
        ("rekening 1234567890", ["number"]),
        ("hubungi 081234567891", []),
        ("mobil R1234AB", ["plate"]),
        ("mobil r-1234-ab", ["plate"]),
    ],
)
def test_what_is_held(words: str, kinds: list[str]) -> None:
    assert held(Said(words, OURS), SECRETS) == kinds


def test_a_company_may_share_a_word_with_somebody_but_not_bear_the_whole_name() -> None:
    assert held(Said("Info PT Sri Rejeki", OURS, named="PT Sri Rejeki"), SECRETS) == []
    assert held(Said("Info PT Sri Wahyuni Jaya", OURS, named="PT Sri Wahyuni Jaya"), SECRETS) == ["person"]
    assert held(Said("Info PT Karti", OURS, named="PT Karti"), SECRETS) == ["person"]


def test_an_accused_may_be_named_only_where_the_level_allows_it() -> None:
    assert held(Said("Putusan tentang Darto", OURS | {"putusan", "tentang"}, named="Darto"), SECRETS) == []
    assert held(Said("Putusan tentang Darto", OURS | {"putusan", "tentang"}), SECRETS) == ["accused"]


NAME = st.text("abcdefghijklmnopqrstuvwxyzéÅñ'", min_size=3, max_size=12).filter(lambda name: words_of(name) != [])


@given(NAME, st.sampled_from(["{}", "hati-hati {}!", "({})", "x,{};y", "INFO {} x"]), st.booleans())
def test_no_name_slips_through_in_any_frame(name: str, frame: str, upper: bool) -> None:
    words = frame.format(name.upper() if upper else name)
    assert "accused" in held(Said(words), Secrets(accused=frozenset([name])))


@given(st.integers(10**8, 10**11), st.sampled_from(["0{}", "+62{}", "62 {}", "0{} "]), st.sampled_from(["", " ", "-"]))
def test_no_number_slips_through_in_any_spelling(number: int, written: str, gap: str) -> None:
    spaced = gap.join(str(number)[n : n + 4] for n in range(0, len(str(number)), 4))
    secret = frozenset(numbers_in(f"08 0{number}"))
    assert "number" in held(Said(f"hubungi {written.format(spaced)}, ya"), Secrets(numbers=secret))


@given(st.text(max_size=80), st.text(max_size=80))
def test_no_text_breaks_it(words: str, field: str) -> None:
    list(plates_in(field))
    secrets = Secrets(accused=frozenset(names_in(field)), numbers=frozenset(numbers_in(field)))
    assert isinstance(held(Said(words), secrets), list)
