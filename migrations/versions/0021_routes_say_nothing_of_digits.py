"""Routes had a column that nothing read: whether a carrier blocks texts with phone numbers in them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("routes") as routes:
        routes.drop_column("digit_free")


def downgrade() -> None:
    with op.batch_alter_table("routes") as routes:
        routes.add_column(sa.Column("digit_free", sa.Boolean(), nullable=False, server_default=sa.false()))
