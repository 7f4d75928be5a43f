"""Codes of invitations leave the texts that have gone out; what an account saw lately is found by its time."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

UNDER_WAY = ("queued", "sending", "unknown")


def upgrade() -> None:
    columns = (sa.column(name) for name in ("purpose", "state", "body", "cause"))
    messages = sa.table("messages", *columns)
    with_code = messages.c.purpose == "account"
    op.execute(sa.update(messages).where(with_code, messages.c.state.not_in(UNDER_WAY)).values(body=""))
    op.execute(sa.update(messages).where(with_code, messages.c.state.in_(UNDER_WAY)).values(cause="invitation"))
    op.drop_index("ix_audit_log_account_id", "audit_log")
    op.create_index("ix_audit_log_account_id_at", "audit_log", ["account_id", "at"])


def downgrade() -> None:
    op.drop_index("ix_audit_log_account_id_at", "audit_log")
    op.create_index("ix_audit_log_account_id", "audit_log", ["account_id"])
