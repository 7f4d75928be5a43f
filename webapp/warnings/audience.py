"""To whom a warning goes, how many that are, and why others do not get it: by sets, never person by person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from sms.states import DELIVERED, SENDING, SENT, UNKNOWN
from webapp import clock
from webapp.audiences import counting, reaching
from webapp.audiences.conditions import conditions
from webapp.audiences.counting import Count
from webapp.audiences.criteria import OFFERED_STAGES, Criteria
from webapp.audiences.reaching import person
from webapp.db import db
from webapp.outbox.checks import ALARM, NOTICE
from webapp.outbox.model import Message
from webapp.warnings.model import SafetyWarning

#: They have it, or may have it: a correction goes to them and to nobody else.
#: So many people are looked at for a sample.
LOOKED_AT = 1_000
HAVE_GOT_IT = (SENT, DELIVERED, UNKNOWN, SENDING)


def conditions_of(warning: SafetyWarning) -> list[sa.ColumnElement[bool]]:
    """Who belongs to the audience, whether or not they can be reached."""
    if warning.corrects_id is not None:
        return [person.c.id.in_(_who_got(warning.corrects_id))]
    if not warning.stages:
        # Criteria without stages mean everybody; a warning without any never meant anybody.
        return [sa.false()]
    areas = tuple(row.area_code for row in warning.areas)
    meant = Criteria(areas=areas, stages=tuple(warning.stages), destinations=tuple(warning.destinations))
    # It asks neither for an age nor for papers, so day and items change nothing.
    return conditions(meant, clock.now().date(), {})


def followed(warning: SafetyWarning) -> str:
    """The cause of the texts that a correction takes back; '' for any other warning."""
    return f"warning:{warning.corrects_id}" if warning.corrects_id is not None else ""


def count(warning: SafetyWarning, now: datetime) -> Count:
    """What sending it now would come to."""
    return counting.count(conditions_of(warning), purpose_of(warning), now, after=followed(warning))


def purpose_of(warning: SafetyWarning) -> str:
    """Of its texts in the outbox, which gives them their route."""
    return ALARM if warning.urgent else NOTICE


def a_village(warning: SafetyWarning, now: datetime) -> str | None:
    """Where somebody lives who gets it, for a sample of its words."""
    people = reaching.chosen(*conditions_of(warning), limit=LOOKED_AT).subquery()
    query = sa.select(people.c.area_code).where(people.c.reason == "").limit(1)
    return db.session.scalar(query, reaching.at(now))


def stages_of(warning: SafetyWarning) -> Sequence[str]:
    """In which its texts still make sense: a correction goes to whoever got the wrong one, whatever they do now."""
    return OFFERED_STAGES if warning.corrects_id is not None else warning.stages


def _who_got(warning_id: int) -> sa.Select[tuple[int | None]]:
    return sa.select(Message.person_id).where(
        Message.cause == f"warning:{warning_id}", Message.state.in_(HAVE_GOT_IT), Message.person_id.is_not(None)
    )
