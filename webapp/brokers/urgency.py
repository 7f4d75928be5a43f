"""Which reports cannot wait. Pure."""

from __future__ import annotations

NO_THREAT, THREAT, VIOLENCE = "none", "threat", "violence"


def is_urgent(threat: str, *, child: bool) -> bool:
    """Somebody was threatened, hurt or held, or a child is involved."""
    return threat in (THREAT, VIOLENCE) or child
