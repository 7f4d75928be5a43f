"""The safe word: set with the migrant, compared by its hash, never shown. It calls for help under a harmless answer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from sms import keywords
from webapp.accounts import audit
from webapp.accounts.model import Account
from webapp.areas.names import fold
from webapp.cases.model import SafeWord
from webapp.db import db
from webapp.people.model import Person
from webapp.sealing import fingerprint, fingerprints, seal

SHORTEST, LONGEST = 4, 30
#: Words that people text by themselves, and that would raise a false alarm.
EVERYDAY = frozenset(
    (
        *("halo", "hallo", "assalamualaikum", "terima kasih", "makasih", "selamat pagi", "selamat siang"),
        *("selamat malam", "siap", "baik", "oke", "sudah", "belum", "sampai", "pulang", "berangkat", "desmigratif"),
        *("kapan", "tolong"),
    )
)


def plain(text: str) -> str:
    """As it is compared: lower-case words with single blanks, without marks. '' if nothing is left."""
    return fold(text)


def why_not(word: str) -> str:
    """Why this cannot be a safe word: short, long, keyword, everyday; '' if it can. Pure."""
    compared = plain(word)
    if len(compared) < SHORTEST:
        return "short"
    if len(compared) > LONGEST:
        return "long"
    if keywords.understand(compared).name != "text":
        return "keyword"
    return "everyday" if compared in EVERYDAY else ""


def set_word(person: Person, word: str, account: Account, now: datetime) -> None:
    """In place of an earlier one. Never commits."""
    content = f"{person.id}:{plain(word)}"
    row = of_person(person.id) or SafeWord(person_id=person.id)
    row.word_encrypted, row.word_hash = seal(content), fingerprint(content)
    row.set_at, row.account_id = now, account.id
    db.session.add(row)
    person.log("safe_word_set", {}, account_id=account.id, now=now)
    audit.changed("changed", "person", person.id, person.area_code, detail="safe_word")


def remove(person: Person, account: Account, now: datetime) -> None:
    row = of_person(person.id)
    if row is not None:
        db.session.delete(row)
        person.log("safe_word_removed", {}, account_id=account.id, now=now)
        audit.changed("changed", "person", person.id, person.area_code, detail="safe_word")


def of_person(person_id: int) -> SafeWord | None:
    return db.session.scalar(sa.select(SafeWord).where(SafeWord.person_id == person_id))


def could_be_one(body: str) -> bool:
    """Is the text as long as a safe word? Most are longer or shorter, and nothing more need be asked. Pure."""
    return SHORTEST <= len(plain(body)) <= LONGEST


def caller(body: str, person_ids: Iterable[int]) -> int | None:
    """The one of these people whose safe word the whole text is; None if it is nobody's."""
    word = plain(body)
    hashes = [one for person_id in person_ids for one in fingerprints(f"{person_id}:{word}")]
    if not hashes:
        return None
    return db.session.scalar(sa.select(SafeWord.person_id).where(SafeWord.word_hash.in_(hashes)).limit(1))
