"""What stands against sending a broadcast now, as codes that its page turns into sentences, and what it comes to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

from flask import current_app

from webapp.broadcasts import acts, budget, expanding, meaning, merging, queries, timing
from webapp.broadcasts.approval import needs_second
from webapp.broadcasts.budget import Standing
from webapp.broadcasts.forecast import Forecast
from webapp.broadcasts.model import LISTED, Broadcast

#: Obstacles that another office can take away.
NO_BUDGET, OVER_BUDGET = "no_budget", "over_budget"


@dataclass(frozen=True)
class Preview:
    """`forecast` None: it is still being counted. `said`: the same was said a moment ago."""

    forecast: Forecast | None
    standing: Standing
    said: Broadcast | None
    obstacles: tuple[str, ...]
    needs_second: bool

    @property
    def may_go(self) -> bool:
        return self.forecast is not None and not self.obstacles

    @property
    def is_over(self) -> bool:
        """Does it cost more than there is?"""
        return NO_BUDGET in self.obstacles or OVER_BUDGET in self.obstacles


def preview_of(broadcast: Broadcast, now: datetime) -> Preview:
    found = acts.forecast_of(broadcast)
    begins = timing.starts_at(expanding.zones(), broadcast.send_on, broadcast.send_minute, now)
    standing = budget.standing(broadcast.area_code, timing.month_of(begins))
    obstacles = [*_against_words(broadcast), *_against_list(broadcast)]
    if found is not None and not found.recipients:
        obstacles.append("nobody")
    if found is not None and not standing.covers(found.rupiah):
        obstacles.append(NO_BUDGET if standing.limit is None else OVER_BUDGET)
    if _is_too_late(broadcast, begins):
        obstacles.append("too_late")
    if _has_passed(broadcast, now):
        obstacles.append("hour_passed")
    return Preview(
        found, standing, queries.said_lately(broadcast, now), tuple(obstacles), asks_second(broadcast, found, now)
    )


def asks_second(broadcast: Broadcast, found: Forecast | None, now: datetime) -> bool:
    """As long as nobody knows how many get it, a second officer is asked. What its drafter let out alone today counts:
    one great broadcast in small parts is a great one."""
    if found is None:
        return True
    above = current_app.config["SETTINGS"].notices_alone
    alone = queries.let_out_alone(broadcast, now)
    return needs_second(found.recipients + alone, emergency=broadcast.emergency, above=above)


def _against_words(broadcast: Broadcast) -> list[str]:
    bodies = broadcast.bodies
    if merging.FALLBACK not in bodies:
        return ["no_indonesian"]
    columns = columns_of(broadcast)
    return ["words"] if any(list(merging.faults(body, columns)) for body in bodies.values()) else []


def _against_list(broadcast: Broadcast) -> list[str]:
    """A list that was not taken, or whose rows were removed meanwhile."""
    if broadcast.recipients != LISTED:
        return []
    return [] if has_list(broadcast) else ["no_list"]


def has_list(broadcast: Broadcast) -> bool:
    """Does it go to a list that was taken and still holds its rows?"""
    one = broadcast.recipient_list
    return one is not None and one.accepted_at is not None and one.emptied_at is None


def columns_of(broadcast: Broadcast) -> list[str]:
    """What its list can be merged with; nothing without one."""
    return [key for key, _ in broadcast.recipient_list.columns] if broadcast.recipient_list else []


def _is_too_late(broadcast: Broadcast, begins: datetime) -> bool:
    """Would the last of its texts, by the office's clock, fall due when its last useful day is over?"""
    if broadcast.useful_until is None:
        return False
    last = meaning.last_due(broadcast, begins)
    return timing.expires_at(begins, useful_until=broadcast.useful_until, spread_hours=0) <= last


def _has_passed(broadcast: Broadcast, now: datetime) -> bool:
    """Its chosen moment is over: what was written for then is not sent at once instead."""
    if broadcast.send_on is None:
        return False
    chosen = time(broadcast.send_minute // 60, broadcast.send_minute % 60)
    return datetime.combine(broadcast.send_on, chosen, timing.OFFICE) <= now
