"""What stock texts are for, what stands in their braces, and what is said about words that do not fit."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from webapp.outbox.text_queries import Spoken, StockText
from webapp.outbox.texts import FALLBACK
from webapp.outbox.wording import LONGEST, Doubt, Fault, Finding
from webapp.people.choices import LANGUAGES

REMINDERS = {
    "R1": _l("Long before departure, if civil papers are missing"),
    "R2": _l("Before departure, if the medical check or the passport is missing"),
    "R3": _l("Before the work contract is signed"),
    "R4": _l("Before departure, if BPJS or a certificate is missing"),
    "R5": _l("Before departure, if the work visa is missing"),
    "R6": _l("Before departure, if orientation (OPP) or E-PMI is missing"),
    "R7": _l("Shortly before departure: copies for the family"),
    "R8": _l("Shortly before departure: the number for help abroad"),
    "R9": _l("Just before departure: does it take place? YA or TIDAK"),
    "P1": _l("After arrival: how is it? 1 or 2"),
    "P2": _l("After a month of work: is the wage right? 1, 2 or 3"),
    "P3": _l("Now and then abroad: how is it? 1 or 2"),
    "P4": _l("Before the contract ends: what is planned? 1, 2 or 3"),
    "P5": _l("Before the passport expires"),
    "P6": _l("After the return: welcome"),
    "KN": _l("In place of a personal text, to a phone that others read: it must give nothing away"),
    "K0": _l("To a new phone: may we text it?"),
}
ANSWERS = {
    "KYA": _l("Answer to YA: the departure takes place"),
    "KTDK": _l("Answer to TIDAK: the departure is postponed"),
    "K1": _l("Answer to 1: all is well"),
    "K2": _l("Answer to 2: the wage is not right"),
    "K2T": _l("Answer to whoever wants a call"),
    "KP41": _l("Answer to 1: the contract is extended"),
    "KP42": _l("Answer to 2: leave at home"),
    "KP43": _l("Answer to 3: coming home for good"),
    "KSTOP": _l("Answer to STOP"),
    "KMULAI": _l("Answer to MULAI"),
    "KINFO": _l("Answer to INFO"),
    "KINFO0": _l("Answer to INFO from a number that we do not know"),
    "KBHS": _l("Answer to BAHASA: the language is changed"),
    "KBHS0": _l("Answer to BAHASA without a language"),
    "KX": _l("Answer to words that no keyword explains"),
    "KBANTU": _l("Answer to a call for help"),
    "KSAFE": _l("Answer to the safe word: it must give nothing away"),
    "KCEK0": _l("Answer to CEK without a name"),
    "KCEK1": _l("Answer to CEK: the agency is licensed"),
    "KCEK2": _l("Answer to CEK: the licence is suspended, revoked or over"),
    "KCEK3": _l("Answer to CEK: the agency is not on the list"),
    "KCEK4": _l("Answer to CEK: several agencies are meant"),
    "KCEK5": _l("Answer to CEK: only similar names are on the list"),
    "KCEK6": _l("Answer to CEK: our list is too old"),
    "KLAPOR0": _l("Answer to LAPOR without a story"),
    "KLAPOR": _l("Answer to LAPOR: is a call safe? 1 or 2"),
    "KLAPOR2": _l("Second question of a report: is there a threat? YA or TIDAK"),
    "KLAPOR3": _l("Third question of a report: who may learn the number? 1, 2 or 3"),
    "KLAPOR4": _l("End of a report"),
    "KLAPOR5": _l("Answer to what is added to a report"),
}
WARNINGS = {
    "W1": _l("Advice: promises of leaving soon"),
    "W2": _l("Advice: work on a visa for visits"),
    "W3": _l("Advice: money paid to the family in advance"),
    "W4": _l("Advice: original papers"),
    "W5": _l("Advice: jobs offered online"),
    "W6": _l("Advice: waiting in a holding house"),
    "W7": _l("Advice: force and fines"),
    "W8": _l("Warning of an area: it names nobody"),
    "N1": _l("Warning: how the official list lets a company stand"),
    "N2": _l("Warning: an official verdict"),
    "WK1": _l("Correction of a warning"),
    "WK2": _l("A warning is taken back"),
}
OFFICERS = {
    "AINV": _l("Invitation of an officer"),
    "ACASE": _l("A call for help that nobody takes on"),
    "ACASE2": _l("A call for help that is still open"),
    "ACASE3": _l("An urgent report that nobody takes on"),
    "ACASE4": _l("Somebody calls for help again"),
    "ALINK": _l("Reports of brokers that belong together"),
    "AROUTE": _l("A route of texts is silent"),
    "AWRN": _l("An urgent warning waits for approval"),
}
#: As the list shows them.
GROUPS: tuple[tuple[Any, dict[str, Any]], ...] = (
    (_l("Reminders and questions"), REMINDERS),
    (_l("Answers to what people write"), ANSWERS),
    (_l("Warnings"), WARNINGS),
    (_l("To officers"), OFFICERS),
)
PURPOSES = REMINDERS | ANSWERS | WARNINGS | OFFICERS

#: What the programme puts in place of {n} and the others.
VALUES = {
    "n": _l("first name"),
    "d": _l("day"),
    "dok": _l("missing papers"),
    "hp": _l("number to ask or to answer to"),
    "rw": _l("number for help abroad"),
    "k": _l("code"),
    "pt": _l("name of the agency"),
    "st": _l("how the licence stands"),
    "s": _l("whose list or verdict"),
    "q": _l("what was asked"),
    "desa": _l("village or area"),
    "ptg": _l("name of the officer"),
    "a": _l("names to choose from, or what it is about"),
    "b": _l("number of the verdict"),
    "jam": _l("hours, or a time of day"),
    "dar": _l("number for danger"),
    "url": _l("address of a page"),
}
#: What is usual, for a phone as an example; all others as the longest.
EXAMPLES = LONGEST | {"n": "Sri", "d": "5 Des", "dok": "paspor", "ptg": "Siti", "desa": "Bajing", "pt": "Contoh Jaya"}

FAULTS = {
    Fault.EMPTY: _l("Write the words."),
    Fault.TOO_LONG: _l("At most 320 letters."),
    Fault.UNKNOWN_VALUE: _l("Nobody fills in {%(what)s} here."),
    Fault.MISSING_VALUE: _l("{%(what)s} must stand in it: %(means)s."),
    Fault.STRAY_BRACE: _l("A brace stands alone: %(what)s"),
    Fault.FOREIGN_LETTER: _l(
        "The letter %(what)s (number %(place)s) is not on every phone: with it a text holds only 70."
    ),
    Fault.SECOND_SEGMENT: _l("With the longest values it does not fit into one text."),
}
DOUBTS = {
    Doubt.NO_SENDER: _l("It no longer says who speaks: %(what)s."),
    Doubt.NO_ANSWER_WORD: _l("It no longer names the answer %(what)s."),
    Doubt.FIXED_NUMBER: _l("The number %(what)s stands in it for everybody. Is it right, and will it stay so?"),
}
STATES = {"given_back": _l("Given back"), "withdrawn": _l("Taken back")}


def purpose(code: str) -> Any:
    """What it is for; nothing of a text that this list does not know."""
    return PURPOSES.get(code, "")


def told(finding: Finding) -> str:
    """One thing that is wrong or doubtful, as a sentence."""
    words: Any = FAULTS[finding.kind] if isinstance(finding.kind, Fault) else DOUBTS[finding.kind]
    means = VALUES.get(finding.what, finding.what)
    return str(words) % {"what": finding.what, "place": finding.place, "means": means}


def standing(one: Spoken) -> tuple[Any, str]:
    """How a language stands: words and tone of a badge."""
    if one.used is not None:
        return gettext("Version %(number)s", number=one.used.version), "ok"
    return (_l("Not in use: Indonesian goes out"), "warn") if one.newest else (_l("No words yet"), "plain")


def versions(text: StockText) -> str:
    """'Version 2 · Basa Jawa: version 1 · Indonesian in place of: Basa Sunda, Base Sasak'."""
    used = {one.language: one.used.version for one in text.spoken.values() if one.used}
    parts = [gettext("Version %(number)s", number=used.pop(FALLBACK, 0))]
    parts += [f"{LANGUAGES[language]}: " + gettext("version %(number)s", number=used[language]) for language in used]
    if not used:
        parts.append(gettext("Indonesian in place of all other languages"))
    elif text.fallen_back:
        names = ", ".join(LANGUAGES[language] for language in text.fallen_back)
        parts.append(gettext("Indonesian in place of: %(languages)s", languages=names))
    return " · ".join(parts)
