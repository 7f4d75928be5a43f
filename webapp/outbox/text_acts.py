"""What can happen to a stock text: new words are proposed, and a second officer approves them or gives them back.

None commits. A text may go to many thousand people, so nobody approves their own. Of two who decide at once one wins.
Workers read texts anew at each claim (texts.py): what is approved holds for what waits, without a restart.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from webapp.accounts import audit
from webapp.accounts.model import ADMINISTRATOR, COORDINATOR, Account
from webapp.areas.codes import NATION
from webapp.db import db, insert
from webapp.outbox.model import Text
from webapp.outbox.text_model import APPROVED, GIVEN_BACK, SUBJECT, WAITING, WITHDRAWN, TextProposal
from webapp.outbox.texts import FALLBACK


class TooLate(Exception):
    """It was decided already, or text or proposal is not the one that was read any more."""


class OwnProposal(Exception):
    """Nobody approves their own."""


class NotConfirmed(Exception):
    """Words in another language than Indonesian go out only when an office that reads it has confirmed them."""


class NothingElse(Exception):
    """Indonesian is what all others fall back to: it cannot be switched off."""


def may_change(account: Account) -> bool:
    """The one place that says who proposes and approves: administrators, and coordinators of the nation."""
    return account.role == ADMINISTRATOR or (account.role == COORDINATOR and account.area_code == NATION)


def propose(
    code: str, language: str, base_version: int, body: str, account: Account, now: datetime, confirmed_by: str = ""
) -> TextProposal:
    """Let a second officer decide about these words. Raises NotConfirmed; TooLate if another change waits already."""
    if language != FALLBACK and not confirmed_by:
        raise NotConfirmed
    facts = {"base_version": base_version, "body": body, "confirmed_by": confirmed_by, "enabled": True}
    return _hand_over({"code": code, "language": language} | facts, account, now)


def propose_off(text: Text, account: Account, now: datetime) -> TextProposal:
    """Let a second officer decide that people of this language get Indonesian again. Raises NothingElse, TooLate."""
    if text.language == FALLBACK:
        raise NothingElse
    facts = {"body": text.body, "confirmed_by": text.confirmed_by, "enabled": False}
    row = {"code": text.code, "language": text.language, "base_version": text.version} | facts
    return _hand_over(row, account, now)


def approve(proposal: TextProposal, account: Account, now: datetime) -> None:
    """Let it hold from now on, also for texts that wait. Raises OwnProposal, TooLate.

    After TooLate the caller undoes what was begun.
    """
    if proposal.proposed_by_id == account.id:
        raise OwnProposal
    _decide(proposal, APPROVED, account, now)
    version = proposal.base_version + 1
    row = {name: getattr(proposal, name) for name in ("code", "language", "body", "enabled", "confirmed_by")}
    who = {"proposed_by_id": proposal.proposed_by_id, "approved_by_id": account.id, "created_at": now}
    added = insert(Text).values(row | who | {"version": version}).on_conflict_do_nothing().returning(Text.id)
    if db.session.scalar(added) is None:
        raise TooLate
    same = sa.and_(Text.code == proposal.code, Text.language == proposal.language, Text.version < version)
    db.session.execute(sa.update(Text).where(same, Text.enabled).values(enabled=False))
    audit.changed("approved", SUBJECT, proposal.id, NATION, detail=_name(proposal.code, proposal.language))


def give_back(proposal: TextProposal, reason: str, account: Account, now: datetime) -> None:
    """The text stays as it is, and whoever proposed the words learns why. Raises OwnProposal, TooLate."""
    if proposal.proposed_by_id == account.id:
        raise OwnProposal
    _decide(proposal, GIVEN_BACK, account, now, reason)
    audit.changed("given_back", SUBJECT, proposal.id, NATION, detail=_name(proposal.code, proposal.language))


def take_back(proposal: TextProposal, account: Account, now: datetime) -> None:
    """By whoever proposed it. Raises TooLate."""
    if proposal.proposed_by_id != account.id:
        raise TooLate
    _decide(proposal, WITHDRAWN, account, now)
    audit.changed("withdrawn", SUBJECT, proposal.id, NATION, detail=_name(proposal.code, proposal.language))


def _hand_over(row: dict[str, Any], account: Account, now: datetime) -> TextProposal:
    """The database decides which of two changes waits."""
    row |= {"state": WAITING, "proposed_by_id": account.id, "proposed_at": now, "reason": ""}
    where = {"index_elements": ["code", "language"], "index_where": sa.text("state = 'waiting'")}
    added = insert(TextProposal).values(row).on_conflict_do_nothing(**where).returning(TextProposal.id)
    proposal_id = db.session.scalar(added)
    if proposal_id is None:
        raise TooLate
    audit.changed("handed_over", SUBJECT, proposal_id, NATION, detail=_name(row["code"], row["language"]))
    return db.session.get_one(TextProposal, proposal_id)


def _decide(proposal: TextProposal, state: str, account: Account, now: datetime, reason: str = "") -> None:
    """The database decides who was first: whoever comes second finds nothing that waits."""
    query = sa.update(TextProposal).where(TextProposal.id == proposal.id, TextProposal.state == WAITING)
    if state == APPROVED:
        query = query.where(TextProposal.proposed_by_id != account.id)
    decided = query.values(state=state, decided_by_id=account.id, decided_at=now, reason=reason)
    result: Any = db.session.execute(decided.execution_options(synchronize_session=False))
    if result.rowcount != 1:
        raise TooLate
    db.session.refresh(proposal)


def _name(code: str, language: str) -> str:
    """'R7 jv', for the access log."""
    return f"{code} {language}"
