"""Photos that belong to nothing go once no form can want them any more, and all are sealed anew when a key changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from tests.photos.pictures import camera_jpeg
from tests.photos.sending import KEY, OTHER_KEY, count, photo_of, send, send_piece
from webapp import clock, sealing
from webapp.accounts.housekeeping import FORM_KEYS, sweep
from webapp.db import db
from webapp.photos.model import Photo, Piece, attach

CONTENT = camera_jpeg()
THIRD_KEY = "0b8f7c1e-3333-4000-8000-000000000003"
NEW_KEY = ("new", b"fedcba9876543210fedcba9876543210")


def three_photos(client: FlaskClient) -> None:
    """One that is attached, one that belongs to nothing, and the beginning of one."""
    send(client, CONTENT)
    attach([photo_of()], "broker_report", 1)
    db.session.commit()
    send(client, CONTENT, key=OTHER_KEY)
    send_piece(client, CONTENT[:100], 0, len(CONTENT), key=THIRD_KEY)


def test_what_belongs_to_nothing_goes_when_its_form_cannot_come_any_more(facilitator: FlaskClient) -> None:
    three_photos(facilitator)
    now = clock.real_now()
    sweep(now + FORM_KEYS - timedelta(days=1))
    db.session.commit()
    assert (count(Photo), count(Piece)) == (3, 1)
    assert sweep(now + FORM_KEYS + timedelta(days=1)) >= 2
    db.session.commit()
    assert count(Piece) == 0
    assert list(db.session.scalars(sa.select(Photo.key))) == [KEY]


def test_photos_and_pieces_are_sealed_anew(app: Flask, facilitator: FlaskClient) -> None:
    three_photos(facilitator)
    before = photo_of().jpeg
    settings = app.config["SETTINGS"]
    app.config["SETTINGS"] = replace(settings, encryption_keys=(NEW_KEY, *settings.encryption_keys))
    assert sealing.reseal() == 3
    app.config["SETTINGS"] = replace(settings, encryption_keys=(NEW_KEY,))
    assert photo_of().jpeg == before
    assert sealing.unseal_bytes(db.session.scalars(sa.select(Piece.data_encrypted)).one()) == CONTENT[:100]
    assert send_piece(facilitator, CONTENT[100:], 100, len(CONTENT), key=THIRD_KEY).json["complete"]
