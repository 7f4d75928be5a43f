"""What holds for every text, of whatever letters: tried on some hundreds, the same each time."""

from __future__ import annotations

import string
import unicodedata

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sms import request_words, vocabulary
from sms.keywords import NAMES, understand
from sms.spelling import read, tidy
from sms.stopping import is_stop

steady = settings(max_examples=300, derandomize=True, deadline=None)

#: Every word that means something to the grammar.
KNOWN = frozenset(
    word
    for module in (vocabulary, request_words)
    for words in vars(module).values()
    if isinstance(words, frozenset | dict)
    for word in words
)
KEYWORDS = (
    *("stop", "berhenti", "unreg", "keluar", "bantu", "tolong", "mulai", "salah", "info", "menu", "cara", "cek"),
    *("periksa", "lapor", "pengaduan", "bahasa", "basa", "ya", "iya", "tidak", "satu", "help", "darurat"),
)
ANY = st.text(st.characters(exclude_categories=()), max_size=30)
ANY_MIXED = st.lists(
    st.sampled_from([*KEYWORDS, "PT Maju", "jawa", "bu", "sms", ":", "\n", "> "]) | ANY, max_size=8
).map(" ".join)

LOOK_ALIKE = {"o": "0", "i": "1", "s": "5"}
BETWEEN = st.sampled_from([" ", ".", "-", "_", "*", "/", ", ", "\n", "\u2022", "  "])
AROUND = st.sampled_from(["", " ", "!", "...", "?", " 🙏", "\n", '"', "*", "\u200b", ",", "#", "🛑"])
POLITE = st.sampled_from(["bu", "pak", "ya bu", "tolong", "mohon", "ya", "dong", "mbak", "nggih pak"])
LETTER = st.sampled_from(string.ascii_lowercase)


@st.composite
def stop_with_a_slip(draw: st.DrawFn) -> str:
    """A stop word with one letter more, less, other or two swapped; none that is a word of its own."""
    word = draw(st.sampled_from(vocabulary.STOP_FORGIVING))
    at = draw(st.integers(0, len(word) - 1))
    slip = draw(st.sampled_from(["more", "less", "other", "swapped", "none"]))
    if slip == "more":
        word = word[:at] + draw(LETTER) + word[at:]
    elif slip == "less":
        word = word[:at] + word[at + 1 :]
    elif slip == "other":
        word = word[:at] + draw(LETTER) + word[at + 1 :]
    elif slip == "swapped":
        word = word[:at] + word[at : at + 2][::-1] + word[at + 2 :]
    assume(tidy(word) not in vocabulary.NOT_STOP)
    return word


@st.composite
def in_any_type(draw: st.DrawFn, word: str) -> str:
    """Upper and lower case, wide letters, digits that look like letters, letters held down."""
    letters = []
    for letter in word:
        kind = draw(st.sampled_from(["lower", "upper", "wide", "held", "digit", "marked"]))
        if kind == "wide":
            letter = chr(ord(letter) + 0xFEE0)
        elif kind == "digit" and letter != word[-1]:
            letter = LOOK_ALIKE.get(letter, letter)
        elif kind == "marked":
            letter += draw(st.sampled_from(["\u0301", "\u200b", "\u00ad", "\ufe0f"]))
        letter = letter.upper() if kind == "upper" else letter
        letters.append(letter * draw(st.integers(2, 5)) if kind == "held" else letter)
    return "".join(letters)


@steady
@given(st.data())
def test_stop_is_stop_however_it_is_typed(data: st.DataObject) -> None:
    typed = data.draw(in_any_type(data.draw(stop_with_a_slip())))
    before, after = data.draw(AROUND), data.draw(AROUND)
    assert understand(before + typed + after).name == "stop"


