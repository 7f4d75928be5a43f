"""Every webhook a hundred times, in any order, by two processes at once: one effect."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.callbacks.phone_events import PHONE, ping, post, received, told
from tests.callbacks.replaying import ROUTE
from tests.conftest import settings_for
from tests.faults.fleet import ROOT
from tests.people import HOME, Cast
from tests.routes_.making import make_route
from webapp import clock, create_app
from webapp.conversations.model import Incoming, IncomingRepeat
from webapp.db import db
from webapp.outbox import queue
from webapp.outbox.model import Message
from webapp.people.model import Consent, NumberState, Phone
from webapp.people.tasks import Task

AT = datetime(2026, 11, 30, 2, 0, tzinfo=UTC)
#: Two processes, so a hundred times.
TIMES = 50
#: Numbers, by what their owners write; each of another person, so that no order matters.
WORDS = {
    "+6281234567801": "STOP",
    "+6281234567802": "Bu, kapan saya berangkat?",
    "+6281299990001": "halo",
    "+6281299990002": "BANTU",
    "+6281299990003": "SALAH",
}
#: Texts of ours, by what the phone tells of them.
FATES = {
    "a": ("sms:sent", "sms:delivered"),
    "b": ("sms:sent",),
    "c": ("sms:failed",),
    "d": ("sms:delivered", "sms:failed"),
}


def events(references: dict[str, str]) -> list[dict[str, Any]]:
    """Texts, each told twice under other ids; receipts; a sign of life."""
    found = [ping()]
    for number, words in WORDS.items():
        for n, seconds in enumerate((0, 2)):
            at = AT + timedelta(seconds=seconds)
            found.append(received(f"e{n}{number[-4:]}", f"m{n}{number[-4:]}", number, words, at))
    # Somebody sends the same once more, a minute later.
    found.append(received("e9", "m9", "+6281299990001", "halo", AT + timedelta(minutes=1)))
    for name, fates in FATES.items():
        found += [told(fate, references[name], "RESULT_ERROR_GENERIC_FAILURE") for fate in fates]
    return found


def queue_texts() -> dict[str, str]:
    """Texts of ours that the phone took; name → reference."""
    now = clock.now()
    for name in FATES:
        queue.enqueue(key=f"t:{name}", purpose="alarm", number="+6281300000001", area_code=HOME, due_at=now, now=now)
    db.session.execute(sa.update(Message).values(state="sent", gateway=ROUTE, sent_at=now))
    db.session.commit()
    return {key[2:]: reference for key, reference in db.session.execute(sa.select(Message.key, Message.reference))}


def deliver(database_url: str, told_events: list[dict[str, Any]], folder: Path) -> None:
    """A hundred times each, in random order, by two processes at once."""
    file = folder / "events.json"
    file.write_text(json.dumps(told_events))
    command = [sys.executable, "-m", "tests.callbacks.replaying", database_url, str(file), str(TIMES)]
    processes = [
        subprocess.Popen([*command, str(seed)], cwd=ROOT, stderr=subprocess.PIPE, text=True) for seed in range(2)
    ]
    for process in processes:
        _, errors = process.communicate(timeout=300)
        assert process.returncode == 0, errors[-2000:]


def effects() -> dict[str, list[Any]]:
    """Everything that is stored of it, but ids and times; of two names for one text neither is told."""
    db.session.rollback()
    numbers = sa.select(Incoming.number, Incoming.body, Incoming.command, Incoming.for_human, Incoming.area_code)
    replies = sa.select(Message.number, Message.text_code, Message.purpose, Message.state, Message.error_code)
    told_by_number = sa.select(
        NumberState.number, NumberState.stopped_at.is_not(None), NumberState.wrong_person_at.is_not(None)
    )
    queries = {
        "incoming": numbers.where(Incoming.understood_at.is_not(None)),
        "not understood": sa.select(Incoming.id).where(Incoming.understood_at.is_(None)),
        "messages": replies,
        "consents": sa.select(Consent.person_id, Consent.purpose, Consent.given),
        "numbers": told_by_number,
        "tasks": sa.select(Task.kind, Task.person_id),
        "phones": sa.select(Phone.number, Phone.removed_at.is_not(None)),
        "repeats": sa.select(sa.func.count(sa.distinct(IncomingRepeat.incoming_id)), sa.func.count()),
    }
    found = {name: sorted(map(tuple, db.session.execute(query)), key=repr) for name, query in queries.items()}
    ids = [*db.session.scalars(sa.select(Incoming.provider_id))]
    ids += db.session.scalars(sa.select(IncomingRepeat.provider_id))
    db.session.rollback()
    return found | {"all ids": sorted(ids)}


@pytest.fixture
def fresh(database_url: str, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The same application on another database, to which nothing was told yet."""
    databases = request.getfixturevalue("sqlite_databases" if "sqlite" in database_url else "postgres_databases")
    url = databases.fresh("another", peopled=True)
    app = create_app(settings_for(url))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
    databases.drop(url)


def begin() -> list[dict[str, Any]]:
    """A route, texts of ours that it took, and what the phone is about to tell."""
    make_route(ROUTE, kind="android", gateway=PHONE, silent_after=15)
    told_events = events(queue_texts())
    db.session.rollback()  # it would hold SQLite's lock
    return told_events


@pytest.mark.slow(seconds=60)
@pytest.mark.own_database
def test_a_hundred_times_by_two_processes_is_as_once_in_order(
    app: Flask, database_url: str, cast: Cast, fresh: Flask, tmp_path: Path
) -> None:
    with fresh.app_context():
        for event in begin():
            assert post(fresh.test_client(), ROUTE, event).status_code == 204
        in_order = effects()
    with app.app_context():
        deliver(database_url, begin(), tmp_path)
        assert effects() == in_order
    assert len(in_order["incoming"]) == len(WORDS) + 1
    assert in_order["repeats"] == [(len(WORDS), len(WORDS))]
    assert in_order["not understood"] == []
