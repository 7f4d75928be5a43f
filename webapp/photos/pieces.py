"""A photo comes in pieces, so that a link that breaks costs only the last one. Any piece may come twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from webapp.accounts.model import Account
from webapp.db import db, insert
from webapp.photos.model import MOST_LOOSE, MOST_LOOSE_BYTES, Photo, Piece
from webapp.photos.picture import NotAPicture, small_picture
from webapp.sealing import seal_bytes, unseal_bytes


@dataclass(frozen=True)
class Sent:
    """One piece as it arrived: of which photo, where in it, and what the browser says of the whole."""

    key: str
    #: Both in bytes.
    offset: int
    size: int
    quality: str
    content: bytes


class Gap(Exception):
    """Something before this piece is missing: the sender goes on at `received`."""

    def __init__(self, received: int) -> None:
        super().__init__(f"only {received} bytes are here")
        self.received = received


class AnotherPhoto(Exception):
    """The key stands for a photo of another size."""


class TooManyLoose(Exception):
    """So many photos of this account belong to nothing that it may not begin another one."""


def receive(sent: Sent, account: Account, now: datetime) -> Photo:
    """Keep this piece; with the last one the photo is complete. Never commits.

    The row is locked, so of two pieces at once the second sees what the first left. Raises Gap, AnotherPhoto
    and TooManyLoose, and NotAPicture after the last piece, when nothing of it is kept.
    """
    if sent.offset == 0:
        if of(account, sent.key) is None and not _has_room(account, sent.size):
            raise TooManyLoose
        db.session.execute(_begin(sent, account, now))
    photo = _locked(account, sent.key)
    if photo is None:
        raise Gap(0)
    if photo.size != sent.size:
        raise AnotherPhoto
    if sent.offset > photo.received:
        raise Gap(photo.received)
    if sent.offset == photo.received and photo.completed_at is None:
        _keep(photo, sent, now)
    return photo


def of(account: Account, key: str) -> Photo | None:
    """The photo of this account that has this key."""
    return db.session.scalar(_one(account, key))


def _one(account: Account, key: str) -> sa.Select[tuple[Photo]]:
    return sa.select(Photo).where(Photo.account_id == account.id, Photo.key == key)


def _locked(account: Account, key: str) -> Photo | None:
    query = _one(account, key).with_for_update().execution_options(populate_existing=True)
    return db.session.scalar(query)


def _has_room(account: Account, size: int) -> bool:
    """Of some that begin at once each may see room for itself: the limit is there against thousands."""
    loose = sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(Photo.size), 0))
    number, bytes_sent = db.session.execute(loose.where(Photo.account_id == account.id, Photo.subject == "")).one()
    return number < MOST_LOOSE and bytes_sent + size <= MOST_LOOSE_BYTES


def _begin(sent: Sent, account: Account, now: datetime) -> Any:
    """The unique key decides which of two first pieces makes the row."""
    row = insert(Photo).values(
        key=sent.key,
        account_id=account.id,
        area_code=account.area_code,
        quality=sent.quality,
        size=sent.size,
        received=0,
        created_at=now,
        subject="",
    )
    return row.on_conflict_do_nothing(index_elements=["account_id", "key"])


def _keep(photo: Photo, sent: Sent, now: datetime) -> None:
    photo.received += len(sent.content)
    if photo.received < photo.size:
        db.session.add(Piece(photo_id=photo.id, offset=sent.offset, data_encrypted=seal_bytes(sent.content)))
        return
    try:
        photo.complete(small_picture(_joined(photo) + sent.content, photo.quality), now)
    except NotAPicture:
        db.session.delete(photo)  # and its pieces with it
        raise
    db.session.execute(sa.delete(Piece).where(Piece.photo_id == photo.id))


def _joined(photo: Photo) -> bytes:
    query = sa.select(Piece.data_encrypted).where(Piece.photo_id == photo.id).order_by(Piece.offset)
    return b"".join(map(unseal_bytes, db.session.scalars(query)))
