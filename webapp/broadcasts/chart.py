"""The curve of a broadcast as a picture: from points in time to paths of an SVG. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

#: In the units of the picture, which grows with its page.
WIDTH, HEIGHT = 320, 120
#: More than a narrow screen can show apart.
MOST_DOTS = 40
LEAST_DOTS = 3


@dataclass(frozen=True, slots=True)
class Dot:
    """At one moment: how many texts had gone out, and how many of those had been received."""

    at: datetime
    gone: int
    received: int


@dataclass(frozen=True)
class Chart:
    """Two paths over the same time; `top`: the number at the upper edge."""

    dots: Sequence[Dot]
    gone: str
    received: str
    top: int


def chart_of(dots: Sequence[Dot], top: int) -> Chart | None:
    """`dots` in the order of time, `top`: all texts. None where there is no line to draw yet: two
    points say no more than their numbers."""
    if len(dots) < LEAST_DOTS or dots[0].at == dots[-1].at:
        return None
    top = max(top, 1, *(dot.gone for dot in dots))
    return Chart(
        dots,
        _path(dots, [dot.gone for dot in dots], top),
        _path(dots, [dot.received for dot in dots], top),
        top,
    )


def evenly(number: int, most: int = MOST_DOTS) -> list[int]:
    """At most so many of the places 0, 1 … number - 1, evenly, with the first and the last."""
    if number <= most:
        return list(range(number))
    return sorted({round(step * (number - 1) / (most - 1)) for step in range(most)})


def _path(dots: Sequence[Dot], values: Sequence[int], top: int) -> str:
    """'M0 120L320 0': from left to right, the greater the higher."""
    begun = dots[0].at
    long = (dots[-1].at - begun).total_seconds()
    places = [
        f"{_short((dot.at - begun).total_seconds() / long * WIDTH)} {_short(HEIGHT - value / top * HEIGHT)}"
        for dot, value in zip(dots, values, strict=True)
    ]
    return "M" + "L".join(places)


def _short(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
