"""A report in free words is completed by whoever verifies it, and then finds the reports that it fits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from tests.brokers.office import again, steps, told
from tests.callbacks.saying import STRANGER, say
from tests.conftest import Login
from tests.people import Cast
from webapp.brokers import acts
from webapp.brokers.alias_model import BrokerCluster
from webapp.brokers.model import BrokerReport
from webapp.db import db

NOW = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
FACTS = {"accused_names": "Parjo", "accused_phones": "0812 3456 7890", "accused_plates": "R 1234 AB", "place": "Kroya"}


@pytest.fixture
def by_sms(cast: Cast) -> BrokerReport:
    told(cast.facilitator, accused_phones="081234567890", reporter_kind="family")
    say("LAPOR Parjo 0812 3456 7890 minta uang, plat R 1234 AB", STRANGER, NOW)
    report = db.session.scalars(sa.select(BrokerReport).where(BrokerReport.channel == "sms")).one()
    report.area_code = cast.facilitator.area_code
    acts.take_on(report, cast.coordinator, NOW + timedelta(hours=1))
    db.session.commit()
    return report


def test_what_is_filled_in_links_it(client: FlaskClient, cast: Cast, login: Login, by_sms: BrokerReport) -> None:
    assert db.session.scalars(sa.select(BrokerCluster)).all() == []
    login(client, cast.coordinator)
    address = f"/broker-reports/{by_sms.id}/details"
    assert address in client.get(f"/broker-reports/{by_sms.id}").text
    assert "plat R 1234 AB" in client.get(address).text
    assert client.post(address, data=FACTS).status_code == 303
    report = again(by_sms)
    assert {name: getattr(report, name) for name in FACTS} == FACTS
    assert steps(by_sms)[-1] == ("completed", cast.coordinator.id)
    assert len(db.session.scalars(sa.select(BrokerCluster)).all()) == 1
    before = len(steps(by_sms))
    client.post(address, data=FACTS)
    assert len(steps(by_sms)) == before, "the same again is no step"


def test_only_whoever_verifies_it_completes_it(
    client: FlaskClient, cast: Cast, login: Login, by_sms: BrokerReport
) -> None:
    address = f"/broker-reports/{by_sms.id}/details"
    for who, status in ((cast.province, 409), (cast.facilitator, 403), (cast.other_coordinator, 404)):
        login(client, who)
        assert client.post(address, data=FACTS).status_code == status
    assert again(by_sms).accused_phones == ""


def test_too_much_is_said_and_nothing_is_stored(
    client: FlaskClient, cast: Cast, login: Login, by_sms: BrokerReport
) -> None:
    login(client, cast.coordinator)
    answer = client.post(f"/broker-reports/{by_sms.id}/details", data=FACTS | {"accused_plates": "R" * 101})
    assert answer.status_code == 422
    assert again(by_sms).accused_names == ""
