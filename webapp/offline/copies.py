"""The copy of a village on a facilitator's phone: its people, and the pages that lead to them.

The phone asks what is new (`changes`), then for the people and pages that changed. It says which texts it has, and
gets only others: thirty forms of a person are the same for the next one, but for ids and the name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app, render_template, url_for

from webapp import moments
from webapp.accounts import audit
from webapp.accounts.access import current_account
from webapp.accounts.menu import menu
from webapp.agencies import queries as agencies
from webapp.areas.model import VILLAGE
from webapp.conversations.model import Incoming
from webapp.db import db
from webapp.departures.model import Departure
from webapp.offline import pages
from webapp.offline.model import KeptForm
from webapp.offline.words import words
from webapp.outbox.model import Message
from webapp.people import presenter, queries
from webapp.people.model import Person, Task

#: Of so many people a phone keeps the pages: those of whom something was heard last.
MOST_PEOPLE = 2000
#: So many are told of in one answer, and so many are copied in one.
LISTED, AT_ONCE = 500, 10
#: A transaction that began earlier may commit later than one that is copied already.
OVERLAP = timedelta(minutes=2)
EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
#: Ids of addresses whose pages belong to a person's own copy, not to that of the first pages.
OF_A_PERSON = ("person_id", "departure_id")
#: Who has a person's copy has theirs: the audit log names only the person.
PART_OF_A_PERSON = ("departure",)
#: Departures that still have something to be written down.
GOING_ON = ("open", "postponed")


def changes(since: int, before: tuple[int, int] | None) -> dict[str, Any]:
    """Who has changed after the stamp `since`, the newest first; `before`: where the last answer ended.

    A stamp is a time in microseconds. `count` tells the phone whether somebody has left the village, `pages` whether
    its first pages are old.
    """
    village = _village()
    if village is None:
        return {"people": [], "count": 0, "pages": _state_of_pages([]), "more": False, "today": _today()}
    stamps = _stamps(village)
    after = since - int(OVERLAP / timedelta(microseconds=1)) if since else 0
    news = sorted(((stamp, person_id) for person_id, stamp in stamps.items() if stamp > after), reverse=True)
    listed = [one for one in news if before is None or one < before]
    return {
        "people": [[person_id, stamp] for stamp, person_id in listed[:LISTED]],
        "more": len(listed) > LISTED,
        "count": len(stamps),
        "pages": _state_of_pages(stamps.values()),
        "today": _today(),
    }


def everybody() -> list[int]:
    """Ids of all whose copies the phone may hold, so that it can forget the others."""
    village = _village()
    return sorted(_stamps(village)) if village else []


def of_people(ids: Sequence[int], known: set[str]) -> dict[str, Any]:
    """Copies of these people, as far as they are of the village. What is copied is noted like a look at it."""
    village, texts = _village(), dict[str, tuple[str, ...]]()
    if village is None:
        return {"people": [], "texts": texts}
    query = sa.select(Person).where(Person.area_code == village, Person.id.in_(ids[:AT_ONCE]))
    people = db.session.scalars(query.order_by(Person.name_key, Person.id)).all()
    stamps, rows = _stamps(village, ids[:AT_ONCE]), presenter.rows(queries.Page(people, None), "", "")
    # Before the pages are made: a request of its own may end the session, and with it what was loaded.
    found = [_line(person, stamps[person.id], rows) for person in people]
    for one in found:
        one["pages"] = [stored(page, one, known, texts) for page in pages_of(one["id"])]
    audit.all_copied(but=PART_OF_A_PERSON)
    for one in found:
        audit.copied("person", one["id"], village)
    return {"people": found, "texts": texts}


def of_first_pages(known: set[str]) -> dict[str, Any]:
    """The pages of the bar and what they lead to, if that is no person's own; and the frame for all of them."""
    start = [url_for(entry.endpoint) for entry in menu() if not entry.desk_only]
    texts: dict[str, tuple[str, ...]] = {}
    found = []
    for page in pages.crawl(start, lambda arguments: not any(name in arguments for name in OF_A_PERSON)):
        key = pages.hash_of(page.parts)
        found.append([page.path, key])
        if key not in known:
            texts[key] = page.parts
    audit.all_copied()
    audit.copied("today", None, current_account.area_code)
    return {"pages": found, "texts": texts, "frame": pages.answer(url_for("offline.frame")), "words": words()}


