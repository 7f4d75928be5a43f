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
    # What was approved is looked at by the worker, which takes its texts back and frees its money.
    look_at = "CASE WHEN approved_at IS NULL THEN NULL ELSE updated_at END"
    ended = f"state = 'cancelled', ended_at = updated_at, look_at = {look_at}"
    op.execute(f"UPDATE broadcasts SET {ended} WHERE {unfinished}")
    op.execute("UPDATE broadcasts SET recipients = 'migrants' WHERE recipients = 'listed'")
    with op.batch_alter_table("broadcasts") as broadcasts:
        broadcasts.drop_constraint("fk_broadcasts_list_id", type_="foreignkey")
        broadcasts.drop_column("list_id")
