"""Consent asked for each purpose by itself: what is agreed to, refused, and left open."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, scoped_session

from tests.offline.sending import send
from tests.people import Cast
from tests.registry.forms import newest, register
from webapp import clock
from webapp.db import db
from webapp.people import consent


def test_a_refusal_is_an_answer_and_what_was_not_asked_is_none(
    facilitator: FlaskClient, db_session: scoped_session[Session]
) -> None:
    register(facilitator, consent_sms="no")
    lines = consent.current(newest(db_session).id)
    assert {purpose: line and line.given for purpose, line in lines.items()} == {
        "data": True,
        "sms": False,
        "forwarding": None,
    }


def test_one_form_takes_several_answers(facilitator: FlaskClient, cast: Cast) -> None:
    path = f"/people/{cast.migrant.id}/consents"
    before = len(consent.ledger(cast.migrant.id))
    form = {"consent_data": "no", "consent_forwarding": "yes", "how": "signed", "witness": "Pak Karto"}
    assert facilitator.post(path, data=form).status_code == 303
    lines = consent.current(cast.migrant.id)
    assert len(consent.ledger(cast.migrant.id)) == before + 2
    assert [lines[p].given for p in ("data", "sms", "forwarding")] == [False, True, True]  # type: ignore[union-attr]  # fails if None
    assert "tidak mau datanya disimpan" in facilitator.get(path).text


@pytest.mark.parametrize("form", [{}, {"consent_sms": ""}, {"consent_sms": "perhaps"}])
def test_a_form_without_an_answer_stores_nothing(facilitator: FlaskClient, cast: Cast, form: dict[str, str]) -> None:
    before = len(consent.ledger(cast.migrant.id))
    assert facilitator.post(f"/people/{cast.migrant.id}/consents", data=form | {"how": "spoken"}).status_code == 422
    assert len(consent.ledger(cast.migrant.id)) == before


def test_an_older_yes_does_not_revive_what_was_withdrawn_since(facilitator: FlaskClient, cast: Cast) -> None:
    """Written without a signal in the morning, withdrawn at the office at noon, sent in the afternoon."""
    person, path = cast.migrant, f"/people/{cast.migrant.id}/consents"
    person.record_consent("sms", False, account=cast.coordinator, now=clock.now(), how="signed")
    db.session.commit()
    form = {"consent_sms": "yes", "how": "spoken"}
    assert send(facilitator, path, form).status_code == 409
    assert [line and line.given for line in [consent.current(person.id)["sms"]]] == [False]
    assert send(facilitator, path, form | {"consent_sms": "no"}).status_code == 200
    assert facilitator.post(path, data=form).status_code == 303, "asked again, the person agrees"
