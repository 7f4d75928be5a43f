"""A nation of invented people in the real villages, made fast, the same at every run."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any

import sqlalchemy as sa

from webapp.areas import load as area_files
from webapp.areas.model import Area
from webapp.db import db
from webapp.people.finding import search_text
from webapp.people.model import Consent, Event, FamilyContact, Person, Phone, StageMove
from webapp.people.names import fold
from webapp.people.stages import STAGES

#: The programme's size: villages that many migrants leave from (DOMAIN).
VILLAGES = 4000
BATCH = 10_000
SINCE = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)

EVENTS = (
    ("registered", {}),
    ("phone_added", {"number": "0812•••••801", "reader": "self"}),
    ("details_changed", {"fields": ["address"], "version": 2}),
)

FIRST = (
    "Siti", "Sri", "Nur", "Muhammad", "Ahmad", "Dewi", "Sumiati", "Tumini", "Wahyu", "Eko", "Dwi", "Tri", "Agus",
    "Budi", "Slamet", "Suparno", "Kartini", "Yuliana", "Maria", "I Wayan", "Ni Made", "Baiq", "Lalu", "Asep", "Euis",
    "Ujang", "Rini", "Ratna", "Lestari", "Indah", "Puji", "Endang", "Sulastri", "Hendra", "Rudi", "Andi", "Fitri",
    "Aminah", "Khadijah", "Zainab",
)  # fmt: skip
SYLLABLES = (
    "wa", "hyu", "ni", "su", "pri", "yan", "to", "har", "ti", "mul", "ya", "di", "lest", "ari", "ku", "suma", "wi",
    "djo", "jo", "no", "ras", "mi", "ning", "sih", "pur", "wan", "ta", "sar", "tri", "as", "tu", "ti", "ma", "yun",
    "gun", "a", "be", "lo", "man", "ra", "sa", "put", "ro", "bi", "han", "zul", "fa", "im", "ron", "is",
)  # fmt: skip


def add_areas() -> list[str]:
    """The official tree, if its files are here, else an invented one. Returns VILLAGES codes, spread over it."""
    try:
        rows = list(area_files.read(area_files.DATA))
    except area_files.AreaFilesMissing:
        rows = list(invented_areas())
    db.session.execute(sa.insert(Area), rows)
    db.session.commit()
    villages = sorted(row["code"] for row in rows if row["level"] == 4)
    return villages[:: max(1, len(villages) // VILLAGES)][:VILLAGES]


def invented_areas() -> Iterator[dict[str, Any]]:
    """34 provinces of 15 regencies of 8 districts of one village each."""
    codes = ["ID"]
    codes += list(map(str, range(11, 45)))
    codes += [f"{p}.{r:02}" for p in range(11, 45) for r in range(1, 16)]
    codes += [f"{p}.{r:02}.{d:02}" for p in range(11, 45) for r in range(1, 16) for d in range(1, 9)]
    codes += [f"{code}.2001" for code in codes if code.count(".") == 2]
    for code in codes:
        parent = None if code == "ID" else code.rpartition(".")[0] or "ID"
        level = 0 if code == "ID" else code.count(".") + 1
        yield {
            "code": code, "parent_code": parent, "level": level, "name": f"Area {code}", "name_key": f"area {code}",
            "zone": "Asia/Jakarta", "participates": level == 4,
        }  # fmt: skip


def add_people(count: int, villages: list[str], account_id: int, first_id: int = 1) -> None:
    """`count` people with a phone, half of them a relative, consents, a move and three events each."""
    made = _people(range(first_id, first_id + count), villages, account_id)
    while batch := list(islice(made, BATCH)):
        for table in (Person, Phone, FamilyContact, Consent, StageMove, Event):
            rows = [row for one in batch for row in one[table]]
            if rows:
                db.session.execute(sa.insert(table), rows)
        db.session.commit()


def _people(ids: range, villages: list[str], account_id: int) -> Iterator[dict[type, list[dict[str, Any]]]]:
    chance = random.Random(20261201)
    for person_id in ids:
        yield _one(person_id, chance, villages, account_id)


def _one(
    person_id: int, chance: random.Random, villages: list[str], account_id: int
) -> dict[type, list[dict[str, Any]]]:
    name, number = _name(chance), f"+628{chance.randrange(11, 99)}{chance.randrange(10**7, 10**8)}"
    born = date(1966, 1, 1) + timedelta(days=chance.randrange(365 * 42))
    common = {"person_id": person_id, "account_id": account_id, "at": SINCE}
    consent = common | {"given": True, "wording": "2026-1", "language": "id", "how": "spoken", "witness": ""}
    relative = {"name": _name(chance), "relation": "spouse", "number": f"+62857{chance.randrange(10**7, 10**8)}"}
    person = {
        "id": person_id, "area_code": chance.choice(villages), "name": name, "name_key": fold(name), "sex": "f",
        "search_text": search_text(fold(name), [number]), "birth_date": born, "birth_year": born.year,
        "address": "", "language": "id", "education": "", "stage": STAGES[min(person_id % 20, 11)],
        "nonprocedural": False, "version": 1, "created_by_id": account_id, "created_at": SINCE, "updated_at": SINCE,
    }  # fmt: skip
    return {
        Person: [person],
        Phone: [{"person_id": person_id, "number": number, "reader": "self", "do_not_text": False, "added_at": SINCE}],
        FamilyContact: [{"person_id": person_id, "added_at": SINCE, **relative}] if person_id % 2 else [],
        Consent: [consent | {"purpose": purpose} for purpose in ("data", "sms")],
        StageMove: [common | {"from_stage": "", "to_stage": "prospect", "on_day": SINCE.date(), "reason": ""}],
        Event: [common | {"kind": kind, "facts": facts} for kind, facts in EVENTS],
    }


def _name(chance: random.Random) -> str:
    second = "".join(chance.choice(SYLLABLES) for _ in range(chance.choice((2, 3, 3, 4)))).title()
    return f"{chance.choice(FIRST)} {second}"
