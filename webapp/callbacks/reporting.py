"""LAPOR: a report by SMS. It is stored with the first words; three short questions follow, and any may stay open.

Everything of it is private: it belongs to no person, stands in no conversation, and a text keeps no words once they
are in the report. That, the report and what is asked next are one transaction.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from sms.command import Command
from webapp.areas.codes import NATION
from webapp.brokers import asking, by_text
from webapp.brokers.model import ANONYMOUS, CONFIDENTIAL, NAMED, BrokerReport
from webapp.callbacks import helping, questions, replies
from webapp.callbacks.questions import Question
from webapp.conversations.model import Incoming
from webapp.db import db
from webapp.outbox.model import Message

#: What a text of ours is about: 'report:7', or a report whose words are still to come.
CAUSE, TO_COME = "report", "report:new"
TELL, SAFE, THREATENED, WHO_KNOWS, THANKS, MORE = "KLAPOR0", "KLAPOR", "KLAPOR2", "KLAPOR3", "KLAPOR4", "KLAPOR5"
#: Question → answers that are meant as another.
MEANT = {(SAFE, "yes"): "1", (SAFE, "no"): "2"}
NAMINGS = {"1": NAMED, "2": CONFIDENTIAL, "3": ANONYMOUS}
EXPECTS = {SAFE: "1_2", THREATENED: "yes_no", WHO_KNOWS: "1_2_3", TELL: asking.WORDS}
NEXT = {SAFE: THREATENED, THREATENED: WHO_KNOWS, WHO_KNOWS: THANKS}
#: The same answer once more within this time is a slip of the thumb, and answers no older question of others.
TWICE_WITHIN = timedelta(minutes=5)


def report(incoming: Incoming, command: Command, now: datetime) -> None:
    """LAPOR with its story, or alone: then the story is asked for."""
    if command.argument:
        # What stands before or besides the story may say who and where.
        _begin(incoming, incoming.body if command.more else command.argument, now)
        return
    _make_private(incoming)
    _send(incoming, TELL, TO_COME, {}, now)


def takes_words(incoming: Incoming, now: datetime) -> bool:
    """Do free words of this number belong to a report? Then they are in it by now."""
    if _story_is_awaited(incoming.number, now):
        _begin(incoming, incoming.body, now)
        return True
    return by_text.is_remembered(incoming.number) and _belongs_to_report(incoming, now)


def _belongs_to_report(incoming: Incoming, now: datetime) -> bool:
    asked, told = asking.awaited(incoming.number, now), by_text.still_told(incoming.number, now)
    if asked is not None and (told is None or told.received_at <= asked[1]):
        _make_private(incoming)
        asking.answered(asked[0], incoming.body, now)
        incoming.body = ""
        return True
    if told is None:
        return False
    _make_private(incoming)
    _add(incoming, told, now)
    if not _said(told, MORE):
        _send(incoming, MORE, _cause(told), {"k": _word(told)}, now)
    return True


def takes_cry(incoming: Incoming, now: datetime) -> bool:
    """A call for help that tells a story, of somebody who is telling a report: it belongs there.

    The village reads nothing of it; officers of the regency are called at once, and whoever cried learns whom to call.
    """
    number, words = incoming.number, incoming.body
    area_code, kind, numbers = incoming.area_code, _who(incoming), helping.whom_to_call(incoming)
    told = by_text.still_told(number, now) if by_text.is_remembered(number) else None
    if told is None and not _story_is_awaited(number, now):
        return False
    _make_private(incoming)
    _close_request(number, now)
    if told is None:
        told = by_text.receive(number, words, now, area_code=area_code, reporter_kind=kind)
    else:
        by_text.add_words(told, words, now)
    incoming.body = ""
    case = by_text.cry(told, now)
    helping.answer(incoming, case, numbers, now)
    return True


def takes_answer(incoming: Incoming, command: Command, question: Question | None, now: datetime) -> bool:
    """A digit, YA or TIDAK. `question`: the newest open one of this number, whoever asked it."""
    if question is not None and question.cause.partition(":")[0] == CAUSE:
        _answer(incoming, command, question, now)
        return True
    twice = _said_before(incoming.number, command, now)
    if twice is not None and (question is None or question.asked_at is None or question.asked_at <= twice.answered_at):
        if twice.private:
            _make_private(incoming)
            incoming.body = ""
        return True
    if question is not None:
        return False
    if not command.more and _story_is_awaited(incoming.number, now):
        _make_private(incoming)
        return True
    return takes_words(incoming, now)


def _begin(incoming: Incoming, words: str, now: datetime) -> None:
    """Store the report and ask the first question. The same words once more are the same report."""
    number, area_code, kind = incoming.number, incoming.area_code, _who(incoming)
    _make_private(incoming)
    _close_request(number, now)
    known = by_text.still_told(number, now)
    if known is not None and known.words.partition(by_text.LATER)[0] == words:
        incoming.body = ""
        return
    if known is not None and by_text.has_told_enough(number, now):
        _add(incoming, known, now)
        return
    told = by_text.receive(number, words, now, area_code=area_code, reporter_kind=kind)
    incoming.body = ""
    _send(incoming, SAFE, _cause(told), {"k": _word(told)}, now)


def _who(incoming: Incoming) -> str:
    """Of an unknown number nobody knows who it is. A relative's report is of the family; of a registered person's own
    phone it is not said that it happened to them, so they are taken for somebody near: whoever verifies it asks.
    """
    if incoming.contact_id is not None:
        return "family"
    return "anonymous" if incoming.person_id is None else "neighbour"


def _answer(incoming: Incoming, command: Command, question: Question, now: datetime) -> None:
    _make_private(incoming)
    if question.expects == asking.WORDS:
        _tell(incoming, command, question, now)
        return
    told = db.session.get_one(BrokerReport, int(question.cause.partition(":")[2]))
    code = db.session.get_one(Message, question.id).text_code
    said = command.argument or command.name
    answer = MEANT.get((code, said), said)
    if not question.invites(answer):
        # Nothing is asked again: whoever verifies the report reads what was meant.
        if _said_before(incoming.number, command, now) is None:
            _add(incoming, told, now)
        return
    if not questions.bind(question, answer, now):
        return
    incoming.answers_id = question.id
    if command.more:
        by_text.add_words(told, incoming.body, now)
    _note(told, code, answer, now)
    incoming.body = ""
    _send(incoming, NEXT[code], _cause(told), {"k": _word(told)}, now)


def _tell(incoming: Incoming, command: Command, question: Question, now: datetime) -> None:
    """YA to 'tell us' is no story yet, with more behind it it is; to an officer's question it is an answer."""
    if question.cause == TO_COME:
        if command.more:
            _begin(incoming, incoming.body, now)
        return
    if questions.bind(question, "words", now):
        incoming.answers_id = question.id
    asking.answered(db.session.get_one(BrokerReport, int(question.cause.partition(":")[2])), incoming.body, now)
    incoming.body = ""


