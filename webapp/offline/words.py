"""What the service worker says in pages that it puts together itself, in the reader's language."""

from __future__ import annotations

from typing import Any

from flask_babel import force_locale
from flask_babel import lazy_gettext as _l

#: `{time}`, `{name}` and `{number}` are filled in on the phone.
WORDS: dict[str, Any] = {
    "no_signal": _l("No signal. This page is as of {time}."),
    "as_of": _l("As of {time}. Looking for news …"),
    "not_here": _l("This page is not on the phone"),
    "not_here_advice": _l("Without a signal only the pages of your village can be read. Try again where there is one."),
    "nobody_found": _l("Nobody found on this phone. Where there is a signal, everybody is searched."),
    "further_people": _l("{number} more are on this phone. Type a part of a name to find them."),
    "waiting_about": _l("{number} forms that you wrote here are not sent yet:"),
    "not_sent": _l("not sent yet"),
    "registered_here": _l("Registered on this phone, not sent yet. What you write about the person goes out after it."),
    "stored_here": _l("Stored on the phone. It goes out by itself as soon as there is a signal."),
    "to_queue": _l("Open the queue"),
    "log_in": _l("Log in"),
    "people": _l("People"),
    "searched_here": _l("No signal: only the people of your village on this phone were searched."),
    "same_person": _l("This person was registered already. What you wrote here was not stored, but can still be read."),
    "full": _l("Not stored: the phone is full"),
    "full_advice": _l("Go back: what you wrote is still there. Delete some pictures or apps, then store it again."),
    "logged_out": _l("You are logged out"),
    "logged_out_advice": _l("Nobody sees your village on this phone any more. Where there is a signal, log in again."),
}


def words_in(language: str) -> dict[str, str]:
    """Where nobody is logged in, and so no language is known."""
    with force_locale(language):
        return words()


def words() -> dict[str, str]:
    return {key: str(words) for key, words in WORDS.items()}
