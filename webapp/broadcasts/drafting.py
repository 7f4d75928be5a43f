"""Between the form and a draft: what is offered to whom, what a form begins with, and what it stands for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa
from flask import abort, current_app
from flask_babel import get_locale, gettext
from wtforms.fields.choices import SelectChoice

from sms.hours import FROM_HOUR
from webapp.accounts.access import current_account
from webapp.accounts.model import Account
from webapp.areas.codes import areas_above, is_within, within
from webapp.areas.model import VILLAGE, Area
from webapp.areas.queries import children, search
from webapp.audiences import queries as lists
from webapp.audiences.criteria import OFFERED_STAGES, Criteria, read
from webapp.audiences.model import RecipientList
from webapp.broadcasts import budget, expanding, ready, timing
from webapp.broadcasts.acts import Draft
from webapp.broadcasts.budget import Standing
from webapp.broadcasts.composing_form import LATER, LISTS, MOST_AREAS, NOW, ComposingForm
from webapp.broadcasts.merging import FALLBACK
from webapp.broadcasts.model import LISTED, Broadcast, SavedAudience
from webapp.broadcasts.recipients import Meant
from webapp.db import db
from webapp.departures.choices import SCHEMES, SECTORS
from webapp.departures.model import ChecklistItem, Destination
from webapp.page import row_id
from webapp.people.choices import LANGUAGES, SEXES, STAGES
from webapp.people.fields import options

#: Letters of the longest code of an area.
LONGEST_CODE = 13


@dataclass
class Beginning:
    """What stands in a form that begins. `left_out`: how many areas lie outside the officer's own. `without_list`: what
    is copied went to a list."""

    data: dict[str, Any] = field(default_factory=dict)
    left_out: int = 0
    without_list: bool = False


def form_for(account: Account, now: datetime, seeds: Iterable[str] = (), **kwargs: Any) -> ComposingForm:
    """The form with what this officer may choose. `seeds`: areas that are offered beside those directly below."""
    form = ComposingForm(**kwargs)
    form.now = now
    if form.place.data:
        form.found = tuple(hit.area.code for hit in search(form.place.data, account.area_code))
    form.areas.choices = _areas(account, [*seeds, *(form.areas.data or []), *form.found])
    form.stages.choices = options({stage: STAGES[stage] for stage in OFFERED_STAGES})
    form.sex.choices = options({"": gettext("Both"), **SEXES})
    form.languages.choices = options(LANGUAGES)
    form.destinations.choices = _destinations()
    form.sectors.choices = options({code: label for code, label in SECTORS.items() if code})
    form.schemes.choices = options(SCHEMES)
    form.missing.choices = _papers()
    if form.list_id.data:
        form.take(usable_list(form.list_id.data))
    return form


def words_form() -> ComposingForm:
    """For its words alone, with the columns of the list they go to."""
    form = ComposingForm()
    if form.list_id.data:
        form.take(usable_list(form.list_id.data))
    return form


def usable_list(number: str) -> RecipientList:
    """A list of the officer's area that was taken and still holds its rows; else 404."""
    try:
        one = lists.get(row_id(number))
    except ValueError:
        abort(404)
    return one if one.accepted_at is not None and one.emptied_at is None else abort(404)


def fresh(seeds: list[str]) -> Beginning:
    return Beginning({"areas": seeds, "announced": True})


def of_list(one: RecipientList) -> Beginning:
    return Beginning({"list_id": str(one.id), "title": one.name, "areas": [], "announced": False})


