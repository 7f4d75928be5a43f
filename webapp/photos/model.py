"""Photos: sent in pieces over a bad link, made small, sealed, and each attached to one thing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from webapp.accounts.model import Account
from webapp.db import AreaCode, Base, BigId, UTCDateTime, db
from webapp.photos.picture import Picture
from webapp.sealing import seal_bytes, unseal_bytes

#: What is sent in may be larger than what is kept: it is made small here.
MOST_BYTES_SENT = 400_000
MOST_BYTES_A_PIECE = 32 * 1024
#: So many photos of one account, and bytes of them, may belong to nothing yet. Three come before each form and belong
#: to it a moment later: so many are left by mistake, or on purpose.
MOST_LOOSE, MOST_LOOSE_BYTES = 100, 20_000_000


class Photo(Base):
    """A picture that somebody sends. Complete once it was looked at and sealed; attached once it belongs somewhere."""

    __tablename__ = "photos"
    __table_args__ = (
        sa.UniqueConstraint("account_id", "key"),
        sa.Index("ix_photos_subject_subject_id", "subject", "subject_id"),
        # For the sweep of what belongs to nothing.
        sa.Index(
            "ix_photos_loose",
            "created_at",
            sqlite_where=sa.text("subject = ''"),
            postgresql_where=sa.text("subject = ''"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    #: A UUID that the browser made, so that a piece sent twice is known.
    key: Mapped[str] = mapped_column(sa.String(36))
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"))
    #: Of the account when it began to send.
    area_code: Mapped[str] = mapped_column(AreaCode)
    #: 'small' or 'clear': how much of it is kept (picture.py).
    quality: Mapped[str] = mapped_column(sa.String(5))
    #: Bytes that the browser said it would send, and how many of them are here.
    size: Mapped[int] = mapped_column(sa.Integer)
    received: Mapped[int] = mapped_column(sa.Integer, default=0)
    #: A JPEG without any metadata. Not read along with lists.
    content_encrypted: Mapped[bytes | None] = mapped_column(sa.LargeBinary, deferred=True)
    width: Mapped[int | None] = mapped_column(sa.Integer)
    height: Mapped[int | None] = mapped_column(sa.Integer)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    completed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: What it belongs to ('broker_report' and an id); '' until it is attached.
    subject: Mapped[str] = mapped_column(sa.String(24), default="")
    subject_id: Mapped[int | None] = mapped_column(sa.BigInteger)

    @classmethod
    def begin(cls, key: str, quality: str, size: int, *, account: Account, now: datetime) -> Photo:
        """One of which nothing is here yet. Not in the session: `attach` adds it."""
        return cls(
            key=key,
            account_id=account.id,
            area_code=account.area_code,
            quality=quality,
            size=size,
            received=0,
            created_at=now,
            subject="",
        )

    def complete(self, picture: Picture, now: datetime) -> None:
        """All of it came and is a picture: keep what was made of it, sealed."""
        self.content_encrypted = seal_bytes(picture.jpeg)
        self.width, self.height = picture.width, picture.height
        self.received, self.completed_at = self.size, now

    @property
    def jpeg(self) -> bytes:
        """The picture. Raises sealing.SealError if its key is gone."""
        assert self.content_encrypted is not None, "only a complete photo has content"
        return unseal_bytes(self.content_encrypted)


class Piece(Base):
    """Some bytes of a photo that is not complete yet. Sealed, for a camera writes into them where it was."""

    __tablename__ = "photo_pieces"
    __table_args__ = (sa.UniqueConstraint("photo_id", "offset"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    photo_id: Mapped[int] = mapped_column(sa.ForeignKey("photos.id", ondelete="CASCADE"))
    #: Where in the photo it begins, in bytes.
    offset: Mapped[int] = mapped_column(sa.Integer)
    data_encrypted: Mapped[bytes] = mapped_column(sa.LargeBinary)


def attach(photos: Sequence[Photo], subject: str, subject_id: int) -> None:
    """These complete photos belong to this from now on, and to nothing else. Never commits.

    Raises ValueError for one that belongs somewhere already; PhotosField gives out no such.
    """
    for photo in photos:
        if photo.subject or photo.completed_at is None:
            raise ValueError(f"photo {photo.id} is incomplete or attached to something already")
        photo.subject, photo.subject_id = subject, subject_id
        db.session.add(photo)
