"""What else happens in the demonstration: texts that came, calls for help, reports of brokers, a warning.

All of it is invented, and made by the same acts as pages and webhooks use. It is as long ago as the tables say.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import sqlalchemy as sa

from webapp.accounts.model import Account
from webapp.brokers import acts, referral
from webapp.brokers.model import BrokerReport
from webapp.brokers.states import CONFIRMED, NOT_PROVEN, VERIFYING
from webapp.callbacks import intake
from webapp.cases import acts as cases
from webapp.cases.model import Case
from webapp.cases.signals import case_closed
from webapp.conversations import acts as conversations
from webapp.conversations.model import Incoming
from webapp.db import db
from webapp.demo.tables import Row, rows
from webapp.outbox.model import Message
from webapp.people.model import Person
from webapp.routes import acts as routes
from webapp.warnings import acts as warnings
from webapp.warnings import audience, presenter
from webapp.warnings.acts import Draft

VILLAGE, DISTRICT, REGENCY, NEXT_REGENCY = "33.01.06.2010", "33.01.06", "33.01", "33.02"
#: From knowing of a report to the coordinator's next act.
A_DAY = timedelta(days=1)


def load(now: datetime) -> None:
    """Commits, as whatever takes in a text does."""
    officers = {account.username: account for account in db.session.scalars(sa.select(Account))}
    for row in rows("reports.csv"):
        _report(row, officers, now)
    db.session.commit()
    for row in rows("texts.csv"):
        _text(row, officers, now)
    _route(now)
    _warnings(officers["ratna"], now)
    _forget_what_would_be_late(now)
    db.session.commit()


def _report(row: Row, officers: dict[str, Account], now: datetime) -> None:
    at = now - timedelta(hours=int(row["hours"]))
    report = BrokerReport.record(
        account=officers[row["officer"]],
        person=None,
        now=at,
        channel=row["channel"],
        reporter_kind=row["reporter"],
        naming=row["naming"],
        reporter_contact=row["contact"],
        safe_to_call=bool(row["contact"]),
        words=row["words"],
        accused_names=row["names"],
        accused_phones=row["phones"],
        accused_accounts=row["accounts"],
        agency_claimed=row["agency"],
        country=row["country"],
        modus=row["modus"].split(),
        money_asked=int(row["money"]) if row["money"] else None,
        may_forward=row["offices"].split(),
        child_involved=False,
        threat=row["threat"],
    )
    verifier = officers["bima" if report.area_code.startswith(NEXT_REGENCY) else "ratna"]
    COURSES[row["course"]](report, verifier, at)


def _triage(report: BrokerReport, verifier: Account, at: datetime) -> None:
    acts.take_on(report, verifier, at + timedelta(hours=2))


def _verifying(report: BrokerReport, verifier: Account, at: datetime) -> None:
    _triage(report, verifier, at)
    acts.move(report, VERIFYING, verifier, at + timedelta(hours=3))
    acts.check(report, "reporter", "yes", "Ditelepon pada jam yang aman", verifier, at + timedelta(hours=4))
    acts.check(report, "agency", "no", "PT ini tidak ada di daftar", verifier, at + timedelta(hours=5))


def _referred(report: BrokerReport, verifier: Account, at: datetime) -> None:
    _verifying(report, verifier, at)
    office = report.may_forward[0]
    addressee = {"police": "Kapolres (contoh), u.p. Unit PPA", "disnaker": "Kepala Disnaker (contoh)"}[office]
    referral.refer(
        report, verifier, at + timedelta(hours=6), office=office, addressee=addressee, letter_number="7/CONTOH/2026",
        note="", without_consent="",
    )  # fmt: skip
    for case in db.session.scalars(sa.select(Case).where(Case.report_id == report.id)):
        _close(case, "Polisi sudah datang; semua sudah pulang.", verifier, at + timedelta(hours=9))


def _confirmed(report: BrokerReport, verifier: Account, at: datetime) -> None:
    _referred(report, verifier, at)
    at += 5 * A_DAY
    document = {"office": "disnaker", "number": "12/CONTOH/2026", "day": at.date().isoformat()}
    acts.move(report, CONFIRMED, verifier, at, confirmed=document)


def _not_proven(report: BrokerReport, verifier: Account, at: datetime) -> None:
    _verifying(report, verifier, at)
    acts.move(report, NOT_PROVEN, verifier, at + 2 * A_DAY, "LPK itu berizin; tidak ada yang diminta membayar lebih.")


COURSES: dict[str, Callable[[BrokerReport, Account, datetime], None]] = {
    "triage": _triage,
    "verifying": _verifying,
    "referred": _referred,
    "confirmed": _confirmed,
    "not_proven": _not_proven,
}


def _text(row: Row, officers: dict[str, Account], now: datetime) -> None:
    """As the simulated network would tell it."""
    at, known_as = now - timedelta(hours=int(row["hours"])), f"contoh-{row['hours']}"
    intake.receive("simulator", known_as, _number_of(row["from"]), row["words"], at)
    text = db.session.scalars(sa.select(Incoming).where(Incoming.provider_id == known_as)).one()
    if row["course"] == "answered":
        conversations.reply(text, "Mbak, di klinik yang ditunjuk Disnaker. Besok saya antar.", officers["siti"], at)
    elif row["course"] == "closed":
        case = db.session.scalars(sa.select(Case).where(Case.incoming_id == text.id)).one()
        cases.take_on(case, officers["siti"], at + timedelta(minutes=20))
        _close(case, "Sudah bicara dengan majikan lewat agensi; gaji dibayar.", officers["siti"], at + 2 * A_DAY)


def _close(case: Case, outcome: str, account: Account, at: datetime) -> None:
    cases.close(case, outcome, account, at)
    case_closed.send(case, outcome=outcome, account=account, now=at)


def _number_of(sender: str) -> str:
    """Of somebody registered, by name; else the number itself."""
    if sender.startswith("+"):
        return sender
    person = db.session.scalars(sa.select(Person).where(Person.name == sender)).one()
    return person.phones[0].number


def _route(now: datetime) -> None:
    """A phone of the next regency, so that the page of routes shows one; no number of it is texted here."""
    facts = {"code": "hp-contoh", "name": "HP Lumbir (contoh)", "kind": "simulator", "enabled": True, "rank": 5}
    carries = {"purposes": "reply,alarm", "prefixes": "", "areas": NEXT_REGENCY, "reply_number": ""}
    limits = {"per_minute": 10, "price_rupiah": 200, "daily_limit": 300, "silent_after": None, "repeat_seconds": 5}
    routes.create(facts | carries | limits, {}, now)


def _warnings(account: Account, now: datetime) -> None:
    """Advice that leaves when the sender starts, and one about an area that waits for a second officer."""
    stages = ["prospect", "in_process", "ready"]
    advice = warnings.draft(account, Draft("W4", {}, [REGENCY], stages), now)
    found = audience.count(advice, now)
    warnings.approve(advice, account, found.recipients, presenter.cost_of(found.routes), now)
    about = Draft("W8", {"desa": "Kroya"}, [DISTRICT], stages, place_code=DISTRICT)
    warnings.hand_over(warnings.draft(account, about, now), account, "", now)


def _forget_what_would_be_late(now: datetime) -> None:
    """Answers and alarms of past days left long ago."""
    late = sa.update(Message).where(Message.state == "queued", Message.due_at < now - timedelta(hours=6))
    past = late.where(Message.purpose.in_(("reply", "alarm")))
    db.session.execute(past.values(state="delivered", sent_at=Message.due_at, handed_at=Message.due_at))
