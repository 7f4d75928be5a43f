"""Who is told of an urgent case, and when: the table of minutes, read. Pure.

A case that nobody takes on climbs: facilitator and regency, then the province, then the nation. One that was taken on
and not closed is remembered. The minutes are rows (data/escalation.csv), which an administrator can change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from webapp.areas.codes import NATION

FACILITATORS, REGENCY, PROVINCE, NATIONAL = "facilitator", "regency", "province", "nation"
AUDIENCES = (FACILITATORS, REGENCY, PROVINCE, NATIONAL)
#: Level of the tree of areas at which an audience works.
LEVELS = {FACILITATORS: 4, REGENCY: 2, PROVINCE: 1, NATIONAL: 0}


@dataclass(frozen=True)
class Step:
    """So many minutes after the call these audiences are told."""

    number: int
    after_minutes: int
    audience: tuple[str, ...]


def following(steps: Sequence[Step], number: int) -> Step | None:
    """The step after this one; None if it was the last."""
    return min((step for step in steps if step.number > number), key=lambda step: step.number, default=None)


def due_at(step: Step | None, since: datetime) -> datetime | None:
    return since + timedelta(minutes=step.after_minutes) if step else None


def hours_until_called(steps: Sequence[Step]) -> int:
    """Within so many whole hours somebody calls: by then a second officer has been told. At least one."""
    second = following(steps, 0)
    return max(1, -(-second.after_minutes // 60)) if second else 1


def offices(audience: str, area_code: str) -> list[str]:
    """Areas whose officers are this audience, and above them those who stand in where it has nobody.

    Of a call from nowhere, or from an area above theirs, the nation's office is the audience.
    """
    if area_code == NATION:
        return [NATION]
    parts = area_code.split(".")
    levels = [level for level in (4, 2, 1) if level <= LEVELS[audience] and level <= len(parts)]
    return [".".join(parts[:level]) for level in levels] + [NATION]
