"""The shipped reminder rules and checklist as pure values."""

from __future__ import annotations

import csv

from webapp.departures.checklist import Item
from webapp.departures.reminders import Rule
from webapp.departures.seeds import DATA


def shipped_rules() -> list[Rule]:
    with (DATA / "rules.csv").open(encoding="utf-8") as lines:
        return [
            Rule(
                code=r["code"],
                anchor=r["anchor"],
                offset_days=int(r["offset_days"]),
                repeat_days=int(r["repeat_days"]),
                hour=int(r["hour"]),
                useful_days=int(r["useful_days"]),
                stages=tuple(r["stages"].split(",")),
                schemes=frozenset(filter(None, r["schemes"].split(","))),
                destinations=frozenset(),
                missing_any=frozenset(filter(None, r["missing_any"].split(","))),
                sensitivity=r["sensitivity"],
                text_code=r["text_code"],
                expects=r["expects"],
            )
            for r in csv.DictReader(lines)
        ]


def shipped_items() -> list[Item]:
    with (DATA / "checklist.csv").open(encoding="utf-8") as lines:
        return [
            Item(
                r["code"],
                r["name_id"],
                r["name_en"],
                r["short_name"],
                int(r["due_days"]),
                frozenset(r["schemes"].split(",")),
            )
            for r in csv.DictReader(lines)
        ]
