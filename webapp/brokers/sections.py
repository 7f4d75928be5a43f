"""What reports add elsewhere: the way to report from a person's page, who may see their photos, who is called."""

from __future__ import annotations

from typing import Any

from webapp.brokers import alarm, aliases, queries
from webapp.brokers.model import SUBJECT
from webapp.brokers.signals import danger_told, report_changed, report_recorded
from webapp.people.model import Person
from webapp.people.sections import add_section
from webapp.photos.subjects import add_subject

#: Below departures and what is sent: it is needed seldom, but then at once.
ORDER = 90


def register() -> None:
    """Called by create_app; calling twice changes nothing."""
    add_section(ORDER, way_to_report)
    add_subject(SUBJECT, queries.may_see)
    report_recorded.connect(alarm.call_officers)
    report_changed.connect(alarm.follow)
    danger_told.connect(alarm.danger)
    report_recorded.connect(aliases.index)
    report_changed.connect(aliases.index)


def way_to_report(person: Person) -> tuple[str, dict[str, Any]]:
    """A link on the person page. It names no report: not everybody who sees the person may see it."""
    return "brokers/_section.html", {"person": person}
