"""Nothing of a reporter, a victim or an accused gets from a report into a warning: no text, page, log line or row.

Reports are generated with a mark of their own in every field that holds words. Warnings are then drafted from them,
approved, sent, stopped and taken back through the pages, every page is read by every role, and no mark is found.
"""

from __future__ import annotations

import html
import logging
import random
import string
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.people import HOME, NEIGHBOUR, SINCE, Cast
from tests.routes import grant
from tests.warnings.conftest import Browser
from tests.warnings.crowd import enough_reports, willing
from tests.warnings.doing import AREA, COMPANY, DISTRICT, GENERAL, agree, newest
from webapp import clock
from webapp.accounts.model import AuditEntry
from webapp.brokers.choices import MODUS
from webapp.brokers.model import CHANNELS, NAMINGS, REPORTERS, BrokerReport, ReturnAddress
from webapp.brokers.states import STATES
from webapp.db import db
from webapp.outbox.model import Message
from webapp.people.model import Person
from webapp.sealing import seal
from webapp.warnings import saying, sending
from webapp.warnings.model import SafetyWarning, WarningArea, WarningEvent

#: Every column of a report that holds words of somebody.
WORDY = (
    "words", "accused_names", "accused_phones", "accused_accounts", "accused_plates", "agency_claimed", "letter_shown",
    "country", "job_promised", "wage_promised", "visa_promised", "place", "planned_departure", "papers_held",
    "safe_hours",
)  # fmt: skip
ROUNDS, REPORTS, WARNINGS = 2, 25, 2
ROLES = ("siti", "joko", "ratna", "bambang", "dewi", "hartono", "agus")


