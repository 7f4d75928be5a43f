"""What a page says of a number: the way it is reached, and how far it can be trusted."""

from __future__ import annotations

from typing import Any

from flask_babel import format_date, gettext
from flask_babel import lazy_gettext as _l

from webapp import moments
from webapp.helplines.model import SMS, WHATSAPP, Helpline
from webapp.helplines.verification import NO_NUMBER, OLD, UNVERIFIED, state_of

#: A telephone needs no word.
KINDS = {WHATSAPP: _l("WhatsApp"), SMS: _l("by SMS")}
WARNINGS = {NO_NUMBER: _l("No number yet"), UNVERIFIED: _l("Not verified yet"), OLD: _l("Verified long ago")}


def warning(helpline: Helpline) -> Any:
    """Why to be careful with this number; None if it was verified lately."""
    return WARNINGS.get(state_of(helpline.number, helpline.verified_on, moments.today()))


def verified(helpline: Helpline) -> str:
    """'verified on 3 Nov 2026 by Ratna Dewi', or ''."""
    if helpline.verified_on is None:
        return ""
    day = format_date(helpline.verified_on, "d MMM y")
    if helpline.verified_by:
        return gettext("verified on %(day)s by %(name)s", day=day, name=helpline.verified_by)
    return gettext("verified on %(day)s", day=day)
