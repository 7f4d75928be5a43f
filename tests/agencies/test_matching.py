"""Two hundred names as people ask them, against a list of thirty invented companies. No false comfort, ever."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.agencies.matching import Candidate, find, is_empty, words_of

FOLDER = Path(__file__).parent
#: Askings of a licensed company that are recognised as it; all others are led to its name and choose it.
RECALL = 0.92


def rows(file: str) -> list[dict[str, str]]:
    with (FOLDER / file).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


AGENCIES = rows("agencies.tsv")
CANDIDATES = [Candidate(n, row["name"]) for n, row in enumerate(AGENCIES)]
ASKED = rows("asked.tsv")


def kind_of(asked: str) -> str:
    found = find(asked, CANDIDATES)
    if is_empty(asked):
        return "empty"
    if found.is_part:
        return "several"
    if found.certain:
        return "licensed" if all(AGENCIES[n]["status"] == "licensed" for n in found.certain) else "not_licensed"
    return "near" if found.near else "unknown"


def names(asked: str) -> set[tuple[str, ...]]:
    found = find(asked, CANDIDATES)
    return {words_of(AGENCIES[n]["name"]) for n in (*found.certain, *found.near)}


def test_there_are_two_hundred() -> None:
    assert len(ASKED) >= 200


def test_nothing_is_called_licensed_that_was_not_meant() -> None:
    """Precision is one: whoever is told 'on the list' asked for just that company, and it is licensed."""
    wrong = [row for row in ASKED if kind_of(row["asked"]) == "licensed" and row["kind"] != "licensed"]
    assert wrong == []
    for row in ASKED:
        if kind_of(row["asked"]) == "licensed":
            assert names(row["asked"]) == {words_of(row["meant"])}


def test_most_spellings_of_a_licensed_company_are_recognised() -> None:
    meant = [row for row in ASKED if row["kind"] == "licensed"]
    missed = [row["asked"] for row in meant if kind_of(row["asked"]) != "licensed"]
    recall = 1 - len(missed) / len(meant)
    assert recall >= RECALL, f"recall {recall:.3f}, missed: {missed}"


def test_what_is_not_recognised_is_led_to_the_right_name() -> None:
    for row in ASKED:
        if row["meant"] and kind_of(row["asked"]) != row["kind"]:
            assert words_of(row["meant"]) in names(row["asked"]), row


def test_a_company_without_a_licence_is_never_taken_for_another() -> None:
    for row in ASKED:
        if row["kind"] == "not_licensed":
            assert kind_of(row["asked"]) in ("not_licensed", "near", "several"), row


@pytest.mark.parametrize("kind", ["near", "unknown", "empty"])
def test_other_names_are_what_they_are(kind: str) -> None:
    assert [row["asked"] for row in ASKED if row["kind"] == kind and kind_of(row["asked"]) != kind] == []


LIST = [
    Candidate(n, name) for n, name in enumerate(["PT Contoh Jaya", "PT Kita Jaya", "PT Permata Abadi", "Mandiri Utama"])
]


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("CV Contoh Jaya", 0), ("C.V. Contoh Jaya", 0), ("ud contoh jaya", 0), ("PT Chita Jaya", 1),
        ("PT Qita Jaya", 1), ("PT Permatas Abadi", 2), ("PT Permatah Abadi", 2),
        ("PT Mandirin Utama", 3), ("Mandir Utama", 3),
    ],
)  # fmt: skip
def test_another_form_and_a_letter_more_are_only_near(asked: str, meant: int) -> None:
    assert (find(asked, LIST).certain, find(asked, LIST).near[:1]) == ((), (meant,))


@pytest.mark.parametrize(("asked", "meant"), [("Contoh Jaya", 0), ("P.T. Contoh Djaya", 0), ("CV Mandiri Utama", 3)])
def test_without_a_form_on_one_side_none_speaks_against_it(asked: str, meant: int) -> None:
    assert find(asked, LIST).certain == (meant,)


def test_of_two_companies_of_one_name_the_form_that_was_said_is_meant() -> None:
    both = [Candidate(1, "PT Contoh Jaya"), Candidate(2, "CV Contoh Jaya")]
    assert find("cv contoh jaya", both).certain == (2,)
    assert find("contoh jaya", both).certain == (1, 2)


@given(st.sampled_from(CANDIDATES), st.data())
def test_a_letter_more_is_another_company(one: Candidate, data: st.DataObject) -> None:
    place = data.draw(st.integers(3, len(one.name)))
    around = one.name.lower()[max(0, place - 1) : place + 1]
    asked = one.name[:place] + data.draw(st.sampled_from([c for c in "bgkmrw" if c not in around])) + one.name[place:]
    if words_of(asked) not in {words_of(c.name) for c in CANDIDATES}:
        assert one.id not in find(asked, CANDIDATES).certain, asked


@given(st.text(max_size=60))
def test_no_text_raises_and_case_does_not_matter(asked: str) -> None:
    assert find(asked, CANDIDATES) == find(asked.lower(), CANDIDATES)


@given(st.sampled_from(CANDIDATES), st.sampled_from(["utama", "baru", "group", "asia", "perdana"]))
def test_one_word_more_is_another_company(one: Candidate, word: str) -> None:
    asked = f"{one.name} {word}"
    if words_of(asked) not in {words_of(other.name) for other in CANDIDATES}:
        assert kind_of(asked) != "licensed"


@given(st.sampled_from(CANDIDATES), st.data())
def test_another_letter_in_a_word_is_another_company(one: Candidate, data: st.DataObject) -> None:
    letters = one.name.lower().replace("pt ", "").replace("(persero)", "").strip()
    place = data.draw(st.sampled_from([n for n, letter in enumerate(letters) if letter.isalpha()]))
    around = letters[max(0, place - 1) : place + 2]
    # Beside its like a letter would be a doubled one, and the one in its place left out: a slip, not another word.
    other = data.draw(st.sampled_from([c for c in "bgklmrw" if c not in around]))
    asked = letters[:place] + other + letters[place + 1 :]
    if words_of(asked) not in {words_of(c.name) for c in CANDIDATES}:
        found = find(asked, CANDIDATES)
        assert one.id not in found.certain, asked
