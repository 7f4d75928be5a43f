"""Rules of Kemendagri area codes. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

NATION = "ID"


def parent_of(code: str) -> str | None:
    if code == NATION:
        return None
    head, _, _ = code.rpartition(".")
    return head or NATION


def areas_above(code: str) -> list[str]:
    """The area itself and all that hold it, up to the nation."""
    found = [code]
    while (parent := parent_of(found[-1])) is not None:
        found.append(parent)
    return found


def is_within(code: str, area: str) -> bool:
    """Is `code` the area itself or below it?"""
    return area == NATION or code == area or code.startswith(area + ".")


def widest(codes: Iterable[str]) -> list[str]:
    """Without areas that lie in another of them."""
    known = sorted(set(codes))
    return [code for code in known if not any(code != other and is_within(code, other) for other in known)]


def within(column: Any, area: str) -> sa.ColumnElement[bool]:
    """The SQL of `is_within`, as a range that an index answers ('/' follows '.' in byte order).

    A village has nothing below it, so it is a plain equality, after which an index keeps its order.
    """
    if area == NATION:
        return sa.true()
    if area.count(".") == 3:
        return sa.and_(column == area)
    return sa.and_(column >= area, column < area + "/")
