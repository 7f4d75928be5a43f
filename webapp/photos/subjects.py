"""Who may see a photo is decided by the noun that it belongs to, which says so here.

A noun calls `add_subject` from its own `register()`, which create_app calls; calling twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable

from webapp.photos.model import Photo

#: The id of a thing → may the account of this request see it?
MaySee = Callable[[int], bool]
SUBJECTS: dict[str, MaySee] = {}


def add_subject(name: str, may_see: MaySee) -> None:
    """Photos may be attached to things of this name (Photo.subject)."""
    SUBJECTS[name] = may_see


def may_be_seen(photo: Photo) -> bool:
    """Not one that is attached to nothing: its sender has it on the phone."""
    may_see = SUBJECTS.get(photo.subject)
    return may_see is not None and photo.subject_id is not None and may_see(photo.subject_id)
