"""A full outbox for bench/dispatch.py, and the worker that drains it into a provider that keeps nothing.

python -m bench.load URL ANSWER_SECONDS IN_FLIGHT
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from flask import Flask

from sms.gateways import Accepted, Found, LookUp, Outgoing
from sms.handover import Limits
from webapp import clock, create_app
from webapp.accounts.model import Account
from webapp.areas.model import Area
from webapp.config import Settings
from webapp.db import db
from webapp.outbox import checks, queue, texts
from webapp.outbox.model import Message
from webapp.outbox.worker import work
from webapp.people.model import Consent, Person, Phone

BATCH = 500
VILLAGE = "33.01.06.2010"
#: Days before `noon`: numbers that were silent for half a year get no reminders that name a departure.
SINCE = datetime(2026, 11, 20, tzinfo=UTC)
VALUES = {"n": "Sri", "d": "1 Des", "dok": "paspor, visa, BPJS", "hp": "081234567890"}
TEXT_CODES = ("R1", "R2", "R4", "R7")


@dataclass(frozen=True)
class NullGateway:
    """Takes every text after so many seconds, and keeps nothing."""

    answer_seconds: float
    name: str = "null"
    can_receive: bool = False

    def send(self, text: Outgoing) -> Accepted:
        if self.answer_seconds:
            time.sleep(self.answer_seconds)
        return Accepted(text.reference)

    def look_up(self, text: LookUp) -> Found | None:
        return None


def fill(count: int) -> None:
    """`count` people, each with a phone of their own, consent, and one reminder that is due. Commits."""
    db.session.add(Area(code="ID", parent_code=None, level=0, name="Indonesia", name_key="", zone="Asia/Jakarta"))
    db.session.add(Area(code=VILLAGE, parent_code="ID", level=4, name="Bajing", name_key="", zone="Asia/Jakarta"))
    db.session.flush()
    account = Account(username="a", name="A", role="facilitator", area_code=VILLAGE, created_at=SINCE)
    db.session.add(account)
    texts.load()
    db.session.flush()
    ids = range(1, count + 1)
    for model, row in ((Person, person), (Phone, phone), (Consent, consent)):
        db.session.execute(sa.insert(model), [row(n, account.id) for n in ids])
    queue.enqueue_many((message(n) for n in ids), SINCE)
    db.session.commit()
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(sa.text("VACUUM ANALYZE"))


def sent() -> int:
    """How many texts have been handed over."""
    return db.session.scalar(sa.select(sa.func.count()).where(Message.state == "sent")) or 0


def person(n: int, account_id: int) -> dict[str, Any]:
    return {
        "id": n,
        "area_code": VILLAGE,
        "name": f"Sri {n}",
        "name_key": f"sri {n}",
        "search_text": f"sri {n}",
        "sex": "f",
        "birth_year": 1990,
        "stage": "in_process",
        "created_by_id": account_id,
        "created_at": SINCE,
        "updated_at": SINCE,
    }


def phone(n: int, _account_id: int) -> dict[str, Any]:
    number = number_of(n)
    return {"id": n, "person_id": n, "number": number, "reader": "self", "confirmed_at": SINCE, "added_at": SINCE}


def consent(n: int, account_id: int) -> dict[str, Any]:
    line = {"person_id": n, "purpose": "sms", "given": True, "wording": "2026-1", "language": "id", "how": "spoken"}
    return line | {"account_id": account_id, "at": SINCE}


def message(n: int) -> dict[str, Any]:
    return {
        "key": f"departure:{n}:R1:2026-12-01:0",
        "cause": f"departure:{n}",
        "purpose": checks.REMINDER,
        "person_id": n,
        "phone_id": n,
        "number": number_of(n),
        "area_code": VILLAGE,
        "zone": "Asia/Jakarta",
        "text_code": TEXT_CODES[n % len(TEXT_CODES)],
        "values": VALUES,
        "stages": "prospect,in_process,ready",
        "due_at": SINCE,
    }


def number_of(n: int) -> str:
    return f"+628{n:010d}"


def application(url: str) -> Flask:
    return create_app(Settings(url, secret_key="bench", encryption_keys=(("bench", b"b" * 32),), log_level="WARNING"))


def noon() -> datetime:
    """In Java, whatever the hour and the day: no quiet hours put anything off."""
    return datetime(2026, 11, 24, 5, 0, tzinfo=UTC)


def main() -> None:
    url, answer_seconds, in_flight = sys.argv[1:]
    with application(url).app_context():
        clock.now = noon
        print("ready", flush=True)
        sys.stdin.readline()
        limits = Limits(in_flight=int(in_flight), batch=BATCH)
        print(work(NullGateway(float(answer_seconds)), limits, price_rupiah=350, once=True), flush=True)
        sys.stdin.readline()


if __name__ == "__main__":
    main()
