"""What is foretold is what happens: who gets it, in how many segments, for how much."""

from __future__ import annotations

import re
from collections import Counter

import pytest
import sqlalchemy as sa
from flask import Flask

from sms.text import segments
from tests.broadcasts.making import BODY, approved, work
from tests.outbox.conftest import store_of
from tests.people import HOME, NEIGHBOUR, OTHER_VILLAGE, Cast
from tests.warnings.crowd import MORNING, gather
from webapp.audiences.criteria import Criteria
from webapp.broadcasts import forecast
from webapp.broadcasts.model import FAMILIES, LISTED, MIGRANTS
from webapp.broadcasts.recipients import Meant, chosen
from webapp.db import db
from webapp.outbox.model import Message
from webapp.people.model import Person

LONG = (
    BODY
    + " "
    + "Acara ini gratis dan terbuka untuk semua warga desa yang ingin bekerja dengan aman di luar negeri. " * 2
)
AREAS = {
    "a village": [HOME],
    "two places": [HOME, OTHER_VILLAGE],
    "one in the other": ["33.01", NEIGHBOUR],
    "all": ["ID"],
}
WORDS = {
    "short": {"id": BODY},
    "long": {"id": LONG},
    "two languages": {"id": BODY, "jv": LONG},
    "other letters": {"id": BODY + " ☺"},
    "without values": {"id": "Desmigratif: besok libur. Balas YA jika tahu."},
}


@pytest.mark.parametrize("words", WORDS)
@pytest.mark.parametrize("where", AREAS)
def test_the_forecast_is_what_the_claim_makes(app: Flask, cast: Cast, where: str, words: str) -> None:
    gather(cast, 150, 4)
    rename()
    broadcast = work(approved(cast, areas=AREAS[where], bodies=WORDS[words]))
    found = forecast.read(broadcast.forecast)
    texts = list(db.session.scalars(sa.select(Message).where(Message.cause == broadcast.cause)))
    assert len(texts) == found.recipients > 0
    assert len({text.number for text in texts}) == len(texts)
    db.session.rollback()
    store = store_of("worker-1")
    while store.claim_due(1000, MORNING).handovers:
        pass
    db.session.expire_all()
    claimed = list(db.session.scalars(sa.select(Message).where(Message.cause == broadcast.cause)))
    assert {text.state for text in claimed} == {"sending"}
    assert sum(text.price_rupiah for text in claimed) == found.rupiah
    lengths: Counter[str] = Counter(str(segments(text.body)) for text in claimed)
    told: Counter[str] = Counter()
    for counts in found.languages.values():
        told.update(counts)
    assert lengths == told


def rename() -> None:
    """First names of every length and of letters that cost one, two, or more."""
    names = ("Al", "Sri Wahyuni", "Ni’mah", "José", "Ñ", "Kh[oi]run", "Abdurrahmanudin", "N€n€", "安娜", "☺", "D'an")
    for number, person in enumerate(db.session.scalars(sa.select(Person).order_by(Person.id))):
        person.name = f"{names[number % len(names)]} {number}"
    db.session.commit()


@pytest.mark.parametrize("recipients", [MIGRANTS, FAMILIES, LISTED])
def test_each_part_that_is_worked_out_once_has_a_name_of_its_own(app: Flask, cast: Cast, recipients: str) -> None:
    """A name made of a place in memory may be given twice, and then nobody is counted."""
    meant = Meant(recipients, Criteria(areas=(HOME,)), emergency=False, day=MORNING.date(), most_a_day=2)
    parts = re.findall(r"(\w+) AS MATERIALIZED", str(chosen(meant)))
    assert parts
    assert len(set(parts)) == len(parts)
    assert not [part for part in parts if part.startswith("anon")]
