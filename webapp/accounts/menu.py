"""Which pages stand in the bar of every page, and which of them only a desk has room for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import request
from flask_babel import lazy_gettext as _l

from webapp import clock
from webapp.accounts.access import current_account
from webapp.accounts.model import ADMINISTRATOR, FACILITATOR, AccessGrant
from webapp.db import db


@dataclass(frozen=True)
class Entry:
    """A page of the bar. On a phone the `desk_only` ones stand under 'More'."""

    endpoint: str
    icon: str
    label: Any
    #: Blueprints whose pages belong to it.
    nouns: tuple[str, ...] = ()
    desk_only: bool = False
    #: Further pages that belong to it, if its blueprint has more entries than one.
    pages: tuple[str, ...] = ()

    @property
    def is_lit(self) -> bool:
        """Is this the page that is open, or one of its own?"""
        return request.endpoint == self.endpoint or request.endpoint in self.pages


TODAY = Entry("today.index", "today", _l("Today"), ("today",))
PEOPLE = Entry("people.index", "people", _l("People"), ("people", "departures"))
MESSAGES = Entry("conversations.index", "messages", _l("Messages"), ("conversations",))
MORE_NOUNS = (
    *("accounts", "agencies", "brokers", "cases", "helplines", "offline", "outbox", "routes", "areas", "simulator"),
    *("rules", "warnings", "broadcasts"),
)
MORE = Entry("accounts.more", "more", _l("More"), MORE_NOUNS)
ACCOUNT_PAGES = tuple(f"accounts.{page}" for page in ("new", "create", "show", "invite", "closing"))
OFFICE = (
    Entry("accounts.index", "accounts", _l("Accounts"), desk_only=True, pages=ACCOUNT_PAGES),
    Entry("outbox.index", "sending", _l("Outgoing texts"), desk_only=True),
    Entry("accounts.audit_log", "log", _l("Access log"), desk_only=True),
)
#: An administrator without a stated reason would only be asked for it by the usual pages.
ADMINISTRATION = (
    Entry("accounts.index", "accounts", _l("Accounts"), pages=ACCOUNT_PAGES),
    Entry("accounts.audit_log", "log", _l("Access log")),
    Entry("accounts.reason", "people", _l("Personal data")),
    MORE,
)


def menu() -> tuple[Entry, ...]:
    """The bar of the account that reads the page."""
    if current_account.role == ADMINISTRATOR and open_until() is None:
        return ADMINISTRATION
    usual = (TODAY, PEOPLE, MESSAGES, MORE)
    return usual if current_account.role == FACILITATOR else usual + OFFICE


def open_until() -> Any:
    """Until when personal data is open to this administrator; None for everybody else."""
    if current_account.role != ADMINISTRATOR:
        return None
    query = sa.select(sa.func.max(AccessGrant.until)).where(AccessGrant.account_id == current_account.id)
    until = db.session.scalar(query)
    return until if until is not None and until > clock.real_now() else None
