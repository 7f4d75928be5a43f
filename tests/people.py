"""The fixed cast of the tests: who works where, and two migrants of the village of Bajing.

nation ID ── 33 Jawa Tengah ── 33.01 Cilacap ── 33.01.06 Kroya ── Bajing (home), Buntu (next village)
          ├─ 35 Jawa Timur ── 35.02 Ponorogo ── 35.02.09 Jetis ── Kradenan        (another province)
          └─ 52 NTB ── 52.03 Lombok Timur ── 52.03.01 Keruak ── Keruak            (another time zone, WITA)
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache

import sqlalchemy as sa
from argon2 import PasswordHasher
from sqlalchemy.orm import Session, scoped_session

from webapp.accounts.model import Account
from webapp.areas.codes import parent_of
from webapp.areas.model import Area
from webapp.people.model import Consent, Person, Phone, StageMove

Sessions = Session | scoped_session[Session]
PASSWORD = "padi-menguning-2026"
#: The cast has been there since the day before the tests' own day, so "now" is always later.
SINCE = datetime(2026, 11, 1, 2, 0, tzinfo=UTC)

NATION, PROVINCE, REGENCY, DISTRICT = "ID", "33", "33.01", "33.01.06"
HOME, NEIGHBOUR = "33.01.06.2010", "33.01.06.2014"
OTHER_REGENCY, OTHER_VILLAGE = "35.02", "35.02.09.2004"
WITA_VILLAGE = "52.03.01.2001"

JAKARTA, MAKASSAR = "Asia/Jakarta", "Asia/Makassar"
AREAS = (
    (NATION, "Indonesia", JAKARTA),
    (PROVINCE, "Jawa Tengah", JAKARTA),
    (REGENCY, "Kabupaten Cilacap", JAKARTA),
    (DISTRICT, "Kroya", JAKARTA),
    (HOME, "Bajing", JAKARTA),
    (NEIGHBOUR, "Buntu", JAKARTA),
    ("35", "Jawa Timur", JAKARTA),
    (OTHER_REGENCY, "Kabupaten Ponorogo", JAKARTA),
    ("35.02.09", "Jetis", JAKARTA),
    (OTHER_VILLAGE, "Kradenan", JAKARTA),
    ("52", "Nusa Tenggara Barat", MAKASSAR),
    ("52.03", "Kabupaten Lombok Timur", MAKASSAR),
    ("52.03.01", "Keruak", MAKASSAR),
    (WITA_VILLAGE, "Tanjung Luar", MAKASSAR),
)

#: username, name, role, area, phone
ACCOUNTS = (
    ("siti", "Siti Aminah", "facilitator", HOME, "+6281300000001"),
    ("joko", "Joko Susilo", "facilitator", NEIGHBOUR, "+6281300000002"),
    ("ratna", "Ratna Dewi", "coordinator", REGENCY, "+6281300000003"),
    ("bambang", "Bambang Irawan", "coordinator", PROVINCE, "+6281300000004"),
    ("dewi", "Dewi Lestari", "coordinator", NATION, "+6281300000005"),
    ("agus", "Agus Salim", "administrator", NATION, "+6281300000006"),
    ("hartono", "Hartono", "coordinator", OTHER_REGENCY, "+6281300000007"),
)


class Cast:
    """The people of the tests, loaded anew at each use, so that what a test sees is what is stored."""

    def __init__(self, session: Sessions) -> None:
        self._session = session

    def account(self, username: str) -> Account:
        return self._session.scalars(sa.select(Account).where(Account.username == username)).one()

    def person(self, name: str) -> Person:
        return self._session.scalars(sa.select(Person).where(Person.name == name)).one()

    @property
    def facilitator(self) -> Account:
        """Works in Bajing."""
        return self.account("siti")

    @property
    def stranger(self) -> Account:
        """A facilitator of the next village, who must see nothing of Bajing."""
        return self.account("joko")

    @property
    def coordinator(self) -> Account:
        """Of the regency of Cilacap."""
        return self.account("ratna")

    @property
    def province(self) -> Account:
        return self.account("bambang")

    @property
    def nation(self) -> Account:
        return self.account("dewi")

    @property
    def administrator(self) -> Account:
        return self.account("agus")

    @property
    def other_coordinator(self) -> Account:
        """Of another regency in another province."""
        return self.account("hartono")

    @property
    def migrant(self) -> Person:
        """Consents to SMS; has a confirmed phone of her own."""
        return self.person("Sri Wahyuni")

    @property
    def withdrew(self) -> Person:
        """Consented to SMS and withdrew it."""
        return self.person("Tumini")


@cache
def quick_hasher() -> PasswordHasher:
    """As cheap as argon2 allows: the tests prove the log-in, not the hardness."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@cache
def password_hash() -> str:
    return quick_hasher().hash(PASSWORD)


def areas() -> Iterator[Area]:
    for code, name, zone in AREAS:
        level = 0 if code == NATION else code.count(".") + 1
        yield Area(
            code=code,
            parent_code=parent_of(code),
            level=level,
            name=name,
            name_key=name.lower(),
            zone=zone,
            participates=level == 4,
        )


def accounts() -> Iterator[Account]:
    for username, name, role, area_code, phone in ACCOUNTS:
        yield Account(
            username=username,
            name=name,
            role=role,
            area_code=area_code,
            phone=phone,
            password_hash=password_hash(),
            created_at=SINCE,
        )


def add_people(session: Sessions) -> None:
    """The two migrants, registered by the facilitator of Bajing."""
    siti = Cast(session).facilitator
    for name, sex, born, number, language in (
        ("Sri Wahyuni", "f", date(1994, 5, 17), "+6281234567801", "id"),
        ("Tumini", "f", date(1988, 2, 3), "+6281234567802", "jv"),
    ):
        person = Person(
            area_code=HOME,
            name=name,
            name_key=name.lower(),
            search_text=f"{name.lower()} {number.lstrip('+')}",
            sex=sex,
            birth_date=born,
            language=language,
            stage="prospect",
            created_by_id=siti.id,
            created_at=SINCE,
            updated_at=SINCE,
        )
        person.phones.append(Phone(number=number, reader="self", confirmed_at=SINCE, added_at=SINCE))
        session.add(person)
        session.flush()
        session.add(
            StageMove(
                person_id=person.id,
                from_stage="",
                to_stage="prospect",
                on_day=SINCE.date(),
                account_id=siti.id,
                at=SINCE,
            )
        )
        for purpose in ("data", "sms"):
            session.add(_consent(person, siti, purpose, given=True, at=SINCE))
    session.flush()
    session.add(_consent(Cast(session).withdrew, siti, "sms", given=False, at=SINCE + timedelta(hours=1)))


def _consent(person: Person, account: Account, purpose: str, *, given: bool, at: datetime) -> Consent:
    return Consent(
        person_id=person.id,
        purpose=purpose,
        given=given,
        wording="2026-1",
        language="id",
        how="spoken",
        account_id=account.id,
        at=at,
    )
