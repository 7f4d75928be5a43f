"""Segments are counted as Twilio itself counts them, whose published counter shares no line with ours."""

from __future__ import annotations

import json
import random
import subprocess

import pytest

from sms.text import plain, segments, whole
from tools import contract

pytestmark = pytest.mark.skipif(
    not contract.SEGMENTS.is_file(),
    reason="Twilio's counter is not here: `python -m tools.contract` fetches it with npm",
)
TEXTS = 10_000
LATIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .,:;!?'\"()-/+%&*=@#"
#: Of the alphabet, of its table of two septets, and outside it; one letter of two UTF-16 units.
KINDS = (LATIN, LATIN + "ñÑäöüßèéùìòÇØøÅåΔΦΓΛΩΠΨΣΘΞÆæ¡¿§£¥$_", LATIN + "^{}\\[~]|€", LATIN + "êăş’–…", LATIN + "☺安😀")
COUNT = """
const {SegmentedMessage} = require(process.argv[1]);
const texts = JSON.parse(require('fs').readFileSync(0, 'utf8'));
console.log(JSON.stringify(texts.map(text => new SegmentedMessage(text, 'auto', false).segmentsCount)));
"""


def generated() -> list[str]:
    """Of every length up to five segments, most near a border."""
    chance = random.Random(160)
    borders = [border * times for border in (70, 67, 160, 153) for times in (1, 2, 3, 4)]
    texts = []
    for _ in range(TEXTS):
        letters = chance.choice(KINDS)
        length = chance.choice((chance.randint(1, 640), max(1, chance.choice(borders) + chance.randint(-3, 3))))
        texts.append("".join(chance.choices(letters, k=length)))
    return texts


def as_twilio_counts(texts: list[str]) -> list[int]:
    node, env = contract.node()
    answer = subprocess.run(
        [node, "-e", COUNT, str(contract.SEGMENTS)],
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        env=env,
        check=True,
        timeout=120,
    )
    return list(json.loads(answer.stdout))


def test_ten_thousand_texts_have_as_many_segments_as_twilio_counts() -> None:
    texts = generated()
    theirs = as_twilio_counts(texts)
    assert [(text, segments(text)) for text in texts] == list(zip(texts, theirs, strict=True))
    assert set(theirs) >= {1, 2, 3, 4, 5}


def test_and_so_have_the_words_of_broadcasts_with_their_values() -> None:
    chance = random.Random(153)
    names = ("Sri", "Ni Luh Putu", "Ayu’", "Ḥasan", "Š", "")
    merged = [
        whole(plain(text).replace("{", "(").replace("}", ")") + " {n}, {hp}", {"n": chance.choice(names), "hp": "0812"})
        for text in generated()[:2_000]
    ]
    assert [segments(text) for text in merged] == as_twilio_counts(merged)