def _note(told: BrokerReport, code: str, answer: str, now: datetime) -> None:
    if code == SAFE:
        by_text.say_whether_safe(told, safe=answer == "1", now=now)
    elif code == THREATENED:
        by_text.say_whether_threatened(told, threatened=answer == "yes", now=now)
    else:
        by_text.choose_naming(told, NAMINGS[answer], now)


def _add(incoming: Incoming, told: BrokerReport, now: datetime) -> None:
    by_text.add_words(told, incoming.body, now)
    incoming.body = ""


def _make_private(incoming: Incoming) -> None:
    incoming.private, incoming.for_human = True, False
    incoming.person_id = incoming.contact_id = None
    incoming.area_code = NATION


def _send(incoming: Incoming, code: str, cause: str, values: dict[str, str], now: datetime) -> None:
    replies.send(incoming, code, values, now, expects=EXPECTS.get(code, ""), cause=cause)


def _cause(told: BrokerReport) -> str:
    return f"{CAUSE}:{told.id}"


def _word(told: BrokerReport) -> str:
    return told.word or told.reference


def _said(told: BrokerReport, code: str) -> bool:
    query = sa.select(sa.exists().where(Message.cause == _cause(told), Message.private, Message.text_code == code))
    return bool(db.session.scalar(query))


def _story_is_awaited(number: str, now: datetime) -> bool:
    return bool(db.session.scalar(_IS_AWAITED, _since(number, now)))


def _close_request(number: str, now: datetime) -> None:
    statement = sa.update(Message).where(_REQUESTS).values(answered_at=now, answer="words")
    db.session.execute(statement.execution_options(synchronize_session="fetch"), _since(number, now))


def _since(number: str, now: datetime) -> dict[str, Any]:
    return {"sender": number, "since": now - by_text.TOLD_WITHIN}


def _said_before(number: str, command: Command, now: datetime) -> Any:
    """The question of ours that got this very answer just now; None if it is no repeat."""
    row = db.session.execute(_LAST_ANSWER, {"sender": number, "since": now - TWICE_WITHIN}).first()
    said = command.argument or command.name
    same = row is not None and not command.more and MEANT.get((row.text_code, said), said) == row.answer
    return row if same else None


#: Our private questions to a number. Written out in the statement: SQLite then knows that the index of questions holds
#: them all.
_QUESTIONS = sa.and_(Message.number == sa.bindparam("sender"), Message.expects != sa.literal("", literal_execute=True))
_OURS = sa.and_(_QUESTIONS, Message.private)
#: Whether they left yet or not: whoever sends LAPOR and the story at once waits for no answer.
_REQUESTS = sa.and_(
    _OURS, Message.cause == TO_COME, Message.answered_at.is_(None), Message.created_at > sa.bindparam("since")
)
_IS_AWAITED = sa.select(sa.exists().where(_REQUESTS))
_LAST_ANSWER = (
    sa.select(Message.text_code, Message.answer, Message.answered_at, Message.private)
    .where(_QUESTIONS, Message.answered_at >= sa.bindparam("since"))
    .order_by(Message.answered_at.desc(), Message.id.desc())
    .limit(1)
)
