"""What a coordinator finds out before anything is said of a report: a table to be reviewed. Pure.

Nothing here decides by itself. Each question is answered by a human, with name and day; the newest answer holds and the
older ones stay.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l

from webapp.accounts.model import Account
from webapp.areas.codes import is_within

YES, NO, UNCLEAR = "yes", "no", "unclear"
ANSWERS = {YES: _l("Yes"), NO: _l("No"), UNCLEAR: _l("Not clear")}


class Check(NamedTuple):
    """One question, with what to do to answer it."""

    question: Any
    advice: Any


#: Code → question, in the order in which they are asked. A code is stored, so it never changes its meaning.
CHECKS: dict[str, Check] = {
    "danger": Check(
        _l("Are people in danger now?"),
        _l("Held, hurt, threatened, or leaving within days? Then call the police (110) first and verify afterwards."),
    ),
    "reporter": Check(
        _l("Was the reporter reached?"),
        _l(
            "Only at the hours that are safe, and only where a call is safe. Ask: who, when, where, how much, who else?"
        ),
    ),
    "consent": Check(
        _l("Did the reporter confirm who may be told?"),
        _l("Say what a letter would hold. Without a yes nobody outside is told, unless people are in danger."),
    ),
    "evidence": Check(
        _l("Was the evidence looked at?"),
        _l("Photos, chats, receipts: do day, number and name fit what was told? Keep the originals where they are."),
    ),
    "agency": Check(
        _l("Does the agency stand on the list of licensed agencies (P3MI)?"),
        _l("Look it up under 'Agencies'. Not on our list does not mean illegal: ask Disnaker."),
    ),
    "letter": Check(
        _l("Did Disnaker confirm the letter of assignment (surat tugas)?"),
        _l("Ask Disnaker for number, name and area of the letter. A copy on a phone proves nothing."),
    ),
    "numbers": Check(
        _l("Do phones, accounts or plates stand in other reports?"),
        _l("Look at the reports that are alike. Merge only what is the same event; the rest stays apart."),
    ),
    "identity": Check(
        _l("Is it clear who is meant?"),
        _l("Many people have the same name. A number, a face or an address must fit before anybody is spoken of."),
    ),
    "others": Check(
        _l("Did anybody else tell the same, who does not know the reporter?"),
        _l("One angry neighbour is one source. Two who know nothing of each other are two."),
    ),
}


def may_take_over(verifier: Account | None, account: Account) -> bool:
    """Whoever works in the same or a larger area than the one who has it; from a closed account anybody who sees it."""
    if verifier is None or verifier.closed_at is not None:
        return True
    return verifier.id != account.id and is_within(verifier.area_code, account.area_code)
