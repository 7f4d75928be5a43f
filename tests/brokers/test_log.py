"""What the page of the access log tells of reports: not who wrote one, nor about whom it is."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from tests.brokers.office import taken, told
from tests.conftest import Login, new_client
from tests.people import HOME, Cast
from webapp.accounts.model import AuditEntry
from webapp.brokers.model import SUBJECT, BrokerReport
from webapp.db import db
from webapp.people.model import Person


def someone() -> Person:
    person = db.session.scalars(sa.select(Person).where(Person.area_code == HOME).order_by(Person.id)).first()
    assert person is not None
    return person


def lines(client: FlaskClient, address: str = "/audit") -> list[tuple[str, str]]:
    """Who and what, as the page says it."""
    page = client.get(address).text
    rows = re.findall(r'row-main"><strong>([^<]*)</strong>\s*<span class="row-second">(.*?)</span></span>', page, re.S)
    return [(who, " ".join(re.sub("<[^>]+>", " ", what).split())) for who, what in rows]


def stored() -> set[tuple[str, str, int | None, int | None]]:
    db.session.rollback()
    query = sa.select(AuditEntry.act, AuditEntry.subject, AuditEntry.subject_id, AuditEntry.account_id)
    return set(db.session.execute(query).tuples())


@pytest.fixture
def readers(app: Flask, cast: Cast, coordinator: FlaskClient, province: FlaskClient, login: Login) -> list[FlaskClient]:
    """Everybody who reads the log, the verifier and an administrator with a reason too."""
    administrator = new_client(app)
    login(administrator, cast.administrator)
    administrator.post("/access", data={"reason": "Pemeriksaan berkala atas permintaan kantor", "next": "/"})
    return [coordinator, province, administrator]


def test_the_page_does_not_tell_who_wrote_a_report(
    facilitator: FlaskClient, readers: list[FlaskClient], cast: Cast
) -> None:
    person_id, name = someone().id, cast.facilitator.name
    facilitator.get(f"/broker-reports/new?person={person_id}")
    form = {"person_id": person_id, "words": "Calo minta uang", "threat": "none", "reporter_kind": "victim"}
    assert (
        facilitator.post("/broker-reports", data=form | {"naming": "anonymous", "channel": "visit"}).status_code == 303
    )
    db.session.rollback()
    report_id = db.session.scalars(sa.select(BrokerReport.id)).one()
    facilitator.get(f"/broker-reports/{report_id}")
    facilitator.get("/broker-reports")
    for reader in readers:
        told_of = [who for who, what in lines(reader) if "Lapor" in what or "laporan" in what]
        assert len(told_of) >= 3
        assert name not in " ".join(told_of)
        assert name not in reader.get(f"/audit?subject={SUBJECT}&id={report_id}").text
        assert "subject=person" not in reader.get("/audit").text
        assert lines(reader, f"/audit?subject=person&id={person_id}") == []
    assert ("created", SUBJECT, report_id, cast.facilitator.id) in stored()
    assert ("seen", "person", person_id, cast.facilitator.id) in stored()


def test_a_look_at_the_reporter_does_not_lead_others_to_them(
    readers: list[FlaskClient], coordinator: FlaskClient, cast: Cast
) -> None:
    person = someone()
    person_id, looker = person.id, cast.coordinator.name
    report = told(cast.facilitator, person=person, reporter_kind="victim", naming="confidential")
    taken(report, cast.coordinator)
    report_id = report.id
    assert coordinator.post(f"/broker-reports/{report_id}/reporter-views").status_code == 200
    for reader in readers:
        assert "subject=person" not in reader.get("/audit").text
        # Who looked is told, at the report.
        assert looker in [who for who, what in lines(reader, f"/audit?subject={SUBJECT}&id={report_id}")]
    assert ("revealed", SUBJECT, report_id, cast.coordinator.id) in stored()
    assert ("seen", "person", person_id, cast.coordinator.id) in stored()


def test_a_coordinator_who_looks_at_her_own_report_is_not_told_for_its_writer(
    province: FlaskClient, coordinator: FlaskClient, cast: Cast
) -> None:
    form = {"words": "Calo minta uang", "threat": "none", "reporter_kind": "neighbour", "area_code": HOME}
    form |= {"naming": "confidential", "channel": "visit", "reporter_contact": "Bu Karti"}
    assert coordinator.post("/broker-reports", data=form).status_code == 303
    db.session.rollback()
    report_id = db.session.scalars(sa.select(BrokerReport.id)).one()
    assert coordinator.post(f"/broker-reports/{report_id}/reporter-views").status_code == 200
    address = f"/audit?subject={SUBJECT}&id={report_id}"
    assert cast.coordinator.name not in [who for who, _ in lines(province, address)]
    province.get(f"/broker-reports/{report_id}")
    assert cast.province.name in [who for who, _ in lines(province, address)], "others who looked are named"


def test_other_looks_at_people_are_told_as_before(facilitator: FlaskClient, province: FlaskClient, cast: Cast) -> None:
    person_id, name = someone().id, cast.facilitator.name
    facilitator.get(f"/people/{person_id}")
    assert [who for who, _ in lines(province, f"/audit?subject=person&id={person_id}")] == [name]
