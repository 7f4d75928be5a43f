"""Of the due texts: which go now and with which words, which end here and why, which wait for a better hour. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfoNotFoundError

from sms.gateways import Outgoing
from sms.hours import closes_at, next_allowed
from sms.outbox import Handover
from sms.states import EXPIRED, FAILED, SUPPRESSED
from sms.text import MOST_SEGMENTS, segments
from webapp.outbox.checks import OUT_OF_TIME
from webapp.outbox.statements import Due
from webapp.outbox.texts import Texts

#: A phone, modem or provider that has not sent a text by then does not send it any more.
GOOD_FOR = timedelta(hours=1)
#: Its values make more of it than anybody sends (forecast.py counts it so before).
TOO_LONG = "too_long"
#: For a text whose zone is not known to this machine.
DEFAULT_ZONE = "Asia/Jakarta"


@dataclass(slots=True)
class Sorted:
    handovers: list[Handover] = field(default_factory=list)
    #: (id, words, segments, version of the stock text) of those that go.
    claimed: list[tuple[int, str, int, int]] = field(default_factory=list)
    #: text_id, to, why: parameters of statements.end.
    ended: list[dict[str, Any]] = field(default_factory=list)
    #: text_id, later: parameters of statements.put_off.
    put_off: list[dict[str, Any]] = field(default_factory=list)


def sort(rows: Iterable[Due], texts: Texts, now: datetime, real_now: datetime) -> Sorted:
    """What becomes of the due texts at this moment of the programme, which is `real_now` for gateways."""
    found, hours = Sorted(), _hours_from(now)
    for row in rows:
        if row.obstacle:
            state = EXPIRED if row.obstacle == OUT_OF_TIME else SUPPRESSED
            found.ended.append({"text_id": row.id, "to": state, "why": row.obstacle})
            continue
        opens, closes = hours(row.zone, row.safe_from, row.safe_until)
        if not row.at_any_hour and opens > now:
            found.put_off.append({"text_id": row.id, "later": opens})
            continue
        ends = [now + GOOD_FOR, *([] if row.at_any_hour else [closes]), *([row.expires_at] if row.expires_at else [])]
        _claim(row, texts, found, real_now + (min(ends) - now))
    return found


def _claim(row: Due, texts: Texts, found: Sorted, valid_until: datetime) -> None:
    try:
        words, count, version = _words(row, texts)
    except (LookupError, ValueError, TypeError):
        # The stock text is gone, asks for a value that nobody gave, or its values are none: no other time will be
        # better. One such text must not keep the others back.
        found.ended.append({"text_id": row.id, "to": FAILED, "why": "no_words"})
        return
    if row.text_code and count > MOST_SEGMENTS:
        found.ended.append({"text_id": row.id, "to": FAILED, "why": TOO_LONG})
        return
    found.claimed.append((row.id, words, count, version))
    outgoing = Outgoing(row.reference, row.number, words, valid_until)
    found.handovers.append(Handover(row.id, outgoing, row.attempts + 1))


def _words(row: Due, texts: Texts) -> tuple[str, int, int]:
    """Words, segments and version of the stock text; a human's words have version 0."""
    if row.text_code:
        return texts.rendered(row.text_code, row.language, json.loads(row.values), others_read=bool(row.others_read))
    return row.body, segments(row.body), 0


def _hours_from(now: datetime) -> Callable[[str, int, int], tuple[datetime, datetime]]:
    """From when a text may next arrive, and until when, by zone and safe hours; few differ in a batch."""

    @cache
    def hours(zone: str, from_hour: int, until_hour: int) -> tuple[datetime, datetime]:
        try:
            opens = next_allowed(now, zone, from_hour=from_hour, until_hour=until_hour)
        except (ZoneInfoNotFoundError, ValueError):
            zone = DEFAULT_ZONE
            opens = next_allowed(now, zone, from_hour=from_hour, until_hour=until_hour)
        return opens, closes_at(opens, zone, from_hour=from_hour, until_hour=until_hour)

    return hours
