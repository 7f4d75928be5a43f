"""Sending a photo in pieces, for the script of a form, and looking at one."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, request
from flask_limiter.util import get_remote_address
from werkzeug.wrappers import Response

from webapp import clock
from webapp.accounts.access import current_account
from webapp.page import answered
from webapp.photos import pieces, queries
from webapp.photos.model import MOST_BYTES_A_PIECE, MOST_BYTES_SENT, Photo
from webapp.photos.picture import QUALITIES, NotAPicture, TooManyPixels
from webapp.photos.words import ANOTHER_PHOTO, NOT_A_PICTURE, TOO_MANY_BYTES, TOO_MANY_PHOTOS, TOO_MANY_PIXELS
from webapp.security import limiter

blueprint = Blueprint("photos", __name__)


@blueprint.get("/photos/<uuid:key>/pieces")
def received(key: UUID) -> Response:
    """Where to go on. Nothing is known of a photo that nobody began to send."""
    photo = pieces.of(current_account, str(key))
    return answered(_progress(photo) if photo else {"received": 0, "complete": False})


def _sender() -> str:
    """Many phones share one address of their network, so floods are counted by account."""
    return str(current_account.id) if current_account.is_authenticated else get_remote_address()


@blueprint.post("/photos/<uuid:key>/pieces")
@limiter.limit("600 per 10 minutes", key_func=_sender)
def store_piece(key: UUID) -> Response:
    sent = _sent(str(key))
    if sent.size > MOST_BYTES_SENT:
        return answered({"error": str(TOO_MANY_BYTES)}, 413)
    try:
        photo = pieces.receive(sent, current_account, clock.real_now())
    except pieces.Gap as gap:
        return answered({"received": gap.received, "complete": False}, 409)
    except pieces.TooManyLoose:
        return answered({"error": str(TOO_MANY_PHOTOS)}, 413)
    except pieces.AnotherPhoto:
        return answered({"error": str(ANOTHER_PHOTO)}, 422)
    except TooManyPixels:
        return answered({"error": str(TOO_MANY_PIXELS)}, 422)
    except NotAPicture:
        return answered({"error": str(NOT_A_PICTURE)}, 422)
    return answered(_progress(photo))


@blueprint.get("/photos/<int:photo_id>")
def show(photo_id: int) -> Response:
    photo = queries.get(photo_id)
    return Response(photo.jpeg, mimetype="image/jpeg", headers={"Cache-Control": "private, no-store"})


def _progress(photo: Photo) -> dict[str, object]:
    return {"received": photo.received, "complete": photo.completed_at is not None}


def _sent(key: str) -> pieces.Sent:
    """The piece of this request; 400 if it cannot be one."""
    offset, size = request.args.get("offset", type=_bytes), request.args.get("size", type=_bytes)
    quality, content = request.args.get("quality", ""), request.get_data()
    if offset is None or size is None or quality not in QUALITIES:
        abort(400)
    if not 0 < len(content) <= MOST_BYTES_A_PIECE or offset + len(content) > size:
        abort(400)
    return pieces.Sent(key, offset, size, quality, content)


def _bytes(text: str) -> int:
    """A number of bytes in an address. Raises ValueError."""
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise ValueError("not a number of bytes")
    return int(text)
