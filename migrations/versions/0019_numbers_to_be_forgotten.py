"""Indexes of what holds the number of a reporter, so that the worker finds what is to be forgotten."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

#: Index → table, column, and the rows that it holds, as SQLite and as PostgreSQL write it.
INDEXES = {
    "ix_incoming_private": ("incoming", "received_at", "private = 1 AND number != ''", "private AND number != ''"),
    "ix_messages_private": ("messages", "updated_at", "private = 1 AND number != ''", "private AND number != ''"),
    "ix_return_addresses_kept": ("return_addresses", "expires_at", *("number_encrypted IS NOT NULL",) * 2),
}


def upgrade() -> None:
    for name, (table, column, on_sqlite, on_postgresql) in INDEXES.items():
        where = {"sqlite_where": sa.text(on_sqlite), "postgresql_where": sa.text(on_postgresql)}
        op.create_index(name, table, [column], **where)


def downgrade() -> None:
    for name, (table, *_) in INDEXES.items():
        op.drop_index(name, table)
