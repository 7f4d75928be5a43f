"""No word of a page is left without a translation, wherever it stands."""

from __future__ import annotations

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


@pytest.mark.parametrize("language", translations.LANGUAGES)
def test_both_catalogues_are_complete(language: str) -> None:
    assert not translations.faults(language, translations.extract())


@on_sqlite
def test_a_form_that_does_not_fit_speaks_the_readers_language(client: FlaskClient) -> None:
    text = client.post("/login", data={}, headers={"Accept-Language": "id"}).text
    assert "Mohon perbaiki dulu" in text
    assert "Please correct" not in text
