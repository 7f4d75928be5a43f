"""What a text asks of the programme, as the grammar tells it."""

from __future__ import annotations

from dataclasses import dataclass

#: Every name a command may have.
NAMES = ("stop", "help", "start", "wrong", "info", "check", "report", "language", "yes", "no", "digit", "text")


@dataclass(frozen=True, slots=True)
class Command:
    """What was understood.

    `name`: one of NAMES; text if only a human can tell. `argument`: the digit of a digit; the code of a language (id,
    jv, su, sas); the company's name of a check and the story of a report, as they were typed; '' where it is missing.
    `more`: it is this command, and says something besides that a human should read.
    """

    name: str
    argument: str = ""
    more: bool = False

    @property
    def is_answer(self) -> bool:
        return self.name in ("yes", "no", "digit")


TEXT = Command("text")
