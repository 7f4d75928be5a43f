"""A list is kept with its recipients, taken by an officer, seen in its area alone, and removed again."""

from __future__ import annotations

import contextlib
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask, g
from werkzeug.exceptions import NotFound

from tests.people import HOME, REGENCY, SINCE, Cast
from webapp.accounts.model import Account, AuditEntry
from webapp.audiences import acts, queries
from webapp.audiences.acts import KEPT_FOR, WAITS_FOR
from webapp.audiences.columns import LeftOut
from webapp.audiences.known import check
from webapp.audiences.listed import Problem, read
from webapp.audiences.model import RecipientList, RecipientListRow
from webapp.db import db
from webapp.outbox.chores import CHORES
from webapp.people.model import NumberState

NOW = SINCE + timedelta(days=1)
SRI, STOPPED = "+6281234567801", "+6281200000009"
FILE = f"""No HP;Nama;Bahasa;Tempat;NIK
{SRI};Sri;jv;Balai "Kroya";1
081200000001;Udin;;;2
0812;Ani;;;
081200000001;Udin lagi;;;
{STOPPED};Tono;;;
""".encode()


def kept(cast: Cast, content: bytes = FILE) -> RecipientList:
    if db.session.get(NumberState, STOPPED) is None:
        db.session.add(NumberState(number=STOPPED, stopped_at=SINCE))
        db.session.flush()
    one = acts.keep(check(read(content), REGENCY), "Bursa kerja", cast.coordinator, NOW)
    db.session.commit()
    return one


def rows_left() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(RecipientListRow)) or 0


def seen_by(app: Flask, account: Account, list_id: int) -> set[str]:
    """By its id, and in the page of lists."""
    with app.test_request_context("/"):
        g._login_user = account
        ways = {"page"} if [one.id for one in queries.page()[0]] == [list_id] else set()
        with contextlib.suppress(NotFound):
            ways |= {"id"} if queries.get(list_id).id == list_id else set()
    return ways


def test_recipients_are_stored_with_what_a_text_needs(app: Flask, cast: Cast) -> None:
    one = kept(cast)
    sri, udin = queries.first_rows(one, 5)
    assert (sri.row, sri.number, sri.person_id, sri.area_code) == (2, SRI, cast.migrant.id, HOME)
    assert (sri.name, sri.language, sri.values) == ("Sri", "jv", {"tempat": 'Balai "Kroya"'})
    assert (udin.number, udin.person_id, udin.area_code) == ("+6281200000001", None, REGENCY)
    assert (udin.language, udin.values) == ("id", {})
    counts = (one.total, one.recipients, one.problems, one.repeated, one.unreachable, one.known)
    assert counts == (5, 2, 1, 1, 1, 1)
    assert one.columns == [["tempat", "Tempat"]]
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.subject == acts.SUBJECT)).one()
    assert (entry.act, entry.area_code) == ("created", REGENCY)


def test_what_is_wrong_with_it_is_stored_without_what_stands_there(app: Flask, cast: Cast) -> None:
    one = kept(cast)
    told = queries.report_of(one)
    assert (told.header_row, told.number) == (1, "No HP")
    assert told.problems.shown == [Problem(4, "No HP", "too_short")]
    assert told.repeated.shown == [Problem(5, "No HP", "repeated", 3)]
    assert told.unreachable.shown == [Problem(6, "No HP", "cannot_be_texted")]
    assert told.problems.counts == {"too_short": 1}
    assert told.left_out == (LeftOut("NIK", "private"),)
    assert "0812" not in str(one.report)


def test_a_list_in_which_nobody_can_be_texted_is_told_and_never_taken(app: Flask, cast: Cast) -> None:
    one = kept(cast, b"HP\n0812\n")
    assert (one.total, one.recipients, rows_left()) == (1, 0, 0)
    assert not acts.accept(one, NOW)


def test_it_is_taken_once_and_not_after_it_waited_too_long(app: Flask, cast: Cast) -> None:
    one, late = kept(cast), kept(cast)
    assert acts.accept(one, NOW + timedelta(hours=1))
    assert acts.accept(one, NOW + WAITS_FOR)
    assert one.accepted_at == NOW + timedelta(hours=1)
    assert not acts.accept(late, NOW + WAITS_FOR)


@pytest.mark.parametrize(
    ("who", "sees"),
    [("coordinator", True), ("province", True), ("facilitator", False), ("other_coordinator", False)],
)
def test_it_is_seen_in_its_area_and_above(app: Flask, cast: Cast, who: str, sees: bool) -> None:
    one = kept(cast)
    assert seen_by(app, getattr(cast, who), one.id) == ({"id", "page"} if sees else set())


def test_what_it_holds_of_people_goes_after_its_days_and_what_was_counted_stays(app: Flask, cast: Cast) -> None:
    one = kept(cast)
    acts.accept(one, NOW)
    db.session.commit()
    assert acts.remove_old(NOW + KEPT_FOR - timedelta(seconds=1)) == 0
    assert rows_left() == 2
    assert acts.remove_old(NOW + KEPT_FOR) == 1
    assert rows_left() == 0
    assert (one.emptied_at, one.recipients) == (NOW + KEPT_FOR, 2)
    assert acts.remove_old(NOW + 2 * KEPT_FOR) == 0
    assert not acts.accept(one, NOW)


def test_a_list_that_nobody_took_goes_after_a_day(app: Flask, cast: Cast) -> None:
    taken, left = kept(cast), kept(cast)
    acts.accept(taken, NOW)
    db.session.commit()
    assert acts.remove_old(NOW + WAITS_FOR) == 1
    assert (taken.emptied_at, left.emptied_at) == (None, NOW + WAITS_FOR)
    assert rows_left() == 2


def test_it_goes_with_its_broadcast(app: Flask, cast: Cast) -> None:
    one, other = kept(cast), kept(cast)
    for _ in range(2):
        acts.empty(one, NOW)
        db.session.commit()
    assert rows_left() == len(queries.first_rows(other, 5)) == 2
    removed = sa.select(AuditEntry).where(AuditEntry.subject == acts.SUBJECT, AuditEntry.act == "removed")
    assert len(db.session.scalars(removed).all()) == 1


def test_the_worker_removes_them(app: Flask) -> None:
    assert acts.remove_old in CHORES
