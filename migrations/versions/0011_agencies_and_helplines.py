"""The list of licensed agencies, and numbers that help."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from webapp.db import BigId, SortKey

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agencies",
        sa.Column("id", BigId, nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("name_key", SortKey, nullable=False),
        sa.Column("licence", sa.String(length=60), nullable=False),
        sa.Column("city", sa.String(length=80), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_agencies"),
        sa.UniqueConstraint("licence", name="uq_agencies_licence"),
    )
    op.create_index("ix_agencies_name_key_id", "agencies", ["name_key", "id"])
    op.create_table(
        "helplines",
        sa.Column("id", BigId, nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("words_id", sa.String(length=160), nullable=False),
        sa.Column("words_en", sa.String(length=160), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("verified_by", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_helplines"),
        sa.UniqueConstraint("code", name="uq_helplines_code"),
    )


def downgrade() -> None:
    op.drop_table("helplines")
    op.drop_index("ix_agencies_name_key_id", table_name="agencies")
    op.drop_table("agencies")
