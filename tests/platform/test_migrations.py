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
from webapp import clock
from webapp.areas.model import Area
from webapp.audiences.model import RecipientList
from webapp.broadcasts.model import Broadcast
from webapp.db import db
from webapp.outbox.model import Hold, Message, Text
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


def test_texts_keep_their_words_and_indexes_when_the_column_of_versions_goes_and_comes(
    app: Flask, cast: people.Cast
) -> None:
    facts = {"key": "reply:1", "reference": "r1", "number": "+6281234567801", "area_code": people.HOME, "body": "Baik"}
    times = dict.fromkeys(("due_at", "created_at", "updated_at"), clock.real_now())
    db.session.add(Message(**facts, **times, purpose="reply", text_version=3))
    db.session.commit()
    before = definitions_of_indexes()
    go_down_to("0022")
    go_up()
    assert db.session.execute(sa.select(Message.body, Message.text_version)).tuples().all() == [("Baik", 0)]
    assert definitions_of_indexes() == before


def test_long_words_are_cut_where_their_column_is_short_and_its_indexes_stay(app: Flask, cast: people.Cast) -> None:
    facts = {"key": "reply:1", "reference": "r1", "number": "+6281234567801", "area_code": people.HOME}
    times = dict.fromkeys(("due_at", "created_at", "updated_at"), clock.real_now())
    db.session.add(Message(**facts, **times, purpose="reply", body="a" * 1_500))
    text = {"code": "S-1", "language": "id", "version": 1, "enabled": True, "created_at": clock.real_now()}
    db.session.add(Text(**text, body="b" * 612))
    db.session.commit()
    before = definitions_of_indexes()
    assert any("WHERE" in sql for sql in before)
    go_down_to("0028")
    assert definitions_of_indexes() == before
    go_up()
    assert db.session.scalars(sa.select(Message.body)).all() == ["a" * 1_000]
    assert db.session.scalars(sa.select(Text.body).where(Text.code == "S-1")).all() == ["b" * 320]
    assert definitions_of_indexes() == before


def test_stock_texts_keep_their_words_when_their_history_goes_and_comes(app: Flask, cast: people.Cast) -> None:
    facts = {"code": "R1", "language": "id", "body": "Baru", "enabled": True, "created_at": clock.real_now()}
    who = {"proposed_by_id": cast.nation.id, "approved_by_id": cast.administrator.id, "confirmed_by": "Balai Bahasa"}
    db.session.add(Text(version=2, **facts, **who))
    db.session.commit()
    shipped = db.session.scalar(sa.select(sa.func.count()).select_from(Text))
    db.session.rollback()
    go_down_to("0025")
    go_up()
    query = sa.select(Text.body, Text.enabled, Text.proposed_by_id, Text.confirmed_by).where(Text.version == 2)
    assert db.session.execute(query).tuples().all() == [("Baru", True, None, "")]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Text)) == shipped


def definitions_of_indexes() -> set[str]:
    """As the database has them, with the conditions of partial ones."""
    if db.engine.dialect.name == "sqlite":
        found = "SELECT sql FROM sqlite_master WHERE tbl_name = 'messages' AND type = 'index' AND sql IS NOT NULL"
    else:
        found = "SELECT indexdef FROM pg_indexes WHERE tablename = 'messages'"
    return {" ".join(sql.split()) for sql in db.session.scalars(sa.text(found))}


def test_a_broadcast_to_a_list_goes_to_nobody_else_when_lists_go(app: Flask, cast: people.Cast) -> None:
    """Without its list it would mean everybody of the office's area."""
    now, officer = people.SINCE, cast.coordinator
    counts = dict.fromkeys(("total", "recipients", "problems", "repeated", "unreachable", "known"), 1)
    names = {"area_code": people.REGENCY, "name": "Peserta", "uploaded_by_id": officer.id}
    listed = RecipientList(**names, **counts, columns=[], report={}, created_at=now)
    db.session.add(listed)
    db.session.flush()
    facts = {"title": "Pelatihan", "recipients": "listed", "state": "sending", "area_code": people.REGENCY}
    times = {"created_at": now, "updated_at": now}
    broadcast = Broadcast(**facts, **times, code="S-4K7M", list_id=listed.id, drafted_by_id=officer.id, asked={})
    db.session.add(broadcast)
    db.session.commit()
    number = broadcast.id
    go_down_to("0027")
    go_up()
    found = db.session.get_one(Broadcast, number)
    assert (found.state, found.list_id) == ("cancelled", None)
    assert db.session.get(Hold, found.cause) is not None
