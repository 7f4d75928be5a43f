"""`flask agencies`: another list takes the place of the one before."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click
from flask_babel import force_locale

from webapp import clock
from webapp.agencies import acts
from webapp.agencies.import_words import sentence
from webapp.agencies.model import SOURCE_LENGTH
from webapp.agencies.reading import COLUMNS, Listed, ListFault, read
from webapp.areas.load import WIB
from webapp.db import db


@click.command(
    help=f"Replace the list of licensed agencies by FILE, a CSV or XLSX with the columns {', '.join(COLUMNS)}."
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--source", required=True, help="Who published it and where, e.g. 'KP2MI, daftar P3MI'.")
@click.option("--as-of", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The day of the list, YYYY-MM-DD.")
def agencies(file: Path, source: str, as_of: datetime) -> None:
    listed = _read(file)
    outcome = acts.replace(listed, _source(source), _past(as_of.date()))
    db.session.commit()
    click.echo(
        f"{len(listed):,} agencies are on the list: "
        f"{outcome.came:,} came, {outcome.changed:,} changed, {outcome.went:,} went."
    )


def _read(file: Path) -> list[Listed]:
    try:
        return read(file.read_bytes()).listed
    except ListFault as fault:
        with force_locale("en"):
            faults = "\n".join(f"  {sentence(one)}" for one in fault.faults)
        raise click.ClickException(f"{file.name} was not loaded, the list is what it was:\n{faults}") from fault


def _source(text: str) -> str:
    plain = " ".join(text.split())
    if not plain or len(plain) > SOURCE_LENGTH or not plain.isprintable():
        raise click.BadParameter(f"1 to {SOURCE_LENGTH} letters are needed", param_hint="--source")
    return plain


def _past(day: date) -> date:
    """A list of tomorrow is a slip of the hand, and would look fresh for ever."""
    if day > clock.day_of(clock.now(), WIB):
        raise click.BadParameter("this day has not come yet", param_hint="--as-of")
    return day
