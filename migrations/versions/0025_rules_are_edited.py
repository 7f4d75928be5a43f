"""Reminder rules are changed on pages: versions, proposals that a second officer approves, and who is concerned."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from webapp.db import BigId, UTCDateTime

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

#: Table and column by which those are found whom a changed rule concerns soon.
DAYS = (("departures", "departed_on"), ("departures", "contract_end"), ("departures", "returned_on"))


def upgrade() -> None:
    with op.batch_alter_table("reminder_rules") as rules:
        rules.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    op.create_table(
        "reminder_rule_versions",
        sa.Column("id", BigId, nullable=False),
        sa.Column("rule_code", sa.String(length=8), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("proposed_by_id", BigId, nullable=True),
        sa.Column("approved_by_id", BigId, nullable=True),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["rule_code"], ["reminder_rules.code"], name="fk_reminder_rule_versions_rule_code"),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["accounts.id"], name="fk_reminder_rule_versions_proposed_by_id"),
        sa.ForeignKeyConstraint(["approved_by_id"], ["accounts.id"], name="fk_reminder_rule_versions_approved_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_reminder_rule_versions"),
        sa.UniqueConstraint("rule_code", "version", name="uq_reminder_rule_versions_rule_code_version"),
    )
    op.create_table(
        "reminder_rule_proposals",
        sa.Column("id", BigId, nullable=False),
        sa.Column("rule_code", sa.String(length=8), nullable=False),
        sa.Column("base_version", sa.Integer(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("proposed_by_id", BigId, nullable=False),
        sa.Column("proposed_at", UTCDateTime(), nullable=False),
        sa.Column("decided_by_id", BigId, nullable=True),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["rule_code"], ["reminder_rules.code"], name="fk_reminder_rule_proposals_rule_code"),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["accounts.id"], name="fk_reminder_rule_proposals_proposed_by_id"),
        sa.ForeignKeyConstraint(["decided_by_id"], ["accounts.id"], name="fk_reminder_rule_proposals_decided_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_reminder_rule_proposals"),
    )
    waiting = sa.text("state = 'waiting'")
    op.create_index(
        "ix_reminder_rule_proposals_waiting",
        "reminder_rule_proposals",
        ["rule_code"],
        unique=True,
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
    op.create_index("ix_reminder_rule_proposals_rule_code_id", "reminder_rule_proposals", ["rule_code", "id"])
    for table, column in DAYS:
        known = sa.text(f"{column} IS NOT NULL")
        op.create_index(f"ix_{table}_{column}", table, [column], sqlite_where=known, postgresql_where=known)
    known = sa.text("expires_on IS NOT NULL")
    op.create_index("ix_papers_expires_on", "papers", ["expires_on"], sqlite_where=known, postgresql_where=known)


def downgrade() -> None:
    op.drop_index("ix_papers_expires_on", "papers")
    for table, column in DAYS:
        op.drop_index(f"ix_{table}_{column}", table)
    op.drop_table("reminder_rule_proposals")
    op.drop_table("reminder_rule_versions")
    with op.batch_alter_table("reminder_rules") as rules:
        rules.drop_column("version")
