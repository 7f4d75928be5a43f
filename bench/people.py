"""How long the list of people, a search and a person's page take with 1,000, 100,000 and 1,000,000 people.

Through the whole application, on both databases, as the facilitator of a village, the coordinator of a
regency and one of the nation. A larger nation has more villages, not fuller ones (250 people each), as in
life. Searches are for parts of names and numbers of people whom the account may see, some common, some rare.

    python -m bench.people [--quick]
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import flask_migrate
import sqlalchemy as sa
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from bench import population
from bench.databases import databases
from webapp import create_app
from webapp.accounts.model import Account
from webapp.areas.codes import within
from webapp.config import Settings
from webapp.db import db
from webapp.people.model import Person

COUNTS = (1_000, 100_000, 1_000_000)
VILLAGE_SIZE = 250
REQUESTS, WARM_UP = 120, 8
PASSWORD = "padi-menguning-2026"
AS_HTMX = {"HX-Request": "true"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="without the million")
    counts = COUNTS[:2] if parser.parse_args().quick else COUNTS
    print(f"{'database':<12}{'people':>10}  {'as':<14}{'list':>16}{'search':>16}{'person':>16}   ms, median / 99th")
    with tempfile.TemporaryDirectory() as folder, databases(Path(folder)) as fresh:
        for kind, new_url in fresh.items():
            for count in counts:
                measure(kind, new_url(f"people_{count}"), count)


def measure(kind: str, url: str, count: int) -> None:
    keys = (("b", b"b" * 32),)
    # A line of log for each request would stand between the lines of the table.
    app = create_app(Settings(url, secret_key="bench" * 8, encryption_keys=keys, log_level="WARNING"))
    with app.app_context():
        accounts = populate(count)
    for name, area_code in accounts.items():
        client = logged_in(app, name)
        with app.app_context():
            someone = sample(area_code)
        columns = [timed(client, request, someone) for request in (get_list, search, get_person)]
        print(f"{kind:<12}{count:>10,}  {name:<14}" + "".join(f"{column:>16}" for column in columns), flush=True)
    with app.app_context():
        db.engine.dispose()


def populate(count: int) -> dict[str, str]:
    """Areas, people, and three accounts: user name → area."""
    flask_migrate.upgrade(str(Path(__file__).parent.parent / "migrations"))
    db.session.connection(execution_options={"writes": True})
    every = population.add_areas()
    villages = every[:: max(1, len(every) * VILLAGE_SIZE // count)]
    home = villages[len(villages) // 2]
    accounts = {"facilitator": home, "regency": ".".join(home.split(".")[:2]), "nation": "ID"}
    for name, area_code in accounts.items():
        role = "facilitator" if name == "facilitator" else "coordinator"
        db.session.add(
            Account(
                username=name,
                name=name,
                role=role,
                area_code=area_code,
                created_at=population.SINCE,
                password_hash=PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD),
            )
        )
    db.session.commit()
    population.add_people(count, villages, account_id=1)
    settle()
    return accounts


def settle() -> None:
    """What autovacuum and the odd quiet hour do by themselves."""
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("VACUUM ANALYZE")


def sample(area_code: str) -> list[Person]:
    """Some people of the area, from everywhere in it."""
    bounds = sa.select(sa.func.min(Person.id), sa.func.max(Person.id)).where(within(Person.area_code, area_code))
    least, most = db.session.execute(bounds).one()
    chance = random.Random(7)
    wanted = [chance.randint(least, most) for _ in range(REQUESTS if area_code == "ID" else 1)]
    query = sa.select(Person).where(within(Person.area_code, area_code))
    narrowed = query.where(Person.id.in_(wanted)) if area_code == "ID" else query.limit(REQUESTS * 4)
    return list(db.session.scalars(narrowed))


def logged_in(app: Flask, name: str) -> FlaskClient:
    client = app.test_client()
    client.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"
    assert client.post("/login", data={"username": name, "password": PASSWORD}).status_code == 303
    return client


def timed(client: FlaskClient, request: Callable[[FlaskClient, Person, int], int], people: list[Person]) -> str:
    """'median / 99th percentile' in milliseconds."""
    chance, took = random.Random(11), []
    for number in range(REQUESTS + WARM_UP):
        person = chance.choice(people)
        begun = time.perf_counter()
        assert request(client, person, number) == 200
        took.append((time.perf_counter() - begun) * 1000)
    took = took[WARM_UP:]
    return f"{statistics.median(took):.1f} / {statistics.quantiles(took, n=100)[98]:.1f}"


def get_list(client: FlaskClient, person: Person, number: int) -> int:
    """The first page, and pages from anywhere in the list."""
    return client.get("/people" if number % 2 else f"/people?after={person.id}").status_code


def search(client: FlaskClient, person: Person, number: int) -> int:
    return client.post("/people/search", data={"q": part_of(person, number)}, headers=AS_HTMX).status_code


def get_person(client: FlaskClient, person: Person, _number: int) -> int:
    return client.get(f"/people/{person.id}").status_code


def part_of(person: Person, number: int) -> str:
    """A common word, a rare part of a name, two parts, the end of a number, its beginning."""
    first, *_, last = person.name_key.split()
    digits = person.search_text.split()[-1]
    return (first, last[:5], f"{first[:3]} {last[:4]}", digits[-6:], digits[:6])[number % 5]


if __name__ == "__main__":
    main()
