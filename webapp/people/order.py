"""The one order of lists of people: by village, name, id; and which people a page shows. An index has this order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from webapp.areas.codes import NATION, within
from webapp.people.model import Person


@dataclass(frozen=True)
class Place:
    """Where a page of the list stands: the area, perhaps a stage, perhaps behind a row already seen.

    `people` in the methods is whatever has the columns of people: the model or a subquery's columns.
    """

    area_code: str
    stage: str = ""
    #: area_code, name_key and id of the last row seen.
    after: Any = None

    def condition(self, people: Any = Person) -> sa.ColumnElement[bool]:
        """Who may stand on the page."""
        where = self._behind(people) if self.after else within(people.area_code, self.area_code)
        return sa.and_(people.stage == self.stage, where) if self.stage else where

    def _behind(self, people: Any) -> sa.ColumnElement[bool]:
        """Within the area and behind the row.

        The row's own place is the lower bound: a second one (the area's) would make SQLite seek to the
        beginning of the area instead and read everything before the page.
        """
        row = self.after
        if self.area_code.count(".") == 3:
            behind = sa.tuple_(people.name_key, people.id) > (row.name_key, row.id)
            return sa.and_(people.area_code == self.area_code, behind)
        behind = sa.tuple_(people.area_code, people.name_key, people.id) > (row.area_code, row.name_key, row.id)
        return behind if self.area_code == NATION else sa.and_(behind, people.area_code < self.area_code + "/")


def in_order(query: sa.Select[Any], people: Any = Person) -> sa.Select[Any]:
    return query.order_by(people.area_code, people.name_key, people.id)
