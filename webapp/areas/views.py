"""Choosing an area: by four selects that depend on each other, or by typing part of its name.

Another page sends the person here with `next`; the choice leads back there with `area=<code>` added.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import urlencode

from flask import Blueprint, request
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp.areas import queries
from webapp.areas.codes import parent_of
from webapp.areas.model import DISTRICT, PROVINCE, REGENCY, VILLAGE, Area
from webapp.page import local_path, page_or_part

blueprint = Blueprint("areas", __name__)
LABELS = {PROVINCE: _l("Province"), REGENCY: _l("Regency or city"), DISTRICT: _l("District"), VILLAGE: _l("Village")}
LONGEST_QUERY = 80


class Select(NamedTuple):
    """One of the dependent selects: the areas below the one chosen before it."""

    level: int
    options: Sequence[Area]
    chosen: Area | None

    @property
    def label(self) -> str:
        return str(LABELS[self.level])


@blueprint.get("/areas")
def choose() -> Response:
    """One's own area and what is below it. `level=4` asks for a village and offers nothing larger."""
    typed = request.args.get("q", "")[:LONGEST_QUERY].strip()
    level = request.args.get("level", type=int)
    selects = walk(current_user.area, request.args.getlist("within"))
    here = next((select.chosen for select in reversed(selects) if select.chosen), current_user.area)
    return page_or_part(
        "areas/choose.html",
        "areas/_choice.html",
        typed=typed,
        level=level,
        next=local_path(request.args.get("next"), "/"),
        selects=[select for select in selects if select.level <= min(level or VILLAGE, DISTRICT)],
        hits=queries.search(typed, current_user.area_code, (level,) if level else ()),
        choices=[area for area in offered(here, selects) if level in (None, area.level)],
        address=address_back,
    )


def walk(own: Area, wanted: Sequence[str]) -> list[Select]:
    """The selects from `own` downwards, as far as `wanted` names an area of each level.

    A code that is not below the one chosen before it is left over from an earlier choice, and ignored.
    One code alone stands for the whole way to it.
    """
    codes = set(wanted[:8])
    if len(codes) == 1:
        codes |= _way_to(*codes)
    selects: list[Select] = []
    here: Area | None = own
    while here is not None and here.level < VILLAGE:
        options = queries.children(here.code)
        chosen = next((area for area in options if area.code in codes), None)
        selects.append(Select(here.level + 1, options, chosen))
        here = chosen
    return selects


def offered(here: Area, selects: Sequence[Select]) -> list[Area]:
    """What can be chosen now: the area where one stands, and in a district each of its villages."""
    villages = next((select.options for select in selects if select.level == VILLAGE), [])
    return [here, *(village for village in villages if village is not here)]


def address_back(area: Area, path: str) -> str:
    """`/people/new` → `/people/new?area=33.01.06.2010`."""
    return f"{path}{'&' if '?' in path else '?'}{urlencode({'area': area.code})}"


def _way_to(code: str) -> set[str]:
    way, above = set(), parent_of(code)
    while above:
        way.add(above)
        above = parent_of(above)
    return way
