"""Lists of reports of brokers by state, and of those that wait, read by an index."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0012"
branch_labels = None
depends_on = None

WAITING = "merged_into_id IS NULL AND state IN ('received', 'triage', 'verifying', 'referred')"
FIRST_LOOK = "merged_into_id IS NULL AND state IN ('received', 'triage')"
URGENT, URGENT_ON_SQLITE = f"{WAITING} AND urgent", f"{WAITING} AND urgent = 1"
#: name → columns, condition on PostgreSQL, condition on SQLite
INDEXES = {
    "ix_broker_reports_state_area_code_id": (["state", "area_code", "id"], None, None),
    "ix_broker_reports_state_id": (["state", "id"], None, None),
    "ix_broker_reports_waiting": (["area_code", "id"], WAITING, WAITING),
    "ix_broker_reports_waiting_anywhere": (["id"], WAITING, WAITING),
    "ix_broker_reports_urgent": (["area_code", "id"], URGENT, URGENT_ON_SQLITE),
    "ix_broker_reports_first_look": (["area_code", "id"], FIRST_LOOK, FIRST_LOOK),
    "ix_broker_reports_merged_into_id": (["merged_into_id"], None, None),
}


def upgrade() -> None:
    for name, (columns, where, on_sqlite) in INDEXES.items():
        conditions = {"postgresql_where": sa.text(where), "sqlite_where": sa.text(on_sqlite)} if where else {}
        op.create_index(name, "broker_reports", columns, **conditions)


def downgrade() -> None:
    for name in INDEXES:
        op.drop_index(name, "broker_reports")
