"""Reads of departures that are longer than a line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

import sqlalchemy as sa
from flask import abort
from flask_babel import get_locale
from sqlalchemy import Row
from sqlalchemy.orm import joinedload, selectinload

from webapp.accounts import audit
from webapp.accounts.access import visible
from webapp.db import db
from webapp.departures.model import ChecklistItem, Departure, Destination, Paper
from webapp.departures.planning import cause, lock
from webapp.outbox.model import CALL, WITHOUT_ANSWER, Message
from webapp.people.model import Person
from webapp.sealing import fingerprints

#: A page shows so many departures, or so many questions without an answer; the next page begins after the last.
PAGE = 25
#: The destination for a country that is not in the list, or not known yet.
ELSEWHERE = "XX"
#: A question that nobody followed up for so long is history.
UNANSWERED_FOR = timedelta(days=60)


Found = TypeVar("Found")


def get(departure_id: int) -> Departure:
    """The departure, if the person who asks may see its area; else 404. The audit log says who saw it."""
    departure = db.session.scalar(_one(departure_id)) or abort(404)
    audit.seen("departure", departure.id, departure.area_code)
    return departure


def to_change(departure_id: int) -> Departure:
    """The same, locked with its person until the end of the transaction, so that two acts follow one another."""
    lock([get(departure_id).id])
    return db.session.scalar(_one(departure_id).execution_options(populate_existing=True)) or abort(404)


def _one(departure_id: int) -> sa.Select[tuple[Departure]]:
    return (
        sa.select(Departure)
        .where(Departure.id == departure_id, visible(Departure.area_code))
        .options(
            joinedload(Departure.person).selectinload(Person.phones),
            joinedload(Departure.destination),
            selectinload(Departure.papers),
        )
    )


def item(code: str) -> ChecklistItem:
    return db.session.get(ChecklistItem, code) or abort(404)


def of_person(person_id: int) -> Sequence[Departure]:
    query = (
        sa.select(Departure)
        .where(Departure.person_id == person_id)
        .options(joinedload(Departure.destination), selectinload(Departure.papers))
        .order_by(Departure.id.desc())
        .limit(20)
    )
    return db.session.scalars(query).all()


#: Who has not left yet; a person who was cancelled or postponed by hand leaves on no day.
AT_HOME = ("prospect", "in_process", "ready")


def soon(
    area_condition: sa.ColumnElement[bool], today: date, days: int, after: int | None = None
) -> tuple[Sequence[Departure], int | None]:
    """Open departures planned within `days` from today, the nearest first, with their people and papers.

    `after`: id of the last one seen. Besides, the id after which the next page begins, if there is one.
    """
    query = (
        sa.select(Departure)
        .where(
            area_condition,
            Departure.state == "open",
            Departure.departed_on.is_(None),
            Departure.planned_on.between(today, today + timedelta(days=days)),
            Departure.person.has(Person.stage.in_(AT_HOME)),
        )
        .options(
            joinedload(Departure.person).options(selectinload(Person.phones), joinedload(Person.area)),
            joinedload(Departure.destination),
            selectinload(Departure.papers),
        )
        .order_by(Departure.planned_on, Departure.id)
        .limit(PAGE + 1)
    )
    if last := _seen(Departure, Departure.planned_on, after, area_condition):
        same_day = sa.and_(Departure.planned_on == last, Departure.id > after)
        query = query.where(sa.or_(Departure.planned_on > last, same_day))
    return _page([(row, row.id) for row in db.session.scalars(query)])


def _seen(table: Any, column: Any, after: int | None, area_condition: sa.ColumnElement[bool]) -> Any:
    """Where the last row seen stands in the order. None begins the list, also if it is not the reader's any more."""
    if after is None:
        return None
    return db.session.scalar(sa.select(column).where(table.id == after, area_condition))


def _page(rows: Sequence[tuple[Found, int]]) -> tuple[list[Found], int | None]:
    """The rows of one page, and the id after which the next begins. One row more than a page was asked for."""
    return [row for row, _ in rows[:PAGE]], rows[PAGE - 1][1] if len(rows) > PAGE else None


def people_with_paper(number: str) -> sa.Select[tuple[int]]:
    """Ids of the people one of whose papers has this number, by its keyed hash."""
    held = sa.select(Departure.person_id).join(Paper, Paper.departure_id == Departure.id)
    return held.where(Paper.number_hash.in_(fingerprints(number)))


