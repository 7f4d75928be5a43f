"""Photos that came in pieces and are kept sealed; reports of brokers, to which they are attached."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from webapp.db import AreaCode, BigId, UTCDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _photos()
    _reports()


def _photos() -> None:
    op.create_table(
        "photos",
        sa.Column("id", BigId, nullable=False),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("account_id", BigId, nullable=False),
        sa.Column("area_code", AreaCode, nullable=False),
        sa.Column("quality", sa.String(length=5), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("content_encrypted", sa.LargeBinary(), nullable=True),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("completed_at", UTCDateTime(), nullable=True),
        sa.Column("subject", sa.String(length=24), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_photos_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_photos"),
        sa.UniqueConstraint("account_id", "key", name="uq_photos_account_id_key"),
    )
    op.create_index("ix_photos_subject_subject_id", "photos", ["subject", "subject_id"])
    loose = sa.text("subject = ''")
    op.create_index("ix_photos_loose", "photos", ["created_at"], sqlite_where=loose, postgresql_where=loose)
    op.create_table(
        "photo_pieces",
        sa.Column("id", BigId, nullable=False),
        sa.Column("photo_id", BigId, nullable=False),
        sa.Column("offset", sa.Integer(), nullable=False),
        sa.Column("data_encrypted", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["photo_id"], ["photos.id"], name="fk_photo_pieces_photo_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_photo_pieces"),
        sa.UniqueConstraint("photo_id", "offset", name="uq_photo_pieces_photo_id_offset"),
    )


def _reports() -> None:
    op.create_table(
        "broker_reports",
        sa.Column("id", BigId, nullable=False),
        sa.Column("reference", sa.String(length=12), nullable=False),
        sa.Column("area_code", AreaCode, nullable=False),
        sa.Column("account_id", BigId, nullable=False),
        sa.Column("reporter_kind", sa.String(length=12), nullable=False),
        sa.Column("person_id", BigId, nullable=True),
        sa.Column("reporter_contact", sa.String(length=120), nullable=False),
        sa.Column("safe_hours", sa.String(length=60), nullable=False),
        sa.Column("words", sa.String(length=2000), nullable=False),
        sa.Column("accused_names", sa.String(length=300), nullable=False),
        sa.Column("accused_phones", sa.String(length=200), nullable=False),
        sa.Column("agency_claimed", sa.String(length=120), nullable=False),
        sa.Column("modus", sa.JSON(), nullable=False),
        sa.Column("country", sa.String(length=60), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("planned_departure", sa.String(length=60), nullable=False),
        sa.Column("money_asked", sa.BigInteger(), nullable=True),
        sa.Column("money_paid", sa.BigInteger(), nullable=True),
        sa.Column("papers_held", sa.String(length=200), nullable=False),
        sa.Column("people_count", sa.Integer(), nullable=True),
        sa.Column("child_involved", sa.Boolean(), nullable=False),
        sa.Column("threat", sa.String(length=10), nullable=False),
        sa.Column("may_forward", sa.JSON(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("received_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_broker_reports_account_id"),
        sa.ForeignKeyConstraint(["area_code"], ["areas.code"], name="fk_broker_reports_area_code"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_broker_reports_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_broker_reports"),
        sa.UniqueConstraint("reference", name="uq_broker_reports_reference"),
    )
    op.create_index("ix_broker_reports_area_code_id", "broker_reports", ["area_code", "id"])
    op.create_index("ix_broker_reports_account_id_id", "broker_reports", ["account_id", "id"])
    op.create_index("ix_broker_reports_person_id", "broker_reports", ["person_id"])


def downgrade() -> None:
    for table in ("broker_reports", "photo_pieces", "photos"):
        op.drop_table(table)
