"""Drafting, reading and sending warnings through the pages, for tests of them."""

from __future__ import annotations

import html
from typing import Any

import sqlalchemy as sa
from werkzeug.test import TestResponse

from tests.warnings.conftest import Browser
from tests.warnings.crowd import LICENCE
from webapp import clock
from webapp.db import db
from webapp.outbox.model import Message
from webapp.warnings import sending
from webapp.warnings.model import SafetyWarning

DISTRICT = "33.01.06"
GENERAL = {"text_code": "W4", "areas": [DISTRICT], "stages": ["prospect", "ready"]}
AREA = GENERAL | {"text_code": "W8", "place": DISTRICT}
COMPANY = GENERAL | {
    "text_code": "N1", "licence": LICENCE, "decision_number": "KEP.12/2026", "legal_basis": "UU 18/2017 Pasal 33",
}  # fmt: skip


def newest() -> SafetyWarning:
    db.session.rollback()
    return db.session.scalars(sa.select(SafetyWarning).order_by(SafetyWarning.id.desc()).limit(1)).one()


def make(browser: Browser, who: str = "ratna", **form: Any) -> SafetyWarning:
    answer = browser(who).post("/warnings", data=form)
    assert answer.status_code == 303, answer.text
    return newest()


def agree(browser: Browser, who: str, what: str, warning: SafetyWarning, **changes: Any) -> TestResponse:
    """Tick that it was read, and send the form 'submission' or 'approval'."""
    data = {"version": newest().version, "read": "y"} | changes
    return browser(who).post(f"/warnings/{warning.id}/{what}", data=data)


def texts() -> int:
    while sending.go_on(clock.now()):
        pass
    db.session.rollback()
    query = sa.select(sa.func.count()).select_from(Message).where(Message.cause.startswith("warning:"))
    return db.session.scalar(query) or 0


def page_of(browser: Browser, who: str, warning: SafetyWarning, part: str = "") -> str:
    answer = browser(who).get(f"/warnings/{warning.id}{part}")
    assert answer.status_code == 200
    return html.unescape(answer.text)
