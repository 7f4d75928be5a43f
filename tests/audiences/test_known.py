"""What is stored about the numbers of a list: who cannot be texted, and who is known, to whom."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.people import DISTRICT, HOME, NATION, NEIGHBOUR, OTHER_REGENCY, OTHER_VILLAGE, REGENCY, SINCE, Cast
from tests.plans import plan, reads_whole_table, statements
from webapp.audiences import known
from webapp.audiences.known import Checked, check
from webapp.audiences.listed import read
from webapp.db import db
from webapp.people.model import NumberState, Person, Phone

SRI, TUMINI, NOBODY = "+6281234567801", "+6281234567802", "+6281234567899"


def checked(*lines: str, area: str = REGENCY, header: str = "No HP,Kode Desa") -> Checked:
    db.session.commit()
    return check(read("\n".join([header, *lines]).encode()), area)


@pytest.mark.parametrize("said", ["stopped_at", "wrong_person_at", "invalid_at"])
def test_who_cannot_be_texted_is_left_out_wherever_they_live(app: Flask, cast: Cast, said: str) -> None:
    db.session.add(NumberState(number=NOBODY, **{said: SINCE}))
    db.session.add(NumberState(number=SRI, heard_at=SINCE))
    found = checked(NOBODY, SRI, area=OTHER_REGENCY)
    assert [one.number for one in found.listed.recipients] == [SRI]
    assert [(one.row, one.code) for one in found.unreachable.shown] == [(2, "cannot_be_texted")]
    assert (found.total, len(found.unreachable)) == (2, 1)


def test_people_of_the_area_are_known_and_nobody_else(app: Flask, cast: Cast) -> None:
    person = cast.migrant
    for area in (HOME, DISTRICT, REGENCY, NATION):
        assert checked(SRI, NOBODY, area=area).people == {SRI: (person.id, HOME)}
    for area in (NEIGHBOUR, OTHER_REGENCY):
        assert checked(SRI, NOBODY, area=area).people == {}


def test_whoever_is_known_elsewhere_looks_like_nobody(app: Flask, cast: Cast) -> None:
    """Sri agreed in Bajing; in Ponorogo her number is one like any other."""
    one, other = (checked(number, area=OTHER_REGENCY) for number in (SRI, NOBODY))
    assert one.listed.recipients[0]._replace(number="") == other.listed.recipients[0]._replace(number="")
    assert (one.people, len(one.unreachable), one.listed.notes) == ({}, 0, other.listed.notes)


def test_whoever_said_no_elsewhere_looks_like_whoever_said_stop(app: Flask, cast: Cast) -> None:
    """Tumini withdrew her consent in Bajing. Were she counted and held back at the claim, a list of one row would tell
    that she is registered somewhere."""
    db.session.add(NumberState(number=NOBODY, stopped_at=SINCE))
    db.session.commit()
    one, other = (checked(number, area=OTHER_REGENCY) for number in (TUMINI, NOBODY))
    assert (one.listed.recipients, one.people) == ([], {})
    assert one.unreachable == other.unreachable


def test_a_phone_that_was_removed_ties_to_nobody(app: Flask, cast: Cast) -> None:
    cast.migrant.phones[0].removed_at = SINCE
    assert checked(SRI).people == {}


@pytest.mark.parametrize(
    ("reader", "do_not_text", "is_theirs"), [("self", False, True), ("family", False, False), ("family", True, True)]
)
def test_of_several_with_one_number_the_strictest_counts(
    app: Flask, cast: Cast, reader: str, do_not_text: bool, is_theirs: bool
) -> None:
    other: Person = cast.withdrew
    other.phones.append(Phone(number=SRI, reader=reader, do_not_text=do_not_text, added_at=SINCE))
    expected = other.id if is_theirs else cast.migrant.id
    assert checked(SRI).people == {SRI: (expected, HOME)}


def test_villages_are_of_the_area_or_left_out(app: Flask, cast: Cast) -> None:
    lines = [f"0812000000{n},{code}" for n, code in enumerate((HOME, OTHER_VILLAGE, "33.01.06.9999", ""), start=10)]
    found = checked(*lines)
    assert [one.area_code for one in found.listed.recipients] == [HOME, "", "", ""]
    assert [(one.row, one.code) for one in found.listed.notes.shown] == [(3, "village_elsewhere"), (4, "no_village")]


def test_many_numbers_are_few_statements_that_find_them_by_index(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(known, "CHUNK", 100)
    db.session.add(NumberState(number="+6281200000249", stopped_at=SINCE))
    db.session.commit()
    listed = read("\n".join(["HP", *(f"081200000{n:03}" for n in range(250)), SRI]).encode())
    with statements() as sent:
        found = check(listed, REGENCY)
    asked = [(words, values) for words, values in sent if words.startswith("SELECT")]
    assert (len(asked), len(found.listed.recipients), len(found.people)) == (9, 250, 1)
    for words, values in asked[::3]:
        assert not reads_whole_table(plan(words, values), "number_states")
        assert not reads_whole_table(plan(words, values), "phones")
