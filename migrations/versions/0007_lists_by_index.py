"""Lists of what waits are read by partial indexes, which stay small while their tables grow."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

UNREAD = "for_human AND handled_at IS NULL"
UNREAD_ON_SQLITE = "for_human = 1 AND handled_at IS NULL"
CALLS = f"{UNREAD} AND command = 'help'"
OPEN = "done_at IS NULL"
TASKS_TO_HELP = f"{OPEN} AND kind = 'help'"
ASKED = "expects != '' AND answered_at IS NULL AND sent_at IS NOT NULL"
WITHOUT_ANSWER = f"{ASKED} AND (text_code IN ('R9','P1') OR expects = 'call')"


def upgrade() -> None:
    op.create_index("ix_incoming_answers_id", "incoming", ["answers_id"])
    create("ix_incoming_calls", "incoming", ["command", "area_code", "id"], CALLS)
    create("ix_incoming_unread_anywhere", "incoming", ["id"], UNREAD)
    op.drop_index("ix_tasks_area_code_done_at_id", "tasks")
    create("ix_tasks_calls", "tasks", ["kind", "area_code", "id"], TASKS_TO_HELP)
    create("ix_tasks_open", "tasks", ["area_code", "id"], OPEN)
    create("ix_tasks_open_anywhere", "tasks", ["id"], OPEN)
    create("ix_messages_unknown_number", "messages", ["number", "id"], "person_id IS NULL")
    op.drop_index("ix_messages_unanswered", "messages")
    create("ix_messages_unanswered", "messages", ["area_code", "sent_at", "id"], WITHOUT_ANSWER)
    create("ix_messages_unanswered_anywhere", "messages", ["sent_at", "id"], WITHOUT_ANSWER)


def create(name: str, table: str, columns: list[str], where: str) -> None:
    on_sqlite = where.replace(UNREAD, UNREAD_ON_SQLITE)
    op.create_index(name, table, columns, sqlite_where=sa.text(on_sqlite), postgresql_where=sa.text(where))


def downgrade() -> None:
    op.drop_index("ix_messages_unanswered_anywhere", "messages")
    op.drop_index("ix_messages_unanswered", "messages")
    create("ix_messages_unanswered", "messages", ["area_code", "sent_at"], ASKED)
    op.drop_index("ix_messages_unknown_number", "messages")
    op.drop_index("ix_tasks_open_anywhere", "tasks")
    op.drop_index("ix_tasks_open", "tasks")
    op.drop_index("ix_tasks_calls", "tasks")
    op.create_index("ix_tasks_area_code_done_at_id", "tasks", ["area_code", "done_at", "id"])
    op.drop_index("ix_incoming_unread_anywhere", "incoming")
    op.drop_index("ix_incoming_calls", "incoming")
    op.drop_index("ix_incoming_answers_id", "incoming")
