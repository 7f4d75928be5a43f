"""Which entries of the log stand on its page without a name: those that tell who reported a broker, or about whom.

The log itself holds everything. Its page is read by everybody of the office, while who reports is for the verifying
coordinator alone, by a look that is noted (brokers/seeing.py). So for every reader, an administrator too:

- A facilitator sees the reports that she wrote and no others: whatever she does with a report says that it is hers.
- Whoever created a report wrote it, and may look up who reports it only because they did.
- A person or photo that was seen with a report belongs to it, and is often the reporter.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from webapp.accounts.audit import OF_REPORT, PARTS, REPORT
from webapp.accounts.model import FACILITATOR, Account, AuditEntry

#: What pages of reports are called that show a list or an empty form (access.note_who_saw).
REPORTS = "brokers"


def is_part() -> sa.ColumnElement[bool]:
    """Seen as a part of a report: neither who nor what is told, nor is it found by what it was."""
    return sa.and_(AuditEntry.detail == OF_REPORT, AuditEntry.subject.in_(PARTS))


def is_unnamed() -> sa.ColumnElement[bool]:
    """To be read with the account of the entry joined."""
    by_facilitator = sa.and_(Account.role == FACILITATOR, AuditEntry.subject.in_((REPORT, REPORTS)))
    first = aliased(AuditEntry)
    wrote_it = sa.exists().where(
        first.subject == REPORT,
        first.subject_id == AuditEntry.subject_id,
        first.act == "created",
        first.account_id == AuditEntry.account_id,
    )
    by_writer = sa.and_(AuditEntry.subject == REPORT, AuditEntry.act.in_(("created", "seen", "revealed")), wrote_it)
    return sa.and_(AuditEntry.account_id.is_not(None), sa.or_(by_facilitator, by_writer, is_part()))
