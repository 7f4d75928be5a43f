"""Recipients out of the rows of a list, and what is wrong with the others, by row and column. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from webapp.audiences.cells import BadCell, number_in

MOST_ROWS = 100_000
#: Problems that are kept to be shown; all are counted.
MOST_SHOWN = 1_000


@dataclass(frozen=True)
class Recipient:
    row: int
    number: str


@dataclass(frozen=True)
class Problem:
    """`row` as the program shows it; `first` is the row that a repeated number stood in before."""

    row: int
    column: str
    code: str
    first: int | None = None


@dataclass
class Listed:
    recipients: list[Recipient] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def wrong(self, problem: Problem) -> None:
        self.counts[problem.code] += 1
        if len(self.problems) < MOST_SHOWN:
            self.problems.append(problem)


def listed(rows: Iterable[tuple[int, list[str]]], at: int, column: str, most: int = MOST_ROWS) -> Listed:
    """`rows` below the header, the number in the cell `at`, of which `column` is the name; no more than `most` rows."""
    result, seen = Listed(), dict[str, int]()
    for read, (row, cells) in enumerate(rows):
        if read == most:
            result.wrong(Problem(row, column, "too_many_rows"))
            break
        try:
            number = number_in(cells[at] if at < len(cells) else "")
        except BadCell as bad:
            result.wrong(Problem(row, column, bad.code))
            continue
        if (first := seen.setdefault(number, row)) != row:
            result.wrong(Problem(row, column, "repeated", first))
        else:
            result.recipients.append(Recipient(row, number))
    return result
