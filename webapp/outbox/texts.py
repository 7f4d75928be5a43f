"""Stock texts: their words in each language, and how they are put together for one person."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from sms.states import QUEUED
from sms.text import fit
from webapp import clock
from webapp.db import db
from webapp.outbox.model import Message, Text

SHIPPED = Path(__file__).resolve().parents[2] / "templates" / "sms" / "texts.tsv"
#: What is said where a language has no enabled text of its own.
FALLBACK = "id"


class UnknownText(LookupError):
    """No text of this code is enabled, not even in Indonesian."""


class Texts:
    """The newest enabled version of each text of some codes, loaded once for many renderings."""

    def __init__(self, newest: Mapping[tuple[str, str], tuple[str, int]]) -> None:
        """`newest`: words and version of each code and language."""
        self._newest = newest

    @classmethod
    def load(cls, connection: Any, codes: Iterable[str]) -> Texts:
        """Through a Connection or a Session."""
        rows = connection.execute(_newest_last, {"codes": list(codes)})
        return cls({(code, language): (body, version) for code, language, body, version in rows})

    def render(self, code: str, language: str, values: Mapping[str, object]) -> str:
        """One segment. Raises UnknownText; sms.text.MissingValue if the text names a value that is not there."""
        return self.rendered(code, language, values)[0]

    def rendered(self, code: str, language: str, values: Mapping[str, object]) -> tuple[str, int]:
        """As `render`, and the version that was used: of this language or, where it has none, of the Indonesian."""
        found = self._newest.get((code, language)) or self._newest.get((code, FALLBACK))
        if found is None:
            raise UnknownText(code)
        body, version = found
        return fit(body, values), version


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
    """The newest enabled text in this language, else in Indonesian, with its values, in one segment.

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
    sa.select(Text.code, Text.language, Text.body, Text.version)
    .where(Text.code.in_(sa.bindparam("codes", expanding=True)), Text.enabled)
    .order_by(Text.version)
)
