"""`flask clusters`: find from the reports alone what links them, as after an update of the rules."""

from __future__ import annotations

import click
import sqlalchemy as sa

from webapp import clock
from webapp.brokers import aliases, clusters, graph
from webapp.brokers.alias_model import BrokerAlias, BrokerMembership
from webapp.brokers.model import BrokerReport
from webapp.db import db


@click.command("clusters")
def command() -> None:
    """Link all reports of brokers anew. Nobody is texted about what is found."""
    number = rebuild()
    db.session.commit()
    click.echo(f"{number:,} clusters of reports.")


def rebuild() -> int:
    """Read all reports anew and make the clusters that they are. Returns how many. The caller commits."""
    graph.lock()
    linking = [one for one in db.session.scalars(sa.select(BrokerReport.id).order_by(BrokerReport.id)) if _read(one)]
    _forget_others(set(linking))
    return clusters.rebuild(clock.now())


def _read(report_id: int) -> bool:
    """Write the aliases of a report, under the newest key; False if it links nothing."""
    if not aliases.may_link(report_id):
        return False
    area_code, rows = aliases.wanted(report_id)
    if rows:
        graph.write(report_id, area_code, rows)
    return bool(rows)


def _forget_others(linking: set[int]) -> None:
    for table in (BrokerAlias, BrokerMembership):
        for report_id in set(db.session.scalars(sa.select(table.report_id).distinct())) - linking:
            db.session.execute(sa.delete(table).where(table.report_id == report_id))
