"""What the environment says is checked at the start, with words that help."""

from __future__ import annotations

import base64
from datetime import date

import pytest
from flask import Flask

from webapp import create_app
from webapp.config import DEVELOPMENT_KEY, DEVELOPMENT_SECRET, Settings, SettingsError

KEY = base64.b64encode(b"k" * 32).decode()
GOOD = {
    "APP_ENV": "production",
    "SECRET_KEY": "a-long-random-secret-of-more-than-32-letters",
    "ENCRYPTION_KEYS": f"2026:{KEY}",
    "PUBLIC_URL": "https://desmigratif.example.go.id",
    "TWILIO_ACCOUNT_SID": "AC0",
    "TWILIO_AUTH_TOKEN": "secret-token",
    "TWILIO_FROM": "DESMIGRATIF",
}


def test_production_starts_with_all_it_needs() -> None:
    settings = Settings.from_environment(GOOD)
    assert settings.production
    assert settings.sms_gateway == "twilio", "three Twilio settings are enough"
    assert "secret-token" not in repr(settings)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"DEMO": "1"}, "DEMO=1 makes accounts with known passwords"),
        ({"TODAY": "2026-12-01"}, "TODAY moves the clock"),
        ({"SECRET_KEY": ""}, "SECRET_KEY must be at least 32 random characters"),
        ({"SECRET_KEY": DEVELOPMENT_SECRET}, "SECRET_KEY must be at least 32 random characters"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY must be at least 32 random characters"),
        ({"ENCRYPTION_KEYS": ""}, "ENCRYPTION_KEYS is missing"),
        ({"PUBLIC_URL": "http://desmigratif.example.go.id"}, "PUBLIC_URL must be the https://"),
        ({"SMS_GATEWAY": "simulator"}, "SMS_GATEWAY=simulator sends nothing to anybody"),
        ({"TWILIO_AUTH_TOKEN": ""}, "TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN are both needed"),
        ({"TWILIO_FROM": ""}, "TWILIO_FROM (sender ID or number) or TWILIO_MESSAGING_SERVICE_SID"),
    ],
)
def test_production_refuses(change: dict[str, str], words: str) -> None:
    with pytest.raises(SettingsError, match="settings need attention") as refused:
        Settings.from_environment(GOOD | change)
    assert words in str(refused.value)
    assert str(refused.value).count("\n- ") == 1, "and nothing else is wrong"


PHONE = {
    "SMS_GATEWAY": "android",
    "ANDROID_URL": "http://192.168.1.20:8080/",
    "ANDROID_USER": "sms",
    "ANDROID_PASSWORD": "secret-of-the-phone",
    "ANDROID_SIGNING_KEY": "secret-key",
}


