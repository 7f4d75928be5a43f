"""No word of a page is left without a translation, wherever it stands."""

from __future__ import annotations

import ast

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tools import translations

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@on_sqlite
def test_words_of_every_template_that_flask_can_load_are_collected(app: Flask) -> None:
    """Asked of Jinja itself, which passes over no folder; Babel of itself passes over '_ui'."""
    collected = {message.id if isinstance(message.id, str) else message.id[0] for message in translations.extract()}
    for name in app.jinja_env.list_templates(extensions=["html"]):
        assert app.jinja_env.loader is not None
        source, _, _ = app.jinja_env.loader.get_source(app.jinja_env, name)
        for _line, _function, words in app.jinja_env.extract_translations(source):
            first = words if isinstance(words, str) else words[0]
            assert first in collected, f"{name}: {first}"


def unreadable(source: str) -> list[int]:
    """Lines that ask for a translation of what is not written there: whoever collects words does not find those."""
    lines = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in translations.KEYWORDS:
            asked = node.args[: 2 if node.func.id.endswith("ngettext") else 1]
            if not all(isinstance(one, ast.Constant) and isinstance(one.value, str) for one in asked):
                lines.append(node.lineno)
    return lines


def test_words_stand_where_they_are_asked_for() -> None:
    assert unreadable('ngettext("one", many, 2)\n_l("words")\ngettext(words)') == [1, 3]
    files = (translations.ROOT / "webapp").rglob("*.py")
    assert {str(file): lines for file in files if (lines := unreadable(file.read_text(encoding="utf-8")))} == {}


@pytest.mark.parametrize("language", translations.LANGUAGES)
def test_both_catalogues_are_complete(language: str) -> None:
    assert not translations.faults(language, translations.extract())


@on_sqlite
def test_a_form_that_does_not_fit_speaks_the_readers_language(client: FlaskClient) -> None:
    text = client.post("/login", data={}, headers={"Accept-Language": "id"}).text
    assert "Mohon perbaiki dulu" in text
    assert "Please correct" not in text
