"""What departures add to a person's page and timeline."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import format_date
from flask_babel import lazy_gettext as _l

from webapp import moments
from webapp.accounts.signals import officers_changed
from webapp.departures import corrections, planning, presenter, queries, questions, upkeep
from webapp.departures.choices import CALL_OUTCOMES, STATES, answer_in_words
from webapp.departures.model import Departure
from webapp.departures.whereabouts import zone_abroad
from webapp.outbox.chores import add_chore
from webapp.people import sections
from webapp.people.model import Person
from webapp.people.questions import chosen_in_words
from webapp.people.signals import move_taken_back, moved_house, person_changed
from webapp.people.villagers import move_along
from webapp.people.whereabouts import add_zone


def departures_of(person: Person) -> tuple[str, dict[str, Any]]:
    """The section 'Departures' of the person page."""
    found = queries.of_person(person.id)
    today = moments.today()
    facts = planning.load_facts(found) if found else None
    missing = {d.id: [line for line in facts.lines(d, today) if line.missing] for d in found} if facts else {}
    return "departures/_section.html", {"person": person, "departures": found, "missing": missing, "states": STATES}


EVENT_LABELS = {
    "departure_recorded": lambda facts: _l("Departure entered"),
    "departure_changed": lambda facts: _moved(facts) if "from" in facts else _l("Departure changed"),
    "paper_done": lambda facts: _l("Noted in the checklist: %(item)s", item=_item(facts)),
    "paper_undone": lambda facts: _l("Marked as missing again: %(item)s", item=_item(facts)),
    "departure_postponed": lambda facts: _because(_l("Departure postponed"), facts),
    "departure_cancelled": lambda facts: _because(_l("Departure cancelled"), facts),
    "departure_resumed": lambda facts: _because(_l("Departure taken up again"), facts),
    "departure_left": lambda facts: _l("Left on %(day)s", day=_day(facts["day"])),
    "arrived": lambda facts: _l("Has arrived"),
    "departure_ended": lambda facts: _l("Came home on %(day)s", day=_day(facts["day"])),
    "leaving_taken_back": lambda facts: _because(
        _l("Had not left on %(day)s after all", day=_day(facts["day"])), facts
    ),
    "return_taken_back": lambda facts: _because(
        _l("Had not come home on %(day)s after all", day=_day(facts["day"])), facts
    ),
    "leaving_corrected": lambda facts: _l(
        "Day of leaving corrected from %(old)s to %(new)s", old=_day(facts["from"]), new=_day(facts["to"])
    ),
    "return_corrected": lambda facts: _l(
        "Day of coming home corrected from %(old)s to %(new)s", old=_day(facts["from"]), new=_day(facts["to"])
    ),
    "departure_chosen": lambda facts: chosen_in_words(questions.DEPARTURE, facts),
    "paper_chosen": lambda facts: chosen_in_words(questions.PAPER, facts, _item(facts)),
    "leaving_chosen": lambda facts: chosen_in_words(questions.LEAVING, facts),
    "return_chosen": lambda facts: chosen_in_words(questions.RETURN, facts),
    "called_for_help": lambda facts: _l("Called for help by SMS"),
    "answered": lambda facts: _l("Answered by SMS: %(answer)s", answer=_answer(facts)),
    "called": lambda facts: _because(_l("Called: %(outcome)s", outcome=CALL_OUTCOMES[facts["outcome"]]), facts, "note"),
}


def register() -> None:
    """Hang section, labels, replanning and zone on the registry, the upkeep on the worker. Called by create_app."""
    sections.add_section(20, departures_of)
    sections.add_row_notes(journeys)
    sections.add_finder(queries.people_with_paper)
    sections.EVENT_LABELS.update(EVENT_LABELS)
    person_changed.connect(_replan)
    moved_house.connect(_bring_along)
    move_taken_back.connect(corrections.follow_stage)
    officers_changed.connect(upkeep.outdate_village)
    add_chore(upkeep.plan_due)
    add_zone(zone_abroad)


def journeys(people: list[int]) -> dict[int, str]:
    """Beside the names in lists of people: where to, and when, of everybody's newest open departure."""
    return {
        d.person_id: " · ".join(filter(None, (d.destination.name, _when(d)))) for d in presenter.newest_open(people)
    }


def _when(departure: Departure) -> str:
    if day := departure.leaves_on:
        return str(format_date(day, "d MMM y"))
    return str(format_date(departure.planned_month, "MMMM y")) if departure.planned_month else ""


def _replan(person: Person, *, now: Any, **_: Any) -> None:
    planning.replan_person(person, now)


def _bring_along(person: Person) -> None:
    move_along(Departure, person)


def _moved(facts: dict[str, Any]) -> Any:
    unknown = _l("unknown")
    old, new = _day(facts["from"]) or unknown, _day(facts["to"]) or unknown
    return _l("Day of departure moved from %(old)s to %(new)s", old=old, new=new)


def _day(iso: str | None) -> str:
    """'2026-12-01', as events hold days, as pages write them."""
    return str(format_date(date.fromisoformat(iso), "d MMM y")) if iso else ""


def _because(what: Any, facts: dict[str, Any], key: str = "reason") -> Any:
    reason = facts.get(key, "")
    if reason == "sms":
        return _l("%(what)s, by SMS", what=what)
    return _l("%(what)s: %(reason)s", what=what, reason=reason) if reason else what


def _item(facts: dict[str, Any]) -> Any:
    return queries.item_names().get(facts["item"], facts["item"])


def _answer(facts: dict[str, Any]) -> Any:
    return answer_in_words(facts["question"], facts["answer"])
