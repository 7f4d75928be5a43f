"""Of the due texts: which go now and with which words, which end here and why, which wait for a better hour. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfoNotFoundError

from sms.gateways import Outgoing
from sms.hours import next_allowed
from sms.outbox import Handover
from sms.states import EXPIRED, FAILED, SUPPRESSED
from sms.text import segments
from webapp.outbox.checks import OUT_OF_TIME
from webapp.outbox.statements import Due
from webapp.outbox.texts import Texts

#: For a text whose zone is not known to this machine.
DEFAULT_ZONE = "Asia/Jakarta"


@dataclass(slots=True)
class Sorted:
    handovers: list[Handover] = field(default_factory=list)
    #: (id, words, segments) of those that go.
    claimed: list[tuple[int, str, int]] = field(default_factory=list)
    #: text_id, to, why: parameters of statements.end.
    ended: list[dict[str, Any]] = field(default_factory=list)
    #: text_id, later: parameters of statements.put_off.
    put_off: list[dict[str, Any]] = field(default_factory=list)


def sort(rows: Iterable[Due], texts: Texts, now: datetime) -> Sorted:
    """What becomes of the due texts at this moment of the programme."""
    found, opens_at = Sorted(), _hours_from(now)
    for row in rows:
        if row.obstacle:
            state = EXPIRED if row.obstacle == OUT_OF_TIME else SUPPRESSED
            found.ended.append({"text_id": row.id, "to": state, "why": row.obstacle})
        elif not row.at_any_hour and (opens := opens_at(row.zone, row.safe_from, row.safe_until)) > now:
            found.put_off.append({"text_id": row.id, "later": opens})
        else:
            _claim(row, texts, found)
    return found


def _claim(row: Due, texts: Texts, found: Sorted) -> None:
    try:
        words, count = _words(row, texts)
    except (LookupError, ValueError, TypeError):
        # The stock text is gone, asks for a value that nobody gave, or its values are none: no other time will be
        # better. One such text must not keep the others back.
        found.ended.append({"text_id": row.id, "to": FAILED, "why": "no_words"})
        return
    found.claimed.append((row.id, words, count))
    found.handovers.append(Handover(row.id, Outgoing(row.reference, row.number, words), row.attempts + 1))


def _words(row: Due, texts: Texts) -> tuple[str, int]:
    """Words and segments: a stock text always fits into one."""
    if row.text_code:
        return texts.render(row.text_code, row.language, json.loads(row.values)), 1
    return row.body, segments(row.body)


def _hours_from(now: datetime) -> Callable[[str, int, int], datetime]:
    """When a text may next arrive, by zone and safe hours; few differ in a batch."""

    @cache
    def opens_at(zone: str, from_hour: int, until_hour: int) -> datetime:
        try:
            return next_allowed(now, zone, from_hour=from_hour, until_hour=until_hour)
        except (ZoneInfoNotFoundError, ValueError):
            return next_allowed(now, DEFAULT_ZONE, from_hour=from_hour, until_hour=until_hour)

    return opens_at
