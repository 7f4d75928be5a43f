"""What autogenerate looks at: not the search tables, which a migration makes by hand and no model describes."""

from __future__ import annotations

from typing import Any

HAND_MADE = ("people_search", "ix_people_search")


def include_name(name: str | None, kind: str, _parents: Any) -> bool:
    return not (kind in ("table", "index") and name is not None and name.startswith(HAND_MADE))
