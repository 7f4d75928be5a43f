"""From the command in a text to the noun that answers. Read ACTS as a table.

Whatever a text asks, a human reads it if the programme is not sure. Unknown numbers are served without
learning anything about anybody.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sms import keywords
from sms.keywords import Command
from webapp.callbacks import checking, helping, informing, numbers, questions, replies, reporting
from webapp.callbacks.numbers import Sender
from webapp.callbacks.questions import Question
from webapp.conversations.model import Incoming
from webapp.db import db
from webapp.departures import answers
from webapp.people.model import Person

Act = Callable[[Incoming, Command, datetime], None]


def act_on(incoming: Incoming, now: datetime) -> None:
    """Let the text take effect, in the caller's transaction. A new one is stored here, once it is known whose it is.

    Raises sqlalchemy's IntegrityError if another process stored the same text meanwhile.
    """
    sender = numbers.sender(incoming.number)
    _attribute(incoming, sender)
    if not numbers.is_phone(incoming.number):
        incoming.command, incoming.for_human = "text", True
        _store(incoming)
        return
    numbers.heard(sender, now)
    command = keywords.understand(incoming.body)
    incoming.command, incoming.for_human = command.name, command.more
    _store(incoming)
    if command.name != "stop" and helping.is_safe_word(incoming, sender.people_near):
        helping.call_unseen(incoming, sender.people_near, now)
        return
    if command.name == "help" and not keywords.is_bare_call(incoming.body) and reporting.takes_cry(incoming, now):
        return
    ACTS[command.name](incoming, command, now)


def _store(incoming: Incoming) -> None:
    db.session.add(incoming)
    db.session.flush()


def _stop(incoming: Incoming, _command: Command, now: datetime) -> None:
    """Whoever accompanies the person must know that no reminder reaches them any more."""
    incoming.for_human = numbers.stop(incoming.number, now) or incoming.for_human
    replies.send(incoming, "KSTOP", replies.values_for(incoming), now)


def _start(incoming: Incoming, _command: Command, now: datetime) -> None:
    """If nobody of this number consents even then, an officer has to ask again."""
    if numbers.start(incoming.number, now):
        replies.send(incoming, "KMULAI", {}, now)
    else:
        incoming.for_human = True


def _wrong(incoming: Incoming, _command: Command, now: datetime) -> None:
    """The number is halted without an answer; an officer looks for the right one."""
    question = questions.newest_open(incoming.number, now)
    if question is not None and question.expects == questions.CONFIRM:
        questions.bind(question, "wrong", now)
        incoming.answers_id = question.id
    numbers.wrong_person(incoming.number, now)
    incoming.for_human = True


def _answer(incoming: Incoming, command: Command, now: datetime) -> None:
    """Digits and YA or TIDAK belong to the newest open question; without one, or if they do not fit, to a human."""
    question = questions.newest_open(incoming.number, now)
    if reporting.takes_answer(incoming, command, question, now):
        return
    answer = command.argument or command.name
    if question is None or not question.invites(answer) or not questions.bind(question, answer, now):
        _for_human(incoming, command, now)
        return
    incoming.answers_id = question.id
    _belongs_to(incoming, question.person)
    if question.expects == questions.CONFIRM:
        numbers.confirm(question, answer, now)
    elif checking.is_about(question):
        checking.choose(question, answer, incoming, now)
    else:
        _take(incoming, question, answer, now)


def _take(incoming: Incoming, question: Question, answer: str, now: datetime) -> None:
    reply = answers.record(question.id, answer, now)
    if reply is None:
        incoming.for_human = True
    else:
        code, values = reply
        replies.send(incoming, code, values, now)


def _text(incoming: Incoming, command: Command, now: datetime) -> None:
    """Free words belong to the report that this number is telling; all others to a human."""
    if not reporting.takes_words(incoming, now):
        _for_human(incoming, command, now)


def _for_human(incoming: Incoming, _command: Command, now: datetime) -> None:
    """Whoever wrote learns that somebody will read it, unless we answered this number lately: then they know."""
    incoming.for_human = True
    if not replies.answered_lately(incoming):
        replies.send(incoming, "KX", replies.values_for(incoming), now)


#: A new keyword is a line here and a function in sms/.
ACTS: dict[str, Act] = {
    "stop": _stop,
    "start": _start,
    "wrong": _wrong,
    "yes": _answer,
    "no": _answer,
    "digit": _answer,
    "help": helping.call,
    "info": informing.inform,
    "check": checking.check,
    "report": reporting.report,
    "language": informing.speak,
    "text": _text,
}


def _attribute(incoming: Incoming, sender: Sender) -> None:
    """Whose text this is, and so which village reads it: a person's own, or of a relative of one."""
    person = sender.owner
    if person is None and sender.contact is not None:
        incoming.contact_id, person = sender.contact.id, sender.contact.person
    _belongs_to(incoming, person)


def _belongs_to(incoming: Incoming, person: Person | None) -> None:
    if person is not None:
        incoming.person_id, incoming.area_code = person.id, person.area_code
