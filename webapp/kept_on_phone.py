"""A form that a phone kept and now sends by itself: its answer is for a script, which tells the person later.

The service worker sends every form so (static/offline/): the same body to the same address, with three headers.
`Saved-Form: now` means that somebody waits for the page that follows, `later` that nobody looks. `Saved-At` and
`Sent-At` are what the phone's own clock said when the form was finished and when it went out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import request

NOW, LATER = "now", "later"
#: No phone's clock makes a form older than this; what is older is handed to a human. A week less than keys of stored
#: forms are remembered (accounts/housekeeping.py).
OLDEST = timedelta(days=83)
#: What a column for seconds holds: clocks of phones that lost their battery stand in 1970.
FURTHEST = timedelta(days=365 * 60)


@dataclass(frozen=True)
class SavedForm:
    """How a form was sent, and what the phone's clock said. `at` and `sent` are None where it said nothing usable."""

    awaited: bool
    finished_at: datetime | None
    sent_at: datetime | None

    def made_at(self, now: datetime) -> datetime:
        """When it was finished, on our clock: the phone's is trusted for how long ago, not for what time it is."""
        if self.finished_at is None or self.sent_at is None:
            return now
        return now - min(max(self.sent_at - self.finished_at, timedelta(0)), OLDEST)

    def is_too_old(self) -> bool:
        """Is the key of its first try perhaps forgotten by now? Stored again, it would be there twice."""
        return self.finished_at is not None and self.sent_at is not None and self.sent_at - self.finished_at > OLDEST

    def offset(self, now: datetime) -> int | None:
        """Seconds that our clock is ahead of the phone's."""
        if self.sent_at is None:
            return None
        ahead = min(max(now - self.sent_at, -FURTHEST), FURTHEST)
        return round(ahead.total_seconds())


def current() -> SavedForm | None:
    """The saved form of this request; None for one that a browser sends in the ordinary way."""
    how = request.headers.get("Saved-Form")
    if request.method != "POST" or how not in (NOW, LATER):
        return None
    return SavedForm(how == NOW, _time("Saved-At"), _time("Sent-At"))


def written_at(now: datetime) -> datetime:
    """When the form of this request was filled in: just now, or days ago without a network. Both on our clock."""
    saved = current()
    return saved.made_at(now) if saved else now


def _time(header: str) -> datetime | None:
    """Milliseconds since 1970, as `Date.now()` counts them."""
    text = request.headers.get(header, "")
    if not (text.isascii() and text.isdigit() and len(text) <= 14):
        return None
    return EPOCH + timedelta(milliseconds=int(text))


EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
