"""A route may be served by a worker of its own, beside its modem; the main worker leaves it alone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("routes") as routes:
        routes.add_column(sa.Column("own_worker", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    with op.batch_alter_table("routes") as routes:
        routes.drop_column("own_worker")
