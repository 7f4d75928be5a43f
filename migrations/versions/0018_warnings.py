"""Warnings to people at risk, the areas they go to, and what was done about each."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from webapp.db import AreaCode, BigId, UTCDateTime

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _warnings()
    _areas()
    _events()


def _warnings() -> None:
    op.create_table(
        "warnings",
        sa.Column("id", BigId, nullable=False),
        sa.Column("code", sa.String(12), nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("text_code", sa.String(8), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(16), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("area_code", AreaCode, nullable=False),
        sa.Column("place_code", AreaCode, nullable=True),
        sa.Column("report_id", BigId, nullable=True),
        sa.Column("corrects_id", BigId, nullable=True),
        sa.Column("licence", sa.String(60), nullable=False),
        sa.Column("said_status", sa.String(12), nullable=False),
        sa.Column("decision_number", sa.String(60), nullable=False),
        sa.Column("legal_basis", sa.String(120), nullable=False),
        sa.Column("notice_source", sa.String(12), nullable=False),
        sa.Column("notice_on", sa.Date(), nullable=True),
        sa.Column("notice_link", sa.String(200), nullable=False),
        sa.Column("stages", sa.JSON(), nullable=False),
        sa.Column("destinations", sa.JSON(), nullable=False),
        sa.Column("reports", sa.Integer(), nullable=False),
        sa.Column("sources", sa.Integer(), nullable=False),
        sa.Column("newest_report_at", UTCDateTime(), nullable=True),
        sa.Column("recipients", sa.Integer(), nullable=True),
        sa.Column("cost_rupiah", sa.BigInteger(), nullable=True),
        sa.Column("drafted_by_id", BigId, nullable=False),
        sa.Column("approved_by_id", BigId, nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.Column("approved_at", UTCDateTime(), nullable=True),
        sa.Column("expanded_to", sa.BigInteger(), nullable=False),
        sa.Column("expanded_at", UTCDateTime(), nullable=True),
        sa.Column("look_at", UTCDateTime(), nullable=True),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["area_code"], ["areas.code"], name="fk_warnings_area_code"),
        sa.ForeignKeyConstraint(["place_code"], ["areas.code"], name="fk_warnings_place_code"),
        sa.ForeignKeyConstraint(["report_id"], ["broker_reports.id"], name="fk_warnings_report_id"),
        sa.ForeignKeyConstraint(["corrects_id"], ["warnings.id"], name="fk_warnings_corrects_id"),
        sa.ForeignKeyConstraint(["drafted_by_id"], ["accounts.id"], name="fk_warnings_drafted_by_id"),
        sa.ForeignKeyConstraint(["approved_by_id"], ["accounts.id"], name="fk_warnings_approved_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_warnings"),
        sa.UniqueConstraint("code", name="uq_warnings_code"),
    )
    op.create_index("ix_warnings_area_code_id", "warnings", ["area_code", "id"])
    op.create_index("ix_warnings_corrects_id", "warnings", ["corrects_id"])
    op.create_index("ix_warnings_state_id", "warnings", ["state", "id"])
    op.create_index("ix_warnings_look_at", "warnings", ["look_at"])


def _areas() -> None:
    op.create_table(
        "warning_areas",
        sa.Column("warning_id", BigId, nullable=False),
        sa.Column("area_code", AreaCode, nullable=False),
        sa.ForeignKeyConstraint(
            ["warning_id"], ["warnings.id"], name="fk_warning_areas_warning_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["area_code"], ["areas.code"], name="fk_warning_areas_area_code"),
        sa.PrimaryKeyConstraint("warning_id", "area_code", name="pk_warning_areas"),
    )
    op.create_index("ix_warning_areas_area_code_warning_id", "warning_areas", ["area_code", "warning_id"])


def _events() -> None:
    op.create_table(
        "warning_events",
        sa.Column("id", BigId, nullable=False),
        sa.Column("warning_id", BigId, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(16), nullable=False),
        sa.Column("account_id", BigId, nullable=True),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["warning_id"], ["warnings.id"], name="fk_warning_events_warning_id"),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_warning_events_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_warning_events"),
    )
    op.create_index("ix_warning_events_warning_id_id", "warning_events", ["warning_id", "id"])


def downgrade() -> None:
    """Their texts in the outbox stay, as the record of what people got; what still waits is not sent."""
    waiting = "UPDATE messages SET state = 'withdrawn', reason = 'no_longer_planned' WHERE state = 'queued' AND cause LIKE 'warning:%'"
    op.execute(sa.text(waiting))
    op.drop_table("warning_events")
    op.drop_table("warning_areas")
    op.drop_table("warnings")
