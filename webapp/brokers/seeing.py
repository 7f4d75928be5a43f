"""Who sees which reports, and who may learn who reports. The only place where this is decided.

- A facilitator sees the reports that she wrote, and no others.
- Coordinators, and an administrator with a stated reason, see those of their area and below. If somebody of the village
  office is accused, no account of the village sees it but the one that wrote it.
- Who reports it: nobody learns it of an anonymous report, for it is stored nowhere. In confidence it is for the
  verifying coordinator alone, with name for whoever may see the report. The writer may see what she wrote. An
  administrator never.
- Even then it stands on no page: it is shown once, on request, and both the audit log and the report say to whom.
"""

from __future__ import annotations

import sqlalchemy as sa

from webapp.accounts.access import current_account, visible
from webapp.accounts.model import COORDINATOR, FACILITATOR, Account
from webapp.areas.model import VILLAGE
from webapp.brokers.model import ANONYMOUS, NAMED, BrokerReport

#: Kinds of reporters who are, or are close to, the person whom the report is about: to name one is to name the other.
CLOSE = ("victim", "family", "anonymous")


def mine_to_see() -> sa.ColumnElement[bool]:
    """The SQL condition that the account of this request may see a report."""
    own = BrokerReport.account_id == current_account.id
    if current_account.role == FACILITATOR:
        return own
    seen = visible(BrokerReport.area_code)
    if current_account.area.level == VILLAGE:
        return sa.and_(seen, sa.or_(BrokerReport.accuses_staff.is_(False), own))
    return seen


def may_learn_reporter(report: BrokerReport, account: Account) -> bool:
    """May this account, which may see the report, learn who reports it?"""
    if account.role not in (FACILITATOR, COORDINATOR) or report.naming == ANONYMOUS:
        return False
    if report.account_id == account.id:
        return True
    return account.role == COORDINATOR and (report.naming == NAMED or report.verifier_id == account.id)


def person_leads_to_reporter(report: BrokerReport, account: Account) -> bool:
    """Would the name of whom it is about tell this account who reports it?"""
    return report.reporter_kind in CLOSE and report.account_id != account.id
