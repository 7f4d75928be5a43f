"""The field of a form that takes photos: as files, or as keys of photos that came before the form."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import FileStorage
from wtforms import BooleanField, Field, Form
from wtforms.validators import ValidationError
from wtforms.widgets import FileInput

from webapp import clock
from webapp.accounts.access import current_account
from webapp.db import db
from webapp.photos.model import Photo
from webapp.photos.picture import CLEAR, SMALL, NotAPicture, TooManyPixels, small_picture
from webapp.photos.words import NOT_A_PICTURE, TOO_MANY_PIXELS
from webapp.security import PHOTOS_FIELD

MOST_PHOTOS = 3
LONGEST_KEY = 36
#: The name of the tick beside the field; the script of the page reads it too.
QUALITY_FIELD = "photo_quality"


def quality_field() -> BooleanField:
    """Stands in a form under the name QUALITY_FIELD."""
    return BooleanField(_l("Clear photos (up to 200 kB each)"))


class PhotosField(Field):
    """Up to MOST_PHOTOS photos of the current account that belong to nothing yet. Must be called PHOTOS_FIELD.

    A browser with a script sends photos beforehand, in pieces, and their keys in the form; one without sends files.
    `data` is a list of Photo once it validates. Those that came as files are in no session: give all to
    `photos.model.attach` in the transaction that stores the form.
    """

    widget = FileInput(multiple=True)
    data: list[Photo]

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        attributes = {"accept": "image/*", "data-photos": True}
        super().__init__(label or _l("Photos"), render_kw=attributes, **kwargs)
        self.keys: list[str] = []
        self.files: list[FileStorage] = []

    def _value(self) -> bool:
        return False  # no page may fill in a file

    def process_data(self, _value: Any) -> None:
        self.data = []

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """A browser sends an empty file where none was chosen."""
        assert self.name == PHOTOS_FIELD, "files are let in under this name alone"
        self.data = []
        self.files = [value for value in valuelist if isinstance(value, FileStorage) and value.filename]
        keys = [value.strip() for value in valuelist if isinstance(value, str) and value.strip()]
        self.keys = list(dict.fromkeys(keys))

    def pre_validate(self, form: Form) -> None:
        if len(self.keys) + len(self.files) > MOST_PHOTOS:
            raise ValidationError(_l("At most %(most)s photos. Take some away.", most=MOST_PHOTOS))
        sent = self._sent_before()
        self.keys = [photo.key for photo in sent]
        quality = CLEAR if QUALITY_FIELD in form and form[QUALITY_FIELD].data else SMALL
        self.data = [*sent, *(_from_file(file, quality) for file in self.files)]

    def _sent_before(self) -> list[Photo]:
        """Locked, so that of two forms with the same photo the second finds it attached."""
        if not self.keys:
            return []
        keys = [key for key in self.keys if len(key) <= LONGEST_KEY]
        query = (
            sa.select(Photo)
            .where(Photo.account_id == current_account.id, Photo.key.in_(keys))
            .where(Photo.completed_at.is_not(None), Photo.subject == "")
            .order_by(Photo.id)
            .with_for_update()
        )
        found = list(db.session.scalars(query))
        if len(found) < len(self.keys):
            self.keys = [photo.key for photo in found]
            raise ValidationError(_l("A photo has not arrived completely. Choose it once more, then send again."))
        return found

    @property
    def is_lost(self) -> bool:
        """A form that is shown again has lost its files: the browser does not send them twice by itself."""
        return bool(self.files)


def _from_file(file: FileStorage, quality: str) -> Photo:
    content = file.read()
    try:
        picture = small_picture(content, quality)
    except TooManyPixels:
        raise ValidationError(TOO_MANY_PIXELS) from None
    except NotAPicture:
        raise ValidationError(NOT_A_PICTURE) from None
    now = clock.real_now()
    photo = Photo.begin(str(uuid.uuid4()), quality, len(content), account=current_account, now=now)
    photo.complete(picture, now)
    return photo
