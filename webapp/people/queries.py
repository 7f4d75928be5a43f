"""The people that an account may see: one of them, or a page of the list, perhaps only those looked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from flask import abort
from sqlalchemy.orm import joinedload, selectinload

from webapp.accounts import audit
from webapp.accounts.model import Account
from webapp.areas.codes import within
from webapp.areas.model import Area
from webapp.db import db
from webapp.people import search
from webapp.people.finding import wanted
from webapp.people.model import Person
from webapp.people.order import Place

PAGE = 25


@dataclass(frozen=True)
class Page:
    """Some people in order, and the id after which the next page begins, if there is one."""

    people: Sequence[Person]
    next_after: int | None

    @property
    def villages(self) -> list[tuple[str, list[Person]]]:
        """The people by village, in the order of the page."""
        groups: dict[str, list[Person]] = {}
        for person in self.people:
            groups.setdefault(person.area_code, []).append(person)
        return list(groups.items())


class PeopleOf:
    """Everybody in one area and below. Whoever is outside does not exist here."""

    def __init__(self, area_code: str) -> None:
        self.area_code = area_code

    def get(self, person_id: int) -> Person:
        """This person with village, phones and contacts; 404 outside the area. The audit log says who saw them."""
        person = db.session.scalar(self._one(person_id)) or abort(404)
        audit.seen("person", person.id, person.area_code)
        return person

    def to_change(self, person_id: int) -> Person:
        """The same, locked until the end of the transaction, so that two acts follow one another."""
        query = (
            self._one(person_id).with_for_update(of=Person, key_share=True).execution_options(populate_existing=True)
        )
        person = db.session.scalar(query) or abort(404)
        audit.seen("person", person.id, person.area_code)
        return person

    def _one(self, person_id: int) -> sa.Select[tuple[Person]]:
        return (
            sa.select(Person)
            .where(Person.id == person_id, within(Person.area_code, self.area_code))
            .options(
                joinedload(Person.area, innerjoin=True), selectinload(Person.phones), selectinload(Person.contacts)
            )
        )

    def page(self, after: int | None = None, q: str = "", stage: str = "") -> Page:
        """The next 25 by village and name. `after` is the id of the last person seen (ids may stand in
        addresses, names may not), `q` any part of a name, phone or NIK, `stage` one of STAGES or ''."""
        place = Place(self.area_code, stage, self._row(after))
        people = search.find(wanted(q), place, PAGE + 1) if q.strip() else search.everybody(place, PAGE + 1)
        return Page(people[:PAGE], people[PAGE - 1].id if len(people) > PAGE else None)

    def _row(self, after: int | None) -> sa.Row[tuple[str, str, int]] | None:
        """Where the last person seen stands. Somebody who left the area meanwhile begins the list anew."""
        if after is None:
            return None
        query = sa.select(Person.area_code, Person.name_key, Person.id)
        return db.session.execute(query.where(Person.id == after, within(Person.area_code, self.area_code))).first()


def people_of(account: Account) -> PeopleOf:
    return PeopleOf(account.area_code)


def place_names(codes: Sequence[str]) -> dict[str, str]:
    """Each village with the two levels above it: 'Bajing, Kroya, Kabupaten Cilacap'. One query."""
    wanted_codes = {code.rsplit(".", up)[0] for code in codes for up in range(3)}
    query = sa.select(Area.code, Area.name).where(Area.code.in_(wanted_codes))
    names = dict(db.session.execute(query).tuples().all())
    return {code: ", ".join(names[c] for up in range(3) if (c := code.rsplit(".", up)[0]) in names) for code in codes}
