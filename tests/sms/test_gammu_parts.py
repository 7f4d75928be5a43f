"""Long texts are cut and put together again, in any order, with parts missing, twice, and from several people."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sms.gateways.gammu_parts import Arrived, assemble, cut

SRI, TUMINI = "+6281234567801", "+6281234567802"
LONG = "Jangan bayar dulu, tanya petugas 😊 " * 9


def rows(body: str = LONG, number: str = SRI, reference: str = "r1", first_id: int = 1) -> list[Arrived]:
    """As the daemon writes them: hexadecimal UTF-16, whatever the alphabet was."""
    parts = cut(reference, body).parts
    return [
        Arrived(first_id + place, number, header, words.encode("utf-16-be").hex().upper(), "2026-12-01 09:00:00", 0.0)
        for place, (header, words) in enumerate(parts)
    ]


def bodies(arrived: list[Arrived]) -> list[str]:
    return [text.body for text in assemble(arrived)]


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=400), st.randoms())
def test_what_is_cut_is_put_together_in_any_order(body: str, chance: object) -> None:
    arrived = rows(body)
    chance.shuffle(arrived)  # type: ignore[attr-defined]  # a random.Random
    (text,) = assemble(arrived)
    assert text.is_complete
    assert text.body == body


def test_a_short_text_has_no_header() -> None:
    assert cut("r1", "Halo {€}").parts == [("", "Halo {€}")]
    assert cut("r1", "Halo").coding == "Default_No_Compression"
    assert cut("r1", "Halo 😊").coding == "Unicode_No_Compression"


def test_the_same_text_is_cut_alike_again() -> None:
    assert cut("r1", LONG) == cut("r1", LONG)
    assert cut("r1", LONG) != cut("r2", LONG)


def test_two_people_with_the_same_mark_are_not_mixed() -> None:
    pairs = zip(rows(number=SRI), rows(number=TUMINI, first_id=10), strict=True)
    mixed = [row for pair in pairs for row in pair]
    assert bodies(mixed) == [LONG, LONG]


def test_a_mark_that_comes_again_begins_another_text() -> None:
    assert bodies(rows() + rows(first_id=10)) == [LONG, LONG]
    half = rows()[:2]
    first, second = assemble(half + rows(first_id=10))
    assert (first.is_complete, first.ids) == (False, [1, 2])
    assert second.body == LONG


def test_a_part_that_is_missing_is_marked() -> None:
    arrived = rows()
    (text,) = assemble(arrived[:1] + arrived[2:])
    assert not text.is_complete
    assert text.body.count("(...)") == 1
    assert text.body.startswith("Jangan bayar dulu")
    (last,) = assemble(arrived[-1:])
    assert last.body.startswith("(...)")


def test_a_letter_that_is_cut_in_two_is_read_whole() -> None:
    """Other phones cut where the bytes end, in the middle of a picture."""
    words = "Tolong 😊".encode("utf-16-be").hex()
    arrived = [
        Arrived(1, SRI, "05000307" + "0201", words[:-4], "", 0.0),
        Arrived(2, SRI, "05000307" + "0202", words[-4:], "", 0.0),
    ]
    assert bodies(arrived) == ["Tolong 😊"]


def test_marks_of_two_bytes_and_other_headers_are_understood() -> None:
    words = "YA".encode("utf-16-be").hex()
    long = [Arrived(n, SRI, f"06080412340 20{n}".replace(" ", ""), words, "", 0.0) for n in (1, 2)]
    assert bodies(long) == ["YAYA"]
    with_port = [Arrived(n, SRI, f"0B0504158A000000030702{n:02X}", words, "", 0.0) for n in (1, 2)]
    assert bodies(with_port) == ["YAYA"]


@given(st.text(max_size=24), st.text(max_size=24))
def test_nonsense_is_a_text_by_itself(header: str, words: str) -> None:
    assert len(assemble([Arrived(1, SRI, header, words, "", 0.0)])) == 1