def stored(broadcast: Broadcast) -> dict[str, Any]:
    """What stands in the form of a draft."""
    names = ("recipients", "title", "version", "emergency", "reason", "announced", "send_on", "confirmed_by")
    found = {name: getattr(broadcast, name) for name in names} | {"broadcast_id": broadcast.id}
    found["list_id"] = str(broadcast.list_id) if broadcast.list_id and ready.has_list(broadcast) else ""
    found |= {"when": NOW if broadcast.send_on is None else LATER}
    if broadcast.send_on is not None:
        found["send_at"] = time(broadcast.send_minute // 60, broadcast.send_minute % 60)
    found |= {"spread_hours": broadcast.spread_hours or None, "useful_until": broadcast.useful_until}
    return found | _bodies(broadcast) | _asked(broadcast.criteria)


def copy_of(broadcast: Broadcast, account: Account) -> Beginning:
    """Its words and whom it was for, as far as they are this officer's; days and hours are chosen anew."""
    found = Beginning(_asked(broadcast.criteria) | _bodies(broadcast))
    names = ("title", "recipients", "announced")
    found.data |= {name: getattr(broadcast, name) for name in names}
    if broadcast.recipients == LISTED:
        # A list is brought anew, for its people agreed to that one notice; nobody else is chosen in their place.
        found.without_list, found.data["recipients"] = True, None
    found.data |= {"spread_hours": broadcast.spread_hours or None, "copied_from": broadcast.id}
    return _of_own_area(found, account)


def of_audience(audience: SavedAudience, account: Account) -> Beginning:
    found = Beginning(_asked(read(audience.asked)) | {"recipients": audience.recipients, "announced": True})
    return _of_own_area(found, account)


def draft_of(form: ComposingForm, copied_from_id: int | None = None) -> Draft:
    """Of a form that is right."""
    later = form.when.data == LATER
    names = ("title", "emergency", "announced", "useful_until")
    other = set(form.bodies) - {FALLBACK}
    return Draft(
        recipients=form.recipients.data,
        criteria=form.criteria,
        bodies=form.bodies,
        reason=form.reason.data if form.emergency.data else "",
        send_on=form.send_on.data if later else None,
        send_minute=_minute(form) if later else 0,
        spread_hours=form.spread_hours.data or 0,
        copied_from_id=copied_from_id,
        list_id=form.listed.id if form.listed else None,
        confirmed_by=(form.confirmed_by.data or "") if other else "",
        **{name: form[name].data for name in names},
    )


def meant_of(form: ComposingForm, now: datetime) -> Meant:
    """Whom a validated form means whose audience is right, as meaning.meant_by has it of a stored one. Its days and
    hours count as far as they are right."""
    send_on, send_minute = _moment_of(form)
    spread_hours = spread_hours_of(form)
    emergency = bool(form.emergency.data)
    last = timing.last_due(
        send_on=send_on,
        send_minute=send_minute,
        spread_hours=spread_hours,
        now=now,
        any_hour=emergency and form.listed is None,
    )
    return Meant(
        recipients=form.recipients.data,
        criteria=form.criteria,
        emergency=emergency,
        day=send_on or timing.day_of_arrival(now),
        last_day=timing.office_day(last) if spread_hours else None,
        most_a_day=current_app.config["SETTINGS"].notices_a_day,
        list_id=form.listed.id if form.listed else None,
        drafter=db.session.get(Account, current_account.id),
    )


def standing_of(form: ComposingForm, now: datetime) -> Standing:
    """The budget that would pay for it: of the office, in the month in which it begins as far as its day is right."""
    begins = timing.starts_at(expanding.zones(), *_moment_of(form), now)
    return budget.standing(current_account.area_code, timing.month_of(begins))


def spread_hours_of(form: ComposingForm) -> int:
    """Of a validated form, as far as they are right."""
    return 0 if form.spread_hours.errors else form.spread_hours.data or 0


def _moment_of(form: ComposingForm) -> tuple[date | None, int]:
    """Of a validated form: day and minute of it, as far as they are right."""
    send_on = form.send_on.data if form.when.data == LATER and not form.send_on.errors else None
    return send_on, FROM_HOUR * 60 if form.send_at.errors or not form.send_at.data else _minute(form)


def _minute(form: ComposingForm) -> int:
    """Of the day, of the hour that is chosen."""
    return int(form.send_at.data.hour * 60 + form.send_at.data.minute)


def chosen(ticks: Any) -> list[str]:
    """The words of what is ticked in a list of choices."""
    return [str(option.label.text) for option in ticks if option.checked]


def _of_own_area(found: Beginning, account: Account) -> Beginning:
    """Of a wider area what is the officer's own; of others nothing."""
    own, meant = account.area_code, found.data["areas"]
    narrowed = [own if is_within(own, code) else code for code in meant]
    found.data["areas"] = list(dict.fromkeys(code for code in narrowed if is_within(code, own)))
    found.left_out = sum(not is_within(code, own) for code in narrowed)
    return found


def _bodies(broadcast: Broadcast) -> dict[str, str]:
    return {f"body_{language}": body for language, body in broadcast.bodies.items()}


def _asked(criteria: Criteria) -> dict[str, Any]:
    plain = ("sex", "age_from", "age_until", "leaves_from", "leaves_until")
    lists = {name: list(getattr(criteria, name)) for name in LISTS}
    return lists | {name: getattr(criteria, name) for name in plain}


def _areas(account: Account, codes: Iterable[str]) -> list[SelectChoice]:
    """One's own area, those directly below, these and what lies between them and one's own: widest first."""
    wanted = {account.area_code, *(area.code for area in children(account.area_code))}
    # A code is as long as codes are: what was made by hand is not taken apart.
    for code in [code for code in codes if len(code) <= LONGEST_CODE][: 2 * MOST_AREAS]:
        wanted.update(areas_above(code))
    query = sa.select(Area).where(Area.code.in_(wanted), within(Area.code, account.area_code))
    found = list(db.session.scalars(query.order_by(Area.level, Area.name_key, Area.code)))
    names = {area.code: area.name for area in found}
    return [SelectChoice(area.code, _place(area, names, account)) for area in found]


def _place(area: Area, names: Mapping[str, str], account: Account) -> str:
    """'Bajing, Kroya': with the area above, but for those directly below one's own."""
    if area.code == account.area_code:
        return area.name if area.level == VILLAGE else gettext("All of %(area)s", area=area.name)
    above = area.parent_code
    return area.name if above in (None, account.area_code) else f"{area.name}, {names[str(above)]}"


def _destinations() -> list[SelectChoice]:
    found = sorted(db.session.scalars(sa.select(Destination)), key=lambda one: str(one.name))
    return [SelectChoice(one.code, one.name) for one in found]


def _papers() -> list[SelectChoice]:
    query = sa.select(ChecklistItem).where(ChecklistItem.active).order_by(ChecklistItem.position)
    is_indonesian = str(get_locale()) == "id"
    return [
        SelectChoice(item.code, item.name_id if is_indonesian else item.name_en) for item in db.session.scalars(query)
    ]
