"""INFO and BAHASA: what is answered to whom."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from sms.text import segments
from tests.callbacks.saying import SRI, STRANGER, leave_at, say
from tests.people import Cast
from webapp import clock
from webapp.db import db
from webapp.outbox.model import Text
from webapp.people.model import Event


def answer(words: str, number: str = SRI) -> str:
    now = clock.now()
    say(words, number, now)
    (text,) = leave_at(now)
    assert segments(text) == 1
    return text


def test_info_names_village_and_officer(cast: Cast) -> None:
    text = answer("INFO")
    for part in ("Bajing", "Siti", "081300000001", "110", "CEK nama PT"):
        assert part in text


def test_an_unknown_number_learns_nothing_about_anybody(cast: Cast) -> None:
    text = answer("info", STRANGER)
    for part in ("Bajing", "Siti", "0813"):
        assert part not in text
    assert "08001000" in text


def test_a_language_that_is_switched_on_is_kept(cast: Cast) -> None:
    db.session.execute(sa.update(Text).where(Text.language == "jv", Text.code == "R7").values(enabled=True))
    db.session.commit()
    assert "Jawa" in answer("BAHASA JAWA")
    assert cast.migrant.language == "jv"
    event = db.session.scalars(sa.select(Event).where(Event.kind == "details_changed")).one()
    assert event.account_id is None


@pytest.mark.parametrize(("words", "number"), [("BAHASA SASAK", SRI), ("bahasa", SRI), ("bahasa jawa", STRANGER)])
def test_else_the_languages_are_named_and_nothing_changes(cast: Cast, words: str, number: str) -> None:
    assert "Indonesia" in answer(words, number)
    assert cast.migrant.language == "id"
