"""The forms of somebody registered a moment ago: on the phone they can follow before anything is sent."""

from __future__ import annotations

from typing import Any

from webapp import clock
from webapp.accounts.access import current_account
from webapp.db import db
from webapp.offline import copies, pages
from webapp.people.model import Person


def forms(known: set[str]) -> dict[str, Any]:
    """As the pages of a person who does not stay: whoever calls rolls back."""
    account = current_account
    person = Person.register(
        area_code=account.area_code, name=pages.NAME, sex="f", account=account, now=clock.now(), birth_year=1990
    )
    db.session.flush()
    texts: dict[str, tuple[str, ...]] = {}
    one = {"id": person.id, "name": pages.NAME}
    found = [copies.stored(page, one, known, texts) for page in copies.pages_of(person.id)]
    return {"pages": found, "texts": texts}
