"""Every code has a sentence of its own, in which nothing of the list stands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import force_locale

from webapp.audiences import cells, columns, known, listed, words
from webapp.audiences.columns import LeftOut
from webapp.audiences.listed import Problem
from webapp.sheets import archive, reading, text, workbook
from webapp.sheets.limits import NoSheet

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PURE = "".join(Path(module.__file__).read_text("utf-8") for module in (cells, columns, known, listed))
READERS = "".join(Path(module.__file__).read_text("utf-8") for module in (archive, reading, text, workbook))


def test_every_reason_not_to_read_a_file_has_words(app: Flask) -> None:
    codes = set(re.findall(r'NoSheet\("(\w+)"', PURE + READERS)) | {"not_text"}
    # Of lists in which letters are not guessed.
    codes -= {"not_utf8"}
    with app.test_request_context("/"), force_locale("en"):
        assert len({words.why_no_list(NoSheet(code)) for code in codes}) == len(codes) == len(words.FILES)
        assert words.why_no_list(NoSheet("broken", 7)).startswith("Row 7: This is no CSV")


def test_every_problem_has_words(app: Flask) -> None:
    codes = set(re.findall(r'(?:BadCell\(|Problem\([\w.]+, [\w.]+, )"(\w+)"', PURE))
    codes |= {"too_short", "too_long", "not_a_number", "no_village", "village_elsewhere"}
    with app.test_request_context("/"), force_locale("en"):
        told = {code: words.sentence(Problem(17, "No HP", code, 3)) for code in codes}
        assert all(sentence.startswith("Row 17, No HP: ") for sentence in told.values())
        assert len(set(told.values())) == len(codes)
        assert told["repeated"] == "Row 17, No HP: stands in row 3 already"
        assert codes == set(words.PROBLEMS) | {"repeated"}


def test_every_column_that_is_left_out_has_words(app: Flask) -> None:
    assert set(re.findall(r'LeftOut\([\w.]+, "(\w+)"', PURE)) == set(words.LEFT_OUT)
    with app.test_request_context("/"), force_locale("en"):
        assert words.left_out(LeftOut("Alamat", "too_long", 3)).startswith("Alamat, row 3: ")
        assert words.left_out(LeftOut("NIK", "private")).startswith("NIK: ")


def test_the_rest_is_counted(app: Flask) -> None:
    with app.test_request_context("/"), force_locale("en"):
        assert (words.more(200, 200), words.more(212, 200)) == ("", "and 12 more")
        assert words.counted(listed.Counter({"no_number": 2, "repeated": 5})) == [
            ("stands in the list already", 5),
            ("there is no number", 2),
        ]
