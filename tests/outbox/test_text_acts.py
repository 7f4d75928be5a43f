"""New words of a stock text: by a second officer, once, and from then on also for what waits."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.outbox.conftest import Write, stored
from tests.outbox.crowd import MORNING
from tests.people import Cast
from webapp.accounts.model import Account, AuditEntry
from webapp.db import db
from webapp.outbox import text_acts, text_queries, texts
from webapp.outbox.model import Text
from webapp.outbox.store import SqlStore
from webapp.outbox.text_model import TextProposal

WORDS = "Desmigratif: {n}, berangkat {d}. Masih kurang: {dok}. Tanya {hp}"
OFFICE = "Balai Bahasa Jawa Tengah"


def proposal(cast: Cast, language: str = "id", code: str = "R1", body: str = WORDS, **others: Any) -> TextProposal:
    version = text_queries.get(code).spoken[language].version
    confirmed = {} if language == "id" else {"confirmed_by": OFFICE}
    made = text_acts.propose(code, language, version, body, cast.nation, MORNING, **(confirmed | others))
    db.session.commit()
    return made


def approved(cast: Cast, *args: Any, **others: Any) -> None:
    text_acts.approve(proposal(cast, *args, **others), cast.administrator, MORNING)
    db.session.commit()


def said(language: str = "id", code: str = "R1") -> str:
    values = {"n": "Sri", "d": "5 Des", "dok": "KTP", "hp": "0812"}
    words = texts.render(code, language, values)
    db.session.rollback()
    return words


def test_proposed_words_change_nothing_and_approved_ones_hold(cast: Cast) -> None:
    before = said()
    made = proposal(cast)
    assert said() == before
    text_acts.approve(made, cast.administrator, MORNING)
    db.session.commit()
    assert said() == "Desmigratif: Sri, berangkat 5 Des. Masih kurang: KTP. Tanya 0812"


def test_a_running_worker_takes_new_words_without_a_restart(cast: Cast, write: Write, store: SqlStore) -> None:
    write()
    first = store.claim_due(10, MORNING).handovers[0].outgoing.body
    waiting = write(due_at=MORNING + timedelta(minutes=1))
    approved(cast, body=WORDS.replace("Masih", "Tinggal"))
    second = store.claim_due(10, MORNING + timedelta(minutes=2)).handovers[0].outgoing.body
    assert "Tinggal kurang" not in first
    assert "Tinggal kurang" in second
    assert stored(waiting).text_version == 2


def test_every_version_is_kept_with_who_and_when(cast: Cast) -> None:
    approved(cast)
    approved(cast, body=WORDS + " ya")
    third, second, first = [text for text in text_queries.history("R1") if text.language == "id"]
    assert [(text.version, text.enabled) for text in (third, second, first)] == [(3, True), (2, False), (1, False)]
    assert (third.proposed_by, third.approved_by, third.created_at) == (cast.nation, cast.administrator, MORNING)
    assert (second.body, first.proposed_by, first.approved_by) == (WORDS, None, None)


def test_nobody_approves_or_gives_back_their_own(cast: Cast) -> None:
    before = said()
    made = proposal(cast)
    with pytest.raises(text_acts.OwnProposal):
        text_acts.approve(made, cast.nation, MORNING)
    with pytest.raises(text_acts.OwnProposal):
        text_acts.give_back(made, "Tidak", cast.nation, MORNING)
    db.session.rollback()
    assert said() == before
    assert text_queries.waiting_of("R1").keys() == {"id"}


def test_one_change_of_a_text_in_a_language_waits_at_a_time(cast: Cast) -> None:
    proposal(cast)
    with pytest.raises(text_acts.TooLate):
        proposal(cast, body=WORDS + " ya")
    db.session.rollback()
    proposal(cast, "jv")
    proposal(cast, code="R2")
    assert [(one.code, one.language) for one in text_queries.waiting()] == [("R1", "id"), ("R1", "jv"), ("R2", "id")]


def test_what_was_given_back_or_taken_back_cannot_be_approved(cast: Cast) -> None:
    before, given, taken = said(), proposal(cast), proposal(cast, "jv")
    text_acts.give_back(given, "Kata ini kasar.", cast.administrator, MORNING)
    text_acts.take_back(taken, cast.nation, MORNING)
    db.session.commit()
    for made in (given, taken):
        with pytest.raises(text_acts.TooLate):
            text_acts.approve(made, cast.administrator, MORNING)
        db.session.rollback()
    assert said() == before
    states = [(one.state, one.reason) for one in text_queries.turned_down("R1")]
    assert states == [("withdrawn", ""), ("given_back", "Kata ini kasar.")]
    proposal(cast)


def test_only_who_proposed_takes_back(cast: Cast) -> None:
    made = proposal(cast)
    with pytest.raises(text_acts.TooLate):
        text_acts.take_back(made, cast.administrator, MORNING)


def test_words_that_were_made_of_an_older_version_are_refused(cast: Cast) -> None:
    approved(cast)
    stale = text_acts.propose("R1", "id", 1, WORDS + " lama", cast.nation, MORNING)
    db.session.commit()
    with pytest.raises(text_acts.TooLate):
        text_acts.approve(stale, cast.administrator, MORNING)
    db.session.rollback()
    assert said().endswith("Tanya 0812")
    assert text_queries.waiting_of("R1")["id"].id == stale.id


def test_another_language_needs_an_office_that_confirms_it_and_then_goes_out(cast: Cast) -> None:
    with pytest.raises(text_acts.NotConfirmed):
        proposal(cast, "jv", confirmed_by="")
    db.session.rollback()
    assert said("jv") == said("id")
    approved(cast, "jv", body=WORDS.replace("Masih kurang", "Taksih kirang"))
    assert "Taksih kirang" in said("jv")
    assert said("su") == said("id")
    newest = text_queries.get("R1").spoken["jv"].used
    assert newest is not None
    assert (newest.version, newest.confirmed_by) == (2, OFFICE)


def test_a_language_without_words_gets_its_first(cast: Cast) -> None:
    assert text_queries.get("KX").spoken["sas"].version == 0
    approved(cast, "sas", "KX", body="Desmigratif: tampi asih. Petugas {hp}")
    assert said("sas", "KX") == "Desmigratif: tampi asih. Petugas 0812"


def test_a_language_that_is_switched_off_gets_indonesian_again(cast: Cast) -> None:
    approved(cast, "jv", body="Taksih kirang {d} {dok} {hp}")
    used = text_queries.get("R1").spoken["jv"].used
    assert used is not None
    off = text_acts.propose_off(used, cast.nation, MORNING)
    db.session.commit()
    assert "Taksih" in said("jv")
    text_acts.approve(off, cast.administrator, MORNING)
    db.session.commit()
    assert said("jv") == said("id")
    spoken = text_queries.get("R1").spoken["jv"]
    assert (spoken.version, spoken.used) == (3, None)
    approved(cast, "jv", body="Taksih kirang {d} {dok} {hp}")
    assert "Taksih" in said("jv")


def test_indonesian_cannot_be_switched_off(cast: Cast) -> None:
    used = text_queries.get("R1").spoken["id"].used
    assert used is not None
    with pytest.raises(text_acts.NothingElse):
        text_acts.propose_off(used, cast.nation, MORNING)


def test_a_newer_seed_brings_no_shipped_words_back(cast: Cast) -> None:
    approved(cast)
    texts.load()
    db.session.commit()
    assert "Masih kurang" in said()


def test_the_log_names_the_text_and_none_of_its_words(cast: Cast) -> None:
    approved(cast, "jv")
    query = sa.select(AuditEntry).where(AuditEntry.subject == "stock_text").order_by(AuditEntry.id)
    assert [(entry.act, entry.detail) for entry in db.session.scalars(query)] == [
        ("handed_over", "R1 jv"),
        ("approved", "R1 jv"),
    ]


@pytest.mark.own_database
def test_of_two_who_decide_at_once_one_wins(app: Flask, cast: Cast) -> None:
    made, together = proposal(cast).id, Barrier(2)
    second = {cast.administrator.id, other_officer(cast).id}
    db.session.rollback()
    ends: list[str] = []

    def decide(account_id: int, approves: bool) -> None:
        with app.app_context():
            account = db.session.get_one(Account, account_id)
            read = db.session.get_one(TextProposal, made)
            db.session.rollback()
            together.wait()
            try:
                if approves:
                    text_acts.approve(read, account, MORNING)
                else:
                    text_acts.give_back(read, "Belum", account, MORNING)
                db.session.commit()
                ends.append("approved" if approves else "given_back")
            except text_acts.TooLate:
                db.session.rollback()
                ends.append("too late")

    threads = [Thread(target=decide, args=(one, approves)) for one, approves in zip(second, (True, False), strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ends) in (["approved", "too late"], ["given_back", "too late"])
    winner = next(end for end in ends if end != "too late")
    assert db.session.get_one(TextProposal, made, populate_existing=True).state == winner
    newest = text_queries.get("R1").spoken["id"].version
    assert newest == (2 if winner == "approved" else 1)


@pytest.mark.own_database
def test_of_two_approvers_at_once_one_makes_one_version(app: Flask, cast: Cast) -> None:
    made, together = proposal(cast).id, Barrier(2)
    second = [cast.administrator.id, other_officer(cast).id]
    db.session.rollback()
    ends: list[str] = []

    def approve(account_id: int) -> None:
        with app.app_context():
            account = db.session.get_one(Account, account_id)
            read = db.session.get_one(TextProposal, made)
            db.session.rollback()
            together.wait()
            try:
                text_acts.approve(read, account, MORNING)
                db.session.commit()
                ends.append("approved")
            except text_acts.TooLate:
                db.session.rollback()
                ends.append("too late")

    threads = [Thread(target=approve, args=(one,)) for one in second]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ends) == ["approved", "too late"]
    versions = sa.select(sa.func.count()).where(Text.code == "R1", Text.language == "id")
    assert db.session.scalar(versions) == 2


def other_officer(cast: Cast) -> Account:
    """A second coordinator of the nation beside Dewi and the administrator."""
    one = cast.province
    one.area_code = "ID"
    db.session.commit()
    return one
