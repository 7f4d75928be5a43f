"""Migrations go up, down and up again on both databases, on data, and end where the models are."""

from __future__ import annotations

import flask_migrate
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask, current_app

from migrations.names import include_name
from tests import people
from webapp.areas.model import Area
from webapp.db import db
from webapp.people.model import Person

pytestmark = pytest.mark.own_database


def revisions() -> list[str]:
    """All of them, oldest first."""
    scripts = ScriptDirectory.from_config(current_app.extensions["migrate"].migrate.get_config())
    return [script.revision for script in reversed(list(scripts.walk_revisions()))]


def go_down_to(revision: str) -> None:
    db.session.remove()
    flask_migrate.downgrade(revision=revision)


def go_up() -> None:
    db.session.remove()
    flask_migrate.upgrade()


def tables() -> set[str]:
    return set(sa.inspect(db.engine).get_table_names())


def test_down_to_nothing_and_up_again_on_data(app: Flask, cast: people.Cast) -> None:
    assert tables() >= set(db.metadata.tables)
    go_down_to("base")
    assert tables() <= {"alembic_version"}
    go_up()
    db.session.add_all(people.areas())
    db.session.flush()
    db.session.add_all(people.accounts())
    people.add_people(db.session)
    db.session.commit()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Person)) == 2


def test_each_step_down_and_up_keeps_what_is_stored(app: Flask, cast: people.Cast) -> None:
    _first, *later = revisions()
    for _ in later:
        go_down_to("-1")
        assert db.session.scalar(sa.select(sa.func.count()).select_from(sa.table("people"))) == 2
    go_up()
    assert cast.migrant.phones[0].number == "+6281234567801"
    assert db.session.get_one(Area, people.HOME).name == "Bajing"


def test_the_database_is_what_the_models_say(app: Flask) -> None:
    with db.engine.connect() as connection:
        options = {"compare_type": True, "include_name": include_name}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, db.metadata) == []


def test_there_is_one_history(app: Flask) -> None:
    scripts = ScriptDirectory.from_config(current_app.extensions["migrate"].migrate.get_config())
    assert len(scripts.get_heads()) == 1
