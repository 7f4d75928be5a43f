"""Reports of brokers who do not exist, each as far as its coordinator has come with it.

Phones are those of invented people, plates bear the number 0, which none has, and the names mean 'imaginary'.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from webapp.accounts.model import Account
from webapp.brokers import acts, referral
from webapp.brokers.model import BrokerReport
from webapp.brokers.states import CONFIRMED, NOT_PROVEN, VERIFYING
from webapp.demo.history import Past
from webapp.demo.rows import Row, moment, rows

#: Of the report's columns: words as they stand in the table, codes with blanks between, and whole numbers.
WORDS = (
    *("channel", "reporter_kind", "naming", "reporter_contact", "accused_names", "accused_phones", "accused_accounts"),
    *("accused_plates", "agency_claimed", "letter_shown", "country", "job_promised", "wage_promised", "visa_promised"),
    *("place", "planned_departure", "papers_held", "threat", "words"),
)
SAFE = {"": None, "yes": True, "no": False}
CODES, NUMBERS = ("modus", "may_forward"), ("money_asked", "money_paid", "people_count")
#: The regency of an area → who verifies its reports.
VERIFIERS = {"33.01": "ratna", "35.02": "hadi"}
#: What was found out: question, answer, note.
CHECKED = (
    ("danger", "no", "Tidak ada yang ditahan."),
    ("reporter", "yes", "Ditelepon pada jam yang aman."),
    ("consent", "yes", ""),
    ("agency", "no", "Tidak ada di daftar contoh; Disnaker ditanya."),
    ("numbers", "unclear", "Dicocokkan dengan laporan lain."),
)
STEP = timedelta(hours=20)
Act = Callable[[BrokerReport, Account, datetime], object]


def load(officers: dict[str, Account], now: datetime, past: Past) -> None:
    """Every report of reports.csv, the oldest first, with what was done about it on the days that followed."""
    for row in rows("reports.csv"):
        at, writer = moment(row, now), officers[row["officer"]]
        report = BrokerReport.record(account=writer, person=None, now=at, area_code=row["area_code"], **_facts(row))
        past.carry(at)
        verifier = officers[VERIFIERS[report.area_code[:5]]]
        for act in FATES[row["fate"]]:
            at = min(at + STEP, now)
            act(report, verifier, at)
            past.carry(at)


def _facts(row: Row) -> dict[str, Any]:
    facts: dict[str, Any] = {name: row[name] for name in WORDS}
    facts |= {name: row[name].split() for name in CODES}
    facts |= {name: int(row[name]) if row[name] else None for name in NUMBERS}
    return facts | {"child_involved": bool(row["child"]), "safe_to_call": SAFE[row["safe_to_call"]]}


def _verify(report: BrokerReport, account: Account, at: datetime) -> None:
    acts.move(report, VERIFYING, account, at)
    for minutes, (check, answer, note) in enumerate(CHECKED):
        acts.check(report, check, answer, note, account, at + timedelta(minutes=minutes))


def _refer(report: BrokerReport, account: Account, at: datetime) -> None:
    """To the first office that the reporter agreed to, which says that it has the letter."""
    letter = referral.refer(
        report, account, at, office=report.may_forward[0], addressee="Kepala kantor (contoh)",
        letter_number="CONTOH/7/LC", note="Mohon diperiksa; pelapor boleh dihubungi lewat kami.", without_consent="",
    )  # fmt: skip
    referral.note_receipt(
        report, letter, account, at, received_by="Petugas loket (contoh)", receipt_number="CONTOH/45", on_day=at.date()
    )


def _confirm(report: BrokerReport, account: Account, at: datetime) -> None:
    document = {"office": report.may_forward[0], "number": "CONTOH/112", "day": at.date().isoformat()}
    acts.move(report, CONFIRMED, account, at, confirmed=document)


def _dismiss(report: BrokerReport, account: Account, at: datetime) -> None:
    acts.move(report, NOT_PROVEN, account, at, "Dua tetangga lain tidak mengenalnya; nomornya tidak ada.")


#: How far a report has come → what was done about it.
FATES: dict[str, tuple[Act, ...]] = {
    "new": (),
    "taken": (acts.take_on,),
    "verifying": (acts.take_on, _verify),
    "referred": (acts.take_on, _verify, _refer),
    "confirmed": (acts.take_on, _verify, _refer, _confirm),
    "not_proven": (acts.take_on, _verify, _dismiss),
}
