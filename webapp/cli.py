"""The commands: `flask --app webapp <name>`. Each says what it did; each can be run again."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click
import flask_migrate
import sqlalchemy as sa
from flask import Flask, current_app

from sms.phone import BadNumber, normalise
from webapp import assets, catalogues, clock, sealing
from webapp import backup as copies
from webapp.accounts import passwords
from webapp.accounts.model import ROLES, Account
from webapp.areas import load as area_list
from webapp.areas.model import Area
from webapp.cases import seeds as minutes
from webapp.config import Settings
from webapp.conversations import seeds as canned
from webapp.db import db
from webapp.demo import load as demonstration
from webapp.departures import seeds, upkeep
from webapp.helplines import seeds as numbers
from webapp.outbox import texts

#: Of the demonstration regency.
DEMO_ZONE = ZoneInfo("Asia/Jakarta")


def init_app(app: Flask) -> None:
    for command in (build, seed, replan, demo, prepare, backup, restore, reseal, create_account):
        app.cli.add_command(command)


@click.command()
def build() -> None:
    """Compile the translations and compress the static files, for an installation that is read-only later."""
    catalogues.compile_stale()
    assets.build(assets.STATIC, assets.DIST)


@click.command()
def seed() -> None:
    """Load areas, checklist, destinations, rules, helplines, stock texts and replies that are not there yet."""
    _refuse_open_doors()
    try:
        written = area_list.load()
    except area_list.AreaFilesMissing as error:
        raise click.ClickException(str(error)) from error
    if seeds.load():
        upkeep.outdate(clock.now())
    numbers.load()
    texts.load()
    canned.load()
    minutes.load()
    db.session.commit()
    if written:
        click.echo(f"  {written:,} areas written")


def _refuse_open_doors() -> None:
    """Nobody else may reach a database that was a demonstration once."""
    if _settings().private:
        return
    if names := demonstration.open_doors():
        raise click.ClickException(
            f"This database was a demonstration: everybody knows the passwords of {', '.join(names)}. "
            "Name another in DATABASE_URL, or move instance/desmigratif.db away."
        )


@click.command()
def replan() -> None:
    """Let the worker plan all reminders anew, e.g. after another reply number or a changed rule."""
    departures = upkeep.outdate(clock.now())
    db.session.commit()
    click.echo(f"{departures:,} departures are planned anew by the worker within a few minutes.")


@click.command()
def demo() -> None:
    """Add the demonstration regency: accounts with known passwords and people who do not exist."""
    if not _settings().demo:
        raise click.ClickException("DEMO=1 is needed: a demonstration has accounts with known passwords.")
    if not demonstration.is_loaded():
        _add_demonstration()
    if _settings().sms_gateway != "simulator" and (hushed := demonstration.hush(clock.now())):
        db.session.commit()
        click.echo(f"  {hushed} numbers of invented people are not texted: their numbers may belong to somebody")


def _add_demonstration() -> None:
    if _settings().today is None:
        # An hour at which texts may be sent, whenever somebody first looks at it.
        clock.move_to(clock.real_now().astimezone(DEMO_ZONE).date())
    demonstration.load(clock.now())
    db.session.commit()
    click.echo("  demonstration regency added")


@click.command()
def prepare() -> None:
    """Migrate, seed and, in a demonstration, add the demonstration regency and move its day to TODAY."""
    catalogues.compile_stale()
    flask_migrate.upgrade()
    context = click.get_current_context()
    context.invoke(seed)
    if not _settings().demo:
        return
    if today := _settings().today:
        clock.move_to(today)
    context.invoke(demo)
    click.echo(f"  today is {clock.now().astimezone(DEMO_ZONE):%A, %-d %B %Y, %H:%M} in the demonstration")


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Copy the whole database to FILE, while people go on working."""
    try:
        copies.backup(_settings().database_url, file)
    except copies.BackupError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{file} holds the whole database ({file.stat().st_size / 1e6:.1f} MB).")


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="Do not ask.")
def restore(file: Path, yes: bool) -> None:
    """Make the database what it was when FILE was written. Stop web and worker first."""
    url = _settings().database_url
    if not yes:
        click.confirm("What is stored now will be replaced. Go on?", abort=True)
    db.engine.dispose()
    try:
        if not copies.is_empty(url):
            kept = file.with_name(f"before-restore-{datetime.now(UTC):%Y%m%d-%H%M%S-%f}{file.suffix}")
            copies.backup(url, kept)
            click.echo(f"What was stored until now is kept in {kept}.")
        copies.restore(url, file)
    except copies.BackupError as error:
        raise click.ClickException(f"{error} Nothing was changed.") from error
    flask_migrate.upgrade()
    click.echo(f"The database is what it was when {file} was written.")


@click.command()
def reseal() -> None:
    """Seal NIK, paper numbers and photos anew under the first of ENCRYPTION_KEYS, after a new key was put there."""
    click.echo(f"{sealing.reseal():,} values are sealed under the newest key.")


@click.command("create-account")
@click.argument("username")
@click.option("--name", required=True, help="As people call them, e.g. 'Siti Aminah'.")
@click.option("--role", required=True, type=click.Choice(ROLES))
@click.option("--area", "area_code", required=True, help="Code: ID, 33, 33.01 or 33.01.22.2004.")
@click.option("--phone", help="Their number; also a way to log in.")
@click.password_option(help="A first password, to be changed at the first log-in. Asked for if not given.")
def create_account(username: str, name: str, role: str, area_code: str, phone: str | None, password: str) -> None:
    """Create an account, e.g. the first administrator. Others are invited from the pages."""
    account = Account(
        username=username.lower(),
        name=name,
        role=role,
        area_code=_area(area_code).code,
        phone=_number(phone) if phone else None,
        password_hash=_hashed(password, username, name),
        must_change_password=True,
        created_at=clock.real_now(),
    )
    db.session.add(account)
    try:
        db.session.commit()
    except sa.exc.IntegrityError as error:
        raise click.ClickException("An account with this user name or phone is there already.") from error
    click.echo(f"Account {account.username} created. The password must be changed at the first log-in.")


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


def _area(code: str) -> Area:
    area = db.session.get(Area, code)
    if area is None:
        raise click.BadParameter(f"there is no area {code}; run `flask seed` first", param_hint="--area")
    return area


def _number(text: str) -> str:
    try:
        return normalise(text)
    except BadNumber as error:
        raise click.BadParameter("this is no number that can be called", param_hint="--phone") from error


def _hashed(password: str, *names: str) -> str:
    if fault := passwords.fault_of(password, *names):
        raise click.BadParameter(FAULTS[fault], param_hint="--password")
    return passwords.hashed(password)


FAULTS = {
    "short": f"it needs at least {passwords.LEAST_LETTERS} letters",
    "long": f"it has more than {passwords.MOST_LETTERS} letters",
    "name": "it is mostly the person's name",
    "common": "it is one of those that are guessed first",
}
