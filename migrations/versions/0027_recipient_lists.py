"""Lists of recipients that coordinators bring along, and their rows, which are removed again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from webapp.db import AreaCode, BigId, UTCDateTime

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "recipient_lists",
        sa.Column("id", BigId, nullable=False),
        sa.Column("area_code", AreaCode, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("uploaded_by_id", BigId, nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("accepted_at", UTCDateTime(), nullable=True),
        sa.Column("emptied_at", UTCDateTime(), nullable=True),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in COUNTS),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["area_code"], ["areas.code"], name="fk_recipient_lists_area_code"),
        sa.ForeignKeyConstraint(["uploaded_by_id"], ["accounts.id"], name="fk_recipient_lists_uploaded_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_recipient_lists"),
    )
    filled = sa.text("emptied_at IS NULL")
    op.create_index("ix_recipient_lists_area_code_id", "recipient_lists", ["area_code", "id"])
    op.create_index(
        "ix_recipient_lists_filled", "recipient_lists", ["created_at"], sqlite_where=filled, postgresql_where=filled
    )
    op.create_table(
        "recipient_list_rows",
        sa.Column("list_id", BigId, nullable=False),
        sa.Column("row", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("person_id", BigId, nullable=True),
        sa.Column("area_code", AreaCode, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("language", sa.String(length=3), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["list_id"], ["recipient_lists.id"], name="fk_recipient_list_rows_list_id"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_recipient_list_rows_person_id"),
        sa.PrimaryKeyConstraint("list_id", "row", name="pk_recipient_list_rows"),
    )
    known = sa.text("person_id IS NOT NULL")
    op.create_index(
        "ix_recipient_list_rows_person_id",
        "recipient_list_rows",
        ["person_id"],
        sqlite_where=known,
        postgresql_where=known,
    )


def downgrade() -> None:
    op.drop_table("recipient_list_rows")
    op.drop_table("recipient_lists")


COUNTS = ("total", "recipients", "problems", "repeated", "unreachable", "known")
