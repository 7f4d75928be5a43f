"""Lists of reports of brokers by state, and of those that wait, read by an index."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

WAITING = "merged_into_id IS NULL AND state NOT IN ('officially_confirmed', 'not_proven', 'too_little', 'closed')"
MERGED = "merged_into_id IS NOT NULL"
#: name → columns, condition
INDEXES = {
    "ix_broker_reports_state_area_code_id": (["state", "area_code", "id"], None),
    "ix_broker_reports_state_id": (["state", "id"], None),
    "ix_broker_reports_waiting": (["area_code", "id"], WAITING),
    "ix_broker_reports_waiting_anywhere": (["id"], WAITING),
    "ix_broker_reports_merged_into_id": (["merged_into_id"], MERGED),
}


def upgrade() -> None:
    for name, (columns, where) in INDEXES.items():
        conditions = {"postgresql_where": sa.text(where), "sqlite_where": sa.text(where)} if where else {}
        op.create_index(name, "broker_reports", columns, **conditions)


def downgrade() -> None:
    for name in INDEXES:
        op.drop_index(name, "broker_reports")
