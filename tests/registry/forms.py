"""The registration form as a facilitator fills it in."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, scoped_session

from tests.people import HOME
from webapp.people.model import Person

NIK = "3301065703960001"
FORM = {
    "name": "Endang Sulastri",
    "sex": "f",
    "birth_date": "1996-03-17",
    "phone": "0812 3456 7899",
    "reader": "self",
    "contact_name": "Pak Karto",
    "contact_relation": "father",
    "contact_number": "62857-1234-5678",
    "nik": NIK,
    "language": "jv",
    "consent_data": "yes",
    "consent_sms": "yes",
    "how": "spoken",
    "witness": "Pak Karto",
}


def register(client: FlaskClient, **changes: Any) -> Any:
    return client.post("/people", data=FORM | {"area_code": HOME} | changes)


def newest(session: scoped_session[Session]) -> Person:
    return session.scalars(sa.select(Person).order_by(Person.id.desc()).limit(1)).one()


def count(session: scoped_session[Session]) -> int:
    return session.scalar(sa.select(sa.func.count(Person.id))) or 0
