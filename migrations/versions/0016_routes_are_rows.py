"""Routes are rows, with what each carries, how it is and what it cost; repeats of incoming texts with other ids."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from webapp.db import BigId, UTCDateTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

QUEUED = sa.text("state = 'queued'")
HASHED = sa.text("repeat_hash IS NOT NULL")


def upgrade() -> None:
    _states()
    _routes()
    _days()
    op.drop_index("ix_messages_due", "messages")
    _due_index("route", "priority", "due_at")
    _repeats()


def _states() -> None:
    """How a route is stood in the table of routes, which now says what it is."""
    op.create_table(
        "route_states",
        sa.Column("name", sa.String(16), nullable=False),
        sa.Column("paused_until", UTCDateTime(), nullable=True),
        sa.Column("pause_reason", sa.String(200), nullable=False),
        sa.Column("pause_words", sa.String(200), nullable=False, server_default=""),
        sa.Column("heard_at", UTCDateTime(), nullable=True),
        sa.Column("last_error", sa.String(200), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("name", name="pk_route_states"),
    )
    op.execute(
        "INSERT INTO route_states (name, paused_until, pause_reason) SELECT gateway, paused_until, pause_reason FROM routes"
    )
    op.drop_table("routes")


def _routes() -> None:
    op.create_table(
        "routes",
        sa.Column("id", BigId, nullable=False),
        sa.Column("code", sa.String(16), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("settings_encrypted", sa.LargeBinary(), nullable=True),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("purposes", sa.String(80), nullable=False),
        sa.Column("prefixes", sa.String(200), nullable=False),
        sa.Column("areas", sa.String(300), nullable=False),
        sa.Column("rank", sa.SmallInteger(), nullable=False),
        sa.Column("reply_number", sa.String(20), nullable=False),
        sa.Column("per_minute", sa.Integer(), nullable=False),
        sa.Column("price_rupiah", sa.Integer(), nullable=False),
        sa.Column("daily_limit", sa.Integer(), nullable=True),
        sa.Column("silent_after", sa.Integer(), nullable=True),
        sa.Column("digit_free", sa.Boolean(), nullable=False),
        sa.Column("repeat_seconds", sa.SmallInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_routes"),
        sa.UniqueConstraint("code", name="uq_routes_code"),
    )


def _days() -> None:
    op.create_table(
        "route_days",
        sa.Column("route", sa.String(16), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("texts", sa.Integer(), nullable=False),
        sa.Column("segments", sa.Integer(), nullable=False),
        sa.Column("rupiah", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("route", "day", name="pk_route_days"),
    )
    op.create_table(
        "route_choice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("signature", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_route_choice"),
    )
    op.execute("INSERT INTO route_choice (id, signature) VALUES (1, '')")


def _repeats() -> None:
    with op.batch_alter_table("incoming") as table:
        table.add_column(sa.Column("repeat_hash", sa.String(64), nullable=True))
    op.create_index(
        "ix_incoming_repeat",
        "incoming",
        ["repeat_hash", "sent_at"],
        sqlite_where=HASHED,
        postgresql_where=HASHED,
    )
    op.create_table(
        "incoming_repeats",
        sa.Column("id", BigId, nullable=False),
        sa.Column("gateway", sa.String(16), nullable=False),
        sa.Column("provider_id", sa.String(64), nullable=False),
        sa.Column("incoming_id", BigId, nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["incoming_id"], ["incoming.id"], name="fk_incoming_repeats_incoming_id"),
        sa.PrimaryKeyConstraint("id", name="pk_incoming_repeats"),
        sa.UniqueConstraint("gateway", "provider_id", name="uq_incoming_repeats_gateway_provider_id"),
    )
    op.create_index("ix_incoming_repeats_incoming_id", "incoming_repeats", ["incoming_id"])


def _due_index(*columns: str) -> None:
    op.create_index("ix_messages_due", "messages", list(columns), sqlite_where=QUEUED, postgresql_where=QUEUED)


def downgrade() -> None:
    """What routes there were is forgotten; that one of them rests is kept."""
    op.drop_table("incoming_repeats")
    op.drop_index("ix_incoming_repeat", "incoming")
    with op.batch_alter_table("incoming") as table:
        table.drop_column("repeat_hash")
    op.drop_index("ix_messages_due", "messages")
    _due_index("priority", "due_at")
    op.execute("UPDATE messages SET route = ''")
    op.drop_table("route_choice")
    op.drop_table("route_days")
    op.drop_table("routes")
    op.create_table(
        "routes",
        sa.Column("gateway", sa.String(16), nullable=False),
        sa.Column("paused_until", UTCDateTime(), nullable=True),
        sa.Column("pause_reason", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("gateway", name="pk_routes"),
    )
    op.execute(
        "INSERT INTO routes (gateway, paused_until, pause_reason) SELECT name, paused_until, pause_reason FROM route_states"
    )
    op.drop_table("route_states")
