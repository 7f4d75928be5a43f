"""Photos in a form: as files without a script, as keys with one; and who sees them afterwards."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, scoped_session
from werkzeug.datastructures import MultiDict
from werkzeug.test import EnvironBuilder, TestResponse, encode_multipart

from tests.conftest import Login, new_client
from tests.people import Cast
from tests.photos.pictures import NO_PICTURES, SECRETS, camera_jpeg, noise, png_bomb
from tests.photos.sending import KEY, OTHER_KEY, count, photo_of, send, send_piece
from webapp.accounts.model import AuditEntry, Submission
from webapp.brokers.model import BrokerReport
from webapp.db import db
from webapp.photos.model import Photo, attach

SMALL = camera_jpeg()
FORM = {"words": "Calo meminta uang.", "threat": "none", "reporter_kind": "facilitator"}


def report(client: FlaskClient, photos: Any, **others: Any) -> TestResponse:
    """The form with photos: bytes are files, text are keys."""
    photos = [(BytesIO(p), "IMG_1.jpg") if isinstance(p, bytes) else p for p in photos]
    builder = EnvironBuilder(data=FORM | {"photos": photos} | others)
    values = [*builder.form.items(multi=True), *builder.files.items(multi=True)]
    # The client's own way would put a large body into a file and never close it.
    boundary, body = encode_multipart(MultiDict(values))
    return client.post("/broker-reports", data=body, content_type=f"multipart/form-data; boundary={boundary}")


def attached() -> list[Photo]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Photo).where(Photo.subject == "broker_report").order_by(Photo.id)))


def test_a_camera_s_own_file_comes_without_a_script(facilitator: FlaskClient) -> None:
    camera = camera_jpeg(noise(2000, 1500), orientation=6, quality=95)
    assert 2_000_000 < len(camera) < 8_000_000
    answer = report(facilitator, [camera])
    assert answer.status_code == 303
    (photo,) = attached()
    assert answer.location == f"/broker-reports/{photo.subject_id}"
    assert len(photo.jpeg) <= 60_000
    assert photo.height > photo.width
    assert not any(secret in photo.jpeg for secret in SECRETS)


def test_a_clear_photo_is_chosen_by_a_tick(facilitator: FlaskClient) -> None:
    report(facilitator, [camera_jpeg(noise(1600, 1200), quality=80)], photo_quality="y")
    assert 60_000 < len(attached()[0].jpeg) <= 200_000


def test_keys_of_photos_that_came_before(facilitator: FlaskClient) -> None:
    send(facilitator, SMALL)
    send(facilitator, SMALL, key=OTHER_KEY)
    assert report(facilitator, [KEY, OTHER_KEY]).status_code == 303
    assert [photo.key for photo in attached()] == [KEY, OTHER_KEY]
    assert len({photo.subject_id for photo in attached()}) == 1


def test_files_and_keys_together(facilitator: FlaskClient) -> None:
    send(facilitator, SMALL)
    assert report(facilitator, [KEY, SMALL]).status_code == 303
    assert len(attached()) == 2


def test_without_a_file_the_browser_sends_an_empty_one(facilitator: FlaskClient) -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="photos"; filename=""\r\n'
    body += b"Content-Type: application/octet-stream\r\n\r\n\r\n"
    for name, value in FORM.items():
        body += f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
    answer = facilitator.post(
        "/broker-reports", data=body + b"--x--\r\n", content_type="multipart/form-data; boundary=x"
    )
    assert answer.status_code == 303
    assert count(Photo) == 0


def test_a_photo_belongs_to_one_report(facilitator: FlaskClient) -> None:
    send(facilitator, SMALL)
    assert report(facilitator, [KEY]).status_code == 303
    again = report(facilitator, [KEY])
    assert again.status_code == 422
    assert "Foto ini belum terkirim seluruhnya" in again.text
    assert count(BrokerReport) == 1


def test_of_two_forms_at_once_one_gets_the_photo(app: Flask, facilitator: FlaskClient) -> None:
    send(facilitator, SMALL)
    cookie = facilitator.get_cookie("desmigratif")
    assert cookie is not None
    barrier = Barrier(4)

    def one(_number: int) -> int:
        browser = new_client(app)
        browser.set_cookie("desmigratif", cookie.value)
        with app.app_context():
            barrier.wait(20)
            return report(browser, [KEY]).status_code

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(one, range(4)))
    assert answers == [303, 422, 422, 422]
    assert count(BrokerReport) == 1


def test_a_photo_is_attached_only_once(app: Flask, cast: Cast, facilitator: FlaskClient) -> None:
    send(facilitator, SMALL)
    attach([photo_of()], "broker_report", 1)
    with pytest.raises(ValueError, match="attached"):
        attach([db.session.scalars(sa.select(Photo)).one()], "broker_report", 2)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_incomplete_photo_is_told(facilitator: FlaskClient) -> None:
    send(facilitator, SMALL)
    send_piece(facilitator, SMALL[:100], 0, len(SMALL), key=OTHER_KEY)
    answer = report(facilitator, [KEY, OTHER_KEY])
    assert answer.status_code == 422
    assert "Foto ini belum terkirim seluruhnya" in answer.text
    assert f'value="{KEY}" checked' in answer.text, "what has arrived is kept"
    assert OTHER_KEY not in answer.text
    assert count(BrokerReport) == 0
    assert photo_of(KEY).subject == ""


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("key", ["", "x", "x" * 5_000, "' OR 1=1; --", OTHER_KEY])
def test_a_key_of_nothing_is_told(facilitator: FlaskClient, key: str) -> None:
    answer = report(facilitator, [key])
    assert answer.status_code == (422 if key else 303)
    assert count(Photo) == 0


def test_the_key_of_another_account_is_no_photo_of_mine(
    app: Flask, facilitator: FlaskClient, cast: Cast, login: Login
) -> None:
    stranger = new_client(app)
    login(stranger, cast.stranger)
    send(stranger, SMALL)
    assert report(facilitator, [KEY]).status_code == 422
    assert photo_of().subject == ""


@pytest.mark.parametrize("what", NO_PICTURES)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_file_that_is_no_picture_is_told_and_nothing_is_stored(facilitator: FlaskClient, what: str) -> None:
    answer = report(facilitator, [SMALL, NO_PICTURES[what]])
    assert answer.status_code == 422
    assert "Calo meminta uang." in answer.text, "what was typed is kept"
    assert ("Ini bukan foto" in answer.text) != ("terlalu besar" in answer.text)
    assert (count(Photo), count(BrokerReport), count(Submission)) == (0, 0, 0)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_form_with_a_mistake_stores_no_photo_and_says_so(facilitator: FlaskClient) -> None:
    answer = report(facilitator, [SMALL], words="")
    assert answer.status_code == 422
    assert "pilih fotonya sekali lagi" in answer.text
    assert count(Photo) == 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_at_most_three_photos(facilitator: FlaskClient) -> None:
    assert report(facilitator, [SMALL] * 4).status_code == 422
    assert report(facilitator, [SMALL] * 3).status_code == 303
    assert len(attached()) == 3


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_more_than_eight_megabytes_are_too_much(facilitator: FlaskClient) -> None:
    answer = report(facilitator, [b"x" * 5_000_000, b"x" * 4_000_000])
    assert answer.status_code == 413
    assert "8 MB" in answer.text


def test_the_same_form_twice_is_one_report(facilitator: FlaskClient) -> None:
    key = "3f0e1d2c-0000-4000-8000-00000000000c"
    first = report(facilitator, [SMALL], client_id=key)
    assert report(facilitator, [SMALL], client_id=key).location == first.location
    assert report(facilitator, [png_bomb(10, 10)], client_id=key).status_code == 409, "other files are another form"
    assert (count(BrokerReport), count(Photo)) == (1, 1)


def test_who_may_see_the_report_may_see_its_photo(
    app: Flask, facilitator: FlaskClient, cast: Cast, login: Login, db_session: scoped_session[Session]
) -> None:
    report(facilitator, [SMALL])
    photo = attached()[0]
    path, content, photo_id = f"/photos/{photo.id}", photo.jpeg, photo.id
    readers = {"ratna": 200, "bambang": 200, "joko": 404, "hartono": 404, "agus": 303}
    for username, status in readers.items():
        browser = new_client(app)
        login(browser, cast.account(username))
        assert browser.get(path).status_code == status, username
    answer = facilitator.get(path)
    assert answer.data == content
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    db_session.rollback()
    seen = sa.select(AuditEntry.account_id).where(AuditEntry.subject == "photo", AuditEntry.subject_id == photo_id)
    assert set(db_session.scalars(seen)) == {cast.facilitator.id, cast.coordinator.id, cast.province.id}


@pytest.mark.parametrize("subject", ["", "forgotten"])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_photo_of_nothing_known_is_404(
    facilitator: FlaskClient, subject: str, db_session: scoped_session[Session]
) -> None:
    send(facilitator, SMALL)
    photo = photo_of()
    photo.subject, photo.subject_id = subject, 1
    db_session.commit()
    assert facilitator.get(f"/photos/{photo.id}").status_code == 404
