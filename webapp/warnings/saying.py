"""What a warning says: a stock text merged with values that come from our own tables, and nothing else."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache

import sqlalchemy as sa

from webapp import clock
from webapp.accounts.model import Account
from webapp.agencies.licence import EXPIRED, LICENSED, REVOKED, SUSPENDED, standing
from webapp.agencies.model import Agency
from webapp.areas.load import WIB
from webapp.areas.model import Area
from webapp.areas.names import fold
from webapp.db import db
from webapp.departures.planning import short_day
from webapp.outbox.model import Text
from webapp.outbox.officers import reply_number
from webapp.outbox.texts import FALLBACK, SHIPPED, Texts
from webapp.people.choices import LANGUAGES
from webapp.warnings.guard import Said
from webapp.warnings.levels import AREA_TEXT, COMPANY_TEXT, CORRECTION, INDIVIDUAL_TEXT, LEVELS
from webapp.warnings.model import SafetyWarning

#: A licence in a text of 160 letters, in Indonesian whatever the language of the page.
STATUS_IN_TEXT = {LICENSED: "aktif", SUSPENDED: "skorsing", REVOKED: "dicabut", EXPIRED: "habis"}
#: What a text was about, for the text that takes it back.
SUBJECTS = {
    "W1": "janji cepat berangkat",
    "W2": "visa kerja",
    "W3": "uang saku",
    "W4": "dokumen asli",
    "W5": "lowongan di media sosial",
    "W6": "penampungan",
    "W7": "paksaan dan denda",
}
#: Names that would be other names if they were cut.
NEVER_CUT = ("pt", "a", "b", "st", "s")
#: Longer than any number to answer to, so that what fits with it fits with all.
LONGEST_NUMBER = "+6281234567890"
LONGEST_SOURCE = 8


def of_place(place: Area) -> dict[str, str]:
    """Values of an area warning. 'Kab. Cilacap', for a city may have the same name."""
    return {"desa": place.name.replace("Kabupaten ", "Kab. ")}


def of_agency(agency: Agency, now: datetime) -> tuple[dict[str, str], str]:
    """Values of a text that quotes how an agency stands, and the status that is quoted."""
    status = standing(agency.status, agency.expires_on, clock.day_of(now, WIB))
    values = {
        "pt": agency.name,
        "st": STATUS_IN_TEXT[status],
        "s": short_source(agency.source),
        "d": short_day(agency.as_of),
    }
    return values, status


def of_notice(name: str, source: str, number: str, day: date) -> dict[str, str]:
    """Values of a text that quotes an official notice about a person."""
    return {"a": name, "b": number, "s": source, "d": f"{day.day}/{day.month}/{day:%y}"}


def of_withdrawal(wrong: SafetyWarning) -> dict[str, str]:
    """Values of the text that takes this warning back."""
    said_on = clock.day_of(wrong.approved_at or wrong.created_at, WIB)
    return {"a": subject_of(wrong), "d": short_day(said_on)}


def subject_of(warning: SafetyWarning) -> str:
    """What it was about, without saying it again."""
    if warning.text_code == AREA_TEXT:
        return f"perekrut di {warning.values['desa']}"
    if warning.text_code in (COMPANY_TEXT, CORRECTION):
        return f"izin {warning.values['pt']}"
    if warning.text_code == INDIVIDUAL_TEXT:
        return f"pengumuman no. {warning.values['b']}"
    return SUBJECTS.get(warning.text_code, "perekrut")


def short_source(source: str) -> str:
    """'KP2MI, daftar P3MI' → 'KP2MI'."""
    words = re.findall(r"[A-Za-z0-9]+", source)
    return words[0][:LONGEST_SOURCE] if words else "resmi"


def sample(warning: SafetyWarning, officer: Account | None) -> str:
    """The words as a phone in this officer's village shows them, in Indonesian."""
    return words(warning, FALLBACK, reply_number(officer))


def words(warning: SafetyWarning, language: str, number: str) -> str:
    return Texts.load(db.session, [warning.text_code]).render(
        warning.text_code, language, warning.values | {"hp": number}
    )


def bodies() -> dict[str, str]:
    """Text → its words in Indonesian, for whoever chooses one; places for values as '…'."""
    query = sa.select(Text.code, Text.body).where(Text.code.in_(LEVELS), Text.language == FALLBACK, Text.enabled)
    found = db.session.execute(query.order_by(Text.version)).tuples()
    return {code: re.sub(r"\{\w+\}", "…", body) for code, body in found}


def languages_of(text_code: str) -> set[str]:
    """In which it is switched on; all others get Indonesian."""
    return set(db.session.scalars(sa.select(Text.language).where(Text.code == text_code, Text.enabled).distinct()))


def is_cut(warning: SafetyWarning) -> bool:
    """Would a name or a number that it quotes be shortened, so that it is another?"""
    quoted = [str(warning.values[name]) for name in NEVER_CUT if name in warning.values]
    texts = [words(warning, language, LONGEST_NUMBER) for language in LANGUAGES]
    return any(value not in text for value in quoted for text in texts)


def said(warning: SafetyWarning) -> Said:
    """Everything that will be said or shown of it, for the guard. The number to answer to is an officer's."""
    texts = [words(warning, language, "") for language in LANGUAGES]
    typed = [warning.decision_number, warning.legal_basis, warning.notice_link]
    named = str(warning.values.get("pt") or (warning.values.get("a") if warning.text_code == INDIVIDUAL_TEXT else ""))
    places = _of_place(warning.values)
    if warning.corrects is not None:
        named = named or str(warning.corrects.values.get("pt", ""))
        places |= _of_place(warning.corrects.values)
    return Said(" ".join([*texts, *typed]), shipped_words() | places, named)


def _of_place(values: Mapping[str, object]) -> frozenset[str]:
    return frozenset(fold(str(values.get("desa", ""))).split())


@cache
def shipped_words() -> frozenset[str]:
    """The words of all texts as they ship: whoever wrote them knew of no report."""
    with SHIPPED.open(encoding="utf-8", newline="") as lines:
        bodies = [row["body"] for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)]
    plain = re.sub(r"\{\w+\}", " ", " ".join([*bodies, *STATUS_IN_TEXT.values(), *SUBJECTS.values()]))
    return frozenset(fold(plain).split())
