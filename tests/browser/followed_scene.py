"""A broadcast that went out, for the pages that the browser looks at."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.people import HOME
from webapp.accounts.model import Account
from webapp.broadcasts.model import Broadcast, BroadcastArea, BroadcastPoint, BroadcastText
from webapp.broadcasts.progress import Progress
from webapp.broadcasts.states import DONE
from webapp.db import db

WORDS = "Desmigratif: {n}, vaksinasi di balai desa {desa} hari Senin pukul 8. Tanya kami: {hp}"
REASONS = {"invalid_number": 3, "stopped": 1, "not_delivered": 2}


def a_followed_one(account: Account, second: Account, now: datetime) -> dict[str, int]:
    """To one village, some hours ago; some did not get it, and some answered."""
    begun = now - timedelta(hours=3)
    facts = {
        "title": "Vaksinasi di balai desa", "recipients": "migrants", "asked": {}, "area_code": account.area_code,
        "announced": True, "approved_count": 120, "expand_until": 1,
    }  # fmt: skip
    broadcast = Broadcast(
        **facts, code="S-8M4K", state=DONE, drafted_by_id=account.id, approved_by_id=second.id, created_at=begun,
        updated_at=now, approved_at=begun, starts_at=begun, expanded_at=begun, ended_at=now,
        areas=[BroadcastArea(area_code=HOME)], texts=[BroadcastText(language="id", body=WORDS)],
    )  # fmt: skip
    db.session.add(broadcast)
    db.session.flush()
    for part in range(7):
        gone = part * 19
        states = {"queued": 114 - gone, "sent": gone // 4, "delivered": gone - gone // 4, "failed": 5, "suppressed": 1}
        found = Progress(states, REASONS, gone * 350, part, 1)
        at = begun + timedelta(minutes=part * 20)
        db.session.add(BroadcastPoint(broadcast_id=broadcast.id, at=at, facts=found.stored()))
    return {"followed": broadcast.id}
