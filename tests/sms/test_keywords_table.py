"""What people write, as a table: keywords.tsv, by command. A + says that a human reads it too."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

from sms.command import NAMES
from sms.keywords import understand

ROOT = Path(__file__).resolve().parents[2]
#: Line feeds and letters that nobody sees are written as in Python: \n, \u200b.
ESCAPED = re.compile(r"\\(?:u([0-9a-f]{4})|(n))")


def unescaped(text: str) -> str:
    return ESCAPED.sub(lambda match: "\n" if match[2] else chr(int(match[1], 16)), text)


def table() -> list[tuple[str, str, str]]:
    lines = (Path(__file__).parent / "keywords.tsv").read_text(encoding="utf-8").split("\n")[1:]
    rows = [[*line.split("\t"), "", ""][:3] for line in lines if line and not line.startswith("#")]
    return [(command, unescaped(text), unescaped(argument)) for command, text, argument in rows]


ROWS = table()


@pytest.mark.parametrize(("command", "text", "argument"), ROWS)
def test_it_is_understood_as_it_was_meant(command: str, text: str, argument: str) -> None:
    understood = understand(text)
    assert (understood.name + "+" * understood.more, understood.argument) == (command, argument)


def test_no_line_stands_there_twice() -> None:
    assert [text for text, times in Counter(text for _, text, _ in ROWS).items() if times > 1] == []


def test_every_command_has_both_sides() -> None:
    counted = Counter(command.rstrip("+") for command, _, _ in ROWS)
    assert set(counted) == set(NAMES)
    assert min(counted.values()) >= 10
    assert len(ROWS) >= 250


def shipped() -> list[str]:
    """The texts that we send, with something in every place."""
    with (ROOT / "templates" / "sms" / "texts.tsv").open(encoding="utf-8", newline="") as file:
        bodies = [row["body"] for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]
    return [re.sub(r"\{\w+\}", "Sri", body) for body in bodies]


@pytest.mark.parametrize("text", shipped())
def test_our_own_text_sent_back_is_no_command(text: str) -> None:
    assert understand(text).name == "text"
    assert understand(f"> {text}").name == "text"
    assert understand(f"Fwd: {text}").name == "text"


@pytest.mark.parametrize("text", shipped())
def test_our_own_text_above_or_below_changes_no_answer(text: str) -> None:
    for said in ("STOP", "BANTU", "ya", "CEK PT Maju", "lapor ada calo", "halo bu"):
        assert understand(f"> {text}\n{said}") == understand(said)
        assert understand(f"{said}\n> {text}") == understand(said)
