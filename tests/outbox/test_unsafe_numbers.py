"""No sensitive text reaches an unsafe number: more than a million combinations, asked of the claim's own statement.

Every combination of who reads the phone, what the person confirmed, what the number told us (STOP, SALAH, dead, heard,
doubted), consent, stage, sensitivity and purpose is a row; what else counts (age, a removed phone, a late text, an
unknown sender) is mixed in. The statement of outbox/checks.py runs over all of them at once. What it says is compared
with `may_go` below, which is written from the domain's text alone and knows nothing of that statement.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import reduce
from itertools import product
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.people import HOME, SINCE, Cast
from webapp.db import db
from webapp.outbox import checks
from webapp.outbox.model import Message
from webapp.people.model import Consent, NumberState, Person, Phone
from webapp.people.stages import STAGES

pytestmark = pytest.mark.own_database

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
DAY = timedelta(days=1)
LATELY, LONG_AGO = NOW - 20 * DAY, NOW - 200 * DAY
READERS = ("self", "family", "employer", "unknown")
SENSITIVITIES = ("public", "personal", "sensitive")
PURPOSES = ("reminder", "reply", "alarm", "notice", "welcome", "account")
#: Lines of the ledger, oldest first.
CONSENTS = ((), (True,), (True, False), (True, False, True))
#: STOP and SALAH were said ten days ago; the number was heard of before or after that, or long ago.
SAID = NOW - 10 * DAY
HEARD = (None, NOW - 5 * DAY, LONG_AGO)
#: Heard again after a long silence: before the phone was entered or confirmed, or after.
DOUBTED = (None, NOW - 300 * DAY, NOW - 2 * DAY)
BIRTHS: tuple[tuple[date | None, int | None], ...] = (
    (None, None),
    (date(2000, 1, 1), 2000),
    (date(2008, 11, 25), 2008),
    (None, 2008),
)
#: Ids and numbers of the rows of this test begin here.
FIRST = 1_000_000
VARIANTS = 4


@dataclass(frozen=True)
class P:
    """A phone and what its number told us."""

    reader: str
    confirmed_at: datetime | None
    do_not_text: bool
    stopped: bool
    wrong: bool
    dead: bool
    heard_at: datetime | None
    doubted_at: datetime | None
    added_at: datetime
    removed: bool


@dataclass(frozen=True)
class H:
    """A human."""

    consents: tuple[bool, ...]
    stage: str
    birth: tuple[date | None, int | None]


def phones() -> list[P]:
    """Each base VARIANTS times: entered lately or long ago, still theirs or removed."""
    yes_no = (False, True)
    bases = product(READERS, (None, LATELY, LONG_AGO), yes_no, yes_no, yes_no, yes_no, HEARD, DOUBTED)
    return [P(*base, added, removed) for base in bases for added in (LATELY, LONG_AGO) for removed in yes_no]


def humans() -> list[H]:
    return [H(consents, stage, birth) for consents, stage in product(CONSENTS, STAGES) for birth in BIRTHS]


# What DOMAIN.md says, in its own order: safety (phones are shared), consent, two-way.


def is_heard_lately(phone: P) -> bool:
    """'After 180 days of silence a number is asked again before use.' Doubt ends when it is entered or confirmed."""
    known = [moment for moment in (phone.added_at, phone.confirmed_at) if moment]
    if phone.doubted_at and max(known) <= phone.doubted_at:
        return False
    return NOW - max([*known, *([phone.heard_at] if phone.heard_at else [])]) <= 180 * DAY


def is_safe_for_sensitive(phone: P) -> bool:
    """'Sensitive texts go only to `self` numbers confirmed by the person', who was heard of since."""
    if phone.removed or phone.reader != "self" or phone.confirmed_at is None or not is_heard_lately(phone):
        return False
    return NOW - max([phone.confirmed_at, *([phone.heard_at] if phone.heard_at else [])]) <= 180 * DAY


def is_adult(human: H) -> bool:
    """'No minors are texted.' Nobody knows a birth: taken for an adult; a year alone counts as its last day."""
    day, year = human.birth
    if day:
        return date(day.year + 18, day.month, day.day) <= NOW.date()
    return year is None or year + 18 < NOW.year


def wrote_again(phone: P) -> bool:
    return phone.heard_at is not None and phone.heard_at > SAID


@dataclass(frozen=True)
class Facts:
    """Of a phone, asked once for all texts to it."""

    phone: P
    safe: bool
    lately: bool
    wrote_again: bool


def may_go(
    sensitivity: str, purpose: str, stages: str, late: bool, text: str, to: Facts, is_theirs: bool, human: H | None
) -> bool:
    """`is_theirs`: the text knows which phone it goes to, and not only a number."""
    phone = to.phone
    if late:
        return False
    if sensitivity == "sensitive" and not (is_theirs and to.safe):
        return False
    if purpose == "reply":
        # 'No SMS consent: no SMS, except a reply to the person's own.' STOP itself is confirmed.
        if text == "KSTOP" and sensitivity != "sensitive":
            return True
        halted = (phone.stopped or phone.wrong) and not to.wrote_again
        never = not phone.removed and (phone.reader == "employer" or phone.do_not_text)
        return not (halted or never)
    if phone.stopped or phone.wrong or phone.dead:
        return False
    if human is None and purpose in ("alarm", "account") and sensitivity != "sensitive":
        return True  # our own officers
    if human is None and (purpose, sensitivity) == ("notice", "public"):
        # A number of a list. Its holder, if it still has one, is an adult who agreed.
        return phone.removed or not (phone.reader == "employer" or phone.do_not_text)
    if not is_theirs or phone.removed or phone.reader == "employer" or phone.do_not_text:
        return False
    if sensitivity == "personal" and (phone.reader != "self" or (purpose != "welcome" and not to.lately)):
        return False
    if human is None:
        # Nobody of whom it is known: no stage fits but any, and nobody has agreed.
        return False
    # Without stages such a notice is one to a list.
    is_alive = human.stage != "deceased"
    fits = human.stage in stages.split(",") if stages else (purpose, sensitivity) != ("notice", "public") or is_alive
    return fits and is_adult(human) and bool(human.consents) and human.consents[-1]


@pytest.mark.slow(seconds=25)
def test_no_sensitive_text_reaches_an_unsafe_number(app: Flask, cast: Cast) -> None:
    every = 1 if db.engine.dialect.name == "sqlite" else 40
    known_phones, known_humans = phones(), humans()
    facts = [Facts(p, is_safe_for_sensitive(p), is_heard_lately(p), wrote_again(p)) for p in known_phones]
    officer, owner = cast.facilitator.id, cast.migrant.id
    db.session.rollback()
    with db.engine.connect().execution_options(writes=True) as connection, connection.begin():
        store(connection, known_phones, known_humans, officer, owner)
        texts(connection, every)
        wrong, number, gone, sensitive_gone = [], 0, 0, 0
        for row in asked(connection):
            position, phone_id, person_id, sensitivity, purpose, stages, late, text, goes = row
            to = facts[position]
            human = known_humans[person_id - FIRST] if person_id else None
            expected = may_go(sensitivity, purpose, stages, bool(late), text, to, phone_id is not None, human)
            if bool(goes) != expected:
                wrong.append((bool(goes), sensitivity, purpose, stages, late, text, phone_id, to, human))
            if goes and sensitivity == "sensitive":
                assert phone_id is not None
                assert to.safe
                sensitive_gone += 1
            number, gone = number + 1, gone + bool(goes)
    assert wrong[:3] == [], f"{len(wrong)} of {number} differ"
    assert number * every > 1_000_000
    assert number > 1_000_000 or every > 1
    # Else it would prove nothing: some go, some sensitive ones among them, most do not.
    assert 0.02 * number < gone < 0.5 * number
    assert sensitive_gone > 0


def store(
    connection: sa.Connection, known_phones: list[P], known_humans: list[H], account_id: int, owner_id: int
) -> None:
    """Each human and each phone as rows of the real tables. Whose a phone is does not matter: texts name both."""
    people, lines = [], []
    for n, human in enumerate(known_humans):
        row = {"id": FIRST + n, "area_code": HOME, "name": f"n{n}", "name_key": f"n{n}", "search_text": "", "sex": "f"}
        row |= {"birth_date": human.birth[0], "birth_year": human.birth[1], "stage": human.stage, "version": 1}
        row |= {"address": "", "language": "id", "education": "", "nonprocedural": False}
        people.append(row | {"created_by_id": account_id, "created_at": SINCE, "updated_at": SINCE})
        line = {"person_id": FIRST + n, "purpose": "sms", "wording": "x", "language": "id", "how": "spoken"}
        line |= {"witness": "", "at": SINCE, "account_id": account_id}
        lines += [line | {"given": given} for given in human.consents]
    connection.execute(sa.insert(Person.__table__), people)
    connection.execute(sa.insert(Consent.__table__), lines)
    rows, states = [], []
    for n, phone in enumerate(known_phones):
        row = {"id": FIRST + n, "person_id": owner_id, "number": f"+62{FIRST + n}", "reader": phone.reader}
        row |= {"do_not_text": phone.do_not_text, "confirmed_at": phone.confirmed_at, "added_at": phone.added_at}
        rows.append(row | {"removed_at": SAID if phone.removed else None})
        said = {"stopped_at": phone.stopped, "wrong_person_at": phone.wrong, "invalid_at": phone.dead}
        state: dict[str, Any] = {name: SAID if is_so else None for name, is_so in said.items()}
        state |= {"heard_at": phone.heard_at, "doubted_at": phone.doubted_at}
        if any(state.values()):
            states.append({"number": row["number"], **state})
    connection.execute(sa.insert(Phone.__table__), rows)
    connection.execute(sa.insert(NumberState.__table__), states)


#: The columns that the statement asks of a text. This table stands before the real one: it has none of its indexes.
drawn = sa.Table(
    "messages",
    sa.MetaData(),
    *(
        sa.Column(name, Message.__table__.c[name].type)
        for name in (
            "id",
            "number",
            "phone_id",
            "person_id",
            "sensitivity",
            "purpose",
            "text_code",
            "stages",
            "area_code",
        )
    ),
    sa.Column("expires_at", Message.__table__.c.expires_at.type),
    sa.Column("position", sa.Integer()),
    sa.Column("late", sa.Integer()),
    prefixes=["TEMPORARY"],
)


def texts(connection: sa.Connection, every: int) -> None:
    """One row for each combination; what is not multiplied out is drawn from a mix of its numbers."""
    counts = {"phone": len(phones()) // VARIANTS, "human": len(humans()) // VARIANTS}
    counts |= {"kind": len(SENSITIVITIES), "use": len(PURPOSES)}
    tables = {name: numbers(number, name) for name, number in counts.items()}
    phone, human, kind, use = (table.c.n for table in tables.values())
    everything = reduce(lambda one, other: one.join(other, sa.true()), tables.values())
    mix = (phone * 7919 + human * 104_729 + kind * 1_299_709 + use * 15_485_863) % 1_000_003
    position = phone * VARIANTS + mix % VARIANTS
    is_late = sa.case((mix // 4 % 16 == 0, 1), else_=0)
    chosen = (
        sa.select(
            sa.literal(0),
            sa.literal("+62") + sa.cast(position + FIRST, sa.String),
            sa.case((mix // 64 % 16 == 0, sa.null()), else_=position + FIRST),
            sa.case((mix // 1024 % 8 == 0, sa.null()), else_=human * VARIANTS + mix // 8192 % VARIANTS + FIRST),
            one_of(kind, SENSITIVITIES),
            one_of(use, PURPOSES),
            sa.case((mix // 32_768 % 4 == 0, "KSTOP"), else_="R1"),
            one_of(mix // 131_072 % 3, ("", "prospect,in_process,ready", "working")),
            sa.literal(HOME, drawn.c.area_code.type),
            sa.case((is_late == 1, sa.literal(NOW - DAY, drawn.c.expires_at.type)), else_=sa.null()),
            position,
            is_late,
        )
        .select_from(everything)
        .where(mix % every == 0)
    )
    drawn.create(connection)
    names = [column.name for column in drawn.columns]
    connection.execute(sa.insert(drawn).from_select(names, chosen))


def numbers(number: int, name: str) -> Any:
    """0, 1, 2 … as a table to multiply with."""
    start = sa.select(sa.cast(0, sa.BigInteger).label("n")).cte(name, recursive=True)
    return start.union_all(sa.select(start.c.n + 1).where(start.c.n < number - 1))


def one_of(number: sa.ColumnElement[int], values: tuple[str, ...]) -> sa.ColumnElement[str]:
    return sa.case(*((number == n, value) for n, value in enumerate(values)))


def asked(connection: sa.Connection) -> Iterator[Any]:
    """What the claim would say of each."""
    query = sa.select(
        *(sa.literal_column(f"messages.{name}") for name in ("position", "phone_id", "person_id", "sensitivity")),
        *(sa.literal_column(f"messages.{name}") for name in ("purpose", "stages", "late", "text_code")),
        (checks.obstacle() == "").label("goes"),
    ).select_from(checks.joined())
    result = connection.execution_options(stream_results=True).execute(query, checks.moments(NOW))
    for rows in result.partitions(20_000):
        yield from rows
