"""Many people of some villages, each in another situation; reports of brokers; a company that lost its licence."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from tests.people import HOME, NEIGHBOUR, OTHER_VILLAGE, SINCE, Cast
from webapp.agencies import acts as agencies
from webapp.agencies.licence import REVOKED
from webapp.agencies.reading import Listed
from webapp.brokers.model import BrokerReport
from webapp.db import db
from webapp.departures.model import Departure
from webapp.people.model import READERS, Consent, NumberState, Person, Phone
from webapp.people.stages import STAGES
from webapp.sealing import seal
from webapp.warnings import acts
from webapp.warnings.acts import Draft
from webapp.warnings.model import SafetyWarning

#: A Tuesday morning in Java: no quiet hours.
MORNING = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
LATELY, LONG_AGO = MORNING - timedelta(days=20), MORNING - timedelta(days=200)
VILLAGES = (HOME, NEIGHBOUR, OTHER_VILLAGE)
ALL_STAGES = [stage for stage in STAGES if stage != "deceased"]
LICENCE = "SIP3MI/77/2021"


def gather(cast: Cast, number: int, seed: int, **fixed: Any) -> None:
    """Store so many people, each drawn at random. `fixed`: columns of all of them. Commits."""
    chance, siti = random.Random(seed), cast.facilitator.id
    for n in range(number):
        row = {
            "area_code": chance.choice(VILLAGES),
            "stage": chance.choice(STAGES),
            "language": chance.choice(("id", "jv", "su", "sas")),
            "birth_year": chance.choice((None, 1990, 2007, 2008, 2012)),
        }
        name = f"orang {seed} {n}"
        person = Person(
            name=name, name_key=name, search_text=name, sex="f", created_by_id=siti, created_at=SINCE,
            updated_at=SINCE, **(row | fixed),
        )  # fmt: skip
        db.session.add(person)
        db.session.flush()
        for each in range(chance.choice((0, 1, 1, 1, 2, 3))):
            _phone(person, f"+6285{seed:02d}{n:05d}{each}", chance)
        for _ in range(chance.choice((0, 1, 1, 1, 2))):
            _consent(person, siti, chance.random() < 0.8)
        if chance.random() < 0.3:
            _journey(person, siti, chance)
    db.session.commit()


def _phone(person: Person, number: str, chance: random.Random) -> None:
    reader = chance.choice((*READERS, "self", "self"))
    times = (None, LATELY, LONG_AGO)
    person.phones.append(
        Phone(
            number=number,
            reader=reader,
            do_not_text=chance.random() < 0.1,
            added_at=chance.choice((LATELY, LONG_AGO)),
            confirmed_at=chance.choice(times),
            removed_at=LATELY if chance.random() < 0.1 else None,
        )
    )
    if chance.random() < 0.4:
        names = ("stopped_at", "wrong_person_at", "invalid_at", "heard_at", "doubted_at")
        state = {name: chance.choice((LATELY, LONG_AGO)) if chance.random() < 0.2 else None for name in names}
        db.session.add(NumberState(number=number, **state))


def _consent(person: Person, account_id: int, given: bool) -> None:
    line = {"purpose": "sms", "wording": "2026-1", "language": "id", "how": "spoken", "at": SINCE}
    db.session.add(Consent(person_id=person.id, given=given, account_id=account_id, **line))
    db.session.flush()


def _journey(person: Person, account_id: int, chance: random.Random) -> None:
    db.session.add(
        Departure(
            person_id=person.id, area_code=person.area_code, scheme="p3mi", created_by_id=account_id,
            destination_code=chance.choice(("TW", "HK", "SA")), departed_on=chance.choice((None, date(2026, 11, 1))),
            state=chance.choice(("open", "open", "cancelled")), created_at=SINCE, updated_at=SINCE,
        )
    )  # fmt: skip


def willing(cast: Cast, number: int, village: str = HOME, **fixed: Any) -> list[int]:
    """Store so many people of a village who can all be reached; their ids. Commits."""
    siti, ids = cast.facilitator.id, []
    for n in range(number):
        name = f"warga {village} {n}"
        person = Person(
            **({"area_code": village, "birth_year": 1990, "stage": "prospect", "language": "id"} | fixed),
            name=name, name_key=name, search_text=name, sex="f", created_by_id=siti, created_at=SINCE,
            updated_at=SINCE,
        )  # fmt: skip
        village_number = village[-4:]
        person.phones.append(
            Phone(number=f"+62857{village_number}{n:05d}", reader="self", confirmed_at=SINCE, added_at=SINCE)
        )
        db.session.add(person)
        db.session.flush()
        _consent(person, siti, True)
        ids.append(person.id)
    db.session.commit()
    return ids


def report(cast: Cast, *, who: str = "siti", at: datetime = LATELY, contact: str = "", **columns: Any) -> BrokerReport:
    """One report of Bajing, if nothing else is said. Commits."""
    row = {"area_code": HOME, "words": "Seorang calo datang.", "threat": "none", "reporter_kind": "family"}
    account = cast.account(who) if who else None
    made = BrokerReport(
        **(row | columns),
        reference=f"LC-{random.randrange(10**8)}",
        account_id=account.id if account else None,
        contact_encrypted=seal(contact) if contact else None,
        modus=["no_letter"],
        may_forward=[],
        received_at=at,
        updated_at=at,
    )
    db.session.add(made)
    db.session.commit()
    return made


def enough_reports(cast: Cast, **columns: Any) -> None:
    """Three of two sources."""
    report(cast, who="siti", **columns)
    report(cast, who="siti", **columns)
    report(cast, who="joko", area_code=NEIGHBOUR, **columns)


def revoked_company(name: str = "PT Contoh Karya", as_of: date = date(2026, 11, 20), **others: str) -> None:
    """The list has this company, without a licence. Commits."""
    listed = [Listed(name, LICENCE, "Cilacap", REVOKED, None)]
    listed += [Listed(other, licence, "Cilacap", "licensed", None) for other, licence in others.items()]
    agencies.replace(listed, "KP2MI, daftar P3MI", as_of)
    db.session.commit()


def draft(cast: Cast, who: str = "ratna", now: datetime = MORNING, **chosen: Any) -> SafetyWarning:
    """A draft of general advice to Bajing and its neighbours. Commits."""
    facts: dict[str, Any] = {"text_code": "W4", "values": {}, "areas": ["33.01.06"], "stages": ALL_STAGES} | chosen
    made = acts.draft(cast.account(who), Draft(**facts), now)
    db.session.commit()
    return made


def approved(cast: Cast, now: datetime = MORNING, **chosen: Any) -> SafetyWarning:
    """One that the worker has to send. Commits."""
    made = draft(cast, now=now, **chosen)
    acts.approve(made, cast.coordinator, 0, 0, now)
    db.session.commit()
    return made


def again(warning: SafetyWarning) -> SafetyWarning:
    """As it is stored now."""
    warning_id = sa.inspect(warning).identity[0]
    db.session.rollback()
    return db.session.get_one(SafetyWarning, warning_id, populate_existing=True)
