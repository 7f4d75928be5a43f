"""An urgent report calls the coordinators of the regency, and no text says what it is about."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.brokers.office import steps, taken, told
from tests.people import HOME, Cast
from webapp import clock
from webapp.accounts.model import Account
from webapp.brokers.signals import report_changed
from webapp.cases.model import Case
from webapp.cases.telling import REPORTED as TEXT
from webapp.db import db
from webapp.outbox.model import Message
from webapp.outbox.texts import Texts


def called() -> list[str | None]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Message.number).where(Message.text_code == TEXT)))


@pytest.mark.parametrize("facts", [{"threat": "threat"}, {"threat": "violence"}, {"child_involved": True}])
def test_an_urgent_report_calls_the_regency(cast: Cast, facts: dict[str, object]) -> None:
    report = told(cast.facilitator, accused_names="Darto", **facts)
    assert called() == [cast.coordinator.phone]
    assert steps(report) == [("alerted", None)]
    message = db.session.scalars(sa.select(Message).where(Message.text_code == TEXT)).one()
    assert (message.purpose, message.person_id) == ("alarm", None)
    case = db.session.scalars(sa.select(Case)).one()
    assert message.values == {"k": case.reference, "desa": "Bajing"}, "no fact of the report"


def test_any_other_waits_in_the_list(cast: Cast) -> None:
    told(cast.facilitator)
    assert called() == []


def test_where_the_regency_cannot_be_called_the_next_above_is(cast: Cast) -> None:
    cast.coordinator.phone = None
    told(cast.facilitator, threat="threat")
    assert called() == [cast.province.phone]


def test_nobody_of_the_village_is_called(cast: Cast) -> None:
    siti = cast.facilitator
    kades = Account(
        username="kades", name="Kades", role="coordinator", area_code=HOME, phone="+6281300000009",
        password_hash=siti.password_hash, created_at=siti.created_at,
    )  # fmt: skip
    db.session.add(kades)
    told(siti, threat="threat", accuses_staff=True)
    assert called() == [cast.coordinator.phone]


def test_the_same_report_calls_once_and_a_later_urgency_calls_too(cast: Cast) -> None:
    report = told(cast.facilitator)
    report.urgent = True
    for _ in range(2):
        report_changed.send(report, now=clock.now())
    db.session.commit()
    assert called() == [cast.coordinator.phone]


def test_whoever_verifies_it_takes_care_and_nobody_else_is_called(cast: Cast) -> None:
    report = told(cast.facilitator, threat="threat")
    taken(report, cast.coordinator)
    case = db.session.scalars(sa.select(Case)).one()
    assert case.acknowledged_by_id == cast.coordinator.id
    waiting = sa.select(Message.id).where(Message.text_code == TEXT, Message.state == "queued")
    assert db.session.scalars(waiting).all() == []


def test_the_text_is_one_segment_without_a_case(cast: Cast) -> None:
    text = Texts.load(db.session, [TEXT]).render(TEXT, "id", {"k": "B-4K7M", "desa": "D" * 14})
    assert len(text) <= 160
    assert "laporan" in text
