"""The log of who saw or changed whose data. It names things, never what they contain."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask, current_app, g, has_request_context
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import clock
from webapp.accounts.model import AuditEntry
from webapp.db import db

DETAIL_LENGTH = 300
#: Seeing the same again within this time is the same look.
ONE_LOOK = timedelta(minutes=10)
#: A report of a broker, and the detail of what was seen as a part of one: who reported is told by neither (unnamed.py).
REPORT, OF_REPORT = "broker_report", "of_report"
PARTS = ("person", "photo")


def init_app(app: Flask) -> None:
    app.after_request(write_after_answer)


def changed(act: str, subject: str, subject_id: int | None, area_code: str, detail: str = "") -> AuditEntry:
    """Note that somebody changed something, in the transaction of the change.

    `act` is a past participle ('created', 'changed', 'withdrawn'); `detail` names fields, never values.
    Without a request (a worker, an SMS) the programme itself did it and the account is empty.
    """
    entry = AuditEntry(**_entry(act, subject, subject_id, area_code, detail))
    db.session.add(entry)
    return entry


def seen(subject: str, subject_id: int | None, area_code: str, detail: str = "") -> None:
    """Note that this page shows somebody's data. Written after the answer: a page that reads does not write.

    Without an id it was a list of them.
    """
    if not has_request_context():
        return
    entries = g.setdefault("audit_seen", {})
    entries.setdefault((subject, subject_id), _entry("seen", subject, subject_id, area_code, detail))


def copied(subject: str, subject_id: int | None, area_code: str) -> None:
    """Note that somebody's data now lies on the reader's phone, to be seen there without our knowing.

    Without an id it is a list of them.
    """
    entries = g.setdefault("audit_seen", {})
    entries[(subject, subject_id)] = _entry("copied", subject, subject_id, area_code, "")


def exported(subject: str, subject_id: int, area_code: str) -> None:
    """Note that the reader took it away as a file."""
    entries = g.setdefault("audit_seen", {})
    entries[(subject, subject_id)] = _entry("exported", subject, subject_id, area_code, "")


def all_copied(but: Collection[str] = ()) -> None:
    """What was seen in this request was seen by a phone, which keeps it: each is copied, however many pages show it.

    `but`: subjects that are noted with what they belong to.
    """
    entries = g.get("audit_seen", {})
    g.audit_seen = {key: entry | {"act": "copied"} for key, entry in entries.items() if key[0] not in but}


def all_of_report() -> None:
    """What else this request has shown belongs to a report: whom it is about, its photos."""
    entries = g.get("audit_seen", {})
    g.audit_seen = {
        key: entry | {"detail": OF_REPORT} if entry["subject"] in PARTS else entry for key, entry in entries.items()
    }


def is_noted() -> bool:
    """Has this request said whose data it shows?"""
    return bool(g.get("audit_seen"))


def is_shown(response: Response) -> bool:
    """Does this answer hold a page of ours, also a form that did not fit? Redirects and refusals show nothing."""
    return response.status_code in (200, 422)


def write_after_answer(response: Response) -> Response:
    """Once the answer has gone out, write what was seen and that the account was here."""
    entries = list(g.get("audit_seen", {}).values()) if is_shown(response) else []
    visits = [g.visit] if "visit" in g else []
    if entries or visits:
        app = current_app._get_current_object()  # type: ignore[attr-defined]  # the proxy's own app
        engine = db.engine
        response.call_on_close(lambda: _write(app, engine, entries, visits))
    return response


def _write(app: Flask, engine: sa.Engine, entries: list[dict[str, Any]], visits: list[Any]) -> None:
    try:
        with engine.connect().execution_options(reads=True) as connection, connection.begin():
            news = [entry for entry in entries if not connection.scalar(_written_lately(entry))]
        statements = [*visits, *([sa.insert(AuditEntry).values(news)] if news else [])]
        if statements:
            with engine.connect().execution_options(writes=True) as connection, connection.begin():
                for statement in statements:
                    connection.execute(statement)
    except sa.exc.SQLAlchemyError:
        app.logger.exception("what was seen could not be written to the audit log")


def _written_lately(entry: dict[str, Any]) -> sa.Select[tuple[bool]]:
    """Did this account see the same within the last minutes? Who scrolls or types a search sees it many times."""
    same = [getattr(AuditEntry, name) == entry[name] for name in ("account_id", "act", "subject", "detail")]
    since = AuditEntry.at > entry["at"] - ONE_LOOK
    where = (*same, AuditEntry.subject_id.is_not_distinct_from(entry["subject_id"]), since)
    return sa.select(sa.exists().where(*where, AuditEntry.area_code == entry["area_code"]))


def _entry(act: str, subject: str, subject_id: int | None, area_code: str, detail: str) -> dict[str, Any]:
    account_id = current_user.id if has_request_context() and current_user.is_authenticated else None
    return {
        "at": clock.real_now(),
        "account_id": account_id,
        "act": act,
        "subject": subject,
        "subject_id": subject_id,
        "area_code": area_code,
        "detail": detail[:DETAIL_LENGTH],
    }
