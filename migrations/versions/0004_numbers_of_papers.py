"""Numbers of papers are found by a keyed hash; texts of relatives say which relative wrote."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from webapp.db import BigId
from webapp.departures.numbers import plain_number
from webapp.sealing import SealError, fingerprint, unseal

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("papers") as table:
        table.add_column(sa.Column("number_hash", sa.String(64), nullable=True))
        table.create_index("ix_papers_number_hash", ["number_hash"])
    with op.batch_alter_table("incoming") as table:
        table.add_column(sa.Column("contact_id", BigId, nullable=True))
        table.create_foreign_key("fk_incoming_contact_id", "family_contacts", ["contact_id"], ["id"])
    hash_what_is_stored()


def hash_what_is_stored() -> None:
    """A number whose key is gone stays as it is: it can be neither shown nor found."""
    papers = sa.table("papers", sa.column("id"), sa.column("number_encrypted"), sa.column("number_hash"))
    connection = op.get_bind()
    sealed = sa.select(papers.c.id, papers.c.number_encrypted).where(papers.c.number_encrypted.is_not(None))
    for paper_id, number in connection.execute(sealed).all():
        try:
            found = fingerprint(plain_number(unseal(number)))
        except SealError:
            continue
        connection.execute(sa.update(papers).where(papers.c.id == paper_id).values(number_hash=found))


def downgrade() -> None:
    with op.batch_alter_table("incoming") as table:
        table.drop_constraint("fk_incoming_contact_id", type_="foreignkey")
        table.drop_column("contact_id")
    with op.batch_alter_table("papers") as table:
        table.drop_index("ix_papers_number_hash")
        table.drop_column("number_hash")