def messages_of(departure: Departure) -> dict[str, Message]:
    """Outgoing texts of this departure by key."""
    rows = db.session.scalars(sa.select(Message).where(Message.cause == cause(departure)).limit(200))
    return {message.key: message for message in rows}


def question(message_id: int) -> tuple[Message, int]:
    """A question that was texted, and the id of its departure; 404 outside the area or for any other message."""
    return _of_departure(db.session.scalar(_question(message_id)))


def question_to_close(message_id: int) -> tuple[Message, int]:
    """The same, locked before its departure, in the order in which an answer by SMS takes them."""
    return _of_departure(db.session.scalar(_question(message_id).with_for_update(key_share=True)))


def _question(message_id: int) -> sa.Select[tuple[Message]]:
    return sa.select(Message).where(Message.id == message_id, Message.expects != "", visible(Message.area_code))


def _of_departure(message: Message | None) -> tuple[Message, int]:
    kind, _, departure_id = message.cause.partition(":") if message else ("", "", "")
    if message is None or kind != "departure":
        abort(404)
    return message, int(departure_id)


def unanswered(
    area_condition: sa.ColumnElement[bool], before: datetime, after: int | None = None
) -> tuple[Sequence[Row[tuple[Message, Person]]], int | None]:
    """Questions before leaving and about arrival, texted before `before`, that nobody answered yet: the newest first.

    `after`: id of the last text seen. Besides, the id after which the next page begins, if there is one.
    Not those that life has answered: of leaving, once the person has left; of arriving, once somebody noted it.
    """
    # CASE, so that no database begins with all people of these stages: the questions are fewer.
    still_asked = sa.case(
        (_asks("R9"), Person.stage.in_(AT_HOME)),
        (_asks("P1"), Person.stage.in_(("in_process", "ready", "departed"))),
        else_=sa.false(),
    )
    query = (
        sa.select(Message, Person)
        .join(Person, Person.id == Message.person_id)
        .where(
            area_condition,
            sa.text(WITHOUT_ANSWER),
            Message.sent_at < before,
            Message.sent_at > before - UNANSWERED_FOR,
            still_asked,
        )
        .order_by(Message.sent_at.desc(), Message.id.desc())
        .limit(PAGE + 1)
    )
    if last := _seen(Message, Message.sent_at, after, area_condition):
        query = query.where(sa.or_(Message.sent_at < last, sa.and_(Message.sent_at == last, Message.id < after)))
    return _page([(row, row[0].id) for row in db.session.execute(query)])


def _asks(rule: str) -> sa.ColumnElement[bool]:
    """The question itself, or the neutral text that went to a phone which others read."""
    return sa.or_(
        Message.text_code == rule, sa.and_(Message.expects == CALL, Message.key.like(f"departure:%:{rule}:%"))
    )


def not_noted(
    area_condition: sa.ColumnElement[bool], today: date, after: int | None = None
) -> tuple[Sequence[Departure], int | None]:
    """Open departures whose planned day has passed in the last 60 days without a word of leaving.

    `after`: id of the last one seen. Besides, the id after which the next page begins, if there is one.
    """
    query = (
        sa.select(Departure)
        .where(
            area_condition,
            Departure.state == "open",
            Departure.departed_on.is_(None),
            Departure.planned_on.between(today - timedelta(days=60), today - timedelta(days=1)),
            Departure.person.has(Person.stage.in_(AT_HOME)),
        )
        .options(joinedload(Departure.person), joinedload(Departure.destination))
        .order_by(Departure.planned_on.desc(), Departure.id)
        .limit(PAGE + 1)
    )
    if last := _seen(Departure, Departure.planned_on, after, area_condition):
        same_day = sa.and_(Departure.planned_on == last, Departure.id > after)
        query = query.where(sa.or_(Departure.planned_on < last, same_day))
    return _page([(row, row.id) for row in db.session.scalars(query)])


def destinations() -> Sequence[Destination]:
    """By name; the place for none of them comes last."""
    by_name = sa.select(Destination).order_by(Destination.code == ELSEWHERE, Destination.name_id)
    return db.session.scalars(by_name).all()


def item_names() -> dict[str, str]:
    """Names of the checklist's items in the language of the page."""
    column = ChecklistItem.name_en if str(get_locale()) == "en" else ChecklistItem.name_id
    return dict(db.session.execute(sa.select(ChecklistItem.code, column)).tuples().all())
