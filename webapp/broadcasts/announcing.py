"""The words of a broadcast as its page on the web has them, and as they are passed on. In Indonesian.

What is passed on in groups ends in public, so it holds the number of the programme itself and never that of an
officer's own phone.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from babel.dates import format_date
from flask import current_app

from sms.phone import national, normalise
from webapp.accounts.model import Account
from webapp.broadcasts.merging import FALLBACK, OFFICER, PERSON, VILLAGE, merged, placeholders
from webapp.broadcasts.model import Broadcast
from webapp.outbox.officers import KP2MI_HOME, officers_of, reply_number
from webapp.routes.queries import receiving

_name = re.escape("{" + PERSON + "}")
#: At the beginning of what is said: with the comma after it.
_opening = re.compile(rf"(^|[.:!?\n]\s*){_name}\s*[,:!]?\s*")
#: Within it: with the space before it.
_within = re.compile(rf"\s*{_name}")


def words_for(broadcast: Broadcast, account: Account) -> str:
    """As the phones of the reader's village show it, without a name."""
    officer = officers_of({account.area_code}).get(account.area_code)
    return _words(broadcast, account.area.name, reply_number(officer))


def group_text(broadcast: Broadcast, account: Account) -> str:
    """To be copied into a group: the words, until when they are of use, and who says them."""
    lines = [_words(broadcast, account.area.name, public_number(broadcast.area_code)), ""]
    if broadcast.useful_until:
        lines.append(f"Berlaku sampai {format_date(broadcast.useful_until, 'd MMMM y', locale='id')}.")
    programme = current_app.config["SETTINGS"].programme
    return "\n".join([*lines, f"{programme}, {broadcast.area.name} ({broadcast.code})"])


def share_link(text: str) -> str:
    """Opens WhatsApp with this text, on a phone that has it; nothing is asked of it before somebody taps."""
    return f"https://wa.me/?text={quote(text)}"


def public_number(area_code: str) -> str:
    """The programme's own number that hears this area, as it is dialled here; else that of KP2MI."""
    number = receiving(area_code) or str(current_app.config["SETTINGS"].sms_reply_number)
    return national(normalise(number)) if number else KP2MI_HOME


def without_name(body: str) -> str:
    """'Desmigratif: {n}, bursa kerja' → 'Desmigratif: bursa kerja'; 'Halo {n}, besok' → 'Halo, besok'."""
    return _within.sub("", _opening.sub(r"\1", body)).strip()


def _words(broadcast: Broadcast, place: str, number: str) -> str:
    body = without_name(broadcast.bodies.get(FALLBACK, ""))
    # What only one recipient's row says stands for nobody here.
    return merged(body, dict.fromkeys(placeholders(body), "…") | {VILLAGE: place, OFFICER: number})
