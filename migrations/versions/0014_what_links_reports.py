"""What links reports of brokers: aliases of the accused, clusters of reports, and which regencies they join."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from webapp.db import AreaCode, BigId, UTCDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _aliases()
    _clusters()
    _areas()
    # Whatever was merged into a report links in its name.


def _aliases() -> None:
    op.create_table(
        "broker_aliases",
        sa.Column("id", BigId, nullable=False),
        sa.Column("report_id", BigId, nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("value_encrypted", sa.LargeBinary(), nullable=True),
        sa.Column("value_hash", sa.String(64), nullable=True),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("sounds", sa.String(100), nullable=False),
        sa.Column("shown", sa.String(60), nullable=False),
        sa.Column("area_code", AreaCode, nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["broker_reports.id"], name="fk_broker_aliases_report_id"),
        sa.PrimaryKeyConstraint("id", name="pk_broker_aliases"),
    )
    op.create_index("ix_broker_aliases_report_id", "broker_aliases", ["report_id"])
    op.create_index("ix_broker_aliases_value_hash", "broker_aliases", ["value_hash"])
    op.create_index("ix_broker_aliases_kind_key_area_code", "broker_aliases", ["kind", "key", "area_code"])


def _clusters() -> None:
    op.create_table(
        "broker_clusters",
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("report_count", sa.Integer(), nullable=False),
        sa.Column("area_count", sa.Integer(), nullable=False),
        sa.Column("source_count", sa.Integer(), nullable=False),
        sa.Column("newest_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_broker_clusters"),
    )
    op.create_table(
        "broker_memberships",
        sa.Column("report_id", BigId, autoincrement=False, nullable=False),
        sa.Column("cluster_id", BigId, nullable=True),
        sa.ForeignKeyConstraint(["report_id"], ["broker_reports.id"], name="fk_broker_memberships_report_id"),
        sa.ForeignKeyConstraint(["cluster_id"], ["broker_clusters.id"], name="fk_broker_memberships_cluster_id"),
        sa.PrimaryKeyConstraint("report_id", name="pk_broker_memberships"),
    )
    op.create_index("ix_broker_memberships_cluster_id", "broker_memberships", ["cluster_id"])


def _areas() -> None:
    op.create_table(
        "broker_cluster_areas",
        sa.Column("cluster_id", BigId, autoincrement=False, nullable=False),
        sa.Column("area_code", AreaCode, nullable=False),
        sa.Column("report_count", sa.Integer(), nullable=False),
        sa.Column("newest_id", sa.BigInteger(), nullable=False),
        sa.Column("crossed_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["cluster_id"], ["broker_clusters.id"], name="fk_broker_cluster_areas_cluster_id"),
        sa.ForeignKeyConstraint(["area_code"], ["areas.code"], name="fk_broker_cluster_areas_area_code"),
        sa.PrimaryKeyConstraint("cluster_id", "area_code", name="pk_broker_cluster_areas"),
    )
    op.create_index("ix_broker_cluster_areas_area_code_newest_id", "broker_cluster_areas", ["area_code", "newest_id"])
    crossed = sa.text("crossed_at IS NOT NULL")
    op.create_index(
        "ix_broker_cluster_areas_crossed",
        "broker_cluster_areas",
        ["area_code", "crossed_at"],
        sqlite_where=crossed,
        postgresql_where=crossed,
    )
    op.create_table(
        "broker_crossings",
        sa.Column("id", BigId, nullable=False),
        sa.Column("cluster_id", BigId, nullable=False),
        sa.Column("area_code", AreaCode, nullable=False),
        sa.Column("other_code", AreaCode, nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["cluster_id"], ["broker_clusters.id"], name="fk_broker_crossings_cluster_id"),
        sa.PrimaryKeyConstraint("id", name="pk_broker_crossings"),
        sa.UniqueConstraint(
            "cluster_id", "area_code", "other_code", name="uq_broker_crossings_cluster_id_area_code_other_code"
        ),
    )


def downgrade() -> None:
    """What links reports can be found anew from them: `flask clusters`."""
    for table in ("crossings", "cluster_areas", "memberships", "clusters", "aliases"):
        op.drop_table(f"broker_{table}")
