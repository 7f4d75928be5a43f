"""An invitation by SMS is queued with the account, and its words are one segment."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, scoped_session

from sms.text import segments
from tests.accounts.test_invitations import WULAN, join
from tests.conftest import Login, new_client
from tests.people import HOME, Cast
from webapp import clock
from webapp.accounts.model import Account
from webapp.db import db
from webapp.outbox.chores import CHORES
from webapp.outbox.invitations import forget_codes, words
from webapp.outbox.model import Message


def test_the_code_waits_in_the_outbox_and_opens_the_account(
    app: Flask, client: FlaskClient, cast: Cast, login: Login, db_session: scoped_session[Session]
) -> None:
    login(client, cast.coordinator)
    client.post("/accounts", data=WULAN | {"delivery": "sms"})
    text = db_session.scalars(sa.select(Message)).one()
    assert (text.number, text.area_code, text.purpose, text.state) == ("+6281399990001", HOME, "account", "queued")
    assert text.expires_at is not None
    assert timedelta(days=6) < text.expires_at - clock.now() <= timedelta(days=7)
    code = text.body.partition("kode ")[2][:9] or text.body.partition("code ")[2][:9]
    assert join(new_client(app), code).status_code == 303


@pytest.mark.parametrize("state", ["sent", "delivered", "failed", "expired", "suppressed", "withdrawn"])
def test_no_code_is_left_where_the_text_has_gone_out_or_will_not_go(
    client: FlaskClient, cast: Cast, login: Login, db_session: scoped_session[Session], state: str
) -> None:
    """Whoever reads messages, in the application or in a backup, could else log in as somebody else."""
    login(client, cast.administrator)
    client.post("/accounts", data=WULAN | {"delivery": "sms"})
    text = db_session.scalars(sa.select(Message)).one()
    for waiting in ("queued", "sending", "unknown"):
        text.state = waiting
        db.session.commit()
        assert forget_codes(clock.now()) == 0
        assert text.body != ""
    text.state = state
    db.session.commit()
    assert forget_codes(clock.now()) == 1
    db_session.refresh(text)
    assert text.body == ""
    assert forget_codes(clock.now()) == 0


def test_the_worker_forgets_the_code_by_itself(app: Flask) -> None:
    assert forget_codes in CHORES


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("language", ["id", "en"])
def test_its_words_are_one_segment(app: Flask, language: str) -> None:
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], public_url="https://desmigratif.disnaker.cilacapkab.go.id")
    account = Account(username="x" * 40, language=language)
    with app.test_request_context():
        text = words(account, "MWQX-MWQX")
    assert "https" not in text
    assert "desmigratif.disnaker.cilacapkab.go.id/join" in text
    assert segments(text) == 1
