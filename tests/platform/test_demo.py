"""A demonstration stays one: what everybody knows or may belong to somebody does not go further."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.people import JAKARTA, Cast
from tools import run
from webapp import clock
from webapp.accounts import passwords
from webapp.accounts.model import Account
from webapp.areas import load as area_list
from webapp.areas.codes import parent_of
from webapp.areas.model import Area
from webapp.brokers.alias_model import BrokerCrossing
from webapp.brokers.model import BrokerReport
from webapp.cases.model import Case
from webapp.conversations.model import Incoming
from webapp.db import db
from webapp.demo import load, work
from webapp.people.model import Phone
from webapp.routes.model import Route
from webapp.warnings import presenter
from webapp.warnings.audience import OFFERED_STAGES
from webapp.warnings.model import SafetyWarning

PUBLIC = {"public_url": "https://desmigratif.example.go.id"}


@pytest.fixture
def was_a_demonstration(app: Flask, cast: Cast) -> None:
    """Siti of the cast has the password of the Siti of the demonstration."""
    known = {username: password for _, username, password in run.demo_accounts(run.DEMO_ACCOUNTS)}
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
    assert load.hush() == 1
    db.session.commit()
    assert db.session.scalars(sa.select(Phone.number).where(Phone.do_not_text)).all() == ["+6281200000101"]
    assert not own.do_not_text
    assert load.hush() == 0


def test_a_real_provider_never_texts_the_invented_officers(app: Flask, cast: Cast) -> None:
    cast.coordinator.phone, number = "+6281200000303", cast.facilitator.phone
    db.session.commit()
    assert load.hush() == 1
    db.session.commit()
    assert cast.coordinator.phone is None
    assert cast.facilitator.phone == number


@pytest.mark.own_database
def test_the_demonstration_shows_everything_at_work(app: Flask) -> None:
    """Made by the acts of pages and webhooks, which refuse what cannot be. Some of every kind of work is there."""
    db.session.execute(sa.delete(Account))
    for code in ("33.02", "33.02.01", "33.02.01.2001"):
        db.session.add(
            Area(
                code=code,
                parent_code=parent_of(code),
                level=code.count(".") + 1,
                name=code,
                name_key=code,
                zone=JAKARTA,
                participates=False,
            )
        )
        db.session.flush()
    now = clock.now()
    load.load(now)
    db.session.commit()
    work.load(now)
    states = set(db.session.scalars(sa.select(BrokerReport.state)))
    assert states == {"received", "triage", "verifying", "referred", "officially_confirmed", "not_proven"}
    joined = db.session.scalars(sa.select(BrokerCrossing)).all()
    assert len(joined) == 1, "reports of two regencies are one network"
    assert sorted(db.session.scalars(sa.select(Case.closed_at.is_(None)).where(Case.kind == "help"))) == [False, True]
    assert set(db.session.scalars(sa.select(SafetyWarning.state))) == {"approved", "waiting"}
    for warning in db.session.scalars(sa.select(SafetyWarning)):
        assert set(warning.stages) <= set(OFFERED_STAGES)
    waiting = db.session.scalars(sa.select(SafetyWarning).where(SafetyWarning.state == "waiting")).one()
    assert presenter.preview_of(waiting, now).missing == []
    assert db.session.scalars(sa.select(Incoming.id).where(Incoming.understood_at.is_(None))).all() == []
    assert len(db.session.scalars(sa.select(Route)).all()) == 1


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
