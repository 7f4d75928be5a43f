"""What forms ask that change something: the columns that an answer sets, and how its two versions are told apart.

Values are here as events hold them: column → text, so that the timeline says them in the language of its reader.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import format_date, gettext
from flask_babel import lazy_gettext as _l

from sms.phone import mask
from webapp.people.choices import EDUCATION, LANGUAGES, READERS, RELATIONS, SEXES, STAGES
from webapp.people.nik import masked
from webapp.sealing import fingerprint

STORED, MINE = "stored", "mine"
YES = "yes"
YES_NO = {YES: _l("Yes"), "": _l("No")}
Values = Mapping[str, str]


def plain(value: Any) -> str:
    """A value as text, the same whether it is stored or was sent."""
    if isinstance(value, bool):
        return YES if value else ""
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)


@dataclass(frozen=True)
class Question:
    label: Any
    columns: tuple[str, ...]
    words: Callable[[Values], Any]
    #: An answer is meant even where it is as it was: it is asked alone, or its field is empty when the form is opened.
    meant: bool = False
    #: How the timeline may hold a value, where it is no secret.
    told: Callable[[str], str] = str
    #: What a form carries of the value with which it was opened, to be compared with later.
    carried: Callable[[str], str] = str

    def in_words(self, values: Values) -> str:
        """A str, so that templates escape what officers wrote."""
        return str(self.words(values)) or "-"

    def as_text(self, values: Values) -> str:
        return self.carried("|".join(values[column] for column in self.columns))

    def as_told(self, values: Values) -> dict[str, str]:
        return {column: self.told(value) if value else "" for column, value in values.items()}


def text(label: Any, column: str) -> Question:
    return Question(label, (column,), lambda values: values[column])


def choice(label: Any, column: str, choices: Mapping[str, Any], *, meant: bool = False) -> Question:
    return Question(label, (column,), lambda values: choices.get(values[column], values[column]), meant)


def day(label: Any, column: str, *, meant: bool = False) -> Question:
    return Question(label, (column,), lambda values: day_in_words(values[column]), meant)


def secret(label: Any, column: str, hide: Callable[[str], str]) -> Question:
    """Its field is empty when a form is opened, and only its ends are ever shown."""
    return Question(label, (column,), lambda values: hide(values[column]) if values[column] else "", True, hide)


def day_in_words(iso: str) -> str:
    return str(format_date(date.fromisoformat(iso), "d MMM y")) if iso else ""


def chosen_in_words(questions: Mapping[str, Question], facts: Mapping[str, Any], about: Any = "") -> str:
    """The sentence of the timeline for a choice between two values. `about`: of what, if its label does not say it."""
    question = questions[facts["field"]]
    stored, sent = question.in_words(facts["stored"]), question.in_words(facts["sent"])
    return gettext(
        "Two different entries for %(field)s: “%(stored)s” (%(stored_by)s) and “%(sent)s” (%(sent_by)s). "
        "Kept: “%(kept)s”.",
        field=": ".join(str(words) for words in (about, question.label) if words),
        stored=stored,
        stored_by=facts["stored_by"] or gettext("by SMS"),
        sent=sent,
        sent_by=facts["sent_by"],
        kept=stored if facts["kept"] == STORED else sent,
    )


def _birth(values: Values) -> str:
    return day_in_words(values["birth_date"]) or values["birth_year"]


def _hours(values: Values) -> Any:
    begin, end = values["safe_from_hour"], values["safe_until_hour"]
    return f"{int(begin):02}.00–{int(end or 0):02}.00" if begin else _l("As usual")


DETAILS = {
    "name": text(_l("Full name"), "name"),
    "sex": choice(_l("Sex"), "sex", SEXES),
    "birth_date": Question(_l("Date of birth"), ("birth_date", "birth_year"), _birth),
    "nik": secret(_l("NIK"), "nik", masked),
    "address": text(_l("Address"), "address"),
    "language": choice(_l("Language of texts"), "language", LANGUAGES),
    "education": choice(_l("Education"), "education", EDUCATION),
}
PHONE = {
    "reader": choice(_l("Who reads this phone?"), "reader", READERS),
    "do_not_text": choice(_l("Do not text this phone"), "do_not_text", YES_NO),
    "safe_from_hour": Question(_l("Safe hours"), ("safe_from_hour", "safe_until_hour"), _hours),
}
CONTACT = {
    "name": text(_l("Name of a relative to call in need"), "name"),
    "relation": choice(_l("How are they related?"), "relation", RELATIONS),
    # Whoever calls nobody sees only the ends of a number, also in what a form carries.
    "number": Question(
        _l("Phone of this relative"), ("number",), lambda values: mask(values["number"]), told=mask, carried=fingerprint
    ),
}
STAGE = {"stage": choice(_l("Stage"), "stage", STAGES, meant=True)}
MARK = {"marked": choice(_l("Outside the legal path"), "nonprocedural", YES_NO, meant=True)}