class Marks:
    """Words and numbers that stand in reports and nowhere else."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.known: set[str] = set()

    def word(self) -> str:
        made = "Zq" + "".join(self.chance.choices(string.ascii_lowercase, k=7))
        self.known.add(made.lower())
        return made

    def number(self) -> str:
        made = "0899" + "".join(self.chance.choices(string.digits, k=8))
        self.known |= {made, made[1:]}
        return made

    def plate(self) -> str:
        made = f"Z{self.chance.randrange(1000, 9999)}Q{self.chance.choice(string.ascii_uppercase)}X"
        self.known.add(made.lower())
        return made

    def found_in(self, text: str) -> set[str]:
        lowered = html.unescape(text).lower()
        return {mark for mark in self.known if mark in lowered}


def write_reports(cast: Cast, marks: Marks, number: int) -> list[int]:
    """Reports of all kinds, channels and states about people with marked names; the ids of them."""
    chance, ids = marks.chance, []
    for _ in range(number):
        victim = Person(
            area_code=chance.choice((HOME, NEIGHBOUR)), name=f"{marks.word()} {marks.word()}", sex="f",
            name_key="", search_text="", created_by_id=cast.facilitator.id, created_at=SINCE, updated_at=SINCE,
        )  # fmt: skip
        address = ReturnAddress(
            number_hash=marks.word(), number_encrypted=seal(marks.number()), created_at=SINCE, expires_at=SINCE
        )
        db.session.add_all([victim, address])
        victim.name_key = victim.name.lower()
        db.session.flush()
        db.session.add(_report(cast, marks, victim, address))
        db.session.flush()
        ids.append(db.session.scalar(sa.select(sa.func.max(BrokerReport.id))))
    db.session.commit()
    return ids


def _report(cast: Cast, marks: Marks, victim: Person, address: ReturnAddress) -> BrokerReport:
    chance, at = marks.chance, clock.now() - timedelta(hours=marks.chance.randrange(25, 1000))
    row: dict[str, Any] = {name: f"{marks.word()} {marks.word()}" for name in WORDY}
    row |= {"accused_phones": marks.number(), "accused_accounts": marks.number(), "accused_plates": marks.plate()}
    return BrokerReport(
        **row,
        reference=f"LC-{chance.randrange(10**8)}",
        word=marks.word().upper(),
        area_code=victim.area_code,
        channel=chance.choice(CHANNELS),
        account_id=chance.choice((cast.facilitator.id, cast.stranger.id, None)),
        reporter_kind=chance.choice(REPORTERS),
        naming=chance.choice(NAMINGS),
        person_id=victim.id,
        contact_encrypted=seal(f"{marks.word()} {marks.number()}"),
        return_address_id=address.id,
        modus=[chance.choice(list(MODUS))],
        threat=chance.choice(("none", "threat", "violence")),
        urgent=chance.random() < 0.3,
        may_forward=[],
        state=chance.choice(STATES),
        received_at=at,
        updated_at=at,
    )


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.DEBUG)
    return caplog


@pytest.mark.parametrize("seed", range(ROUNDS))
@pytest.mark.slow(seconds=15)
def test_no_mark_of_a_report_is_found_anywhere(
    app: Flask, cast: Cast, browser: Browser, logged: pytest.LogCaptureFixture, capfd: Any, seed: int
) -> None:
    marks = Marks(seed)
    willing(cast, 4)
    enough_reports(cast, at=clock.now() - timedelta(days=2), urgent=True)
    reports = write_reports(cast, marks, REPORTS)
    grant(cast, db.session(), until=clock.real_now().replace(year=2100))
    for who in ROLES:
        browser(who)
    logged.clear()
    capfd.readouterr()
    leaks: list[str] = []
    for page in everything_done(browser, marks, reports):
        leaks += [f"{page[:80]}: {mark}" for mark in marks.found_in(page)]
    for row in everything_stored():
        leaks += [f"stored {row[:80]}: {mark}" for mark in marks.found_in(row)]
    for line in (logged.text, *capfd.readouterr()):
        leaks += [f"log: {mark}" for mark in marks.found_in(line)]
    assert leaks == []
    assert len(marks.known) > 20 * REPORTS, "else there was nothing to find"
    assert marks.found_in(f"x{next(iter(sorted(marks.known)))}x"), "and nothing would be found"


def everything_done(browser: Browser, marks: Marks, reports: list[int]) -> Iterator[str]:
    """Warnings drafted from some of these reports, with all that can happen to them; every page on the way."""
    for report_id in marks.chance.sample(reports, WARNINGS):
        yield browser("ratna").get(f"/warnings/new?report={report_id}&areas={HOME}").text
        form = marks.chance.choice((GENERAL, AREA, AREA)) | {"report_id": report_id}
        if marks.chance.random() < 0.5:
            form |= {"urgent": "y", "reason": "threats"}
        yield browser("ratna").post("/warnings", data=form | {"stages": []}).text
        browser("ratna").post("/warnings", data=form)
        warning = newest()
        if form["text_code"] == "W8":
            agree(browser, "ratna", "submission", warning)
        yield from read_by_all(browser, warning)
        agree(browser, "bambang", "approval", warning)
        assert newest().state == "approved"
        _make_texts()
        yield from read_by_all(browser, warning)
        browser("ratna").post(f"/warnings/{warning.id}/correction", data={"kind": "WK2"})
        agree(browser, "ratna", "approval", newest())
        _make_texts()
        yield from read_by_all(browser, newest())
    yield from lists(browser)


def read_by_all(browser: Browser, warning: SafetyWarning) -> Iterator[str]:
    warning_id = warning.id
    db.session.rollback()
    for who in ROLES:
        for part in ("", "/poster"):
            yield browser(who).get(f"/warnings/{warning_id}{part}").text
    for part in ("/edit", "/correction"):
        yield browser("ratna").get(f"/warnings/{warning_id}{part}").text


def lists(browser: Browser) -> Iterator[str]:
    for who in ROLES:
        for path in ("/warnings", "/", "/outbox"):
            yield browser(who).get(path).text


def _make_texts() -> None:
    while sending.go_on(clock.now()):
        pass
    db.session.execute(sa.update(Message).where(Message.state == "queued").values(state="sent", sent_at=clock.now()))
    db.session.commit()


def everything_stored() -> Iterator[str]:
    """All rows of what warnings are, and the texts they became, as a phone would show them."""
    db.session.rollback()
    for model in (SafetyWarning, WarningArea, WarningEvent, Message, AuditEntry):
        for row in db.session.execute(sa.select(*model.__table__.columns)):
            yield repr(tuple(row))
    for warning in db.session.scalars(sa.select(SafetyWarning)):
        for language in ("id", "jv", "su", "sas"):
            yield saying.words(warning, language, "081200000000")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_form_cannot_carry_words_of_a_report(app: Flask, cast: Cast, browser: Browser) -> None:
    """Whatever is sent beside the choices, and whatever is sent in their place, is stored nowhere."""
    marks = Marks(99)
    write_reports(cast, marks, 1)
    report = db.session.scalars(sa.select(BrokerReport).order_by(BrokerReport.id.desc()).limit(1)).one()
    said = {name: getattr(report, name) for name in WORDY}
    extra = {name: words for name, words in said.items() if name != "place"} | {
        "values": said["words"],
        "body": said["words"],
        "desa": said["place"],
        "pt": said["agency_claimed"],
    }
    for form in (GENERAL, AREA, COMPANY):
        for name in ("reason", "place", "licence", "text_code", "areas", "stages", "destinations"):
            browser("ratna").post("/warnings", data=form | {name: said["words"]})
        browser("ratna").post("/warnings", data=form | extra | {"areas": [DISTRICT]})
    assert newest().text_code in ("W4", "W8")
    assert [marks.found_in(row) for row in everything_stored() if marks.found_in(row)] == []
