"""What is said is kept however long it is, and the words of a broadcast have room for their four segments."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_LONGEST, _LONGEST_BEFORE, _LONGEST_TEXT_BEFORE = 612, 1_000, 320


def upgrade() -> None:
    with op.batch_alter_table("messages") as messages:
        messages.alter_column(
            "body", existing_type=sa.String(_LONGEST_BEFORE), type_=sa.Text(), existing_nullable=False
        )
    with op.batch_alter_table("texts") as texts:
        texts.alter_column(
            "body",
            existing_type=sa.String(_LONGEST_TEXT_BEFORE),
            type_=sa.String(_LONGEST),
            existing_nullable=False,
        )


def downgrade() -> None:
    _cut("messages", _LONGEST_BEFORE)
    _cut("texts", _LONGEST_TEXT_BEFORE)
    with op.batch_alter_table("texts") as texts:
        texts.alter_column(
            "body",
            existing_type=sa.String(_LONGEST),
            type_=sa.String(_LONGEST_TEXT_BEFORE),
            existing_nullable=False,
        )
    with op.batch_alter_table("messages") as messages:
        messages.alter_column(
            "body", existing_type=sa.Text(), type_=sa.String(_LONGEST_BEFORE), existing_nullable=False
        )


def _cut(table: str, longest: int) -> None:
    op.execute(
        f"UPDATE {table} SET body = substr(body, 1, {longest}) WHERE length(body) > {longest}"
    )  # names of this file
