"""The life of a warning, as one table of moves that can be reviewed. Pure.

Nothing goes out before `approved`. What went out is never unsaid: a wrong warning is `withdrawn` and followed by a
warning of its own to those who got it.
"""

from __future__ import annotations

DRAFT, WAITING, APPROVED, SENDING = "draft", "waiting", "approved", "sending"
DONE, CANCELLED, WITHDRAWN = "done", "cancelled", "withdrawn"
STATES = (DRAFT, WAITING, APPROVED, SENDING, DONE, CANCELLED, WITHDRAWN)

#: state → where it may go next.
MOVES: dict[str, tuple[str, ...]] = {
    # handed over; general advice is approved by its own drafter; thrown away
    DRAFT: (WAITING, APPROVED, CANCELLED),
    # given back; a second officer approves
    WAITING: (DRAFT, APPROVED, CANCELLED),
    # the worker begins; stopped; found to be wrong
    APPROVED: (SENDING, CANCELLED, WITHDRAWN),
    SENDING: (DONE, CANCELLED, WITHDRAWN),
    DONE: (WITHDRAWN,),
    # stopped half-way, and some had got it
    CANCELLED: (WITHDRAWN,),
    # its correction was thrown away, or overtaken: another one is drafted
    WITHDRAWN: (WITHDRAWN,),
}
#: It holds: it may be passed on in groups and hung up.
HOLDS = (APPROVED, SENDING, DONE)
#: Its texts are still being made.
EXPANDING = (APPROVED, SENDING)


def may_move(state: str, to: str) -> bool:
    return to in MOVES.get(state, ())


class MoveNotAllowed(ValueError):
    """Somebody was quicker: the warning is not in a state that this act fits."""

    def __init__(self, state: str, to: str) -> None:
        super().__init__(f"no move from {state} to {to}")
