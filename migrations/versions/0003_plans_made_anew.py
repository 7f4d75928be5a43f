"""Departures say when their texts are planned anew, whatever happens (departures/upkeep.py)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from webapp.db import UTCDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("departures") as table:
        table.add_column(sa.Column("plan_due_at", UTCDateTime(), nullable=True))
        table.create_index("ix_departures_plan_due_at", ["plan_due_at"])
    departures = sa.table("departures", sa.column("plan_due_at"), sa.column("created_at"), sa.column("state"))
    # Overdue, so that the worker goes through all of them once.
    alive = departures.c.state.in_(("open", "ended"))
    op.execute(sa.update(departures).where(alive).values(plan_due_at=departures.c.created_at))


def downgrade() -> None:
    with op.batch_alter_table("departures") as table:
        table.drop_index("ix_departures_plan_due_at")
        table.drop_column("plan_due_at")
