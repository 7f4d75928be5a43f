"""The commands `flask backup` and `flask restore`, on both databases, as an operator types them."""

from __future__ import annotations

import sqlite3
import stat
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask

from tests import people
from webapp import backup as copies
from webapp.db import db
from webapp.people.model import Person

pytestmark = pytest.mark.own_database


@pytest.fixture
def command(app: Flask) -> object:
    """Run one of the commands; what the test did is stored before."""

    def run(*arguments: str | Path) -> Result:
        db.session.commit()
        db.session.remove()
        return app.test_cli_runner().invoke(args=[str(argument) for argument in arguments])

    return run


def names() -> set[str]:
    found = set(db.session.scalars(sa.select(Person.name)))
    db.session.commit()
    return found


def test_what_was_stored_comes_back(command, cast: people.Cast, tmp_path: Path) -> None:
    copy = tmp_path / "copies" / "today.backup"
    assert command("backup", copy).exit_code == 0
    cast.migrant.name = "Someone Else"
    result = command("restore", copy, "--yes")
    assert result.exit_code == 0, result.output
    assert names() == {"Sri Wahyuni", "Tumini"}
    assert cast.facilitator.area.name == "Bajing"


def test_a_restored_person_is_found_and_new_ones_can_be_added(command, cast: people.Cast, tmp_path: Path) -> None:
    copy = tmp_path / "today.backup"
    command("backup", copy)
    assert command("restore", copy, "--yes").exit_code == 0
    person = Person(area_code=people.HOME, name="Baru", name_key="baru", search_text="baru", sex="m")
    person.created_by_id, person.created_at, person.updated_at = cast.facilitator.id, people.SINCE, people.SINCE
    db.session.add(person)
    db.session.commit()
    assert names() == {"Sri Wahyuni", "Tumini", "Baru"}


def test_what_was_replaced_is_kept(command, cast: people.Cast, tmp_path: Path) -> None:
    copy = tmp_path / "today.backup"
    command("backup", copy)
    cast.migrant.name = "Entered After"
    assert "is kept in" in command("restore", copy, "--yes").output
    (kept,) = tmp_path.glob("before-restore-*")
    assert command("restore", kept, "--yes").exit_code == 0
    assert names() == {"Entered After", "Tumini"}


def test_a_copy_is_for_its_owner_only(command, tmp_path: Path) -> None:
    copy = tmp_path / "today.backup"
    command("backup", copy)
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["today.backup"]


def test_what_is_no_copy_changes_nothing(command, cast: people.Cast, tmp_path: Path) -> None:
    copy = tmp_path / "today.backup"
    copy.write_bytes(b"not a database" * 1000)
    result = command("restore", copy, "--yes")
    assert result.exit_code == 1
    assert "Nothing was changed" in result.output
    assert names() == {"Sri Wahyuni", "Tumini"}


def test_a_torn_copy_changes_nothing(command, cast: people.Cast, tmp_path: Path) -> None:
    copy = tmp_path / "today.backup"
    command("backup", copy)
    copy.write_bytes(copy.read_bytes()[: copy.stat().st_size // 2])
    assert command("restore", copy, "--yes").exit_code == 1
    assert names() == {"Sri Wahyuni", "Tumini"}


def test_a_missing_file_is_named(command, tmp_path: Path) -> None:
    assert "There is no file" in command("restore", tmp_path / "absent", "--yes").output


def test_without_a_yes_nothing_happens(command, cast: people.Cast, tmp_path: Path) -> None:
    copy = tmp_path / "today.backup"
    command("backup", copy)
    cast.migrant.name = "Entered After"
    assert command("restore", copy).exit_code == 1
    assert "Entered After" in names()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_people_go_on_working_during_a_backup(command, cast: people.Cast, database_url: str, tmp_path: Path) -> None:
    """A writer in the middle of its transaction neither stops the copy nor gets half into it."""
    with sqlite3.connect(database_url.removeprefix("sqlite:///"), isolation_level=None) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("UPDATE people SET name = 'half done'")
        copies.backup(database_url, tmp_path / "copy")
        writer.execute("ROLLBACK")
    with sqlite3.connect(tmp_path / "copy") as copy:
        assert {row[0] for row in copy.execute("SELECT name FROM people")} == {"Sri Wahyuni", "Tumini"}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_another_programmes_database_is_refused(command, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "other.db") as other:
        other.execute("CREATE TABLE songs (name TEXT)")
    assert "not one of this programme" in command("restore", tmp_path / "other.db", "--yes").output


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_no_password_stands_in_the_list_of_processes(database_url: str) -> None:
    url = sa.make_url(database_url).set(password="very-secret")
    assert copies._environment(url)["PGPASSWORD"] == "very-secret"
