"""Phones keep forms until there is a network: when they were made, what fits no more, what is new in a village."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from webapp.db import AreaCode, BigId, UTCDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

OPEN = "settled_at IS NULL"


def upgrade() -> None:
    with op.batch_alter_table("submissions") as table:
        table.add_column(sa.Column("made_at", UTCDateTime(), nullable=True))
        table.add_column(sa.Column("clock_offset", sa.Integer(), nullable=True))
    with op.batch_alter_table("accounts") as table:
        table.add_column(sa.Column("phone_key_encrypted", sa.LargeBinary(), nullable=True))
    op.create_index("ix_people_area_code_updated_at_id", "people", ["area_code", "updated_at", "id"])
    op.create_table(
        "kept_forms",
        sa.Column("id", BigId, nullable=False),
        sa.Column("account_id", BigId, nullable=False),
        sa.Column("area_code", AreaCode, nullable=False),
        sa.Column("person_id", BigId, nullable=True),
        sa.Column("confidential", sa.Boolean(), nullable=False),
        sa.Column("path", sa.String(200), nullable=False),
        sa.Column("title", sa.String(100), nullable=False),
        sa.Column("words_encrypted", sa.LargeBinary(), nullable=False),
        sa.Column("body_encrypted", sa.LargeBinary(), nullable=False),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("settled_at", UTCDateTime(), nullable=True),
        sa.Column("settled_by_id", BigId, nullable=True),
        sa.Column("outcome", sa.String(300), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_kept_forms_account_id"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_kept_forms_person_id"),
        sa.ForeignKeyConstraint(["settled_by_id"], ["accounts.id"], name="fk_kept_forms_settled_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_kept_forms"),
    )
    for name, columns in (("open", ["area_code", "id"]), ("open_anywhere", ["id"])):
        op.create_index(
            f"ix_kept_forms_{name}",
            "kept_forms",
            columns,
            sqlite_where=sa.text(OPEN),
            postgresql_where=sa.text(OPEN),
        )
    op.create_index("ix_kept_forms_person_id", "kept_forms", ["person_id"])


def downgrade() -> None:
    op.drop_table("kept_forms")
    op.drop_index("ix_people_area_code_updated_at_id", "people")
    with op.batch_alter_table("accounts") as table:
        table.drop_column("phone_key_encrypted")
    with op.batch_alter_table("submissions") as table:
        table.drop_column("clock_offset")
        table.drop_column("made_at")
