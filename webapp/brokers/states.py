"""The life of a report (DOMAIN, brokers), as one table of moves that can be reviewed. Pure.

`received` → `triage` within a day → `verifying` → `referred` → an end, and every end → `closed`. Nothing is judged
here: 'officially_confirmed' says that an office confirmed it, not that we did.
"""

from __future__ import annotations

RECEIVED, TRIAGE, VERIFYING, REFERRED = "received", "triage", "verifying", "referred"
CONFIRMED, NOT_PROVEN, TOO_LITTLE, CLOSED = "officially_confirmed", "not_proven", "too_little", "closed"
STATES = (RECEIVED, TRIAGE, VERIFYING, REFERRED, CONFIRMED, NOT_PROVEN, TOO_LITTLE, CLOSED)
#: Somebody still has to do something about it.
OPEN = (RECEIVED, TRIAGE, VERIFYING, REFERRED)
ENDS = (CONFIRMED, NOT_PROVEN, TOO_LITTLE)

#: state → where it may go next.
MOVES: dict[str, tuple[str, ...]] = {
    RECEIVED: (TRIAGE, VERIFYING, TOO_LITTLE),
    TRIAGE: (VERIFYING, TOO_LITTLE, CLOSED),
    VERIFYING: (REFERRED, NOT_PROVEN, TOO_LITTLE),
    REFERRED: (CONFIRMED, NOT_PROVEN, TOO_LITTLE, VERIFYING),
    CONFIRMED: (CLOSED,),
    NOT_PROVEN: (CLOSED, VERIFYING),
    TOO_LITTLE: (CLOSED, VERIFYING),
    CLOSED: (VERIFYING,),
}


#: Where nobody has yet decided whether it is to be verified.
FIRST_LOOK = (RECEIVED, TRIAGE)


def may_move(state: str, to: str) -> bool:
    return to in MOVES.get(state, ())


def needs_reason(state: str, to: str) -> bool:
    """Ends say why, and so does whoever takes up again what had gone further."""
    return to in (NOT_PROVEN, TOO_LITTLE, CLOSED) or (to == VERIFYING and state not in FIRST_LOOK)


def moves_by_hand(state: str) -> tuple[str, ...]:
    """Where a coordinator may move it: taking it on begins the first look, and a letter refers it."""
    return tuple(to for to in MOVES[state] if to not in (TRIAGE, REFERRED))
