"""Broadcasts: notices to many with their areas, words and course, saved audiences, and what an area may spend."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from webapp.db import AreaCode, BigId, UTCDateTime

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

TABLES = (
    *("broadcasts", "broadcast_areas", "broadcast_texts", "broadcast_events", "broadcast_points"),
    *("saved_audiences", "sms_budgets", "held_causes"),
)


def upgrade() -> None:
    with op.batch_alter_table("texts") as texts:
        texts.add_column(sa.Column("most_segments", sa.SmallInteger(), nullable=False, server_default="1"))
    _broadcasts()
    _parts()
    _course()
    _money()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    # Words of broadcasts are none that a stock text could be.
    op.execute("DELETE FROM texts WHERE most_segments > 1")
    with op.batch_alter_table("texts") as texts:
        texts.drop_column("most_segments")


def _broadcasts() -> None:
    op.create_table(
        "broadcasts",
        sa.Column("id", BigId, nullable=False),
        sa.Column("code", sa.String(8), nullable=False),
        sa.Column("title", sa.String(80), nullable=False),
        sa.Column("recipients", sa.String(12), nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("emergency", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(16), nullable=False),
        sa.Column("announced", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("confirmed_by", sa.String(120), nullable=False),
        sa.Column("words_hash", sa.String(64), nullable=False),
        sa.Column("area_code", AreaCode, nullable=False),
        sa.Column("copied_from_id", BigId, nullable=True),
        sa.Column("send_on", sa.Date(), nullable=True),
        sa.Column("send_minute", sa.SmallInteger(), nullable=False),
        sa.Column("spread_hours", sa.SmallInteger(), nullable=False),
        sa.Column("useful_until", sa.Date(), nullable=True),
        sa.Column("forecast", sa.JSON(), nullable=False),
        sa.Column("forecast_version", sa.Integer(), nullable=False),
        sa.Column("forecast_at", UTCDateTime(), nullable=True),
        sa.Column("approved_count", sa.Integer(), nullable=True),
        sa.Column("reserved_rupiah", sa.BigInteger(), nullable=False),
        sa.Column("budget_month", sa.Date(), nullable=True),
        sa.Column("drafted_by_id", BigId, nullable=False),
        sa.Column("approved_by_id", BigId, nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.Column("approved_at", UTCDateTime(), nullable=True),
        sa.Column("starts_at", UTCDateTime(), nullable=True),
        sa.Column("expanded_to", sa.BigInteger(), nullable=False),
        sa.Column("expand_until", sa.BigInteger(), nullable=False),
        sa.Column("expanded_at", UTCDateTime(), nullable=True),
        sa.Column("pause_reason", sa.String(16), nullable=False),
        sa.Column("look_at", UTCDateTime(), nullable=True),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["approved_by_id"], ["accounts.id"], name="fk_broadcasts_approved_by_id"),
        sa.ForeignKeyConstraint(["area_code"], ["areas.code"], name="fk_broadcasts_area_code"),
        sa.ForeignKeyConstraint(["copied_from_id"], ["broadcasts.id"], name="fk_broadcasts_copied_from_id"),
        sa.ForeignKeyConstraint(["drafted_by_id"], ["accounts.id"], name="fk_broadcasts_drafted_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_broadcasts"),
        sa.UniqueConstraint("code", name="uq_broadcasts_code"),
    )
    op.create_index("ix_broadcasts_area_code_id", "broadcasts", ["area_code", "id"])
    op.create_index("ix_broadcasts_look_at", "broadcasts", ["look_at"])
    op.create_index("ix_broadcasts_state_id", "broadcasts", ["state", "id"])
    op.create_index("ix_broadcasts_words_hash_approved_at", "broadcasts", ["words_hash", "approved_at"])


def _parts() -> None:
    op.create_table(
        "broadcast_areas",
        sa.Column("broadcast_id", BigId, nullable=False),
        sa.Column("area_code", AreaCode, nullable=False),
        sa.ForeignKeyConstraint(["area_code"], ["areas.code"], name="fk_broadcast_areas_area_code"),
        sa.ForeignKeyConstraint(
            ["broadcast_id"], ["broadcasts.id"], name="fk_broadcast_areas_broadcast_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("broadcast_id", "area_code", name="pk_broadcast_areas"),
    )
    op.create_index("ix_broadcast_areas_area_code_broadcast_id", "broadcast_areas", ["area_code", "broadcast_id"])
    op.create_table(
        "broadcast_texts",
        sa.Column("broadcast_id", BigId, nullable=False),
        sa.Column("language", sa.String(3), nullable=False),
        sa.Column("body", sa.String(612), nullable=False),
        sa.ForeignKeyConstraint(
            ["broadcast_id"], ["broadcasts.id"], name="fk_broadcast_texts_broadcast_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("broadcast_id", "language", name="pk_broadcast_texts"),
    )


def _course() -> None:
    op.create_table(
        "broadcast_events",
        sa.Column("id", BigId, nullable=False),
        sa.Column("broadcast_id", BigId, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(16), nullable=False),
        sa.Column("account_id", BigId, nullable=True),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_broadcast_events_account_id"),
        sa.ForeignKeyConstraint(["broadcast_id"], ["broadcasts.id"], name="fk_broadcast_events_broadcast_id"),
        sa.PrimaryKeyConstraint("id", name="pk_broadcast_events"),
    )
    op.create_index("ix_broadcast_events_broadcast_id_id", "broadcast_events", ["broadcast_id", "id"])
    op.create_table(
        "broadcast_points",
        sa.Column("broadcast_id", BigId, nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["broadcast_id"], ["broadcasts.id"], name="fk_broadcast_points_broadcast_id"),
        sa.PrimaryKeyConstraint("broadcast_id", "at", name="pk_broadcast_points"),
    )
    op.create_table(
        "held_causes",
        sa.Column("cause", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("cause", name="pk_held_causes"),
    )


def _money() -> None:
    op.create_table(
        "saved_audiences",
        sa.Column("id", BigId, nullable=False),
        sa.Column("area_code", AreaCode, nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("recipients", sa.String(12), nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("created_by_id", BigId, nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["area_code"], ["areas.code"], name="fk_saved_audiences_area_code"),
        sa.ForeignKeyConstraint(["created_by_id"], ["accounts.id"], name="fk_saved_audiences_created_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_saved_audiences"),
        sa.UniqueConstraint("area_code", "name", name="uq_saved_audiences_area_code_name"),
    )
    op.create_table(
        "sms_budgets",
        sa.Column("area_code", AreaCode, nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("limit_rupiah", sa.BigInteger(), nullable=False),
        sa.Column("reserved_rupiah", sa.BigInteger(), nullable=False),
        sa.Column("set_by_id", BigId, nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["area_code"], ["areas.code"], name="fk_sms_budgets_area_code"),
        sa.ForeignKeyConstraint(["set_by_id"], ["accounts.id"], name="fk_sms_budgets_set_by_id"),
        sa.PrimaryKeyConstraint("area_code", "month", name="pk_sms_budgets"),
        sa.CheckConstraint("reserved_rupiah <= limit_rupiah", name="within_limit"),
    )
