"""A photo in pieces: in order, repeated, with gaps, at once, broken off and taken up again."""

from __future__ import annotations

import itertools
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import Login, new_client
from tests.people import HOME, Cast
from tests.photos.pictures import NO_PICTURES, camera_jpeg, noise
from tests.photos.sending import (
    KEY,
    OTHER_KEY,
    PIECE,
    count,
    photo_of,
    pieces_of,
    progress,
    send,
    send_piece,
)
from webapp.db import db
from webapp.photos import pieces
from webapp.photos.model import Photo, Piece, attach

#: About 200 kB: seven pieces.
CONTENT = camera_jpeg(noise(420, 320), quality=95)
SIZE = len(CONTENT)
ALL = list(pieces_of(CONTENT))


def test_pieces_in_order_become_a_photo(facilitator: FlaskClient, cast: Cast) -> None:
    assert progress(facilitator) == {"received": 0, "complete": False}
    for offset, piece in ALL:
        answer = send_piece(facilitator, piece, offset, SIZE)
        reached = offset + len(piece)
        assert answer.json == {"received": reached, "complete": reached == SIZE}
        assert progress(facilitator) == answer.json
    photo = photo_of()
    assert (photo.account_id, photo.area_code, photo.subject) == (cast.facilitator.id, HOME, "")
    assert photo.jpeg[:2] == b"\xff\xd8"
    assert len(photo.jpeg) <= 60_000
    assert b"\xff\xd8" not in photo.content_encrypted[:20]
    assert count(Piece) == 0


def test_a_clear_photo_may_be_larger(facilitator: FlaskClient) -> None:
    send(facilitator, CONTENT)
    send(facilitator, CONTENT, key=OTHER_KEY, quality="clear")
    assert 60_000 < len(photo_of(OTHER_KEY).jpeg) <= 200_000
    assert len(photo_of(KEY).jpeg) <= 60_000


def test_a_piece_that_comes_again_changes_nothing(facilitator: FlaskClient) -> None:
    for (first, piece), _ in itertools.product(ALL[:2], range(3)):
        answer = send_piece(facilitator, piece, first, SIZE)
    assert answer.json == {"received": 2 * PIECE, "complete": False}
    assert send_piece(facilitator, b"x" * PIECE, 0, SIZE).json == {"received": 2 * PIECE, "complete": False}
    assert count(Piece) == 2
    assert send(facilitator, CONTENT).json == {"received": SIZE, "complete": True}
    assert send(facilitator, CONTENT).json == {"received": SIZE, "complete": True}
    assert count(Photo) == 1


def test_before_a_gap_the_sender_is_told_where_to_go_on(facilitator: FlaskClient) -> None:
    offset, piece = ALL[2]
    answer = send_piece(facilitator, piece, offset, SIZE)
    assert (answer.status_code, answer.json["received"]) == (409, 0)
    send_piece(facilitator, ALL[0][1], 0, SIZE)
    answer = send_piece(facilitator, piece, offset, SIZE)
    assert (answer.status_code, answer.json["received"]) == (409, PIECE)
    assert count(Piece) == 1


def test_pieces_need_not_be_of_one_length(facilitator: FlaskClient) -> None:
    send_piece(facilitator, CONTENT[:10], 0, SIZE)
    for offset, piece in pieces_of(CONTENT[10:], 20_000):
        answer = send_piece(facilitator, piece, 10 + offset, SIZE)
    assert answer.json == {"received": SIZE, "complete": True}


