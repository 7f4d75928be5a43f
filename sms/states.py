"""The states of an outgoing text and every move between them. Read MOVES as a table. Pure.

Two kinds of moves. A *decision* (to send, to withdraw, to try again) follows MOVES, and once a worker
has claimed the text, only that worker decides. A *fact* (the provider took it, it arrived, it did not)
comes from the provider, in any order and any number of times: it is taken whatever the state, as long
as it says more than what is known (`RANKS`). So a fact is never undone and never applied twice.
"""

from __future__ import annotations

QUEUED = "queued"
SENDING = "sending"
UNKNOWN = "unknown"
SENT = "sent"
DELIVERED = "delivered"
FAILED = "failed"
EXPIRED = "expired"
WITHDRAWN = "withdrawn"
SUPPRESSED = "suppressed"

#: How much the provider has told us. A failure that is followed by an arrival was none.
RANKS: dict[str, int] = {
    QUEUED: 0,
    WITHDRAWN: 0,
    SUPPRESSED: 0,
    EXPIRED: 0,
    SENDING: 0,
    UNKNOWN: 0,
    SENT: 1,
    FAILED: 2,
    DELIVERED: 3,
}
STATES = tuple(RANKS)
#: What a provider can tell.
FACTS = (SENT, FAILED, DELIVERED)

#: Decisions: from where to where.
MOVES: dict[str, tuple[str, ...]] = {
    # claimed; no longer wanted; not allowed any more; its time has passed; waits again (a new hour, a new plan)
    QUEUED: (SENDING, WITHDRAWN, SUPPRESSED, EXPIRED, FAILED, QUEUED),
    # not handed over or try later; cut off or answer lost; refused for good
    SENDING: (QUEUED, UNKNOWN, FAILED),
    # surely not handed over; asked, no answer yet; tried too often
    UNKNOWN: (QUEUED, UNKNOWN, FAILED),
    # planned anew: what was never handed over may wait again
    WITHDRAWN: (QUEUED,),
    SUPPRESSED: (QUEUED,),
    EXPIRED: (QUEUED,),
    # only facts move these; what a provider gives back untouched was never sent after all (statements.take_back)
    SENT: (),
    FAILED: (),
    DELIVERED: (),
}
#: Never handed over, as far as anybody knows, and not waiting either.
NOT_SENT = (WITHDRAWN, SUPPRESSED, EXPIRED)


def may_decide(from_state: str, to_state: str) -> bool:
    return to_state in MOVES[from_state]


def sources(to_state: str) -> tuple[str, ...]:
    """The states from which a decision may lead to `to_state`."""
    return tuple(state for state in STATES if may_decide(state, to_state))


def after_fact(state: str, fact: str) -> str:
    """The state once this fact is known. The SQL of receipts says the same in one condition."""
    return fact if RANKS[fact] > RANKS[state] else state
