"""How pages tell times: short, in the reader's language, on the clock of whom it concerns."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import current_app
from flask_babel import format_date, format_datetime, get_timezone, gettext

from webapp import clock


def moment(at: datetime, zone: str | None = None) -> str:
    """'hari ini 14.05', '12 Nov 14.05' or, in another year, '12 Nov 2027 14.05'.

    `zone` is an IANA name, for a text that arrives on somebody's phone elsewhere: the hour is then
    theirs, and the words say so if the reader's clock shows another.
    """
    theirs = ZoneInfo(zone) if zone else get_timezone()
    local, today = at.astimezone(theirs), clock.now().astimezone(theirs)
    time = format_datetime(local, "HH.mm", rebase=False)
    if local.utcoffset() != at.astimezone(get_timezone()).utcoffset():
        time = gettext("%(time)s local time there", time=time)
    if local.date() == today.date():
        return gettext("today %(time)s", time=time)
    pattern = "d MMM" if local.year == today.year else "d MMM y"
    return f"{format_date(local.date(), pattern)} {time}"


def local_date(at: datetime | date) -> date:
    """The reader's calendar day of this moment; a day is taken as it is."""
    return at.astimezone(get_timezone()).date() if isinstance(at, datetime) else at


def today() -> date:
    """The reader's day."""
    return local_date(clock.now())


def demo_day() -> date | None:
    """The day that a demonstration takes for today; None where real people are served."""
    return local_date(clock.now()) if current_app.config["SETTINGS"].demo else None
