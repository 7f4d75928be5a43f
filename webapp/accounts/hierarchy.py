"""Who may invite, see to and close whom. Pure.

A coordinator sees to the facilitators of the own area and to coordinators below it; an administrator
to everybody, other administrators too. Coordinators do not see to their equals. That nobody sees to oneself
is asked where accounts are known (queries.can_manage).
"""

from __future__ import annotations

from webapp.accounts.model import ADMINISTRATOR, COORDINATOR, FACILITATOR
from webapp.areas.codes import NATION, is_within

NATION_LEVEL, PROVINCE, REGENCY, VILLAGE = 0, 1, 2, 4
#: Where a role works, as levels of the tree of areas.
LEVELS = {
    FACILITATOR: (VILLAGE,),
    COORDINATOR: (NATION_LEVEL, PROVINCE, REGENCY),
    ADMINISTRATOR: (NATION_LEVEL,),
}


def level_of(area_code: str) -> int:
    return 0 if area_code == NATION else area_code.count(".") + 1


def works_at(role: str, area_code: str) -> bool:
    """Is there such a role at this level: a facilitator of a village, a coordinator of a regency?"""
    return level_of(area_code) in LEVELS[role]


def may_manage(role: str, area_code: str, other_role: str, other_area: str) -> bool:
    """May an account with this role and area invite, see to and close one with the other role and area?"""
    if role == ADMINISTRATOR:
        return True
    if role != COORDINATOR or not is_within(other_area, area_code):
        return False
    if other_role == FACILITATOR:
        return True
    return other_role == COORDINATOR and other_area != area_code


def roles_below(role: str, area_code: str) -> tuple[str, ...]:
    """The roles this account may invite somewhere, the commonest first."""
    if role == ADMINISTRATOR:
        return (FACILITATOR, COORDINATOR, ADMINISTRATOR)
    if role != COORDINATOR:
        return ()
    return (FACILITATOR, COORDINATOR) if level_of(area_code) < REGENCY else (FACILITATOR,)
