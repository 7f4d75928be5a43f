"""The life of a broadcast, as one table of moves that can be reviewed. Pure.

Nothing goes out before it is approved, or released by its drafter where no second officer is asked (approval.py).
"""

from __future__ import annotations

DRAFT, WAITING, REJECTED, APPROVED, SCHEDULED = "draft", "waiting", "rejected", "approved", "scheduled"
SENDING, PAUSED, DONE, CANCELLED = "sending", "paused", "done", "cancelled"
STATES = (DRAFT, WAITING, REJECTED, APPROVED, SCHEDULED, SENDING, PAUSED, DONE, CANCELLED)

#: state → where it may go next.
MOVES: dict[str, tuple[str, ...]] = {
    # handed over; released by its drafter, now or for later; thrown away
    DRAFT: (WAITING, APPROVED, SCHEDULED, CANCELLED),
    # given back to be changed; refused; approved, now or for later; thrown away
    WAITING: (DRAFT, REJECTED, APPROVED, SCHEDULED, CANCELLED),
    REJECTED: (),
    # the worker begins; halted; stopped
    APPROVED: (SENDING, PAUSED, CANCELLED),
    SCHEDULED: (SENDING, PAUSED, CANCELLED),
    SENDING: (PAUSED, DONE, CANCELLED),
    # goes on from where it stood, or at its hour if that is still to come
    PAUSED: (SENDING, SCHEDULED, CANCELLED),
    DONE: (),
    CANCELLED: (),
}
#: Its texts are made, or are to be made, by the worker.
EXPANDING = (APPROVED, SCHEDULED, SENDING)
#: Money is put aside for it.
RESERVING = (*EXPANDING, PAUSED)
#: Approved once: people have got it, or will.
WENT_OUT = (APPROVED, SCHEDULED, SENDING, PAUSED, DONE)
#: It can be read as news on the web.
HOLDS = (SENDING, DONE)
#: Why a broadcast halts by itself when it begins: many more would get it than was approved.
GROWN = "grown"
#: It may grow by so much, for people are registered every day; by more, somebody looks again.
MAY_GROW, MAY_GROW_BY = 1.1, 5


def has_grown(approved: int, recipients: int) -> bool:
    return recipients > approved * MAY_GROW + MAY_GROW_BY


def may_move(state: str, to: str) -> bool:
    return to in MOVES.get(state, ())


class MoveNotAllowed(ValueError):
    """Somebody was quicker: the broadcast is not in a state that this act fits."""

    def __init__(self, state: str, to: str) -> None:
        super().__init__(f"no move from {state} to {to}")