def test_a_server_killed_midway_loses_only_the_piece_at_hand(
    facilitator: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for offset, piece in ALL[:-1]:
        send_piece(facilitator, piece, offset, SIZE)

    def killed(*_args: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(pieces, "small_picture", killed)
        with pytest.raises(KeyboardInterrupt):
            send_piece(facilitator, ALL[-1][1], ALL[-1][0], SIZE)
    db.session.remove()
    assert progress(facilitator) == {"received": ALL[-1][0], "complete": False}
    assert send_piece(facilitator, ALL[-1][1], ALL[-1][0], SIZE).json == {"received": SIZE, "complete": True}


@pytest.mark.parametrize("which", [0, len(ALL) // 2, len(ALL) - 1])
def test_a_piece_that_comes_twice_at_once_is_stored_once(app: Flask, facilitator: FlaskClient, which: int) -> None:
    for offset, piece in ALL[:which]:
        send_piece(facilitator, piece, offset, SIZE)
    offset, piece = ALL[which]
    answers = at_once(app, facilitator, [(offset, piece)] * 5)
    reached = offset + len(piece)
    assert answers == [(200, {"received": reached, "complete": reached == SIZE})] * 5
    assert count(Photo) == 1
    assert count(Piece) == (0 if reached == SIZE else which + 1)
    for offset, piece in ALL[which + 1 :]:
        send_piece(facilitator, piece, offset, SIZE)
    assert photo_of().jpeg[:2] == b"\xff\xd8"


def at_once(app: Flask, client: FlaskClient, sent: list[tuple[int, bytes]]) -> list[tuple[int, Any]]:
    cookie = client.get_cookie("desmigratif")
    assert cookie is not None
    barrier = threading.Barrier(len(sent))

    def one(piece: tuple[int, bytes]) -> tuple[int, Any]:
        browser = new_client(app)
        browser.set_cookie("desmigratif", cookie.value)
        with app.app_context():
            barrier.wait(20)
            answer = send_piece(browser, piece[1], piece[0], SIZE)
            return answer.status_code, answer.json

    with ThreadPoolExecutor(len(sent)) as pool:
        return list(pool.map(one, sent))


@pytest.mark.parametrize("what", NO_PICTURES)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_is_no_picture_is_refused_and_nothing_is_kept(facilitator: FlaskClient, what: str) -> None:
    answer = send(facilitator, NO_PICTURES[what])
    assert answer.status_code == 422
    assert "foto" in answer.json["error"].lower()
    assert (count(Photo), count(Piece)) == (0, 0)
    assert send(facilitator, CONTENT).json == {"received": SIZE, "complete": True}


def test_nothing_is_kept_of_many_pieces_that_are_no_picture(facilitator: FlaskClient) -> None:
    assert send(facilitator, CONTENT[:-40_000]).status_code == 422
    assert (count(Photo), count(Piece)) == (0, 0)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_sizes_have_limits(facilitator: FlaskClient) -> None:
    answer = send_piece(facilitator, b"x", 0, 400_001)
    assert answer.status_code == 413
    assert answer.json["error"]
    assert send_piece(facilitator, b"x" * (PIECE + 1), 0, 100_000).status_code == 400
    assert send_piece(facilitator, b"x" * (PIECE + 2_000), 0, 100_000).status_code == 413
    assert send_piece(facilitator, b"x" * 100, 0, 99).status_code == 400
    assert send_piece(facilitator, b"", 0, 99).status_code == 400
    assert count(Photo) == 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "query",
    ["", "offset=0", "offset=0&size=9", "offset=-1&size=9&quality=small", "offset=0&size=9&quality=huge",
     "offset=²&size=9&quality=small", "offset=0&size=99999999999&quality=small", "offset=0&size=0&quality=small"],
)  # fmt: skip
def test_a_piece_of_nothing_is_400(facilitator: FlaskClient, query: str) -> None:
    answer = facilitator.post(f"/photos/{KEY}/pieces?{query}", data=b"x", content_type="application/octet-stream")
    assert answer.status_code == 400
    assert count(Photo) == 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_key_stands_for_one_photo(facilitator: FlaskClient) -> None:
    send_piece(facilitator, ALL[0][1], 0, SIZE)
    answer = send_piece(facilitator, b"x" * 10, 0, 10)
    assert answer.status_code == 422
    assert progress(facilitator) == {"received": PIECE, "complete": False}


def test_the_key_of_another_account_is_another_photo(
    app: Flask, facilitator: FlaskClient, cast: Cast, login: Login
) -> None:
    stranger = new_client(app)
    login(stranger, cast.stranger)
    send_piece(facilitator, ALL[0][1], 0, SIZE)
    assert progress(stranger) == {"received": 0, "complete": False}
    assert send_piece(stranger, ALL[1][1], PIECE, SIZE).status_code == 409
    send(stranger, CONTENT)
    assert progress(facilitator) == {"received": PIECE, "complete": False}
    assert count(Photo) == 2


@pytest.mark.parametrize("limit", ["MOST_LOOSE", "MOST_LOOSE_BYTES"])
def test_an_account_may_not_leave_any_number_of_photos_lying(
    facilitator: FlaskClient, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    monkeypatch.setattr(pieces, limit, {"MOST_LOOSE": 1, "MOST_LOOSE_BYTES": 2 * SIZE - 1}[limit])
    send_piece(facilitator, ALL[0][1], 0, SIZE)
    refused = send_piece(facilitator, ALL[0][1], 0, SIZE, key=OTHER_KEY)
    assert refused.status_code == 413
    assert "foto" in refused.json["error"].lower()
    assert send(facilitator, CONTENT).json == {"received": SIZE, "complete": True}, "what was begun goes on"
    attach([photo_of()], "broker_report", 1)
    db.session.commit()
    assert send(facilitator, CONTENT, key=OTHER_KEY).json == {"received": SIZE, "complete": True}
