"""Calls for help that wait have indexes of their own, however many texts and tasks came since."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

CALLS = sa.text("for_human AND handled_at IS NULL AND command = 'help'")
CALLS_ON_SQLITE = sa.text("for_human = 1 AND handled_at IS NULL AND command = 'help'")
TASKS_TO_HELP = sa.text("done_at IS NULL AND kind = 'help'")


def upgrade() -> None:
    where = {"sqlite_where": CALLS_ON_SQLITE, "postgresql_where": CALLS}
    op.create_index("ix_incoming_calls", "incoming", ["area_code", "id"], **where)
    where = {"sqlite_where": TASKS_TO_HELP, "postgresql_where": TASKS_TO_HELP}
    op.create_index("ix_tasks_calls", "tasks", ["area_code", "id"], **where)


def downgrade() -> None:
    op.drop_index("ix_tasks_calls", "tasks")
    op.drop_index("ix_incoming_calls", "incoming")
