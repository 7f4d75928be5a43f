"""One text for each person of the audience, once, whatever breaks; and a correction to exactly those who got it."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.outbox.conftest import store_of
from tests.people import HOME, NEIGHBOUR, OTHER_VILLAGE, Cast
from tests.plans import plan, reads_whole_table, statements
from tests.warnings.crowd import ALL_STAGES, LICENCE, MORNING, again, approved, draft, gather, revoked_company, willing
from webapp.db import db
from webapp.outbox import checks
from webapp.outbox.checks import moments
from webapp.outbox.model import Message
from webapp.people.model import Consent, NumberState, Person
from webapp.warnings import acts, audience, drafting, sending
from webapp.warnings.model import SafetyWarning, WarningEvent
from webapp.warnings.states import MoveNotAllowed

AREAS = {
    "a village": [HOME],
    "its district": ["33.01.06"],
    "two places": [HOME, OTHER_VILLAGE],
    "one in the other": ["33.01", NEIGHBOUR],
    "everywhere": ["ID"],
}


def send(warning: SafetyWarning, now: Any = MORNING) -> SafetyWarning:
    """Let the worker make all its texts."""
    while sending.go_on(now):
        pass
    return again(warning)


def texts_of(warning: SafetyWarning) -> list[Message]:
    query = sa.select(Message).where(Message.cause == warning.cause).order_by(Message.person_id)
    return list(db.session.scalars(query))


def obstacles(warning: SafetyWarning) -> set[str]:
    query = sa.select(checks.obstacle()).select_from(checks.joined()).where(Message.cause == warning.cause)
    return set(db.session.scalars(query, moments(MORNING)))


@pytest.mark.parametrize("where", AREAS)
def test_the_count_and_the_sending_agree(app: Flask, cast: Cast, where: str) -> None:
    """For people in every situation: whoever was counted gets a text that nothing stands against, and nobody else."""
    gather(cast, 150, 4)
    chance = random.Random(where)
    for destinations in ([], ["TW"], ["TW", "HK"]):
        stages = chance.sample(ALL_STAGES, 5)
        warning = approved(cast, areas=AREAS[where], stages=stages, destinations=destinations)
        found = audience.count(warning, MORNING)
        warning = send(warning)
        texts = texts_of(warning)
        assert len(texts) == found.recipients
        assert obstacles(warning) <= {""}
        by_language = {language: [t.language for t in texts].count(language) for language in found.languages}
        assert by_language == found.languages
        people = db.session.scalars(sa.select(Person).where(Person.id.in_([t.person_id for t in texts])))
        assert all(person.stage in stages for person in people)


def test_what_a_text_looks_like(app: Flask, cast: Cast) -> None:
    (person_id,) = willing(cast, 1)
    warning = send(approved(cast, areas=[HOME]))
    text = next(text for text in texts_of(warning) if text.person_id == person_id)
    assert (text.key, text.cause) == (f"warning:{warning.id}:{person_id}", f"warning:{warning.id}")
    assert (text.purpose, text.priority, text.sensitivity, text.text_code) == ("notice", 9, "public", "W4")
    assert text.values == {"hp": "081300000001"}
    assert (text.area_code, text.zone, text.state) == (HOME, "Asia/Jakarta", "queued")
    assert text.expires_at == MORNING + timedelta(days=3)
    assert len(text.reference) == 32
    assert len({t.reference for t in texts_of(warning)}) == len(texts_of(warning))


def test_an_urgent_one_goes_before_all_others_at_any_hour_and_for_a_day(app: Flask, cast: Cast) -> None:
    willing(cast, 1)
    warning = send(approved(cast, areas=[HOME], urgent=True, reason="holding"))
    text = texts_of(warning)[0]
    assert (text.purpose, text.priority) == ("alarm", 5)
    assert text.expires_at == MORNING + timedelta(days=1)
    night = MORNING + timedelta(hours=15)
    db.session.rollback()
    handovers = store_of("w").claim_due(50, night).handovers
    assert len(handovers) == len(texts_of(warning))


def test_whoever_is_abroad_is_told_a_number_that_works_there_and_by_the_clock_there(app: Flask, cast: Cast) -> None:
    gather(cast, 60, 5, stage="working", area_code=HOME, birth_year=1990)
    warning = send(approved(cast, areas=[HOME]))
    zones = {text.zone: text.values["hp"] for text in texts_of(warning)}
    assert zones.pop("Asia/Jakarta") == "081300000001"
    assert zones
    assert set(zones.values()) == {"+6281300000001"}


def test_the_claim_asks_again(app: Flask, cast: Cast) -> None:
    stops, withdraws, stays = willing(cast, 3)
    warning = send(approved(cast, areas=[HOME]))
    number = next(text.number for text in texts_of(warning) if text.person_id == stops)
    db.session.add(NumberState(number=number, stopped_at=MORNING))
    line = {"purpose": "sms", "wording": "2026-1", "language": "id", "how": "spoken", "at": MORNING}
    db.session.add(Consent(person_id=withdraws, given=False, account_id=cast.facilitator.id, **line))
    db.session.commit()
    store_of("w").claim_due(50, MORNING)
    db.session.rollback()
    states = {text.person_id: (text.state, text.reason) for text in texts_of(warning)}
    assert states[stops] == ("suppressed", "stopped")
    assert states[withdraws] == ("suppressed", "no_consent")
    assert states[stays] == ("sending", "")


class Broken(Exception):
    """The machine died here."""


@pytest.mark.parametrize("portions", [0, 1, 2])
@pytest.mark.parametrize("moment", ["before the texts", "after the texts", "before the commit"])
def test_a_worker_that_dies_leaves_nobody_out_and_nobody_twice(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch, portions: int, moment: str
) -> None:
    people = willing(cast, 25)
    monkeypatch.setattr(sending, "PORTION", 7)
    warning = approved(cast, areas=[HOME])
    for _ in range(portions):
        sending.expand(again(warning), MORNING)
        db.session.commit()
    with monkeypatch.context() as dying:
        _die(dying, moment)
        with pytest.raises(Broken):
            sending.go_on(MORNING)
    db.session.rollback()
    warning = send(warning)
    got = [text.person_id for text in texts_of(warning)]
    assert sorted(set(got)) == sorted(got)
    assert set(people) <= set(got)
    assert warning.expanded_at is not None


def _die(dying: pytest.MonkeyPatch, moment: str) -> None:
    def die(*_: Any, **__: Any) -> None:
        raise Broken

    make = sending._insert

    def make_and_die(*arguments: Any) -> None:
        make(*arguments)
        raise Broken

    if moment == "before the commit":
        dying.setattr(db.session, "commit", die)
    else:
        dying.setattr(sending, "_insert", die if moment == "before the texts" else make_and_die)


def test_what_was_made_is_not_made_again(app: Flask, cast: Cast) -> None:
    people = willing(cast, 5)
    warning = send(approved(cast, areas=[HOME]))
    before = {text.person_id: text.reference for text in texts_of(warning)}
    warning.expanded_to, warning.expanded_at = 0, None
    db.session.commit()
    warning = send(warning)
    assert {text.person_id: text.reference for text in texts_of(warning)} == before
    assert set(people) <= set(before)


def test_it_is_sent_when_all_its_texts_have_gone(app: Flask, cast: Cast) -> None:
    willing(cast, 2)
    warning = send(approved(cast, areas=[HOME]))
    assert warning.state == "sending"
    _all_are(warning, "sent")
    sending.go_on(MORNING + timedelta(minutes=2))
    warning = again(warning)
    assert (warning.state, warning.look_at) == ("done", None)
    kinds = db.session.scalars(sa.select(WarningEvent.kind).order_by(WarningEvent.id)).all()
    assert kinds == ["drafted", "approved", "finished"]


def test_a_warning_to_nobody_is_over_at_once(app: Flask, cast: Cast) -> None:
    warning = send(approved(cast, areas=[OTHER_VILLAGE]))
    assert (warning.state, texts_of(warning)) == ("done", [])


def test_stopping_takes_back_what_waits_and_makes_no_more(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    willing(cast, 20)
    monkeypatch.setattr(sending, "PORTION", 5)
    warning = approved(cast, areas=[HOME])
    for _ in range(2):
        sending.expand(again(warning), MORNING)
        db.session.commit()
    acts.stop(acts.locked(warning), cast.coordinator, "mistake", MORNING)
    db.session.commit()
    warning = send(warning)
    assert {text.state for text in texts_of(warning)} == {"withdrawn"}
    assert 0 < len(texts_of(warning)) < 20
    assert warning.state == "cancelled"


def test_what_comes_back_to_the_queue_after_the_end_is_taken_back(app: Flask, cast: Cast) -> None:
    """It was being sent when the warning was stopped, and then the provider did not take it."""
    willing(cast, 1)
    warning = send(approved(cast, areas=[HOME]))
    _all_are(warning, "sending")
    acts.stop(acts.locked(warning), cast.coordinator, "mistake", MORNING)
    db.session.commit()
    sending.go_on(MORNING + timedelta(minutes=1))
    assert again(warning).look_at is not None
    _all_are(warning, "queued")
    sending.go_on(MORNING + timedelta(minutes=3))
    assert {text.state for text in texts_of(again(warning))} == {"withdrawn"}
    assert again(warning).look_at is None


def _all_are(warning: SafetyWarning, state: str) -> None:
    db.session.execute(sa.update(Message).where(Message.cause == warning.cause).values(state=state))
    db.session.commit()


STATES = ("queued", "sending", "unknown", "sent", "delivered", "failed", "expired", "suppressed", "withdrawn")


@pytest.mark.parametrize("kind", ["WK1", "WK2"])
def test_a_correction_goes_to_exactly_those_who_got_it(app: Flask, cast: Cast, kind: str) -> None:
    revoked_company()
    people = willing(cast, 45)
    wrong = send(approved(cast, text_code="N1", values={"pt": "PT Contoh Karya"}, licence=LICENCE, areas=[HOME]))
    for n, text in enumerate(texts_of(wrong)):
        text.state = STATES[n % len(STATES)]
    db.session.commit()
    got = {t.person_id for t in texts_of(wrong) if t.state in ("sending", "unknown", "sent", "delivered")}
    # Others came since, and somebody moved away: neither changes who got it.
    willing(cast, 3, NEIGHBOUR)
    moved = db.session.get_one(Person, next(iter(got)))
    moved.area_code = OTHER_VILLAGE
    chosen = drafting.correction_of(wrong, kind, MORNING)
    correction = acts.correct(acts.locked(wrong), cast.coordinator, chosen, MORNING)
    db.session.commit()
    assert again(wrong).state == "withdrawn"
    assert {t.state for t in texts_of(wrong)} == set(STATES) - {"queued"}
    assert audience.count(correction, MORNING).recipients == len(got)
    acts.approve(correction, cast.province, len(got), 0, MORNING)
    db.session.commit()
    correction = send(correction)
    assert {text.person_id for text in texts_of(correction)} == got
    assert {text.text_code for text in texts_of(correction)} == {kind}
    assert obstacles(correction) == {""}
    assert set(people) >= got


def test_a_correction_that_was_thrown_away_is_drafted_anew(app: Flask, cast: Cast) -> None:
    willing(cast, 1)
    wrong = send(approved(cast, areas=[HOME]))
    chosen = drafting.correction_of(wrong, "WK2", MORNING)
    first = acts.correct(acts.locked(wrong), cast.coordinator, chosen, MORNING)
    with pytest.raises(MoveNotAllowed):
        acts.correct(acts.locked(wrong), cast.coordinator, chosen, MORNING)
    acts.stop(first, cast.coordinator, "mistake", MORNING)
    second = acts.correct(acts.locked(wrong), cast.coordinator, chosen, MORNING)
    assert (second.state, second.corrects_id) == ("draft", wrong.id)


def test_a_correction_goes_to_the_phone_that_got_the_wrong_text(app: Flask, cast: Cast) -> None:
    (person_id,) = willing(cast, 1)
    wrong = send(approved(cast, areas=[HOME]))
    (text,) = [text for text in texts_of(wrong) if text.person_id == person_id]
    text.state = "delivered"
    person = db.session.get_one(Person, person_id)
    phone = person.add_phone("+6285700001234", "self", account=cast.facilitator, now=MORNING)
    person.confirm_phone(phone, now=MORNING)
    db.session.commit()
    correction = acts.correct(
        acts.locked(wrong), cast.coordinator, drafting.correction_of(wrong, "WK2", MORNING), MORNING
    )
    acts.approve(correction, cast.coordinator, 1, 0, MORNING)
    db.session.commit()
    assert [text.number for text in texts_of(send(correction)) if text.person_id == person_id] == [text.number]


def test_a_small_warning_does_not_walk_through_everybody(app: Flask, cast: Cast) -> None:
    willing(cast, 3)
    warning = approved(cast, areas=[HOME])
    with statements() as sent:
        sending.expand(again(warning), MORNING)
    db.session.commit()
    asked = [(s, p) for s, p in sent if "FROM people" in s and "expanded" not in s]
    assert asked
    for statement, parameters in asked:
        if statement.lstrip().startswith("INSERT"):
            continue
        assert not reads_whole_table(plan(statement, parameters), "people"), statement


def test_drafts_of_others_are_not_touched(app: Flask, cast: Cast) -> None:
    warning = draft(cast)
    assert sending.go_on(MORNING) == 0
    assert again(warning).state == "draft"
    assert texts_of(warning) == []
