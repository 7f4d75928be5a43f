"""The migrant's path: phases, side states, and which moves between them make sense. Pure.

The order of steps differs by scheme, so the table is generous: it only refuses what cannot be (a returnee
who is 'ready' without a new process, anything after death). What was entered by mistake is taken back, with
a reason: that is a move of its own and needs no line here.
"""

from __future__ import annotations

PHASES = ("prospect", "in_process", "ready", "departed", "working", "returning", "returned")
SIDE_STATES = ("postponed", "cancelled", "in_trouble", "lost_contact", "deceased")
STAGES = PHASES + SIDE_STATES
DECEASED = "deceased"

#: Before leaving; abroad; over. For pages that ask no more than that.
BEFORE = frozenset({"prospect", "in_process", "ready", "postponed"})
ABROAD = frozenset({"departed", "working", "returning", "in_trouble", "lost_contact"})

#: May happen at any stage but the last.
ANYTIME = ("in_trouble", "lost_contact", "deceased")
#: Where somebody goes on once trouble or silence is over.
ON_THE_PATH = ("in_process", "departed", "working", "returning", "returned")

#: From where to where. Read it as a table: one line a stage.
MOVES: dict[str, tuple[str, ...]] = {
    "prospect": ("in_process", "ready", "departed", "postponed", "cancelled", *ANYTIME),
    "in_process": ("prospect", "ready", "departed", "postponed", "cancelled", *ANYTIME),
    "ready": ("in_process", "departed", "postponed", "cancelled", *ANYTIME),
    "departed": ("working", "returning", "returned", *ANYTIME),
    "working": ("returning", "returned", *ANYTIME),
    "returning": ("working", "returned", *ANYTIME),
    "returned": ("in_process", "departed", *ANYTIME),
    "postponed": ("prospect", "in_process", "ready", "departed", "cancelled", *ANYTIME),
    "cancelled": ("prospect", "in_process", "departed", *ANYTIME),
    "in_trouble": (*ON_THE_PATH, "cancelled", "lost_contact", "deceased"),
    "lost_contact": (*ON_THE_PATH, "cancelled", "in_trouble", "deceased"),
    "deceased": (),
}


class MoveNotAllowed(ValueError):
    """The path has no such step. Say which stages follow, or take the last move back."""

    def __init__(self, from_stage: str, to_stage: str) -> None:
        super().__init__(f"no move from {from_stage} to {to_stage}")


def allowed(from_stage: str, to_stage: str) -> bool:
    """Is this a step of the path? Unknown stages have none."""
    return to_stage in MOVES.get(from_stage, ())