def _line(person: Person, stamp: int, rows: dict[str, Any]) -> dict[str, Any]:
    """What the phone lists and searches, and the person's line in the list."""
    row = render_template("people/_row.html", person=person, **rows).strip()
    return {
        "id": person.id,
        "stamp": stamp,
        "name": person.name,
        "search": person.search_text,
        "stage": person.stage,
        "row": row,
    }


def pages_of(person_id: int) -> Iterable[pages.Page]:
    """The person's page and all that it leads to, but no page of somebody else."""

    def follows(arguments: pages.Arguments) -> bool:
        return bool(arguments) and arguments.get("person_id", person_id) == person_id

    query = sa.select(Departure.id).where(Departure.person_id == person_id, Departure.state.in_(GOING_ON))
    going_on = set(db.session.scalars(query))

    def can_wait(arguments: pages.Arguments) -> bool:
        return "departure_id" in arguments and arguments["departure_id"] not in going_on

    return pages.crawl([f"/people/{person_id}"], follows, can_wait)


def stored(page: pages.Page, one: dict[str, Any], known: set[str], texts: dict[str, tuple[str, ...]]) -> list[Any]:
    path, parts, further = pages.as_template(page, one["id"], one["name"])
    key = pages.hash_of(parts)
    if key not in known:
        texts[key] = parts
    return [path, key, *further]


def _today() -> str:
    """Forms offer it; the clock of a phone may say another day."""
    return moments.today().isoformat()


def _village() -> str | None:
    """Where the account works, if that is one village: larger areas are not copied."""
    return current_account.area_code if current_account.area.level == VILLAGE else None


def _stamps(village: str, ids: Sequence[int] = ()) -> dict[int, int]:
    """Everybody's id and when something was last heard of them: the timeline, or a text about an open departure."""
    people = sa.select(Person.id, Person.updated_at).where(Person.area_code == village)
    if ids:
        people = people.where(Person.id.in_(ids))
    newest = people.order_by(Person.updated_at.desc(), Person.id.desc()).limit(MOST_PEOPLE)
    stamps = {person_id: _micros(at) for person_id, at in db.session.execute(newest)}
    for person_id, at in db.session.execute(_texts_of_open_departures(village)):
        if person_id is not None and person_id in stamps:
            stamps[person_id] = max(stamps[person_id], _micros(at))
    return stamps


def _texts_of_open_departures(village: str) -> sa.Select[tuple[int | None, datetime]]:
    travelling = sa.select(Departure.person_id).where(Departure.area_code == village, Departure.state == "open")
    query = sa.select(Message.person_id, sa.func.max(Message.updated_at)).where(Message.person_id.in_(travelling))
    return query.group_by(Message.person_id)


def _state_of_pages(stamps: Iterable[int]) -> str:
    """Another whenever the first pages may show something else: by day, by what came in, by a newer application."""
    area = current_account.area_code
    facts = [
        current_app.config["VERSION"],
        current_account.language,
        area,
        moments.today().isoformat(),
        agencies.published(),
        max(stamps, default=0),
        *(tuple(db.session.execute(query).one()) for query in _waiting(area)),
    ]
    return hashlib.sha256(repr(facts).encode()).hexdigest()[: pages.HASH_LENGTH]


def _waiting(area: str) -> list[sa.Select[Any]]:
    """How much waits, and the newest of it, of every list of the first pages that no person's stamp tells of."""
    unread = sa.and_(Incoming.for_human.is_(True), Incoming.handled_at.is_(None), Incoming.private.is_(False))
    waiting = (
        (Incoming, unread),
        (Task, Task.done_at.is_(None)),
        (KeptForm, KeptForm.settled_at.is_(None)),
    )
    return [
        sa.select(sa.func.count(), sa.func.max(model.id)).where(model.area_code == area, condition)
        for model, condition in waiting
    ]


def _micros(at: datetime) -> int:
    return (at - EPOCH) // timedelta(microseconds=1)
