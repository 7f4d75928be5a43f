"""Urgent cases in words."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l

from webapp.cases.model import HELP, REPORT, SAFE_WORD, CaseEvent

KINDS = {
    HELP: _l("Calls for help"),
    SAFE_WORD: _l("Wrote the safe word: in danger, and watched"),
    REPORT: _l("Urgent report of a broker"),
}
NO_SAFE_WORD = {
    "short": _l("At least four letters."),
    "long": _l("At most thirty letters."),
    "keyword": _l("That word has a meaning of its own in a text. Choose another."),
    "everyday": _l("People text that every day. Choose something rarer."),
}


def event_in_words(event: CaseEvent) -> Any:
    """One line of what happened."""
    said = {
        "opened": _l("The call came in."),
        "called_again": _l("Called again."),
        "nobody": _l("Nobody with a phone was found to tell; the next office was told."),
        "taken_on": _l("Takes care of it."),
    }
    if event.kind == "alerted":
        told = int(event.facts.get("told", 0))
        return ngettext("%(num)s officer was told by SMS.", "%(num)s officers were told by SMS.", told)
    if event.kind in ("noted", "closed"):
        words = event.facts.get("words", "")
        return gettext("Closed: %(words)s", words=words) if event.kind == "closed" else words
    return said.get(event.kind, event.kind)
