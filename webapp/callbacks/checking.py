"""CEK: the answer to a text that asks for an agency, and to the digit that chooses one of several."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from sms.keywords import Command
from webapp import clock
from webapp.agencies import asking
from webapp.agencies.asking import Answer
from webapp.agencies.licence import EXPIRED, REVOKED, SUSPENDED, standing
from webapp.agencies.model import Agency
from webapp.areas.load import WIB
from webapp.callbacks import replies
from webapp.callbacks.questions import Question
from webapp.conversations.model import Incoming
from webapp.db import db
from webapp.outbox.model import Message

#: Cause of the text that asks which of several is meant: 'check:<incoming>'.
CAUSE = "check"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des")
#: How a licence stands, in a text.
STANDINGS = {SUSPENDED: "dihentikan sementara", REVOKED: "dicabut", EXPIRED: "habis masa berlaku"}
EXPECTS = {1: "1", 2: "1_2", 3: "1_2_3"}
#: Letters of a name or query, and of a source, in a text.
NAME, QUERY, SOURCE = 24, 20, 12


def check(incoming: Incoming, command: Command, now: datetime) -> None:
    """Tell what the list says of the name in the text."""
    told = asking.answer(command.argument, clock.day_of(now, WIB))
    _tell(incoming, told, now)


def is_about(question: Question) -> bool:
    return question.cause.partition(":")[0] == CAUSE


def choose(question: Question, answer: str, incoming: Incoming, now: datetime) -> None:
    """Tell what the list says of the one that was chosen; a newer list may not have it any more."""
    message = db.session.get_one(Message, question.id)
    licences = str(message.values.get("licences", "")).split("\n")
    licence = licences[int(answer) - 1] if answer.isdigit() and int(answer) <= len(licences) else ""
    agency = db.session.scalar(sa.select(Agency).where(Agency.licence == licence)) if licence else None
    if agency is None:
        incoming.for_human = True
        return
    _tell(incoming, asking.answer_of(agency, agency.name, clock.day_of(now, WIB)), now)


def _tell(incoming: Incoming, told: Answer, now: datetime) -> None:
    today = clock.day_of(now, WIB)
    code, values, expects = words_for(told, today)
    cause = f"{CAUSE}:{incoming.id}" if expects else ""
    replies.send(incoming, code, replies.values_for(incoming) | values, now, expects=expects, cause=cause)


def words_for(told: Answer, today: date) -> tuple[str, dict[str, Any], str]:
    """Code and values of the text, and the answers that it invites."""
    if told.kind == asking.EMPTY:
        return "KCEK0", {}, ""
    if told.kind == asking.NO_LIST or told.is_old(today):
        return "KCEK6", {"q": _short(told.asked, QUERY)}, ""
    values = {"d": _day(told.as_of), "q": _short(told.asked, QUERY), "s": _short(told.source, SOURCE)}
    if told.kind == asking.IS_LICENSED:
        (agency,) = told.agencies
        until = f"s.d. {_day(agency.expires_on)}" if agency.expires_on else "berlaku"
        return "KCEK1", values | {"pt": _name(agency), "st": until}, ""
    if told.kind == asking.NOT_LICENSED:
        (agency,) = told.agencies
        stands = STANDINGS[standing(agency.status, agency.expires_on, today)]
        return "KCEK2", values | {"pt": _name(agency), "st": stands}, ""
    if told.kind == asking.NOT_LISTED:
        return "KCEK3", values, ""
    names = ", ".join(f"{n} {_name(agency)}" for n, agency in enumerate(told.agencies, start=1))
    values |= {"a": names, "licences": "\n".join(agency.licence for agency in told.agencies)}
    several = told.kind == asking.SEVERAL and len(told.agencies) > 1
    return ("KCEK4" if several else "KCEK5"), values, EXPECTS[len(told.agencies)]


def _name(agency: Agency) -> str:
    return _short(agency.name.removeprefix("PT. ").removeprefix("PT "), NAME)


def _short(text: str, letters: int) -> str:
    """At most so many letters, cut after a word where that is possible."""
    plain = " ".join(text.split())
    if len(plain) <= letters:
        return plain
    head, space, _ = plain[: letters + 1].rpartition(" ")
    return head if space and len(head) > letters // 2 else plain[:letters]


def _day(day: date | None) -> str:
    """'12 Mar 27': short, and the same in every language of the texts."""
    return f"{day.day} {MONTHS[day.month - 1]} {day:%y}" if day else ""
