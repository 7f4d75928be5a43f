"""What people wrote, and what officers did about it: texts that wait, are taken on or answered, calls for help."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import sqlalchemy as sa

from webapp.accounts.model import Account
from webapp.callbacks import intake
from webapp.cases import acts as cases
from webapp.cases import signals
from webapp.cases.model import Case
from webapp.conversations import acts as conversations
from webapp.conversations.model import Incoming
from webapp.db import db
from webapp.demo.history import CARRIER, Past
from webapp.demo.rows import Row, moment, rows

#: How long it takes until a call for help has come to an end.
CASE_LASTS = timedelta(hours=3)


def load(officers: dict[str, Account], now: datetime, past: Past) -> None:
    """Every text of texts.csv, in order, as if a gateway had told it then."""
    for number, row in enumerate(rows("texts.csv"), start=1):
        at = moment(row, now)
        incoming_id = intake.enter(CARRIER, f"DEMO{number}", row["number"], row["body"], at)
        # What was answered at once has left before the next text comes.
        past.carry(at)
        if row["then"]:
            later = min(at + timedelta(minutes=int(row["after"])), now)
            DONE[row["then"]](db.session.get_one(Incoming, incoming_id), row, officers[row["officer"]], later)
            past.carry(later)


def numbers() -> list[str]:
    """Of everybody who writes."""
    return [row["number"] for row in rows("texts.csv")]


def _assign(incoming: Incoming, _row: Row, officer: Account, at: datetime) -> None:
    conversations.assign(incoming, officer, officer, at)


def _answer(incoming: Incoming, row: Row, officer: Account, at: datetime) -> None:
    conversations.reply(incoming, row["words"], officer, at, seen_up_to=incoming.id)


def _close(incoming: Incoming, row: Row, officer: Account, at: datetime) -> None:
    """Taken on, and closed some hours later as its page does."""
    case = db.session.scalars(sa.select(Case).where(Case.incoming_id == incoming.id)).one()
    conversations.handle(incoming, officer, at)
    cases.note(case, "Ditelepon, diangkat. Tidak terluka.", officer, at)
    if cases.close(case, row["words"], officer, at + CASE_LASTS):
        signals.case_closed.send(case, outcome=row["words"], account=officer, now=at + CASE_LASTS)


DONE: dict[str, Callable[[Incoming, Row, Account, datetime], None]] = {
    "assigned": _assign,
    "answered": _answer,
    "closed": _close,
}
