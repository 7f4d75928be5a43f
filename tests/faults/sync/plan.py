"""Who writes what without a network: twenty facilitators, a hundred forms each, and what must be stored of them."""

from __future__ import annotations

import random
import uuid
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy.orm import scoped_session

from tests.faults.sync.phones import Fields
from tests.people import HOME, NEIGHBOUR, OTHER_VILLAGE, SINCE, WITA_VILLAGE, Cast, password_hash
from webapp import clock
from webapp.accounts.model import Account
from webapp.departures import acts
from webapp.people.model import Person

PHONES, FORMS = 20, 100
VILLAGES = (HOME, NEIGHBOUR, OTHER_VILLAGE, WITA_VILLAGE)
NEW, WITH_DEPARTURE, WITH_PHONE, NOTES_EACH = 20, 3, 4, 2
#: Of people who are stored before the network goes.
STORED, NOTES_ABOUT_STORED, NOTES_ABOUT_ALL = 2, 10, 4
PAPERS = ("registered", "informed", "civil")
SYLLABLES = [first + last for first in "bcdghjklmnprstwy" for last in "au"]


@dataclass
class Form:
    """One that is written. `person` says whom it is about: in the order of writing it is stored."""

    action: str
    fields: Fields
    person: str
    key: str = ""
    htmx: bool = False


@dataclass
class Writer:
    """One facilitator and what she will write."""

    username: str
    account_id: int
    forms: list[Form] = field(default_factory=list)


def villagers(session: scoped_session, seed: int) -> list[Writer]:
    """The facilitators with an account each and two people of their own; everybody of a village knows one more."""
    dice, writers = random.Random(seed), []
    coordinator = Cast(session).nation
    for village in VILLAGES:
        common = stored_person(session, village, name(dice), coordinator)
        for _ in range(PHONES // len(VILLAGES)):
            username = f"petugas{len(writers):02}"
            account = facilitator(session, username, village)
            own = [stored_person(session, village, name(dice), account) for _ in range(STORED)]
            departures = [departure_of(person, account) for person in own]
            session.commit()
            writer = Writer(username, account.id)
            tracks = list(_tracks(dice, writer, village, [p.id for p in own], departures, common.id))
            writer.forms = _shuffled(dice, tracks)
            assert len(writer.forms) == FORMS
            writers.append(writer)
    return writers


def facilitator(session: scoped_session, username: str, village: str) -> Account:
    account = Account(
        username=username,
        name=username.title(),
        role="facilitator",
        area_code=village,
        password_hash=password_hash(),
        created_at=SINCE,
    )
    session.add(account)
    session.flush()
    return account


def stored_person(session: scoped_session, village: str, called: str, account: Account) -> Person:
    person = Person.register(
        area_code=village,
        account=account,
        now=clock.now(),
        name=called,
        sex="f",
        nik="",
        address="",
        language="id",
        education="",
        birth_date=None,
        birth_year=1990,
    )
    session.flush()
    return person


def departure_of(person: Person, account: Account) -> int:
    leaves = clock.now().date() + timedelta(days=200)
    made = acts.record(person, account, clock.now(), destination_code="TW", scheme="p3mi", planned_on=leaves)
    return int(made.id)


def name(dice: random.Random) -> str:
    words = ("".join(dice.choices(SYLLABLES, k=dice.randint(2, 4))) for _ in range(3))
    return " ".join(words).title()


def registration(called: str, born: date, village: str) -> Fields:
    facts = {"name": called, "sex": "f", "birth_date": born.isoformat(), "language": "id", "area_code": village}
    return list((facts | {"consent_data": "yes", "consent_sms": "yes", "how": "spoken"}).items())


def departure(day: int) -> Fields:
    leaves = clock.now().date() + timedelta(days=150 + day)
    return [("destination_code", "TW"), ("scheme", "p3mi"), ("planned_on", leaves.isoformat())]


def done_today(*, one_tap: bool = False) -> Fields:
    return [("done_on", clock.now().date().isoformat()), *([("one_tap", "y")] if one_tap else [])]


def _tracks(
    dice: random.Random, writer: Writer, village: str, own: list[int], departures: list[int], common: int
) -> Iterator[list[Form]]:
    """Forms that follow each other, by what they are about."""
    for n in range(NEW):
        yield list(_about_new(dice, n, village))
    for person_id, departure_id in zip(own, departures, strict=True):
        notes = [_note(f"/people/{person_id}", str(person_id)) for _ in range(NOTES_ABOUT_STORED)]
        address = f"/departures/{departure_id}/papers"
        ticks = [
            Form(f"{address}/{code}", done_today(one_tap=code != "civil"), str(departure_id), htmx=code != "civil")
            for code in PAPERS
        ]
        yield notes
        yield ticks
    yield [_note(f"/people/{common}", f"{common} by {writer.username}") for _ in range(NOTES_ABOUT_ALL)]


def _about_new(dice: random.Random, n: int, village: str) -> Iterator[Form]:
    born = date(1970, 1, 1) + timedelta(days=dice.randrange(13000))
    first = Form("/people", registration(name(dice), born, village), "", key=str(uuid.UUID(int=dice.getrandbits(128))))
    first.person = f"~{first.key}"
    yield first
    follow: list[Form] = [_note(f"/people/~{first.key}", first.person) for _ in range(NOTES_EACH)]
    if n < WITH_PHONE:
        number = f"0812{dice.randrange(10**8):08}"
        follow.append(Form(f"/people/~{first.key}/phones", [("number", number), ("reader", "self")], first.person))
    if n < WITH_DEPARTURE:
        key = str(uuid.UUID(int=dice.getrandbits(128)))
        at = dice.randint(0, len(follow))
        follow.insert(at, Form(f"/people/~{first.key}/departures", departure(n), first.person, key=key))
        tick = Form(f"/departures/~{key}/papers/civil", done_today(), first.person)
        follow.insert(dice.randint(at + 1, len(follow)), tick)
    yield from follow


def _note(of: str, person: str) -> Form:
    return Form(f"{of}/notes", [("words", "")], person)


def _shuffled(dice: random.Random, tracks: list[list[Form]]) -> list[Form]:
    """One after the other, now about this person, now about that. Notes say which they are."""
    order = [n for n, track in enumerate(tracks) for _ in track]
    dice.shuffle(order)
    left, forms, numbers = [iter(track) for track in tracks], [], defaultdict(int)
    for n in order:
        form = next(left[n])
        form.key = form.key or str(uuid.UUID(int=dice.getrandbits(128)))
        numbers[form.person] += 1
        form.fields = [(k, f"{form.key} {numbers[form.person]}" if k == "words" else v) for k, v in form.fields]
        forms.append(form)
    return forms


def as_sent(form: Form, account_id: int) -> dict[str, object]:
    """As the page of this form sends it: with its key, its owner, and what the queue shows of it."""
    about = '{"title": "Formulir", "page": "/", "words": [["Isi", "apa saja"]]}'
    own = [("client_id", form.key), ("account", str(account_id)), ("csrf_token", "x"), ("kept_about", about)]
    return {"action": form.action, "fields": own + form.fields, "htmx": form.htmx}