def test_a_phone_or_a_modem_may_be_the_gateway() -> None:
    phone = Settings.from_environment(GOOD | PHONE)
    assert (phone.sms_gateway, phone.gateway_options["base_url"]) == ("android", "http://192.168.1.20:8080")
    modem = Settings.from_environment(GOOD | {"SMS_GATEWAY": "gammu", "GAMMU_DATABASE": "sqlite:////srv/smsd.db"})
    assert modem.gateway_options["database"] == "sqlite:////srv/smsd.db"
    assert "secret" not in repr(phone).replace("secret_key", "").replace(GOOD["SECRET_KEY"], "")
    assert "smsd.db" not in repr(modem)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"ANDROID_URL": "192.168.1.20"}, "ANDROID_URL is the address"),
        ({"ANDROID_PASSWORD": ""}, "ANDROID_USER and ANDROID_PASSWORD are both needed"),
        ({"ANDROID_SIGNING_KEY": ""}, "ANDROID_SIGNING_KEY is needed"),
        ({"SMS_GATEWAY": "gammu"}, "GAMMU_DATABASE is that of gammu-smsd"),
        ({"SMS_GATEWAY": "gammu", "GAMMU_DATABASE": "smsd.db"}, "GAMMU_DATABASE is that of gammu-smsd"),
        ({"SMS_GATEWAY": "pigeon"}, "SMS_GATEWAY is one of simulator, twilio, android, gammu"),
    ],
)
def test_half_a_phone_or_modem_is_refused(change: dict[str, str], words: str) -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.from_environment(GOOD | PHONE | change)
    assert words in str(refused.value)
    assert str(refused.value).count("\n- ") == 1, "and nothing else is wrong"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"APP_ENV": "staging"}, "APP_ENV is 'development' or 'production'"),
        ({"TODAY": "1 December"}, "TODAY is a day written YYYY-MM-DD"),
        ({"DEMO": "perhaps"}, "DEMO is 1 or 0"),
        ({"SMS_GATEWAY": "pigeon"}, "SMS_GATEWAY is"),
        ({"SMS_BATCH": "many"}, "SMS_BATCH is a number"),
        ({"SMS_IN_FLIGHT": "0"}, "SMS_IN_FLIGHT is at least 1"),
        ({"ENCRYPTION_KEYS": "2026:tooshort"}, "ENCRYPTION_KEYS is a list of name:base64-of-32-bytes"),
        ({"ENCRYPTION_KEYS": f"k1:{KEY},k1:{KEY}"}, "ENCRYPTION_KEYS names two keys k1"),
        ({"ENCRYPTION_KEYS": f"kunci é:{KEY}"}, "ENCRYPTION_KEYS is a list of name:base64-of-32-bytes"),
        ({"ENCRYPTION_KEYS": KEY}, "ENCRYPTION_KEYS is a list of name:base64-of-32-bytes"),
        ({"SMS_REPLY_NUMBER": "12345"}, "SMS_REPLY_NUMBER is a phone number"),
        ({"SMS_REPLY_NUMBER": "1708"}, "SMS_REPLY_NUMBER is a phone number"),
        ({"LOG_LEVEL": "loud"}, "LOG_LEVEL is one of"),
        ({"DATABASE_URL": "mysql://u:p@h/d"}, "DATABASE_URL is sqlite:///file or postgresql://"),
        ({"PUBLIC_URL": "desmigratif.example.go.id"}, "PUBLIC_URL is an address such as"),
        ({"PUBLIC_URL": "https://desmigratif.example.go.id/sms"}, "PUBLIC_URL is an address such as"),
        ({"PUBLIC_URL": "https://user:secret@desmigratif.example.go.id"}, "PUBLIC_URL is an address such as"),
        ({"PUBLIC_URL": "http://[::1"}, "PUBLIC_URL is an address such as"),
        ({"PUBLIC_URL": "http://127.0.0.1:port"}, "PUBLIC_URL is an address such as"),
        ({"PORT": "eight thousand"}, "PUBLIC_URL is an address such as"),
        ({"TRUSTED_PROXIES": "-1"}, "TRUSTED_PROXIES is at least 0"),
        ({"TRUSTED_PROXIES": "0.5"}, "TRUSTED_PROXIES is a whole number"),
        ({"SMS_BATCH": "nan"}, "SMS_BATCH is a number"),
        ({"SMS_PER_SECOND": "inf"}, "SMS_PER_SECOND is a number"),
    ],
)
def test_wrong_settings_are_explained(change: dict[str, str], words: str) -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.from_environment(change)
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"DEMO": "1"}, "a public PUBLIC_URL refuses it"),
        ({"SECRET_KEY": ""}, "SECRET_KEY needs 32"),
        ({"SECRET_KEY": "x" * 31}, "SECRET_KEY needs 32"),
        ({"SMS_GATEWAY": "simulator"}, "shows every text to every visitor"),
        ({"ENCRYPTION_KEYS": f"mine:{base64.b64encode(DEVELOPMENT_KEY[1]).decode()}"}, "ENCRYPTION_KEYS is missing"),
        ({"ENCRYPTION_KEYS": ""}, "ENCRYPTION_KEYS is missing"),
    ],
)
def test_a_public_address_refuses_what_is_for_one_machine(change: dict[str, str], words: str) -> None:
    public = GOOD | {"APP_ENV": "development"}
    assert Settings.from_environment(public).public_url == GOOD["PUBLIC_URL"]
    with pytest.raises(SettingsError) as refused:
        Settings.from_environment(public | change)
    assert words in str(refused.value)


def test_what_is_set_to_nothing_is_not_set() -> None:
    """As the lines of deploy/desmigratif.env.example that nobody filled in."""
    names = ("PUBLIC_URL", "SMS_GATEWAY", "SMS_REPLY_NUMBER", "LOG_LEVEL", "DATABASE_URL", "DEMO", "PORT", "PROGRAMME")
    assert Settings.from_environment(dict.fromkeys(names, "")) == Settings.from_environment({})


def test_production_without_a_reply_number_is_told_what_is_lost() -> None:
    assert "STOP" in Settings.from_environment(GOOD).warnings[0]
    assert Settings.from_environment(GOOD | {"SMS_REPLY_NUMBER": "081234567890"}).warnings == []
    assert Settings.from_environment({}).warnings == []


@pytest.mark.settings(environment="production")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_warnings_are_in_the_log_of_each_start(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    create_app(app.config["SETTINGS"])
    assert "SMS_REPLY_NUMBER is empty" in caplog.text


def test_the_key_of_developers_is_refused_in_production() -> None:
    known = base64.b64encode(DEVELOPMENT_KEY[1]).decode()
    with pytest.raises(SettingsError, match="ENCRYPTION_KEYS"):
        Settings.from_environment(GOOD | {"ENCRYPTION_KEYS": f"mine:{known}"})


def test_all_faults_are_named_at_once() -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.from_environment({"APP_ENV": "production", "DEMO": "1"})
    for name in ("DEMO", "SECRET_KEY", "ENCRYPTION_KEYS", "PUBLIC_URL", "SMS_GATEWAY"):
        assert name in str(refused.value)


def test_a_developer_needs_no_settings() -> None:
    settings = Settings.from_environment({})
    assert settings.sqlite
    assert settings.sms_gateway == "simulator"
    assert not settings.demo


def test_old_keys_stay_readable_after_the_newest() -> None:
    keys = Settings.from_environment({"ENCRYPTION_KEYS": f"new:{KEY}, old:{KEY}"}).encryption_keys
    assert [name for name, _ in keys] == ["new", "old"]


@pytest.mark.parametrize("url", ["postgres://u:p@h/d", "postgresql://u:p@h/d"])
def test_addresses_of_postgresql_as_hosts_give_them(url: str) -> None:
    assert Settings.from_environment({"DATABASE_URL": url}).database_url == "postgresql+psycopg://u:p@h/d"


def test_the_day_of_a_demonstration() -> None:
    assert Settings.from_environment({"DEMO": "1", "TODAY": "2026-12-01"}).today == date(2026, 12, 1)
