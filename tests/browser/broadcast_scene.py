"""A broadcast that is being put together, for the pages that the browser looks at."""

from __future__ import annotations

from datetime import datetime

from tests.people import DISTRICT, HOME
from webapp.accounts.model import Account
from webapp.audiences.criteria import Criteria
from webapp.broadcasts import acts, meaning, saved
from webapp.broadcasts.model import MIGRANTS

WORDS = "Desmigratif: Ibu/Bapak {n}, bursa kerja di balai desa {desa} hari Sabtu pukul 9. Bawa KTP. Tanya kami: {hp}"


def a_draft(account: Account, now: datetime) -> dict[str, int]:
    """In two languages, one of them with letters that cost; and a saved audience."""
    criteria = Criteria(areas=(HOME,), stages=("prospect", "in_process"), destinations=("TW", "HK"))
    bodies = {"id": WORDS, "jv": WORDS + " “Matur nuwun” –"}
    chosen = acts.Draft(title="Bursa kerja", recipients=MIGRANTS, criteria=criteria, bodies=bodies)
    broadcast = acts.draft(account, chosen, now)
    meaning.count(broadcast, now)
    saved.save(account, "Kroya, ke Taiwan", MIGRANTS, Criteria(areas=(DISTRICT,), destinations=("TW",)), now)
    return {"composed": broadcast.id}