@steady
@given(st.sampled_from(["stop", "berhenti", "unreg", "keluar", "setop"]), POLITE, POLITE, st.data())
def test_stop_is_stop_with_politeness_around(word: str, before: str, after: str, data: st.DataObject) -> None:
    typed = data.draw(in_any_type(word))
    for said in (f"{before} {typed}", f"{typed}{data.draw(AROUND)} {after}", f"{before}, {typed} {after}"):
        assert understand(said).name == "stop"


@steady
@given(stop_with_a_slip(), st.data())
def test_stop_is_stop_letter_by_letter(word: str, data: st.DataObject) -> None:
    separator = data.draw(BETWEEN)
    mixed = "".join(letter + data.draw(BETWEEN) for letter in word)
    assert understand(separator.join(word)).name == "stop"
    assert understand(mixed.upper()).name == "stop"


@steady
@given(st.sampled_from(sorted(vocabulary.STOP_BROKEN)), BETWEEN, st.sampled_from(["", " bu", " ya pak"]), st.data())
def test_stop_is_stop_in_two_pieces(word: str, between: str, after: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(1, len(word) - 1))
    assert understand(word[:at] + between + word[at:] + after).name == "stop"


@steady
@given(ANY | ANY_MIXED)
def test_no_text_raises_and_an_argument_was_typed(text: str) -> None:
    command = understand(text)
    assert command.name in NAMES
    if command.name in ("check", "report"):
        assert command.argument in text
        assert len(command.argument) <= (120 if command.name == "check" else 2000)
    elif command.name in ("digit", "language"):
        assert command.argument in {"", *"123456789", "id", "jv", "su", "sas"}
    else:
        assert command.argument == ""


@pytest.mark.parametrize(
    "text", ["\ud800", "stop \udfff", "\ud83d" * 50, "cek \udc00", "lapor \ud800\n>", "\0", "a" * 10**6]
)
def test_half_letters_and_endless_ones_are_understood(text: str) -> None:
    assert understand(text).name in NAMES


@steady
@given(st.sampled_from(KEYWORDS), st.text(LETTER, min_size=1, max_size=6), st.booleans(), st.data())
def test_a_word_that_begins_like_a_keyword_is_none(keyword: str, rest: str, alone: bool, data: st.DataObject) -> None:
    word = keyword + rest
    assume(tidy(word) not in KNOWN and not is_stop(tidy(word)))
    story = data.draw(
        st.sampled_from(["", " saya kapan berangkat", " majikan", " di kantor desa", " PT Maju", " jawa", " bu"])
    )
    greeting = "" if alone else "Assalamualaikum bu, "
    assert understand(greeting + word + story).name == "text"


@steady
@given(ANY | ANY_MIXED)
def test_the_same_text_is_understood_the_same_way(text: str) -> None:
    assert understand(text) == understand(text)


@steady
@given(ANY | ANY_MIXED, st.sampled_from([str.upper, str.lower, str.swapcase, str.title]))
def test_case_changes_nothing(text: str, case: object) -> None:
    one, other = understand(text), understand(case(text))  # type: ignore[operator]  # a str method
    assert (one.name, one.more) == (other.name, other.more)
    assert read(one.argument, frozenset()).flat == read(other.argument, frozenset()).flat


@steady
@given(ANY | ANY_MIXED, st.text(" \n\t\r\u00a0\u3000", max_size=3000), st.text(" \n\t", max_size=5))
def test_space_around_changes_nothing(text: str, before: str, after: str) -> None:
    assert understand(before + text + after) == understand(text)


@steady
@given(
    st.sampled_from(["lapor", "LAPOR:", "Lapor, ", "mau lapor", "l a p o r"]),
    ANY_MIXED,
    st.sampled_from(["stop", "STOP sms", "berhenti"]),
)
def test_a_report_that_speaks_of_stop_is_a_report(keyword: str, story: str, stop: str) -> None:
    assume(">" not in unicodedata.normalize("NFKD", story))
    command = understand(f"{keyword} ada calo {story} {stop}")
    assert command.name == "report"
    assert command.argument.startswith("ada calo")
