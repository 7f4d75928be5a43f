"""Sealed values: they open with their key alone, are found by a keyed hash, and a key can be changed."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.people import Cast
from webapp import sealing
from webapp.db import db
from webapp.people.model import Person

NIK = "3301065705940001"
NEW_KEY = ("new", b"fedcba9876543210fedcba9876543210")


def use_keys(app: Flask, *keys: tuple[str, bytes]) -> None:
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], encryption_keys=keys)


def old_keys(app: Flask) -> tuple[tuple[str, bytes], ...]:
    keys: tuple[tuple[str, bytes], ...] = app.config["SETTINGS"].encryption_keys
    return keys


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=60))
def test_what_was_sealed_opens_and_shows_nothing(app: Flask, text: str) -> None:
    sealed = sealing.seal(text)
    assert sealing.unseal(sealed) == text
    assert sealing.seal(text) != sealed
    if len(text) > 3:
        assert text.encode("utf-8", "replace") not in sealed


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_bytes_that_are_no_text_are_sealed_too(app: Flask) -> None:
    sealed = sealing.seal_bytes(b"\xff\xd8\x00")
    assert sealing.unseal_bytes(sealed) == b"\xff\xd8\x00"
    with pytest.raises(sealing.SealError):
        sealing.unseal(sealed)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_another_key_or_a_changed_byte_opens_nothing(app: Flask) -> None:
    sealed = sealing.seal(NIK)
    with pytest.raises(sealing.SealError):
        sealing.unseal(sealed[:-1] + bytes([sealed[-1] ^ 1]))
    use_keys(app, NEW_KEY)
    with pytest.raises(sealing.SealError) as refused:
        sealing.unseal(sealed)
    assert NIK not in str(refused.value)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_hash_needs_the_key(app: Flask) -> None:
    under_old = sealing.fingerprint(NIK)
    assert under_old == sealing.fingerprint(NIK)
    use_keys(app, NEW_KEY)
    assert sealing.fingerprint(NIK) != under_old


def test_a_key_is_changed_while_everything_is_still_found(app: Flask, cast: Cast) -> None:
    person = cast.migrant
    person.nik_encrypted, person.nik_hash = sealing.seal(NIK), sealing.fingerprint(NIK)
    db.session.commit()
    use_keys(app, NEW_KEY, *old_keys(app))
    assert person.nik_hash in sealing.fingerprints(NIK)
    result = app.test_cli_runner().invoke(args=["reseal"])
    assert "1 values" in result.output
    use_keys(app, NEW_KEY)
    db.session.expire_all()
    resealed = db.session.scalars(sa.select(Person).where(Person.nik_hash == sealing.fingerprint(NIK))).one()
    assert sealing.unseal(resealed.nik_encrypted) == NIK


def test_resealing_again_does_nothing(app: Flask, cast: Cast) -> None:
    person = cast.migrant
    person.nik_encrypted, person.nik_hash = sealing.seal(NIK), sealing.fingerprint(NIK)
    db.session.commit()
    assert sealing.reseal() == 0
