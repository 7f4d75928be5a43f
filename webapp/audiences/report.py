"""What is told of a list that was checked, as it is stored beside it: places in the file and codes. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from webapp.audiences.columns import LeftOut
from webapp.audiences.listed import Problem, Told


@dataclass(frozen=True)
class Report:
    """`header_row` is None if the list began at once. `number` is the title of the column of the number."""

    header_row: int | None
    number: str
    problems: Told
    repeated: Told
    unreachable: Told
    #: Of rows that are taken all the same.
    notes: Told
    left_out: tuple[LeftOut, ...]


def as_json(report: Report) -> dict[str, Any]:
    return {
        "header_row": report.header_row,
        "number": report.number,
        **{kind: [getattr(report, kind).counts, getattr(report, kind).shown] for kind in KINDS},
        "left_out": [[one.title, one.reason, one.row] for one in report.left_out],
    }


def from_json(stored: dict[str, Any]) -> Report:
    told = {kind: Told([Problem(*one) for one in stored[kind][1]], Counter(stored[kind][0])) for kind in KINDS}
    left_out = tuple(LeftOut(*one) for one in stored["left_out"])
    return Report(stored["header_row"], stored["number"], **told, left_out=left_out)


KINDS = ("problems", "repeated", "unreachable", "notes")
