"""Whatever the programme writes into the access log has a word on its page, in both languages."""

from __future__ import annotations

import re

import pytest

from tests.test_walls import WEBAPP
from webapp.accounts.words import ACT_WORDS, SUBJECT_WORDS

SOURCE = "\n".join(file.read_text("utf-8") for file in sorted(WEBAPP.rglob("*.py")))
ACTS = set(re.findall(r'audit\.changed\(\s*"(\w+)"', SOURCE))
#: Of things that have a table of what happened to them.
ACTS |= set(re.findall(r'_move\(warning, [\w.]+, "(\w+)", account', SOURCE))
ACTS |= set(re.findall(r'_end\(warning, [\w.]+, "(\w+)"', SOURCE))
SUBJECTS = set(re.findall(r'audit\.(?:seen|changed)\([^()]*?"(\w+)", \w+\.(?:\w+_)?id', SOURCE))
SUBJECTS |= set(re.findall(r'^(?:SUBJECT|CLUSTER) = "(\w+)"', SOURCE, re.MULTILINE))


@pytest.mark.parametrize("act", sorted(ACTS))
def test_an_act_has_a_word(act: str) -> None:
    assert act in ACT_WORDS


@pytest.mark.parametrize("subject", sorted(SUBJECTS))
def test_a_thing_has_a_word(subject: str) -> None:
    assert subject in SUBJECT_WORDS


def test_they_were_found() -> None:
    assert {"taken_on", "approved", "revealed"} <= ACTS
    assert {"case", "warning", "broker_cluster", "incoming", "person"} <= SUBJECTS
