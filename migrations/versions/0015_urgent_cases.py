"""Calls for help that climb until somebody answers, the table of minutes, safe words."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from webapp.db import AreaCode, BigId, UTCDateTime

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

OPEN, DUE = sa.text("closed_at IS NULL"), sa.text("next_step_at IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "cases",
        sa.Column("id", BigId, nullable=False),
        sa.Column("reference", sa.String(12), nullable=False),
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("area_code", AreaCode, nullable=False),
        sa.Column("person_id", BigId, nullable=True),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("incoming_id", BigId, nullable=True),
        sa.Column("report_id", BigId, nullable=True),
        sa.Column("bypass_village", sa.Boolean(), nullable=False),
        sa.Column("opened_at", UTCDateTime(), nullable=False),
        sa.Column("called_at", UTCDateTime(), nullable=False),
        sa.Column("acknowledged_at", UTCDateTime(), nullable=True),
        sa.Column("acknowledged_by_id", BigId, nullable=True),
        sa.Column("closed_at", UTCDateTime(), nullable=True),
        sa.Column("closed_by_id", BigId, nullable=True),
        sa.Column("outcome", sa.String(300), nullable=False),
        sa.Column("step", sa.SmallInteger(), nullable=False),
        sa.Column("next_step_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["area_code"], ["areas.code"], name="fk_cases_area_code"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_cases_person_id"),
        sa.ForeignKeyConstraint(["incoming_id"], ["incoming.id"], name="fk_cases_incoming_id"),
        sa.ForeignKeyConstraint(["report_id"], ["broker_reports.id"], name="fk_cases_report_id"),
        sa.ForeignKeyConstraint(["acknowledged_by_id"], ["accounts.id"], name="fk_cases_acknowledged_by_id"),
        sa.ForeignKeyConstraint(["closed_by_id"], ["accounts.id"], name="fk_cases_closed_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_cases"),
        sa.UniqueConstraint("reference", name="uq_cases_reference"),
        sa.UniqueConstraint("key", name="uq_cases_key"),
    )
    op.create_index("ix_cases_open", "cases", ["area_code", "id"], sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_index("ix_cases_open_anywhere", "cases", ["id"], sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_index("ix_cases_due", "cases", ["next_step_at"], sqlite_where=DUE, postgresql_where=DUE)
    op.create_index("ix_cases_area_code_id", "cases", ["area_code", "id"])
    for name in ("number", "person_id", "incoming_id", "report_id"):
        op.create_index(f"ix_cases_{name}", "cases", [name])
    op.create_table(
        "case_events",
        sa.Column("id", BigId, nullable=False),
        sa.Column("case_id", BigId, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("account_id", BigId, nullable=True),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_case_events_case_id"),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_case_events_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_case_events"),
    )
    op.create_index("ix_case_events_case_id_id", "case_events", ["case_id", "id"])
    _minutes()
    _safe_words()


def _minutes() -> None:
    op.create_table(
        "escalation_steps",
        sa.Column("id", BigId, nullable=False),
        sa.Column("code", sa.String(24), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("step", sa.SmallInteger(), nullable=False),
        sa.Column("after_minutes", sa.Integer(), nullable=False),
        sa.Column("audience", sa.String(60), nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_escalation_steps"),
        sa.UniqueConstraint("code", name="uq_escalation_steps_code"),
        sa.UniqueConstraint("kind", "step", name="uq_escalation_steps_kind_step"),
    )


def _safe_words() -> None:
    op.create_table(
        "safe_words",
        sa.Column("id", BigId, nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("word_encrypted", sa.LargeBinary(), nullable=False),
        sa.Column("word_hash", sa.String(64), nullable=False),
        sa.Column("set_at", UTCDateTime(), nullable=False),
        sa.Column("account_id", BigId, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_safe_words_person_id"),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_safe_words_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_safe_words"),
        sa.UniqueConstraint("person_id", name="uq_safe_words_person_id"),
    )
    op.create_index("ix_safe_words_word_hash", "safe_words", ["word_hash"])


def downgrade() -> None:
    for table in ("safe_words", "escalation_steps", "case_events", "cases"):
        op.drop_table(table)
