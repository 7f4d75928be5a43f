"""Stock texts: their words in each language, and how they are put together for one person."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import sqlalchemy as sa

from sms.states import QUEUED
from sms.text import fit, segments, whole
from webapp import clock
from webapp.db import db
from webapp.outbox.model import Message, Text

SHIPPED = Path(__file__).resolve().parents[2] / "templates" / "sms" / "texts.tsv"
#: What is said where a language has no enabled text of its own.
FALLBACK = "id"
#: Values of a broadcast that are the same for a whole village, so that they tell nothing of anybody.
OF_THE_PLACE = frozenset({"desa", "hp"})


class UnknownText(LookupError):
    """No text of this code is enabled, not even in Indonesian."""


class Newest(NamedTuple):
    """What is said now."""

    body: str
    version: int
    most_segments: int = 1


class Texts:
    """The newest enabled version of each text of some codes, loaded once for many renderings."""

    def __init__(self, newest: Mapping[tuple[str, str], Newest]) -> None:
        self._newest = newest

    @classmethod
    def load(cls, connection: Any, codes: Iterable[str]) -> Texts:
        """Through a Connection or a Session."""
        rows = connection.execute(_newest_last, {"codes": list(codes)})
        return cls({(code, language): Newest(*rest) for code, language, *rest in rows})

    def render(self, code: str, language: str, values: Mapping[str, object]) -> str:
        """The words alone. Raises UnknownText; sms.text.MissingValue if a value that the text names is not there."""
        return self.rendered(code, language, values)[0]

    def rendered(
        self, code: str, language: str, values: Mapping[str, object], *, others_read: bool = False
    ) -> tuple[str, int, int]:
        """Words, segments and version: of the text of this language or, where it has none, of the Indonesian.

        `others_read`: words of a broadcast then say nothing of the recipient. Stock texts are public as they are.
        """
        found = self._newest.get((code, language)) or self._newest.get((code, FALLBACK))
        if found is None:
            raise UnknownText(code)
        if found.most_segments == 1:
            return fit(found.body, values), 1, found.version
        if others_read:
            values = {name: value if name in OF_THE_PLACE else "" for name, value in values.items()}
        words = whole(found.body, values)
        return words, segments(words), found.version


def load() -> None:
    """Add shipped texts of which the database has no version. The caller commits."""
    known = set(db.session.execute(sa.select(Text.code, Text.language)).tuples())
    now = clock.real_now()
    with SHIPPED.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            if (row["code"], row["language"]) not in known:
                enabled = row["enabled"] == "1"
                db.session.add(
                    Text(
                        code=row["code"],
                        language=row["language"],
                        version=1,
                        body=row["body"],
                        enabled=enabled,
                        created_at=now,
                    )
                )


def render(code: str, language: str, values: Mapping[str, object]) -> str:
    """The newest enabled text in this language, else in Indonesian, with its values.

    Raises UnknownText; sms.text.MissingValue if the text names a value that is not there.
    """
    return Texts.load(db.session, [code]).render(code, language, values)


def words_of(message: Message) -> str:
    """What was said, or would be said now if it still waits. Empty if its text is gone or lacks a value."""
    if message.body and (message.state != QUEUED or not message.text_code):
        return message.body
    try:
        return render(message.text_code, message.language, message.values)
    except LookupError:
        return ""


_newest_last = (
    sa.select(Text.code, Text.language, Text.body, Text.version, Text.most_segments)
    .where(Text.code.in_(sa.bindparam("codes", expanding=True)), Text.enabled)
    .order_by(Text.version)
)
