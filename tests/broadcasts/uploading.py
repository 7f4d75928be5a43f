"""Lists of recipients as an office uploads them."""

from __future__ import annotations

import re
from datetime import timedelta

import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.conftest import Login
from tests.people import HOME, SINCE, WITA_VILLAGE, Cast
from webapp import clock
from webapp.audiences.model import RecipientList, RecipientListRow
from webapp.db import db
from webapp.people.model import NumberState

LISTS = "/broadcasts/lists"
SRI, STOPPED = "081234567801", "081200000009"
FILE = f"""No HP;Nama;Bahasa;Kode desa;Tempat;NIK
{SRI};Sri Wahyuni;jv;{HOME};Balai <b>Kroya</b>;1
081200000001;Udin Petot;Klingon;{WITA_VILLAGE};;2
0812;Ani Mulyani;;;;
081200000001;Udin lagi;;;;
{STOPPED};Tono Sutono;;;;
""".encode()
TYPED = {"title": "Bursa kerja", "agreed": "y"}


def office_of(client: FlaskClient, cast: Cast, login: Login) -> FlaskClient:
    """The browser of the regency's coordinator; somebody has said STOP."""
    ratna = cast.coordinator
    ratna.language = "en"
    db.session.add(NumberState(number="+6281200000009", stopped_at=SINCE))
    login(client, ratna)
    return client


def upload(browser: FlaskClient, content: bytes = FILE, **fields: str) -> TestResponse:
    return browser.post(LISTS, data=body_of(content, TYPED | fields), content_type="multipart/form-data; boundary=edge")


def body_of(content: bytes, fields: dict[str, str]) -> bytes:
    """As browsers write it. The client of the tests would leave a large one in a file that nobody closes."""
    parts = [f'"{name}"\r\n\r\n{value}'.encode() for name, value in fields.items()]
    if "file" not in fields:
        parts.append(b'"file"; filename="rahasia.csv"\r\nContent-Type: text/csv\r\n\r\n' + content)
    return b"".join(b"--edge\r\nContent-Disposition: form-data; name=%b\r\n" % one for one in parts) + b"--edge--\r\n"


def uploaded(browser: FlaskClient, content: bytes = FILE) -> str:
    """The address of the page of this list."""
    answer = upload(browser, content)
    assert answer.status_code == 303, answer.text
    return answer.location


def lists() -> list[RecipientList]:
    db.session.rollback()
    db.session.expire_all()
    return list(db.session.scalars(sa.select(RecipientList).order_by(RecipientList.id)))


def rows_left() -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(RecipientListRow)) or 0


def told(page: str) -> str:
    """What a reader of the page reads."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.partition("<main")[2]).split())


def age(days: timedelta) -> None:
    db.session.execute(sa.update(RecipientList).values(created_at=clock.now() - days))
    db.session.commit()
