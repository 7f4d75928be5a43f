"""Who is one source, and who are two."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from webapp.warnings.sources import Telling, unrelated


def test_one_officer_who_writes_down_hearsay_is_one_source() -> None:
    assert unrelated([Telling(1), Telling(1), Telling(1)]) == 1
    assert unrelated([Telling(1), Telling(1), Telling(2)]) == 2


def test_reporters_with_contacts_of_their_own_are_sources_whoever_wrote_it_down() -> None:
    assert unrelated([Telling(1, contact="Bu Karti 081300000001"), Telling(1, contact="Pak Jo 081300000002")]) == 2


def test_the_same_number_in_another_spelling_is_the_same_reporter() -> None:
    same = [Telling(1, contact="Karti 0813-0000-0001"), Telling(2, contact="Bu K, +62 813 00000001")]
    assert unrelated(same) == 1
    assert unrelated([Telling(1, contact="Bu Karti"), Telling(2, contact="bu  KARTI")]) == 1


def test_what_is_told_of_the_same_person_is_related() -> None:
    assert unrelated([Telling(1, person_id=7), Telling(2, person_id=7)]) == 1
    assert unrelated([Telling(1, person_id=7), Telling(2, person_id=8)]) == 2


def test_a_hidden_sender_is_one_source_however_often_it_writes() -> None:
    assert unrelated([Telling(None, return_address_id=3)] * 5) == 1
    assert unrelated([Telling(None, return_address_id=3), Telling(None, return_address_id=4)]) == 2


def test_what_is_related_to_the_same_is_related() -> None:
    chain = [Telling(1, person_id=7), Telling(2, person_id=8, contact="0813 0000 0001"), Telling(2, person_id=7)]
    assert unrelated(chain) == 2
    assert unrelated([*chain, Telling(3, person_id=7, contact="081300000001")]) == 1


TELLINGS = st.lists(
    st.builds(
        Telling,
        st.integers(1, 3) | st.none(),
        st.integers(1, 3) | st.none(),
        st.integers(1, 3) | st.none(),
        st.sampled_from(["", "", "Karti", "081300000001", "Karti 0813 0000 0001"]),
    ),
    max_size=8,
)


@given(TELLINGS, st.randoms())
def test_the_order_means_nothing_and_one_more_adds_at_most_one(tellings: list[Telling], chance: object) -> None:
    number = unrelated(tellings)
    assert 0 <= number <= len(tellings)
    shuffled = list(tellings)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert unrelated(shuffled) == number
    if tellings:
        assert unrelated([*tellings, tellings[0]]) <= number + (tellings[0] == Telling(None))
