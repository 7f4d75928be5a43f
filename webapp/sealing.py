"""Encryption at rest of the few columns that need it: NIK, numbers of papers, photos.

A sealed value is `key name ':' nonce ciphertext` (AES-256-GCM). The first key of ENCRYPTION_KEYS seals,
every key opens; so a key is rotated by putting a new one first and running `flask reseal`, after which
the old one can go. A fingerprint is a keyed hash by which a sealed value is found again.

Convention: a sealed column is called `…_encrypted`, the fingerprint beside it `…_hash`; `reseal` finds them so.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Iterator

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app

from webapp.db import db

NONCE_BYTES = 12
#: So few that a batch of photos fits in memory.
RESEAL_BATCH = 100


class SealError(Exception):
    """A sealed value cannot be opened: its key is gone from ENCRYPTION_KEYS, or it was tampered with."""


def seal(text: str) -> bytes:
    """Encrypt under the newest key. Two seals of the same text differ."""
    return seal_bytes(text.encode())


def unseal(sealed: bytes) -> str:
    """The text that was sealed, under whichever of the keys. Raises SealError; its words hold no data."""
    try:
        return unseal_bytes(sealed).decode()
    except UnicodeDecodeError as error:
        raise SealError("A sealed value opens, but it is no text.") from error


def seal_bytes(content: bytes) -> bytes:
    """The same of what is no text, such as a photo."""
    name, key = _keys()[0]
    nonce = os.urandom(NONCE_BYTES)
    return name.encode() + b":" + nonce + AESGCM(key).encrypt(nonce, content, name.encode())


def unseal_bytes(sealed: bytes) -> bytes:
    """What was sealed by `seal_bytes` or `seal`. Raises SealError; its words hold no data."""
    name, _, rest = bytes(sealed).partition(b":")
    key = dict(_keys()).get(name.decode("ascii", "replace"))
    if key is None:
        raise SealError(f"ENCRYPTION_KEYS has no key named {name[:16]!r}: add the key that sealed this value.")
    try:
        return AESGCM(key).decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], name)
    except (InvalidTag, ValueError) as error:
        raise SealError("A sealed value does not open: it was damaged, or its key was replaced.") from error


def fingerprint(text: str) -> str:
    """Keyed hash under the newest key, 64 hex digits: what is stored beside a sealed value."""
    return _fingerprint(_keys()[0][1], text)


def fingerprints(text: str) -> list[str]:
    """The hash under every key: what to look for, so that values not yet resealed are found too."""
    return [_fingerprint(key, text) for _, key in _keys()]


def reseal() -> int:
    """Seal everything anew under the newest key, in batches that each commit. Returns how many values.

    Safe to stop and to run again; a batch that was done is only skipped over the next time.
    """
    return sum(_reseal_column(table, column) for table, column in _sealed_columns())


def _keys() -> tuple[tuple[str, bytes], ...]:
    keys: tuple[tuple[str, bytes], ...] = current_app.config["SETTINGS"].encryption_keys
    return keys


def _fingerprint(key: bytes, text: str) -> str:
    own_key = hmac.digest(key, b"fingerprint", hashlib.sha256)
    return hmac.new(own_key, text.encode(), hashlib.sha256).hexdigest()


def _sealed_columns() -> Iterator[tuple[sa.Table, sa.Column[bytes]]]:
    for table in db.metadata.sorted_tables:
        for column in table.columns:
            if column.name.endswith("_encrypted"):
                yield table, column


def _reseal_column(table: sa.Table, column: sa.Column[bytes]) -> int:
    done, after = 0, 0
    while rows := _old_rows(table, column, after):
        for row_id, sealed in rows:
            db.session.execute(table.update().where(table.c.id == row_id).values(_sealed_anew(table, column, sealed)))
        db.session.commit()
        done, after = done + len(rows), rows[-1][0]
    return done


def _old_rows(table: sa.Table, column: sa.Column[bytes], after: int) -> list[tuple[int, bytes]]:
    """The next rows that another key sealed; locked where the database can, so that no edit is lost."""
    newest = _keys()[0][0].encode() + b":"
    prefix = sa.func.substr(column, 1, len(newest))
    query = (
        sa.select(table.c.id, column)
        .where(table.c.id > after, column.is_not(None), prefix != newest)
        .order_by(table.c.id)
        .limit(RESEAL_BATCH)
        .with_for_update()
    )
    return [(row_id, sealed) for row_id, sealed in db.session.execute(query)]


def _sealed_anew(table: sa.Table, column: sa.Column[bytes], sealed: bytes) -> dict[str, object]:
    content = unseal_bytes(sealed)
    values: dict[str, object] = {column.name: seal_bytes(content)}
    hash_name = column.name.removesuffix("_encrypted") + "_hash"
    if hash_name in table.columns:
        values[hash_name] = fingerprint(content.decode())
    return values
