"""Finding by numbers that are stored sealed, and by digits that look like something else."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from tests.people import Cast
from webapp import clock
from webapp.accounts.model import AuditEntry
from webapp.db import db
from webapp.departures import acts
from webapp.departures.model import ChecklistItem

NIK = "3301065703960001"


def test_the_last_digits_may_look_like_a_country_code(facilitator: FlaskClient, cast: Cast) -> None:
    cast.migrant.add_phone("+6281356287701", "family", account=cast.facilitator, now=clock.now())
    db.session.commit()
    for part in ("56287701", "6287701", "62813-5628"):
        assert "Sri Wahyuni" in facilitator.post("/people/search", data={"q": part}).text


def test_part_of_a_nik_is_found_and_noted_like_a_look_at_it(facilitator: FlaskClient, cast: Cast) -> None:
    cast.migrant.change(cast.facilitator, clock.now(), nik=NIK)
    db.session.commit()
    assert "Sri Wahyuni" in facilitator.post("/people/search", data={"q": NIK[3:9]}).text
    db.session.rollback()
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.subject == "nik")).one()
    assert (entry.subject_id, entry.account_id) == (cast.migrant.id, cast.facilitator.id)


def test_a_nik_that_does_not_open_hides_nobody(facilitator: FlaskClient, cast: Cast) -> None:
    """Its key may be missing; the phones to call must still be there."""
    cast.migrant.nik_encrypted = b"gone:" + b"x" * 40
    db.session.commit()
    page = facilitator.get(f"/people/{cast.migrant.id}").text
    assert "kuncinya tidak ada" in page
    assert cast.migrant.phones[0].number in page
    assert facilitator.post("/people/search", data={"q": cast.migrant.phones[0].number[-6:]}).status_code == 200


@pytest.mark.parametrize("typed", ["C1234567", "c 123-4567", "c1234567"])
def test_somebody_is_found_by_the_number_of_a_paper(facilitator: FlaskClient, cast: Cast, typed: str) -> None:
    departure = acts.record(cast.migrant, cast.facilitator, clock.now(), destination_code="TW", scheme="p3mi")
    item = db.session.get_one(ChecklistItem, "passport")
    acts.tick(departure, item, cast.facilitator, clock.now(), done_on=date(2026, 1, 1), number="C1234567")
    db.session.commit()
    assert "Sri Wahyuni" in facilitator.post("/people/search", data={"q": typed}).text
    assert "Sri Wahyuni" not in facilitator.post("/people/search", data={"q": "C1234568"}).text
