"""What people write back, and what is taken for it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms.keywords import NAMES, Command, understand


def named(text: str) -> str:
    command = understand(text)
    return command.name + command.argument + ("+" if command.more else "")


STOPS = [
    "STOP", "stop.", "Stop!!!", " s t o p ", "S.T.O.P", "Stooop", "st0p", "5top", "ＳＴＯＰ", "stpo", "stopp", "sto",
    "setop", "Berhenti", "BERENTI ya bu", "brhenti", "unreg", "UNREG ALL", "unrge", "keluar", "Keluar ya pak",
    "tolong stop sms", "STOP SMS ini ya", "mohon berhenti kirim sms", "stop stop stop", "STOP saya tidak mau lagi",
    "stop jangan kirim sms lagi", "Stop 🙏", "“STOP”",
    "UNREG DESMIGRATIF", "STOP DESMIGRATIF", "stop sms desmigratif", "keluar desmigratif", "Berhenti Desmigratif ya",
    "saya mau stop sms", "minta stop", "saya ingin stop bu", "mohon saya mau berhenti langganan sms",
]  # fmt: skip
NOT_STOPS = [
    "stopkan dulu ya bu saya mau tanya", "stop bu saya mau tanya", "jangan stop", "tolong jangan stop", "stok",
    "keluar negeri", "keluarga saya sakit", "saya keluar dari rumah majikan", "berhenti kerja", "kelar",
    "stop di jalan", "saya mau berhenti jadi TKI",
    "saya mau berhenti", "saya mau keluar", "minta keluar dari sini bu", "saya mau stop kerja di sini",
    "desmigratif itu apa", "saya mau tanya desmigratif", "saya ingin keluar, pesan dari majikan", "mau stop kontrak",
]  # fmt: skip


@pytest.mark.parametrize("text", STOPS)
def test_stop_in_every_spelling(text: str) -> None:
    assert named(text) == "stop"


@pytest.mark.parametrize("text", NOT_STOPS)
def test_a_story_with_the_letters_of_stop_goes_to_a_human(text: str) -> None:
    assert named(text) == "text"


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("ya", "yes"),
        ("YA BU", "yes"),
        ("Iya.", "yes"),
        ("nggih pak", "yes"),
        ("muhun", "yes"),
        ("yaaaa", "yes"),
        ("jadi", "yes"),
        ("ya jadi berangkat", "yes"),
        ("balas YA", "yes"),
        ("ya saya sudah di bandara besok jam 5 pesawat", "yes+"),
        ("ya Allah tolong saya", "text"),
        ("Ya ampun", "text"),
        ("ya tapi belum ada visa", "text"),
        ("YA/TIDAK", "text"),
        ("jadi gimana bu", "text"),
        ("tidak", "no"),
        ("TIDAK BU", "no"),
        ("gak jadi", "no"),
        ("boten", "no"),
        ("teu", "no"),
        ("tidak, saya sakit", "no+"),
        ("tidak jadi ditunda minggu depan", "no+"),
        ("tidak apa-apa", "text"),
        ("tidak tahu", "text"),
        ("tidak ada masalah", "text"),
        ("maaf, tidak bisa", "text"),
    ],
)
def test_yes_and_no(text: str, meaning: str) -> None:
    assert named(text) == meaning


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("1", "digit1"),
        (" 2. ", "digit2"),
        ("１", "digit1"),
        ("1️⃣", "digit1"),
        ("satu", "digit1"),
        ("1=baik", "digit1"),
        ("2 minta ditelepon bu", "digit2"),
        ("no 2", "digit2"),
        ("ya 1", "digit1"),
        ("3 ya pak", "digit3"),
        ("1. saya senang di sini", "digit1+"),
        ("2 minggu lagi", "text"),
        ("1.5 juta", "text"),
        ("12", "text"),
        ("1/2", "text"),
        ("1=baik, 2=minta ditelepon", "text"),
        ("0", "text"),
        ("2-3 hari", "text"),
    ],
)
def test_digits(text: str, meaning: str) -> None:
    assert named(text) == meaning


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("salah", "wrong"),
        ("SALAH ORANG", "wrong"),
        ("salah nomor pak", "wrong"),
        ("bukan saya", "wrong"),
        ("salah paham bu", "text"),
        ("MULAI", "start"),
        ("mulai lagi bu", "start"),
        ("mulai kerja besok", "text"),
        ("mulia", "text"),
        ("", "text"),
        ("🙏", "text"),
        ("Bu, kapan saya berangkat?", "text"),
    ],
)
def test_wrong_start_and_everything_else(text: str, meaning: str) -> None:
    assert named(text) == meaning


SAID = st.sampled_from(["stop", "berhenti", "unreg", "keluar", "ya", "tidak", "1", "2", "salah", "mulai"])
DRESS = st.sampled_from(["", " ", ".", "!", " 🙏", "\n", "...", " bu", " Pak", ","])


#: Of these a story about work, house and family is made; none is about texts.
STORY = st.sampled_from(["kerja", "kontrak", "majikan", "rumah", "anak", "besok", "gaji", "negeri", "visa", "paspor"])
STOP_WORD = st.sampled_from(["stop", "berhenti", "unreg", "keluar"])
WISH = st.sampled_from(["", "saya mau", "minta", "saya ingin", "tolong", "desmigratif", "sms"])


@given(WISH, STOP_WORD, st.lists(STORY, min_size=1, max_size=6), st.data())
def test_a_story_that_contains_the_word_is_no_command(
    wish: str, stop: str, story: list[str], data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(story)))
    assert named(" ".join([*wish.split(), *story[:at], stop, *story[at:]])) == "text"


@given(SAID, DRESS, DRESS, st.sampled_from([str.upper, str.lower, str.title]))
def test_case_punctuation_and_politeness_change_nothing(said: str, before: str, after: str, case: object) -> None:
    assert understand(f"{before} {case(said)}{after}") == understand(said)  # type: ignore[operator]  # a str method


@given(st.text() | st.lists(SAID | st.text(max_size=5), max_size=8).map(" ".join))
def test_no_text_raises(text: str) -> None:
    command = understand(text)
    assert isinstance(command, Command)
    assert command.name in NAMES


@pytest.mark.parametrize(
    "text",
    [
        *("BANTU", "bantu!!", "tolong", "TOLONG SAYA", "tolong saya bu", "minta tolong", "butuh bantuan bu"),
        *("saya butuh bantuan", "bantu saya disekap majikan", "tulung", "darurat", "Bantuan dong"),
    ],
)
def test_a_call_for_help_is_heard(text: str) -> None:
    assert understand(text).name == "help"


@pytest.mark.parametrize(
    "text",
    [
        "tolong kirim brosur",
        "saya bantu ibu di dapur",
        "bantuannya sudah sampai, terima kasih",
        "minta info",
    ],
)
def test_what_only_sounds_like_it_goes_to_a_human(text: str) -> None:
    assert understand(text).name == "text"


@pytest.mark.parametrize("text", ["tolong STOP", "tolong berhenti ya"])
def test_a_plea_to_stop_is_stop(text: str) -> None:
    assert understand(text).name == "stop"
