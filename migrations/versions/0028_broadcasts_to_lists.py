"""A broadcast may go to a list that the office brought."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from webapp.db import BigId

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("broadcasts") as broadcasts:
        broadcasts.add_column(sa.Column("list_id", BigId, nullable=True))
        broadcasts.create_foreign_key("fk_broadcasts_list_id", "recipient_lists", ["list_id"], ["id"])


def downgrade() -> None:
    # Without their lists they would go to everybody of the office's area: whatever has not ended ends here.
    unfinished = "recipients = 'listed' AND state NOT IN ('done', 'cancelled', 'rejected')"
    op.execute(
        f"INSERT INTO held_causes (cause) SELECT 'broadcast:' || id FROM broadcasts WHERE {unfinished} "
        "AND NOT EXISTS (SELECT 1 FROM held_causes WHERE cause = 'broadcast:' || broadcasts.id)"
    )
    op.execute(f"UPDATE broadcasts SET state = 'cancelled' WHERE {unfinished}")
    op.execute("UPDATE broadcasts SET recipients = 'migrants' WHERE recipients = 'listed'")
    with op.batch_alter_table("broadcasts") as broadcasts:
        broadcasts.drop_constraint("fk_broadcasts_list_id", type_="foreignkey")
        broadcasts.drop_column("list_id")
