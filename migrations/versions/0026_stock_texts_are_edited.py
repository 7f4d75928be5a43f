"""Stock texts are changed on pages: who wrote and approved a version, and changes that wait for a second officer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from webapp.db import BigId, UTCDateTime

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

WHO = ("proposed_by_id", "approved_by_id")


def upgrade() -> None:
    with op.batch_alter_table("texts") as texts:
        for column in WHO:
            texts.add_column(sa.Column(column, BigId, nullable=True))
            texts.create_foreign_key(f"fk_texts_{column}", "accounts", [column], ["id"])
        texts.add_column(sa.Column("confirmed_by", sa.String(length=120), nullable=False, server_default=""))
    stock = sa.text("most_segments = 1")
    op.create_index(
        "ix_texts_stock", "texts", ["code", "language", "version"], sqlite_where=stock, postgresql_where=stock
    )
    op.create_table(
        "text_proposals",
        sa.Column("id", BigId, nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("language", sa.String(length=3), nullable=False),
        sa.Column("base_version", sa.Integer(), nullable=False),
        sa.Column("body", sa.String(length=320), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("confirmed_by", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("proposed_by_id", BigId, nullable=False),
        sa.Column("proposed_at", UTCDateTime(), nullable=False),
        sa.Column("decided_by_id", BigId, nullable=True),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["accounts.id"], name="fk_text_proposals_proposed_by_id"),
        sa.ForeignKeyConstraint(["decided_by_id"], ["accounts.id"], name="fk_text_proposals_decided_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_text_proposals"),
    )
    waiting = sa.text("state = 'waiting'")
    op.create_index(
        "ix_text_proposals_waiting",
        "text_proposals",
        ["code", "language"],
        unique=True,
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
    op.create_index("ix_text_proposals_code_id", "text_proposals", ["code", "id"])


def downgrade() -> None:
    op.drop_table("text_proposals")
    op.drop_index("ix_texts_stock", "texts")
    with op.batch_alter_table("texts") as texts:
        texts.drop_column("confirmed_by")
        for column in WHO:
            texts.drop_constraint(f"fk_texts_{column}", type_="foreignkey")
            texts.drop_column(column)
