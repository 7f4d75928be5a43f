"""Figures beside their goals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bench.budget.visits import Figures


@dataclass(frozen=True)
class Goal:
    """At most so much, in the unit of the table."""

    name: str
    most: float
    unit: str


FIRST_BYTES, FIRST_USABLE = Goal("first visit", 50, "kB"), Goal("usable, first visit", 3, "s")
AGAIN, LATER_BYTES = Goal("usable, repeat and offline", 1, "s"), Goal("later page", 8, "kB")
HEAP, IDLE, SEARCH = Goal("heap", 20, "MB"), Goal("idle", 30, "kB a day"), Goal("search", 100, "ms")
#: Title, name of the figure, divisor, its goal.
COLUMNS = (
    ("page kB", "first_bytes", 1e3, None),
    ("+worker", "first_all", 1e3, FIRST_BYTES),
    ("paint s", "first_paint", 1e3, None),
    ("usable s", "first_usable", 1e3, FIRST_USABLE),
    ("again kB", "repeat_bytes", 1e3, LATER_BYTES),
    ("paint s", "repeat_paint", 1e3, None),
    ("usable s", "repeat_usable", 1e3, AGAIN),
    ("paint s", "offline_paint", 1e3, None),
    ("usable s", "offline_usable", 1e3, AGAIN),
    ("heap MB", "heap", 1e6, HEAP),
)
WIDTH, FIRST = 11, 46


class Report:
    """Prints, and remembers what is over its goal."""

    def __init__(self) -> None:
        self.over: list[str] = []

    def heading(self) -> None:
        groups = (("first visit", 4), ("repeat visit", 3), ("offline start", 2), ("", 1))
        print(" " * FIRST + "".join(f"{name:─^{WIDTH * n}}" if name else " " * WIDTH for name, n in groups))
        print(f"{'page':<{FIRST}}" + "".join(f"{title:>{WIDTH}}" for title, *_ in COLUMNS))
        goals = ((goal and f"≤ {goal.most:g}") or "" for *_, goal in COLUMNS)
        print(f"{'goal':<{FIRST}}" + "".join(f"{goal:>{WIDTH}}" for goal in goals))

    def row(self, path: str, figures: Figures) -> None:
        cells = []
        for title, name, divisor, goal in COLUMNS:
            value = figures.median(name)
            cells.append(self.cell(f"{path}: {title}", value and value / divisor, goal))
        print(f"{path:<{FIRST}}" + "".join(f"{cell:>{WIDTH}}" for cell in cells) + self._remark(figures), flush=True)

    def cell(self, what: str, value: float | None, goal: Goal | None) -> str:
        if value is None:
            return "–"
        text = f"{value:.2f}" if value < 10 else f"{value:.0f}"
        return text if goal is None else f"{text} {self.judged(what, value, goal)}"

    def line(self, what: str, value: float | None, unit: str, goal: Goal | None = None) -> None:
        text = "–" if value is None else f"{value:,.1f} {unit}"
        judged = f"   goal ≤ {goal.most:g} {goal.unit}: {self.judged(what, value, goal)}" if goal and value else ""
        print(f"  {what:<76}{text:>16}{judged}", flush=True)

    def judged(self, what: str, value: float, goal: Goal) -> str:
        if value <= goal.most:
            return "ok  "
        self.over.append(f"{what}: {value:.2f} {goal.unit}, goal {goal.most:g}")
        return "over"

    @staticmethod
    def _remark(figures: Figures) -> str:
        return "   offline: says that it is not here" if figures.sign == "own" else ""


def range_of(found: Mapping[str, Figures], name: str) -> tuple[float, float]:
    values = [value for one in found.values() if (value := one.median(name)) is not None]
    return (min(values), max(values)) if values else (0, 0)
