"""Routes as a province has them, all simulated: one that carries texts, one that rests, one that is switched off.

None of them takes a text of the demonstration's villages, so that all of those stand on the page of simulated phones:
that page shows the network of the settings, and every route has one of its own.
"""

from __future__ import annotations

from webapp import clock
from webapp.demo.rows import Row, rows
from webapp.routes import acts

WORDS, NUMBERS = ("code", "name", "kind", "areas", "prefixes"), ("rank", "per_minute", "price_rupiah", "daily_limit")


def load() -> None:
    """Every route of routes.csv. By the machine's clock, as all that is said of routes."""
    for row in rows("routes.csv"):
        route = acts.create(_facts(row), {}, clock.real_now())
        if row["rests"]:
            acts.rest(route, row["rests"])


def _facts(row: Row) -> dict[str, str | int | bool]:
    facts: dict[str, str | int | bool] = {name: row[name] for name in WORDS}
    return facts | {name: int(row[name]) for name in NUMBERS} | {"enabled": bool(row["enabled"])}
