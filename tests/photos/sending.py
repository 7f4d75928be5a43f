"""What the script of a form does: it sends a photo in pieces, and asks where to go on."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from webapp.db import db
from webapp.photos.model import Photo

KEY = "0b8f7c1e-1111-4000-8000-000000000001"
OTHER_KEY = "0b8f7c1e-2222-4000-8000-000000000002"
PIECE = 32 * 1024


def send_piece(
    client: FlaskClient, content: bytes, offset: int, size: int, *, key: str = KEY, quality: str = "small"
) -> TestResponse:
    query = {"offset": offset, "size": size, "quality": quality}
    kind = "application/octet-stream"
    return client.post(f"/photos/{key}/pieces", query_string=query, data=content, content_type=kind)


def pieces_of(content: bytes, length: int = PIECE) -> Iterator[tuple[int, bytes]]:
    for offset in range(0, len(content), length):
        yield offset, content[offset : offset + length]


def send(client: FlaskClient, content: bytes, *, key: str = KEY, quality: str = "small") -> TestResponse:
    """All pieces; the answer to the last."""
    for offset, piece in pieces_of(content):
        answer = send_piece(client, piece, offset, len(content), key=key, quality=quality)
    return answer


def progress(client: FlaskClient, key: str = KEY) -> dict[str, object]:
    facts = client.get(f"/photos/{key}/pieces").json
    assert isinstance(facts, dict)
    return facts


def photo_of(key: str = KEY) -> Photo:
    db.session.rollback()
    return db.session.scalars(sa.select(Photo).where(Photo.key == key)).one()


def count(model: type) -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0
