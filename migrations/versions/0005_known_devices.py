"""Wrong passwords are counted apart for devices on which the owner has logged in before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from webapp.db import UTCDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("accounts") as table:
        table.add_column(sa.Column("known_failed_logins", sa.Integer(), server_default="0", nullable=False))
        table.add_column(sa.Column("known_locked_until", UTCDateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("accounts") as table:
        table.drop_column("known_locked_until")
        table.drop_column("known_failed_logins")
