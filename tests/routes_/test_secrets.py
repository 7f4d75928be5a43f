"""Keys of gateways: they go to nobody else, nor unsealed over foreign networks, and may be lost."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from tests.callbacks.phone_events import PHONE
from tests.conftest import Login
from tests.people import Cast
from tests.routes_.making import make_route
from webapp.db import db
from webapp.routes import settings
from webapp.routes.addresses import is_safe
from webapp.routes.model import Route

FORM = {
    "kind": "android", "version": "1", "name": "HP Kroya", "enabled": "y", "rank": "1", "per_minute": "10",
    "price_rupiah": "350", "repeat_seconds": "5", "setting_base_url": PHONE["base_url"], "setting_user": PHONE["user"],
    "setting_password": "", "setting_signing_key": "",
}  # fmt: skip


@pytest.fixture
def admin(client: FlaskClient, cast: Cast, login: Login) -> FlaskClient:
    login(client, cast.administrator)
    return client


def stored() -> Route:
    db.session.expire_all()
    return db.session.scalars(sa.select(Route)).one()


@pytest.mark.parametrize(
    "changes", [{"setting_base_url": "https://elsewhere.example"}, {"setting_user": "another"}], ids=["address", "user"]
)
def test_a_stored_password_does_not_go_to_another_address(admin: FlaskClient, changes: dict[str, str]) -> None:
    route = make_route("hp", kind="android", gateway=PHONE)
    answer = admin.post(f"/routes/{route.id}", data=FORM | changes)
    assert answer.status_code == 422
    assert answer.text.count("Alamat atau akunnya sudah lain") == 4, "twice at the top, and at each field"
    assert settings.of(stored())["base_url"] == PHONE["base_url"]
    typed = {"setting_password": "new password", "setting_signing_key": "new key"}
    assert admin.post(f"/routes/{route.id}", data=FORM | changes | typed).status_code == 303
    assert settings.of(stored())["password"] == "new password"


def test_of_the_same_address_it_is_kept(admin: FlaskClient) -> None:
    route = make_route("hp", kind="android", gateway=PHONE)
    assert admin.post(f"/routes/{route.id}", data=FORM | {"setting_sim": "2"}).status_code == 303
    assert settings.of(stored())["password"] == PHONE["password"]


class TestKeyGone:
    @pytest.fixture
    def route(self, cast: Cast) -> Route:
        route = make_route("hp", kind="android", gateway=PHONE)
        route.settings_encrypted = b"k9:sealed with a key that is gone"
        db.session.commit()
        return route

    def test_it_is_switched_off(self, admin: FlaskClient, route: Route) -> None:
        before = route.settings_encrypted
        assert admin.post(f"/routes/{route.id}/closure").status_code == 303
        assert (stored().enabled, stored().settings_encrypted) == (False, before)

    def test_everything_is_typed_anew(self, admin: FlaskClient, route: Route) -> None:
        assert admin.get(f"/routes/{route.id}/edit").status_code == 200
        assert admin.post(f"/routes/{route.id}", data=FORM).status_code == 422
        typed = {"setting_password": "new password", "setting_signing_key": "new key"}
        assert admin.post(f"/routes/{route.id}", data=FORM | typed).status_code == 303
        assert settings.of(stored())["signing_key"] == "new key"


@pytest.mark.parametrize(
    "url",
    [
        "https://api.sms-gate.app/3rdparty/v1",
        "http://192.168.1.20:8080",
        "http://10.0.0.7",
        "http://172.31.255.1:8080",
        "http://127.0.0.1:9",
        "http://hp-kroya.local:8080",
    ],
)
def test_a_safe_address(url: str) -> None:
    assert is_safe(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://api.sms-gate.app/3rdparty/v1",
        "http://203.0.113.7:8080",
        "http://172.32.0.1",
        "http://192.168.1.20.evil.example",
        "http://192.168.1.20@evil.example",
        "http://evil.example\\@192.168.1.20",
        "http://local",
        "http://[::1",
        "ftp://192.168.1.20",
        "https://",
    ],
)
def test_an_address_at_which_a_stranger_listens(url: str) -> None:
    assert not is_safe(url)


def test_such_an_address_is_not_stored(admin: FlaskClient) -> None:
    facts = FORM | {"code": "hp", "setting_password": "p", "setting_signing_key": "k"}
    assert admin.post("/routes", data=facts | {"setting_base_url": "http://203.0.113.7:8080"}).status_code == 422
    assert admin.post("/routes", data=facts).status_code == 303
