"""What happens to a report of a broker; texts that must not show who wrote; by which route a text goes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from webapp.db import BigId, UTCDateTime
from webapp.sealing import SealError, seal, unseal

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

reports = sa.table(
    "broker_reports",
    sa.column("id", BigId),
    sa.column("account_id", BigId),
    sa.column("reporter_contact", sa.String),
    sa.column("contact_encrypted", sa.LargeBinary),
)


def upgrade() -> None:
    _texts()
    _return_addresses()
    _reports()
    _seal_contacts()
    with op.batch_alter_table("broker_reports") as table:
        table.drop_column("reporter_contact")
    _steps()
    _referrals()


def _texts() -> None:
    with op.batch_alter_table("messages") as table:
        table.add_column(sa.Column("private", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("route", sa.String(16), nullable=False, server_default=""))
    with op.batch_alter_table("incoming") as table:
        table.add_column(sa.Column("sent_at", UTCDateTime(), nullable=True))
        table.add_column(sa.Column("private", sa.Boolean(), nullable=False, server_default=sa.false()))


def _return_addresses() -> None:
    op.create_table(
        "return_addresses",
        sa.Column("id", BigId, nullable=False),
        sa.Column("number_hash", sa.String(64), nullable=False),
        sa.Column("number_encrypted", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_return_addresses"),
        sa.UniqueConstraint("number_hash", name="uq_return_addresses_number_hash"),
    )


def _reports() -> None:
    with op.batch_alter_table("broker_reports") as table:
        table.add_column(sa.Column("word", sa.String(20), nullable=True))
        table.add_column(sa.Column("channel", sa.String(8), nullable=False, server_default="app"))
        table.alter_column("account_id", existing_type=BigId, nullable=True)
        table.add_column(sa.Column("naming", sa.String(12), nullable=False, server_default="confidential"))
        table.add_column(sa.Column("contact_encrypted", sa.LargeBinary(), nullable=True))
        table.add_column(sa.Column("return_address_id", BigId, nullable=True))
        table.add_column(sa.Column("safe_to_call", sa.Boolean(), nullable=True))
        for name, length in WORDS.items():
            table.add_column(sa.Column(name, sa.String(length), nullable=False, server_default=""))
        table.add_column(sa.Column("accuses_staff", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("verifier_id", BigId, nullable=True))
        table.add_column(sa.Column("merged_into_id", BigId, nullable=True))
        table.create_unique_constraint("uq_broker_reports_word", ["word"])
        table.create_index("ix_broker_reports_return_address_id", ["return_address_id"])
        for name, other in KEYS.items():
            table.create_foreign_key(f"fk_broker_reports_{name}", other, [name], ["id"])


def _seal_contacts() -> None:
    connection = op.get_bind()
    query = sa.select(reports.c.id, reports.c.reporter_contact).where(reports.c.reporter_contact != "")
    for report_id, contact in connection.execute(query).all():
        connection.execute(reports.update().where(reports.c.id == report_id).values(contact_encrypted=seal(contact)))


def _steps() -> None:
    op.create_table(
        "broker_steps",
        sa.Column("id", BigId, nullable=False),
        sa.Column("report_id", BigId, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("account_id", BigId, nullable=True),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["broker_reports.id"], name="fk_broker_steps_report_id"),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_broker_steps_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_broker_steps"),
    )
    op.create_index("ix_broker_steps_report_id_id", "broker_steps", ["report_id", "id"])


def _referrals() -> None:
    op.create_table(
        "broker_referrals",
        sa.Column("id", BigId, nullable=False),
        sa.Column("report_id", BigId, nullable=False),
        sa.Column("office", sa.String(12), nullable=False),
        sa.Column("addressee", sa.String(120), nullable=False),
        sa.Column("letter_number", sa.String(60), nullable=False),
        sa.Column("note", sa.String(500), nullable=False),
        sa.Column("account_id", BigId, nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("received_by", sa.String(80), nullable=False),
        sa.Column("receipt_number", sa.String(60), nullable=False),
        sa.Column("received_at", UTCDateTime(), nullable=True),
        sa.Column("receipt_by_id", BigId, nullable=True),
        sa.ForeignKeyConstraint(["report_id"], ["broker_reports.id"], name="fk_broker_referrals_report_id"),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_broker_referrals_account_id"),
        sa.ForeignKeyConstraint(["receipt_by_id"], ["accounts.id"], name="fk_broker_referrals_receipt_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_broker_referrals"),
    )
    op.create_index("ix_broker_referrals_report_id", "broker_referrals", ["report_id"])


def downgrade() -> None:
    """Reports that came by SMS have no author, which the older tables ask for: they go with what is told of them."""
    op.drop_table("broker_referrals")
    op.drop_table("broker_steps")
    with op.batch_alter_table("broker_reports") as table:
        table.add_column(sa.Column("reporter_contact", sa.String(120), nullable=False, server_default=""))
    _unseal_contacts()
    op.get_bind().execute(reports.delete().where(reports.c.account_id.is_(None)))
    with op.batch_alter_table("broker_reports") as table:
        for name in KEYS:
            table.drop_constraint(f"fk_broker_reports_{name}", type_="foreignkey")
        table.drop_index("ix_broker_reports_return_address_id")
        table.drop_constraint("uq_broker_reports_word", type_="unique")
        table.alter_column("account_id", existing_type=BigId, nullable=False)
        table.alter_column("reporter_contact", existing_type=sa.String(120), server_default=None)
        for name in (*WORDS, *KEYS, "accuses_staff", "safe_to_call", "contact_encrypted", "naming", "channel", "word"):
            table.drop_column(name)
    op.drop_table("return_addresses")
    with op.batch_alter_table("incoming") as table:
        table.drop_column("private")
        table.drop_column("sent_at")
    with op.batch_alter_table("messages") as table:
        table.drop_column("route")
        table.drop_column("private")


def _unseal_contacts() -> None:
    connection = op.get_bind()
    query = sa.select(reports.c.id, reports.c.contact_encrypted).where(reports.c.contact_encrypted.is_not(None))
    for report_id, sealed in connection.execute(query).all():
        try:
            contact = unseal(sealed)[:120]
        except SealError:
            continue
        connection.execute(reports.update().where(reports.c.id == report_id).values(reporter_contact=contact))


WORDS = {
    "accused_accounts": 200,
    "accused_plates": 100,
    "letter_shown": 100,
    "job_promised": 80,
    "wage_promised": 60,
    "visa_promised": 60,
}
KEYS = {"return_address_id": "return_addresses", "verifier_id": "accounts", "merged_into_id": "broker_reports"}
