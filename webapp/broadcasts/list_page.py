"""What the page of a list of recipients shows, by how it stands."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import current_app, url_for
from flask_babel import lazy_gettext as _l

from webapp.accounts import audit
from webapp.areas.model import Area
from webapp.audiences import queries, words
from webapp.audiences.acts import KEPT_FOR, SUBJECT, WAITS_FOR
from webapp.audiences.columns import RESERVED
from webapp.audiences.model import RecipientList
from webapp.db import db
from webapp.people.choices import LANGUAGES

EMPTIED, ACCEPTED, NOBODY, LATE, OPEN = "emptied", "accepted", "nobody", "late", "open"
STATES = {
    OPEN: (_l("Not in use yet"), "warn"),
    ACCEPTED: (_l("Ready for broadcasts"), "ok"),
    NOBODY: (_l("Nobody can be texted"), "bad"),
    LATE: (_l("Waited too long"), "plain"),
    EMPTIED: (_l("Emptied"), "plain"),
}
#: Recipients that are shown as they will be used.
MOST_SHOWN = 5
#: How a column of a list is named whose own name is one of ours.
RENAMED = frozenset(f"{name}_2" for name in RESERVED)
#: Where a broadcast is begun.
COMPOSING = "broadcasts.composing.new"


def state_of(one: RecipientList, now: datetime) -> str:
    """As audiences/acts.py decides it: only an OPEN one is accepted, only an ACCEPTED one is texted."""
    if one.emptied_at is not None:
        return EMPTIED
    if not one.recipients:
        return NOBODY
    if one.accepted_at is not None:
        return ACCEPTED
    return LATE if one.created_at <= now - WAITS_FOR else OPEN


def page_of(one: RecipientList, now: datetime) -> dict[str, Any]:
    """Names and numbers of its first recipients are among it: that this reader saw them is noted."""
    state, recipients = state_of(one, now), queries.first_rows(one, MOST_SHOWN)
    if recipients:
        audit.seen(SUBJECT, one.id, one.area_code)
    return {
        "one": one,
        "state": state,
        "badge": STATES[state],
        "told": queries.report_of(one),
        "words": words,
        "recipients": recipients,
        "villages": _names({recipient.area_code for recipient in recipients}),
        "languages": LANGUAGES,
        "titles": dict(one.columns),
        "is_renamed": not RENAMED.isdisjoint(key for key, _ in one.columns),
        "unknown": one.recipients - one.known,
        "removed_on": one.created_at + (WAITS_FOR if one.accepted_at is None else KEPT_FOR),
        "broadcast_to": _broadcast_to(one) if state == ACCEPTED else None,
    }


def _names(codes: set[str]) -> dict[str, str]:
    query = sa.select(Area.code, Area.name).where(Area.code.in_(codes))
    return dict(db.session.execute(query).tuples().all()) if codes else {}


def _broadcast_to(one: RecipientList) -> str | None:
    """The address at which one is written to this list; None where there is no such page."""
    return url_for(COMPOSING, list=one.id) if COMPOSING in current_app.view_functions else None
