"""A demonstration stays one: what everybody knows or may belong to somebody does not go further."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.people import Cast
from tools import run
from webapp import clock
from webapp.accounts import passwords
from webapp.areas import load as area_list
from webapp.db import db
from webapp.demo import load
from webapp.outbox.alerts import alert
from webapp.outbox.store import SqlStore
from webapp.people.model import Phone

PUBLIC = {"public_url": "https://desmigratif.example.go.id"}


@pytest.fixture
def was_a_demonstration(app: Flask, cast: Cast) -> None:
    """Siti of the cast has the password of the Siti of the demonstration."""
    known = {one.username: one.password for one in run.demo_accounts()}
    cast.facilitator.password_hash = passwords.hashed(known["siti"])
    db.session.commit()


@pytest.mark.usefixtures("was_a_demonstration")
@pytest.mark.parametrize("change", [PUBLIC, {"environment": "production"}])
def test_what_was_a_demonstration_is_not_opened_to_others(app: Flask, change: dict[str, str]) -> None:
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], **change)
    answer = app.test_cli_runner().invoke(args=["seed"])
    assert answer.exit_code == 1
    assert "everybody knows the passwords of siti." in answer.output
    assert "DATABASE_URL" in answer.output


@pytest.mark.usefixtures("was_a_demonstration")
def test_on_the_own_machine_it_may_stay(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(area_list, "load", lambda: 0)  # ten seconds of work, after the door
    answer = app.test_cli_runner().invoke(args=["seed"])
    assert answer.exit_code == 0
    assert "everybody knows" not in answer.output


def test_the_same_names_with_passwords_of_their_own_are_fine(app: Flask, cast: Cast) -> None:
    assert load.open_doors() == []


def test_a_real_provider_never_texts_the_invented_people(app: Flask, cast: Cast) -> None:
    invented, own = cast.migrant.phones[0], cast.withdrew.phones[0]
    invented.number = "+6281200000101"
    db.session.commit()
    assert load.hush(clock.now()) == len(set(load.invented_numbers()))
    db.session.commit()
    assert db.session.scalars(sa.select(Phone.number).where(Phone.do_not_text)).all() == ["+6281200000101"]
    assert not own.do_not_text
    assert load.hush(clock.now()) == 0


def test_a_number_of_an_invented_officer_gets_no_alarm_from_a_real_provider(app: Flask, cast: Cast) -> None:
    now = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
    real, cast.coordinator.phone = cast.stranger.phone, "+6281200000303"
    load.hush(now)
    alert([cast.coordinator, cast.stranger], "ALINK", {}, key="hushed", cause="hushed", now=now)
    db.session.commit()
    store = SqlStore(db.engine, gateway="real", owner="test", lease=60, price_rupiah=350)
    assert [one.outgoing.to for one in store.claim_due(10, now).handovers] == [real]


@pytest.mark.parametrize(
    ("env", "prepared"),
    [
        ({"DEMO": "1"}, False),
        ({"DEMO": "0"}, True),
        ({"DEMO": "1", "TWILIO_ACCOUNT_SID": "AC0"}, True),
        ({"DEMO": "1", "TODAY": "2026-12-01"}, True),
    ],
)
def test_make_run_looks_again_when_it_matters(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, env: dict[str, str], prepared: bool
) -> None:
    done: list[object] = []
    monkeypatch.setattr(run, "DATABASE", tmp_path / "desmigratif.db")
    (tmp_path / "desmigratif.db").touch()
    monkeypatch.setattr(run.Stamps, "holds", lambda *_: True)
    monkeypatch.setattr(run.progress, "run", lambda *_, **__: done.append(1))
    run.prepare(env)
    assert bool(done) is prepared
