"""Lists of agencies that were loaded from a page: previews, and what became of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from webapp.db import BigId, UTCDateTime

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agency_imports",
        sa.Column("id", BigId, nullable=False),
        sa.Column("account_id", BigId, nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("file_name", sa.String(length=100), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("ignored", sa.JSON(), nullable=False),
        sa.Column("base", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=9), nullable=False),
        sa.Column("came", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("went", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", UTCDateTime(), nullable=True),
        sa.Column("confirmed_by_id", BigId, nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_agency_imports_account_id"),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["accounts.id"], name="fk_agency_imports_confirmed_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_agency_imports"),
    )


def downgrade() -> None:
    op.drop_table("agency_imports")
