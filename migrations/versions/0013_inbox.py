"""Who takes care of a conversation, how it ended, and replies that are needed again and again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from webapp.db import AreaCode, BigId, UTCDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

TAKEN_ON = {
    "sqlite_where": sa.text("for_human = 1 AND handled_at IS NULL AND assigned_to_id IS NOT NULL"),
    "postgresql_where": sa.text("for_human AND handled_at IS NULL AND assigned_to_id IS NOT NULL"),
}
ANSWERED = {
    "sqlite_where": sa.text("handled_how = 'answered'"),
    "postgresql_where": sa.text("handled_how = 'answered'"),
}
IN_USE = {"sqlite_where": sa.text("removed_at IS NULL"), "postgresql_where": sa.text("removed_at IS NULL")}


def upgrade() -> None:
    with op.batch_alter_table("incoming") as table:
        table.add_column(sa.Column("handled_how", sa.String(8), nullable=False, server_default=""))
        table.add_column(sa.Column("assigned_to_id", BigId, nullable=True))
        table.add_column(sa.Column("assigned_at", UTCDateTime(), nullable=True))
        table.create_foreign_key("fk_incoming_assigned_to_id", "accounts", ["assigned_to_id"], ["id"])
    op.create_index("ix_incoming_taken_on", "incoming", ["assigned_to_id", "id"], **TAKEN_ON)
    op.create_index("ix_incoming_answered", "incoming", ["area_code", "id"], **ANSWERED)
    op.create_index("ix_incoming_answered_anywhere", "incoming", ["id"], **ANSWERED)
    op.create_table(
        "canned_replies",
        sa.Column("id", BigId, nullable=False),
        sa.Column("area_code", AreaCode, nullable=False),
        sa.Column("title", sa.String(40), nullable=False),
        sa.Column("body", sa.String(320), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("account_id", BigId, nullable=True),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.Column("removed_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["area_code"], ["areas.code"], name="fk_canned_replies_area_code"),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_canned_replies_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_canned_replies"),
    )
    op.create_index("ix_canned_replies_in_use", "canned_replies", ["area_code", "title"], **IN_USE)


def downgrade() -> None:
    op.drop_table("canned_replies")
    for name in ("ix_incoming_answered_anywhere", "ix_incoming_answered", "ix_incoming_taken_on"):
        op.drop_index(name, table_name="incoming")
    with op.batch_alter_table("incoming") as table:
        table.drop_constraint("fk_incoming_assigned_to_id", type_="foreignkey")
        for name in ("assigned_at", "assigned_to_id", "handled_how"):
            table.drop_column(name)
