"""A budget, and three broadcasts: one that goes out when the demonstration starts, one that waits, a draft."""

from __future__ import annotations

from datetime import datetime, timedelta

from webapp.accounts.model import Account
from webapp.audiences.criteria import Criteria
from webapp.broadcasts import acts, budget, expanding, meaning, timing
from webapp.broadcasts.acts import Draft
from webapp.broadcasts.model import FACILITATORS, MIGRANTS, Broadcast
from webapp.people.stages import BEFORE

#: Area → rupiah a month.
REGENCY = "33.01"
BUDGETS = {REGENCY: 1_500_000}
JOB_FAIR = (
    "Desmigratif: {n}, bursa kerja resmi di Disnaker Cilacap Sabtu pukul 9. Gratis. Bawa KTP dan ijazah. Tanya {hp}"
)
LESSON = (
    "Desmigratif: pelatihan bahasa Mandarin gratis mulai Senin depan untuk calon PMI {desa}. Daftar ke petugas: {hp}"
)
MEETING = (
    "Desmigratif: rapat petugas desa hari Jumat pukul 9 di Disnaker Cilacap. Mohon bawa laporan bulan ini. Balas: {hp}"
)


def load(officers: dict[str, Account], now: datetime) -> None:
    """Of the coordinator of the regency; that of the province approves, and has set the budget."""
    ratna, wulan = officers["ratna"], officers["wulan"]
    for area_code, rupiah in BUDGETS.items():
        budget.set_limit(area_code, timing.month_of(now), rupiah, wulan, now)
    fair = _draft(ratna, "Bursa kerja resmi", JOB_FAIR, Criteria(areas=(REGENCY,), stages=tuple(BEFORE)), now)
    acts.hand_over(fair, ratna, now - timedelta(minutes=40))
    acts.approve(fair, wulan, expanding.zones(), now - timedelta(minutes=5))
    # Sent by the worker of the demonstration, whose clock stands at its own day.
    fair.starts_at = fair.look_at = now
    lesson = _draft(ratna, "Pelatihan bahasa Mandarin", LESSON, Criteria(areas=(REGENCY,), destinations=("TW",)), now)
    acts.hand_over(lesson, ratna, now - timedelta(minutes=30))
    _draft(ratna, "Rapat petugas desa", MEETING, Criteria(areas=(REGENCY,)), now, FACILITATORS)


def _draft(
    account: Account, title: str, body: str, criteria: Criteria, now: datetime, recipients: str = MIGRANTS
) -> Broadcast:
    broadcast = acts.draft(account, Draft(title, recipients, criteria, {"id": body}), now - timedelta(minutes=50))
    meaning.count(broadcast, now)
    return broadcast
