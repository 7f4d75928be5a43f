"""What the demonstration shows when it starts: in one load, so that this costs its few seconds once a database."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from sms.phone import normalise
from tests.conftest import Login
from tests.demo.conftest import NOW, Officer
from webapp.accounts.model import Account
from webapp.brokers.alias_model import BrokerCluster, BrokerMembership
from webapp.brokers.model import BrokerReport
from webapp.brokers.traces import phones_in, plates_in
from webapp.cases.model import HELP, Case
from webapp.conversations.model import Incoming
from webapp.db import db
from webapp.demo import load, people, texts
from webapp.demo.rows import rows
from webapp.outbox.model import Message
from webapp.routes.model import Route
from webapp.warnings import sending
from webapp.warnings.levels import may_approve
from webapp.warnings.model import SafetyWarning
from webapp.warnings.states import APPROVED, DONE, DRAFT, SENDING, WAITING

#: What nobody has: the block from which all numbers of the demonstration come.
INVENTED = "+6281200000"


def test_it_has_something_of_everything_and_texts_nobody_while_it_loads(now: datetime, officer: Officer) -> None:
    reports_stand_at_every_step()
    reports_of_two_regencies_are_linked_by_a_phone_and_an_account()
    one_call_for_help_is_open_and_one_is_over()
    the_inbox_has_texts_that_wait_are_taken_on_and_are_answered(officer)
    a_company_is_named_only_with_a_second_officer(officer)
    what_is_past_has_arrived_and_what_is_of_now_waits(now)
    routes_leave_the_texts_of_the_villages_alone()


def reports_stand_at_every_step() -> None:
    reports = db.session.scalars(sa.select(BrokerReport)).all()
    assert Counter(report.state for report in reports) == {
        "received": 2, "triage": 1, "verifying": 1, "referred": 1, "officially_confirmed": 1, "not_proven": 1
    }  # fmt: skip
    assert {report.channel for report in reports} == {"app", "sms", "phone", "visit", "letter"}
    assert {report.naming for report in reports} == {"named", "confidential", "anonymous"}
    assert [report.state for report in reports if report.urgent] == ["received"]
    assert all(report.reporter_contact == "" for report in reports if report.naming == "anonymous")


def reports_of_two_regencies_are_linked_by_a_phone_and_an_account() -> None:
    cluster = db.session.scalars(sa.select(BrokerCluster)).one()
    linked = sa.select(BrokerReport).join(BrokerMembership, BrokerMembership.report_id == BrokerReport.id)
    found = db.session.scalars(linked.where(BrokerMembership.cluster_id == cluster.id)).all()
    assert {report.area_code[:5] for report in found} == {"33.01", "35.02"}
    assert len(found) == cluster.report_count == 4


def one_call_for_help_is_open_and_one_is_over() -> None:
    calls = db.session.scalars(sa.select(Case).where(Case.kind == HELP).order_by(Case.id)).all()
    assert [case.is_open for case in calls] == [False, True]
    assert calls[0].outcome
    assert calls[1].acknowledged_at is None


def the_inbox_has_texts_that_wait_are_taken_on_and_are_answered(officer: Officer) -> None:
    village = sa.select(Incoming).where(Incoming.for_human, Incoming.area_code == officer("siti").area_code)
    found = db.session.scalars(village).all()
    assert sum(text.handled_how == "answered" for text in found) == 2
    waiting = [text for text in found if text.handled_at is None]
    assert [text.assigned_to_id == officer("siti").id for text in waiting] == [True, False, False]
    assert db.session.scalar(sa.select(sa.func.count()).where(Incoming.understood_at.is_(None))) == 0


def a_company_is_named_only_with_a_second_officer(officer: Officer) -> None:
    warnings = db.session.scalars(sa.select(SafetyWarning).order_by(SafetyWarning.id)).all()
    assert [(one.text_code, one.state) for one in warnings] == [("W4", APPROVED), ("N1", WAITING), ("W8", DRAFT)]
    named = warnings[1]
    facts = {"level": named.level, "drafter_id": named.drafted_by_id, "office": named.area_code}
    may = [name for name in ("siti", "ratna", "wulan", "hadi", "agus") if may_approve(officer(name), **facts)]
    assert may == ["wulan"]


def what_is_past_has_arrived_and_what_is_of_now_waits(now: datetime) -> None:
    """Nothing was sent: what arrived on earlier days was settled, and what is due now the worker will send."""
    texts = db.session.scalars(sa.select(Message).where(Message.purpose.in_(("reply", "alarm")))).all()
    assert {text.state for text in texts if text.created_at <= now - timedelta(hours=1)} == {"delivered"}
    assert {text.state for text in texts if text.created_at > now - timedelta(hours=1)} == {"queued"}
    assert all(text.delivered_at and text.delivered_at <= now for text in texts if text.state == "delivered")


def routes_leave_the_texts_of_the_villages_alone() -> None:
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Route)) == 3
    assert set(db.session.scalars(sa.select(Message.route).distinct())) == {""}


def test_the_advice_reaches_the_people_of_the_regency_and_is_then_done(now: datetime) -> None:
    sending.go_on(now)
    warning = db.session.scalars(sa.select(SafetyWarning).where(SafetyWarning.text_code == "W4")).one()
    texts = db.session.scalars(sa.select(Message).where(Message.cause == warning.cause)).all()
    assert (warning.state, len(texts)) == (SENDING, warning.recipients)
    assert {text.number for text in texts} <= set(people.numbers())
    for text in texts:
        text.state = "delivered"
    db.session.commit()
    sending.go_on(now + sending.LOOK_EVERY)
    assert db.session.get_one(SafetyWarning, warning.id, populate_existing=True).state == DONE


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_each_role_sees_its_part(app: Flask, client: FlaskClient, login: Login, officer: Officer) -> None:
    named = db.session.scalars(sa.select(SafetyWarning.id).where(SafetyWarning.text_code == "N1")).one()
    sees = {
        "siti": {"/inbox": "sertifikat bahasa Korea", "/cases": "Dewi Perumpamaan", "/warnings": "P-"},
        "ratna": {"/broker-reports": "LC-", "/broker-clusters": "Ponorogo", "/warnings": "P-"},
        "wulan": {f"/warnings/{named}": "Bayangan Citra", "/broker-clusters": "Ponorogo"},
        "hadi": {"/broker-clusters": "Cilacap", "/routes": "HP posko Ponorogo"},
    }
    for username, pages in sees.items():
        login(client, officer(username))
        for path, words in pages.items():
            assert words in client.get(path).text, (username, path)


def test_all_its_numbers_are_of_one_invented_block() -> None:
    numbers = {*load.invented_numbers(), *people.numbers()}
    for row in rows("reports.csv"):
        numbers |= {trace.value for trace in phones_in(row["accused_phones"])}
        numbers |= {normalise(found) for found in re.findall(r"08[\d-]+", row["reporter_contact"])}
        assert all(plate.value[1] == "0" for plate in plates_in(row["accused_plates"])), "no plate bears the number 0"
    assert numbers
    assert all(number.startswith(INVENTED) for number in numbers)


@pytest.mark.settings(sms_gateway="twilio")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_beside_a_real_provider_no_pretended_route_swallows_texts(now: datetime) -> None:
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Route)) == 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_fault_while_it_loads_leaves_nothing_behind(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """A start that was cut off begins anew: half a demonstration would be taken for a whole one."""
    db.session.execute(sa.delete(Account))
    db.session.commit()
    monkeypatch.delitem(texts.DONE, "assigned")
    with pytest.raises(KeyError):
        load.load(NOW)
    db.session.rollback()
    assert not load.is_loaded()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Incoming)) == 0
