"""When a number was heard again after a long silence, it is not known whose it is until it is confirmed anew."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from webapp.db import UTCDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("number_states") as table:
        table.add_column(sa.Column("doubted_at", UTCDateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("number_states") as table:
        table.drop_column("doubted_at")
