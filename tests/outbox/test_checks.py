"""What is asked again when a text is claimed, whatever the plan said.

The cases of a table run on one database, each with rows as they were before it: a database for each would
take a minute.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from tests.outbox.conftest import Write, stored
from tests.outbox.crowd import MORNING
from tests.people import Cast
from webapp.db import db
from webapp.outbox.checks import PRIORITIES, moments
from webapp.outbox.store import SqlStore
from webapp.people.model import NumberState, Person, Phone

DAY = timedelta(days=1)
NIGHT = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
#: Raw changes of rows, so that no plan is made anew: what the claim must notice by itself.
Change = Callable[[Cast], None]
Claimed = Callable[..., tuple[str, str]]


def phone(**values: Any) -> Change:
    return lambda cast: _set(Phone, cast.migrant.phones[0].id, values)


def person(**values: Any) -> Change:
    return lambda cast: _set(Person, cast.migrant.id, values)


def number(**values: Any) -> Change:
    def change(cast: Cast) -> None:
        db.session.add(NumberState(number=cast.migrant.phones[0].number, **values))
        db.session.flush()

    return change


def both(*changes: Change) -> Change:
    def change(cast: Cast) -> None:
        for one in changes:
            one(cast)

    return change


def nothing(_: Cast) -> None:
    """Everything is as it was planned."""


def _set(model: type[Any], row_id: int, values: dict[str, Any]) -> None:
    db.session.execute(sa.update(model).where(model.id == row_id).values(values))


@contextmanager
def changed(cast: Cast, change: Change) -> Iterator[None]:
    """The change is stored inside, and undone after."""
    sri = cast.migrant
    before = [
        (row.__class__, row.id, {c.key: getattr(row, c.key) for c in sa.inspect(row.__class__).column_attrs})
        for row in (sri, sri.phones[0])
    ]
    change(cast)
    db.session.commit()
    yield
    db.session.execute(sa.delete(NumberState))
    for model, row_id, values in before:
        _set(model, row_id, values)
    db.session.commit()


@pytest.fixture
def claimed(write: Write, store: SqlStore, cast: Cast) -> Claimed:
    """State and reason of a text that was queued, and claimed after the change."""

    def claim(change: Change = nothing, at: datetime = MORNING, **columns: Any) -> tuple[str, str]:
        key = write(**{"now": at - timedelta(minutes=1)} | columns)
        with changed(cast, change):
            store.claim_due(10, at)
        message = stored(key)
        return message.state, message.reason

    return claim


LONG_AGO = MORNING - timedelta(days=181)
HELD_BACK = (
    (number(stopped_at=MORNING), "stopped"),
    (number(wrong_person_at=MORNING), "wrong_person"),
    (number(invalid_at=MORNING), "invalid_number"),
    (phone(removed_at=MORNING), "no_phone"),
    (phone(do_not_text=True), "do_not_text"),
    (phone(reader="employer"), "employer_phone"),
    (phone(reader="family"), "others_read"),
    (phone(reader="unknown"), "others_read"),
    (phone(added_at=LONG_AGO, confirmed_at=LONG_AGO), "not_confirmed"),
    (person(birth_date=date(2008, 11, 25), birth_year=2008), "minor"),
    (person(birth_date=None, birth_year=2008), "minor"),
    (person(stage="cancelled"), "other_stage"),
    (person(stage="process"), "other_stage"),
)
NO_OBSTACLE = (
    nothing,
    person(birth_date=date(2008, 11, 24), birth_year=2008),
    person(birth_date=None, birth_year=2007),
    person(birth_date=None, birth_year=None),
    person(stage="in_process"),
    number(heard_at=MORNING),
)


def test_what_changed_since_the_plan_holds_it_back(claimed: Claimed) -> None:
    for change, reason in HELD_BACK:
        assert claimed(change, stages="prospect,in_process") == ("suppressed", reason)
    for change in NO_OBSTACLE:
        assert claimed(change, stages="prospect,in_process") == ("sending", "")


def test_the_question_whose_phone_it_is_ends_the_silence(claimed: Claimed) -> None:
    silent = phone(added_at=LONG_AGO, confirmed_at=LONG_AGO)
    assert claimed(silent, purpose="welcome", sensitivity="personal") == ("sending", "")


def test_consent_is_that_of_the_moment_of_the_claim(write: Write, store: SqlStore, cast: Cast) -> None:
    keys = write(), write(cast.withdrew)
    cast.migrant.record_consent("sms", False, account=cast.facilitator, now=MORNING)
    cast.withdrew.record_consent("sms", True, account=cast.facilitator, now=MORNING)
    db.session.commit()
    store.claim_due(10, MORNING)
    assert [stored(key).reason for key in keys] == ["no_consent", ""]


SENSITIVE = (
    (phone(confirmed_at=MORNING - 10 * DAY), "sending"),
    (phone(confirmed_at=MORNING - 181 * DAY), "suppressed"),
    (both(phone(confirmed_at=MORNING - 400 * DAY), number(heard_at=MORNING - DAY)), "sending"),
    (both(phone(confirmed_at=MORNING - 400 * DAY), number(heard_at=MORNING - 181 * DAY)), "suppressed"),
    (both(phone(confirmed_at=None), number(heard_at=MORNING - DAY)), "suppressed"),
    (phone(reader="family"), "suppressed"),
)


def test_sensitive_words_need_a_phone_that_was_confirmed_and_heard_from(claimed: Claimed) -> None:
    for change, state in SENSITIVE:
        assert claimed(change, sensitivity="sensitive")[0] == state
    assert claimed(phone(reader="family"), sensitivity="public")[0] == "sending"


def test_replies_go_to_whoever_wrote(claimed: Claimed, cast: Cast) -> None:
    stop, earlier = number(stopped_at=MORNING, heard_at=MORNING), MORNING - timedelta(minutes=1)
    wrote_again = number(stopped_at=MORNING - DAY, wrong_person_at=MORNING - DAY, heard_at=MORNING)
    unknown = {"person_id": None, "phone_id": None, "number": "+6281999999999"}
    assert claimed(person=cast.withdrew, purpose="reply")[0] == "sending"
    assert claimed(stop, purpose="reply", text_code="KSTOP", values={"hp": "0812"})[0] == "sending"
    assert claimed(stop, purpose="reply", now=earlier) == ("suppressed", "stopped")
    assert claimed(stop, purpose="reply", now=MORNING) == ("suppressed", "stopped"), "what an officer types after it"
    assert claimed(number(wrong_person_at=MORNING), purpose="reply") == ("suppressed", "wrong_person")
    assert claimed(wrote_again, purpose="reply")[0] == "sending"
    assert claimed(purpose="reply", **unknown)[0] == "sending"
    assert claimed(purpose="reply", expires_at=MORNING)[0] == "expired"


def test_no_reply_goes_to_a_phone_that_must_not_be_texted_whoever_wrote(claimed: Claimed) -> None:
    nobody = {"purpose": "reply", "phone_id": None}
    assert claimed(phone(reader="employer"), **nobody) == ("suppressed", "employer_phone")
    assert claimed(phone(do_not_text=True), **nobody) == ("suppressed", "do_not_text")
    assert claimed(phone(do_not_text=True, removed_at=MORNING), **nobody)[0] == "sending"


SAFE_HOURS = (
    # from, until, and when a text of noon in Java (5:00 UTC) goes
    (21, 23, datetime(2026, 11, 25, 14, 0, tzinfo=UTC)),
    (21, None, None),
    (None, 6, None),
    (24, None, None),
    (24, 3, None),
)


def test_half_a_choice_of_safe_hours_is_none(write: Write, store: SqlStore, cast: Cast) -> None:
    noon = datetime(2026, 11, 25, 5, 0, tzinfo=UTC)
    for begin, end, then in SAFE_HOURS:
        key = write(now=noon)
        with changed(cast, phone(safe_from_hour=begin, safe_until_hour=end)):
            store.claim_due(10, noon)
        assert (stored(key).state, stored(key).due_at) == (("queued", then) if then else ("sending", noon)), begin


def test_half_a_choice_does_not_open_the_night(write: Write, store: SqlStore, cast: Cast) -> None:
    for begin, end in ((21, None), (20, None), (None, 6), (24, None)):
        key = write(now=NIGHT)
        with changed(cast, phone(safe_from_hour=begin, safe_until_hour=end)):
            store.claim_due(10, NIGHT)
        assert stored(key).due_at == datetime(2026, 11, 25, 1, 0, tzinfo=UTC), (begin, end)


def test_who_is_not_a_registered_person(claimed: Claimed, cast: Cast) -> None:
    officer = {"purpose": "account", "person_id": None, "phone_id": None, "number": cast.migrant.phones[0].number}
    assert claimed(**officer, text_code="", body="kode")[0] == "sending"
    assert claimed(number(stopped_at=MORNING), **officer, text_code="", body="kode") == ("suppressed", "stopped")
    for purpose in ("reminder", "notice"):
        assert claimed(purpose=purpose, person_id=None)[0] == "suppressed"
        assert claimed(purpose=purpose, phone_id=None) == ("suppressed", "no_phone")


def test_a_question_whose_phone_it_is_needs_consent_and_an_own_phone_too(claimed: Claimed, cast: Cast) -> None:
    assert claimed(purpose="welcome")[0] == "sending"
    assert claimed(person=cast.withdrew, purpose="welcome") == ("suppressed", "no_consent")
    assert claimed(phone(reader="family"), purpose="welcome") == ("suppressed", "others_read")
    assert claimed(phone(do_not_text=True), purpose="welcome") == ("suppressed", "do_not_text")


def test_what_waited_too_long_expires(claimed: Claimed) -> None:
    assert claimed(expires_at=MORNING) == ("expired", "expired")
    assert claimed(expires_at=MORNING + timedelta(seconds=1))[0] == "sending"
    assert claimed(at=NIGHT, expires_at=NIGHT + timedelta(hours=2)) == ("expired", "expired"), "too late by morning"


#: moment, zone, to when it is put off
QUIET_HOURS = (
    (NIGHT, "Asia/Jakarta", datetime(2026, 11, 25, 1, 0, tzinfo=UTC)),
    # 5:30 in Java, 6:30 on Bali
    (datetime(2026, 11, 23, 22, 30, tzinfo=UTC), "Asia/Makassar", datetime(2026, 11, 24, 0, 0, tzinfo=UTC)),
    # noon on a Friday in Java, and the same moment in Hong Kong
    (datetime(2026, 11, 27, 5, 0, tzinfo=UTC), "Asia/Jakarta", datetime(2026, 11, 27, 6, 0, tzinfo=UTC)),
    (datetime(2026, 11, 27, 5, 0, tzinfo=UTC), "Asia/Hong_Kong", None),
    (MORNING, "Mars/Olympus", None),
)


def test_quiet_hours_of_the_recipient_put_it_off(write: Write, store: SqlStore) -> None:
    for at, zone, then in QUIET_HOURS:
        key = write(zone=zone, now=at)
        store.claim_due(10, at)
        message = stored(key)
        assert (message.state, message.attempts) == (("queued", 0) if then else ("sending", 1))
        assert message.due_at == (then or at)


def test_safe_hours_of_a_phone_put_it_off(write: Write, store: SqlStore, cast: Cast) -> None:
    key = write()
    with changed(cast, phone(safe_from_hour=17, safe_until_hour=19)):
        store.claim_due(10, MORNING)
    assert stored(key).due_at == datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
    assert stored(key).reason == "quiet_hours"


#: What passes at night: a change, columns of the text, and whether it goes at once
JUST_NOW, AN_HOUR_AGO = number(heard_at=NIGHT - timedelta(minutes=59)), number(heard_at=NIGHT - timedelta(minutes=61))
SAFE_BY_DAY = phone(safe_from_hour=9, safe_until_hour=11)
TYPED = {"purpose": "reply", "text_code": "", "body": "Siti, Desmigratif: halo"}
AT_NIGHT = (
    (nothing, {"purpose": "alarm"}, True),
    (nothing, {"purpose": "reminder"}, False),
    (JUST_NOW, {"purpose": "reminder"}, False),
    (nothing, {"purpose": "reply"}, False),
    (JUST_NOW, {"purpose": "reply"}, True),
    (AN_HOUR_AGO, {"purpose": "reply"}, False),
    (both(JUST_NOW, SAFE_BY_DAY), {"purpose": "reply"}, True),
    (JUST_NOW, TYPED, True),
    (AN_HOUR_AGO, TYPED, False),
    (both(JUST_NOW, SAFE_BY_DAY), TYPED, False),
    (both(JUST_NOW, SAFE_BY_DAY), TYPED | {"phone_id": None}, True),
)


def test_alarms_and_answers_to_whoever_just_wrote_pass_at_night(claimed: Claimed) -> None:
    for change, columns, passes in AT_NIGHT:
        expected = ("sending", "") if passes else ("queued", "quiet_hours")
        assert claimed(change, at=NIGHT, **columns) == expected, columns


def test_a_leap_day_birthday_is_counted() -> None:
    assert moments(datetime(2028, 2, 29, 3, 0, tzinfo=UTC))["born_after"] == date(2010, 2, 28)


def test_every_purpose_has_a_priority_that_the_table_allows() -> None:
    assert set(PRIORITIES.values()) == {0, 5, 9}
