"""A cluster as a picture: reports at the left, what they have in common at the right, lines between. Pure.

The same cluster is always the same picture. Lines cross as little as a few rounds of sorting can do; what has no room
is counted. 340 units wide: letters are readable at that many pixels, and at three times as many.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass

WIDTH = 340
#: Together forty.
MOST_REPORTS, MOST_ALIASES = 24, 16
BOX, HEIGHT, PITCH, TOP = 142, 38, 46, 4
LEFT, RIGHT = 2, WIDTH - BOX - 2
#: That fit into a box: of its first line, which is bold, and of the second.
LETTERS = (18, 20)
ROUNDS = 4


@dataclass(frozen=True)
class Node:
    """What is said in a box."""

    first: str
    second: str
    #: A report of another area; an alias that is only alike.
    faint: bool = False


@dataclass(frozen=True)
class Box:
    x: int
    y: int
    node: Node

    @property
    def first(self) -> str:
        return _short(self.node.first, LETTERS[0])

    @property
    def second(self) -> str:
        return _short(self.node.second, LETTERS[1])


@dataclass(frozen=True)
class Line:
    x1: int
    y1: int
    x2: int
    y2: int
    faint: bool


@dataclass(frozen=True)
class Picture:
    width: int
    height: int
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    #: Reports and aliases that had no room.
    more_reports: int
    more_aliases: int


def draw(reports: Mapping[int, Node], aliases: Sequence[tuple[Node, Collection[int]]]) -> Picture:
    """`reports` by id, and what they have in common, both with what matters most first."""
    left = _chosen(list(reports), aliases)
    linking = [(node, [one for one in ids if one in left]) for node, ids in aliases]
    right = [place for place, (_, ids) in enumerate(linking) if len(ids) > 1][:MOST_ALIASES]
    edges = [(one, place) for place in right for one in linking[place][1]]
    left, right = _untangled(left, right, edges)
    rows = max(len(left), len(right))
    at_left, at_right = _column(left, LEFT, rows), _column(right, RIGHT, rows)
    boxes = [Box(*at_left[one], reports[one]) for one in left] + [Box(*at_right[p], linking[p][0]) for p in right]
    lines = [_line(at_left[one], at_right[place], linking[place][0].faint) for one, place in edges]
    more = sum(1 for _, ids in aliases if len(ids) > 1) - len(right)
    height = 2 * TOP + rows * PITCH - (PITCH - HEIGHT)
    return Picture(WIDTH, height, tuple(boxes), tuple(lines), len(reports) - len(left), more)


def _chosen(reports: list[int], aliases: Sequence[tuple[Node, Collection[int]]]) -> list[int]:
    """Those that an alias links come before those that are linked by something that the page does not show."""
    linked = {one for _, ids in aliases for one in ids}
    return sorted(reports, key=lambda one: one not in linked)[:MOST_REPORTS]


def _untangled(left: list[int], right: list[int], edges: list[tuple[int, int]]) -> tuple[list[int], list[int]]:
    """Each box goes to the middle of those that it is linked to, in turn."""
    for _ in range(ROUNDS):
        right = _sorted(right, left, {place: [one for one, p in edges if p == place] for place in right})
        left = _sorted(left, right, {one: [place for o, place in edges if o == one] for one in left})
    return left, right


def _sorted(moving: list[int], fixed: list[int], linked: Mapping[int, list[int]]) -> list[int]:
    at: dict[Hashable, int] = {one: place for place, one in enumerate(fixed)}

    def middle(one: int) -> float:
        places = [at[other] for other in linked[one]]
        return sum(places) / len(places) if places else float(len(fixed))

    return sorted(moving, key=middle)


def _column(ids: list[int], x: int, rows: int) -> dict[int, tuple[int, int]]:
    """The shorter column stands in the middle of the longer."""
    down = (rows - len(ids)) * PITCH // 2
    return {one: (x, TOP + down + place * PITCH) for place, one in enumerate(ids)}


def _line(left: tuple[int, int], right: tuple[int, int], faint: bool) -> Line:
    middle = HEIGHT // 2
    return Line(left[0] + BOX, left[1] + middle, right[0], right[1] + middle, faint)


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
