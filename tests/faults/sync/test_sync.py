"""Twenty phones, a network that loses, doubles and cuts, a server that dies: every form is stored, and once."""

from __future__ import annotations

import random
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.faults.sync.hostile import DICE, Hostile
from tests.faults.sync.phones import Crowd, Phone
from tests.faults.sync.plan import FORMS, PHONES, Form, Writer, as_sent, villagers
from tests.faults.sync.web import Web
from tests.people import PASSWORD, Cast
from tools import phones
from webapp.accounts.model import Submission
from webapp.db import db
from webapp.departures.model import Departure, Paper
from webapp.offline.model import KeptForm
from webapp.people.history import Event
from webapp.people.model import Consent, Person
from webapp.people.model import Phone as Number

pytestmark = [
    pytest.mark.slow(seconds=90),
    pytest.mark.own_database,
    pytest.mark.skipif(
        not phones.is_here(), reason="no IndexedDB is here: `python -m tools.phones` fetches it with npm"
    ),
]
#: Every how many-th phone keeps its village for reading while all this goes on.
WITH_COPIES = 20
DEATHS = 2
#: So often the server goes away: is it killed, or does it end in good order?
KILLED = [False, True, True]
EACH_FAULT_AT_LEAST = 20
LONGEST = 240.0


def test_each_form_is_stored_once_and_in_order(app: Flask, database_url: str, cast: Cast, tmp_path: Path) -> None:
    seed = random.SystemRandom().randrange(10**6)
    print(f"seed {seed}")
    writers = villagers(db.session, seed)
    db.session.rollback()  # or SQLite would let nobody else write
    with (
        Web(database_url, tmp_path, WEB_WORKERS="2") as web,
        Hostile(web.port, seed) as network,
        Crowd(network.address) as crowd,
    ):
        of = {
            writer.username: crowd.phone(writer.username, copies=n % WITH_COPIES == 0)
            for n, writer in enumerate(writers)
        }
        for each in [of[w.username].begin("logIn", w.username, PASSWORD) for w in writers]:
            each.result(60)
        write_offline(writers, of, seed)
        network.calm = False
        sent = [phone.begin("empty", DEATHS, LONGEST) for phone in of.values()]
        stop_and_start(web, KILLED)
        ends = [future.result(LONGEST + 20) for future in sent]
        network.calm = True
        print(network.counts, Counter(end["died"] for end in ends))
        assert [end["left"] for end in ends if end["left"]] == []
        for fate in (*DICE, "delayed", "the phone left, or the server was away"):
            assert network.counts[fate] >= EACH_FAULT_AT_LEAST, (fate, network.counts)
        items = {writer.username: of[writer.username].items() for writer in writers}
        web.stop()
    assert "Traceback" not in web.log, web.log
    assert_each_is_stored_once(writers)
    assert_in_order(writers)
    assert_receipts(writers, items)


def write_offline(writers: list[Writer], of: dict[str, Phone], seed: int) -> None:
    """All write at once; each phone dies twice while its owner taps, who then taps once more."""
    dice, written = random.Random(seed), []
    for writer in writers:
        of[writer.username].do("offline", True)
        forms = [as_sent(form, writer.account_id) for form in writer.forms]
        written.append(of[writer.username].begin("write", forms, sorted(dice.sample(range(FORMS), 2))))
    for future in written:
        future.result(LONGEST)
    for phone in of.values():
        phone.do("offline", False)


def stop_and_start(web: Web, kills: list[bool]) -> None:
    """In the middle: whenever a further part has been stored."""
    for n, kill in enumerate(kills, 1):
        wait_until_stored(n * PHONES * FORMS // (len(kills) + 1))
        web.kill() if kill else web.stop()
        web.start()


def wait_until_stored(many: int) -> None:
    until = time.monotonic() + LONGEST
    while (stored := count_stored()) < many:
        assert time.monotonic() < until, f"only {stored} are stored"
        time.sleep(0.2)


def stored_forms() -> dict[str, tuple[int, str]]:
    """Key → number and place of what came of it, of all forms of the phones."""
    query = sa.select(Submission.key, Submission.id, Submission.location).where(Submission.made_at.is_not(None))
    with db.engine.connect().execution_options(reads=True) as connection:
        return {key: (number, location) for key, number, location in connection.execute(query)}


def count_stored() -> int:
    query = sa.select(sa.func.count()).select_from(Submission).where(Submission.made_at.is_not(None))
    with db.engine.connect().execution_options(reads=True) as connection:
        return connection.scalar(query) or 0


def count(table: Any, *conditions: Any) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(table).where(*conditions)) or 0


def of_action(writers: list[Writer], end: str) -> list[Form]:
    return [form for writer in writers for form in writer.forms if form.action.endswith(end)]


def assert_each_is_stored_once(writers: list[Writer]) -> None:
    db.session.expire_all()
    keys = {form.key for writer in writers for form in writer.forms}
    assert len(keys) == PHONES * FORMS
    forms = stored_forms()
    assert forms.keys() == keys
    assert count(Submission, Submission.key.in_(keys)) == len(keys)
    assert all(location for _, location in forms.values())
    assert count(KeptForm) == 0

    names = Counter(dict(form.fields)["name"] for form in of_action(writers, "/people"))
    new = Person.name.in_(names)
    assert Counter(db.session.scalars(sa.select(Person.name).where(new))) == names
    assert set(names.values()) == {1}
    consents = sa.select(Consent.person_id).join(Person).where(new)
    assert set(Counter(db.session.scalars(consents)).values()) == {2}, "somebody is half stored"

    words = Counter(dict(form.fields)["words"] for form in of_action(writers, "/notes"))
    assert (
        Counter(facts["words"] for facts in db.session.scalars(sa.select(Event.facts).where(Event.kind == "note")))
        == words
    )
    departures = Counter(db.session.scalars(sa.select(Person.name).join(Departure.person).where(new)))
    assert departures.total() == len(departures) == len(of_action(writers, "/departures"))
    assert count(Number) - 2 == len(of_action(writers, "/phones"))
    ticks = [form for writer in writers for form in writer.forms if "/papers/" in form.action]
    assert count(Paper) == len(ticks)


def assert_in_order(writers: list[Writer]) -> None:
    """What is about one person was stored as it was written, and stands so in the timeline."""
    forms = stored_forms()
    for writer in writers:
        about = defaultdict(list)
        for form in writer.forms:
            about[form.person].append(forms[form.key][0])
        for person, numbers in about.items():
            assert numbers == sorted(numbers), (writer.username, person)
    notes = defaultdict(list)
    for facts, person_id, account_id in db.session.execute(
        sa.select(Event.facts, Event.person_id, Event.account_id).where(Event.kind == "note").order_by(Event.id)
    ):
        notes[person_id, account_id].append(int(facts["words"].split()[1]))
    assert all(numbers == sorted(numbers) for numbers in notes.values())


def assert_receipts(writers: list[Writer], items: dict[str, dict[str, dict[str, Any]]]) -> None:
    forms = stored_forms()
    for writer in writers:
        mine = items[writer.username]
        assert mine.keys() == {form.key for form in writer.forms}
        for form in writer.forms:
            number, location = forms[form.key]
            item = mine[form.key]
            assert item["state"] == "stored"
            assert (item["receipt"], item["location"]) in ((str(number), location), ("", "")), item
            assert item["receipt"] or form.htmx, "the phone got no receipt"
