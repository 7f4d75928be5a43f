"""Reads of the editor of stock texts: what each language says now, its history, and what waits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from flask import abort
from sqlalchemy.orm import joinedload

from webapp.db import db
from webapp.outbox.model import Text
from webapp.outbox.text_model import GIVEN_BACK, WAITING, WITHDRAWN, TextProposal
from webapp.outbox.texts import FALLBACK
from webapp.people.choices import LANGUAGES

#: So much of the history of a text is shown.
HISTORY = 60
LONGEST_CODE = 8
#: Not the words of a broadcast, which has its own page and approval: those may be longer than one segment.
IS_STOCK = sa.text("texts.most_segments = 1")


@dataclass(frozen=True, slots=True)
class Spoken:
    """One text in one language."""

    language: str
    #: The newest version, also one that is switched off or was never on. None: there is none.
    newest: Text | None
    #: What goes out in this language; None: the Indonesian text.
    used: Text | None

    @property
    def version(self) -> int:
        """What a change is made of: 0 if there are no words yet."""
        return self.newest.version if self.newest else 0


@dataclass(frozen=True, slots=True)
class StockText:
    """One text in all languages, in their order."""

    code: str
    spoken: dict[str, Spoken]

    @property
    def indonesian(self) -> str:
        """The words that go out where a language has none of its own."""
        used = self.spoken[FALLBACK].used
        return used.body if used else ""

    @property
    def fallen_back(self) -> list[str]:
        """Languages whose people get Indonesian."""
        return [language for language, one in self.spoken.items() if one.used is None]


def all_texts() -> list[StockText]:
    """By code. Of each language the newest version and the one in use are read, however long the history is."""
    found: dict[str, dict[str, list[Text]]] = {}
    for text in db.session.scalars(_newest()):
        found.setdefault(text.code, {}).setdefault(text.language, []).append(text)
    return [_stock_text(code, found[code]) for code in sorted(found)]


def get(code: str) -> StockText:
    """404 if there is none."""
    if len(code) > LONGEST_CODE or not code.isalnum():
        abort(404)
    found: dict[str, list[Text]] = {}
    for text in db.session.scalars(_newest(code)):
        found.setdefault(text.language, []).append(text)
    if FALLBACK not in found:
        abort(404)
    return _stock_text(code, found)


def language_of(text: StockText, language: str) -> Spoken:
    """404 if it is none of ours."""
    return text.spoken.get(language) or abort(404)


def measure(code: str) -> str:
    """The first Indonesian words: they name all values that the programme gives, and what a text must not leave out."""
    query = sa.select(Text.body).where(Text.code == code, Text.language == FALLBACK)
    return db.session.scalars(query.order_by(Text.version).limit(1)).one()


def version_of(code: str, language: str, version: int) -> Text | None:
    query = sa.select(Text).where(Text.code == code, Text.language == language, Text.version == version)
    return db.session.scalars(query).first()


def history(code: str) -> Sequence[Text]:
    """Versions of all languages, the newest first."""
    people = joinedload(Text.proposed_by), joinedload(Text.approved_by)
    query = sa.select(Text).where(Text.code == code).options(*people)
    return db.session.scalars(query.order_by(Text.id.desc()).limit(HISTORY)).all()


def waiting() -> Sequence[TextProposal]:
    """What waits for a second officer, of all texts: one of each text and language at the most."""
    query = sa.select(TextProposal).where(sa.text("state = 'waiting'")).options(joinedload(TextProposal.proposed_by))
    return db.session.scalars(query.order_by(TextProposal.code, TextProposal.language)).all()


def waiting_of(code: str) -> dict[str, TextProposal]:
    """Language → what waits for a second officer."""
    query = sa.select(TextProposal).where(TextProposal.code == code, TextProposal.state == WAITING)
    found = db.session.scalars(query.options(joinedload(TextProposal.proposed_by)))
    return {proposal.language: proposal for proposal in found}


def turned_down(code: str) -> Sequence[TextProposal]:
    """Changes that never held, the newest first."""
    people = joinedload(TextProposal.proposed_by), joinedload(TextProposal.decided_by)
    ended = TextProposal.state.in_((GIVEN_BACK, WITHDRAWN))
    query = sa.select(TextProposal).where(TextProposal.code == code, ended).options(*people)
    return db.session.scalars(query.order_by(TextProposal.id.desc()).limit(HISTORY)).all()


def _newest(code: str = "") -> sa.Select[tuple[Text]]:
    """Of each language (of one code) the newest version and the newest that is in use."""
    group = (
        sa.select(
            Text.code,
            Text.language,
            sa.func.max(Text.version).label("newest"),
            sa.func.max(sa.case((Text.enabled, Text.version), else_=0)).label("used"),
        )
        .where(IS_STOCK)
        .group_by(Text.code, Text.language)
    )
    if code:
        group = group.where(Text.code == code)
    last = group.subquery()
    of_it = sa.and_(Text.code == last.c.code, Text.language == last.c.language)
    return sa.select(Text).join(last, sa.and_(of_it, Text.version.in_((last.c.newest, last.c.used))))


def _stock_text(code: str, found: dict[str, list[Text]]) -> StockText:
    return StockText(code, {language: _spoken(language, found.get(language, [])) for language in LANGUAGES})


def _spoken(language: str, texts: list[Text]) -> Spoken:
    newest = max(texts, key=lambda text: text.version, default=None)
    used = max((text for text in texts if text.enabled), key=lambda text: text.version, default=None)
    return Spoken(language, newest, used)
