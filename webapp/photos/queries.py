"""Reads of photos."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from flask import abort

from webapp.accounts import audit
from webapp.db import db
from webapp.photos.model import Photo
from webapp.photos.subjects import may_be_seen


def get(photo_id: int) -> Photo:
    """This photo, if the reader may see what it belongs to; else 404. The audit log says who saw it."""
    photo = db.session.get(Photo, photo_id)
    if photo is None or not may_be_seen(photo):
        abort(404)
    audit.seen("photo", photo.id, photo.area_code, audit.OF_REPORT if photo.subject == audit.REPORT else "")
    return photo


def attached_to(subject: str, subject_id: int) -> Sequence[Photo]:
    """The photos of a thing, as they came. The reader may see the thing: that was asked before."""
    query = sa.select(Photo).where(Photo.subject == subject, Photo.subject_id == subject_id).order_by(Photo.id)
    return db.session.scalars(query).all()
