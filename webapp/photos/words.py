"""What is said of a photo that cannot be taken."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

NOT_A_PICTURE = _l("This is not a photo, or a part of it is missing. Choose another one (JPEG, PNG or WebP).")
TOO_MANY_PIXELS = _l("This photo has too many pixels. Take it again with a smaller size.")
TOO_MANY_BYTES = _l("This photo is too large to be sent.")
TOO_MANY_PHOTOS = _l("Too many photos of yours belong to no form yet. Send this form without a photo.")
ANOTHER_PHOTO = _l("Another photo was sent with this key. Choose the photo once more.")
