"""Every setting, read from the environment once, checked with words that help."""

from __future__ import annotations

import base64
import math
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from sms.phone import BadNumber, normalise

INSTANCE = Path(__file__).resolve().parent.parent / "instance"
DEVELOPMENT_SECRET = "development-only-secret"
#: Seals what a developer types; known to everybody who reads this.
DEVELOPMENT_KEY = ("dev", b"development-only-key-32-bytes!!!")
LANGUAGES = ("id", "en")
LEAST_SECRET = 32
GATEWAYS = ("simulator", "twilio", "android", "gammu")
LOCAL_HOSTS = ("127.0.0.1", "localhost", "::1")
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


class SettingsError(Exception):
    """A setting is missing or wrong; the text says which one and what to write."""


@dataclass(frozen=True)
class Settings:
    """What an installation decides. `from_environment` is the only way it is made outside tests."""

    database_url: str
    secret_key: str
    encryption_keys: tuple[tuple[str, bytes], ...]
    environment: str = "development"
    demo: bool = False
    today: date | None = None
    public_url: str = "http://127.0.0.1:8000"
    trusted_proxies: int = 0
    programme: str = "Desmigratif"
    ministry: str = "KP2MI"
    sms_gateway: str = "simulator"
    sms_reply_number: str = ""
    sms_in_flight: int = 16
    sms_per_second: float = 10.0
    sms_batch: int = 200
    sms_lease_seconds: float = 120.0
    sms_price_rupiah: int = 350
    #: Nobody gets more notices on a day, but for emergencies; whatever reaches more people, a second officer approves.
    notices_a_day: int = 2
    notices_alone: int = 50
    warn_individuals: bool = False
    twilio_account_sid: str = ""
    twilio_auth_token: str = field(default="", repr=False)
    twilio_from: str = ""
    twilio_messaging_service_sid: str = ""
    twilio_base_url: str = ""
    android_url: str = ""
    android_user: str = ""
    android_password: str = field(default="", repr=False)
    android_signing_key: str = field(default="", repr=False)
    android_device: str = ""
    gammu_database: str = field(default="", repr=False)
    simulator_url: str = ""
    log_level: str = "INFO"

    @property
    def production(self) -> bool:
        return self.environment == "production"

    @property
    def sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @property
    def simulator_file(self) -> Path:
        """Where the simulated mobile network is kept: SIMULATOR_URL, else beside the database."""
        if self.simulator_url:
            return Path(self.simulator_url.removeprefix("sqlite:///"))
        if not self.sqlite:
            return INSTANCE / "simulator.db"
        return Path(self.database_url.removeprefix("sqlite:///").partition("?")[0]).with_name("simulator.db")

    @property
    def gateway_options(self) -> dict[str, object]:
        """What sms.gateways.build needs to know."""
        return {
            "file": self.simulator_file,
            "account_sid": self.twilio_account_sid,
            "auth_token": self.twilio_auth_token,
            "sender": self.twilio_from,
            "messaging_service_sid": self.twilio_messaging_service_sid,
            "base_url": self.android_url if self.sms_gateway == "android" else self.twilio_base_url,
            "public_url": self.public_url,
            "events_url": f"{self.public_url}/callbacks/android/events",
            "in_flight": self.sms_in_flight,
            "user": self.android_user,
            "password": self.android_password,
            "signing_key": self.android_signing_key,
            "device_id": self.android_device,
            "database": self.gammu_database,
        }

    @classmethod
    def from_environment(cls, env: Mapping[str, str]) -> Settings:
        """Read and check all settings.

        Raises SettingsError that names every wrong setting at once, so that one look mends them all.
        """
        faults: list[str] = []
        production = _environment(env, faults) == "production"
        settings = cls(
            database_url=_database_url(env),
            secret_key=_secret_key(env, production, faults),
            encryption_keys=_encryption_keys(env, production, faults),
            environment="production" if production else "development",
            demo=_flag(env, "DEMO", faults),
            today=_day(env, "TODAY", faults),
            public_url=(env.get("PUBLIC_URL") or f"http://127.0.0.1:{env.get('PORT') or '8000'}").rstrip("/"),
            trusted_proxies=_whole(env, "TRUSTED_PROXIES", 0, faults),
            programme=env.get("PROGRAMME") or "Desmigratif",
            ministry=env.get("MINISTRY") or "KP2MI",
            sms_gateway=_gateway(env, faults),
            sms_reply_number=env.get("SMS_REPLY_NUMBER", ""),
            sms_in_flight=_whole(env, "SMS_IN_FLIGHT", 16, faults, least=1),
            sms_per_second=_number(env, "SMS_PER_SECOND", 10, faults, least=0.01),
            sms_batch=_whole(env, "SMS_BATCH", 200, faults, least=1),
            sms_lease_seconds=_number(env, "SMS_LEASE_SECONDS", 120, faults, least=60),
            sms_price_rupiah=_whole(env, "SMS_PRICE_RUPIAH", 350, faults),
            notices_a_day=_whole(env, "NOTICES_A_DAY", 2, faults, least=1),
            notices_alone=_whole(env, "NOTICES_ALONE", 50, faults),
            warn_individuals=_flag(env, "WARN_INDIVIDUALS", faults),
            twilio_account_sid=env.get("TWILIO_ACCOUNT_SID", ""),
            twilio_auth_token=env.get("TWILIO_AUTH_TOKEN", ""),
            twilio_from=env.get("TWILIO_FROM", ""),
            twilio_messaging_service_sid=env.get("TWILIO_MESSAGING_SERVICE_SID", ""),
            twilio_base_url=env.get("TWILIO_BASE_URL", ""),
            android_url=env.get("ANDROID_URL", "").rstrip("/"),
            android_user=env.get("ANDROID_USER", ""),
            android_password=env.get("ANDROID_PASSWORD", ""),
            android_signing_key=env.get("ANDROID_SIGNING_KEY", ""),
            android_device=env.get("ANDROID_DEVICE", ""),
            gammu_database=env.get("GAMMU_DATABASE", ""),
            simulator_url=env.get("SIMULATOR_URL", ""),
            log_level=(env.get("LOG_LEVEL") or "INFO").upper(),
        )
        faults += settings._faults()
        if faults:
            raise SettingsError("Pengaturan belum benar / settings need attention:\n- " + "\n- ".join(faults))
        return settings

    @property
    def local(self) -> bool:
        """Is it only for whoever sits at this machine?"""
        return _host(self.public_url) in LOCAL_HOSTS

    @property
    def private(self) -> bool:
        """May what is published here, passwords of the demonstration, open anything? A machine without visitors."""
        return self.demo or (self.local and not self.production)

    @property
    def warnings(self) -> list[str]:
        """What an installation can run with, but should not for long; told at each start."""
        if self.production and not self.sms_reply_number:
            return [
                "SMS_REPLY_NUMBER is empty: migrants are told to answer to their officer's own phone, "
                "where STOP, BANTU and YA reach nobody but the officer."
            ]
        return []

    def _faults(self) -> list[str]:
        faults = [*self._faults_of_addresses(), *self._faults_of_openness()]
        if self.production and self.demo:
            faults.append("DEMO=1 makes accounts with known passwords; production refuses it. Unset DEMO.")
        if self.production and self.today:
            faults.append("TODAY moves the clock of a demonstration; production refuses it. Unset TODAY.")
        if self.production and not self.public_url.startswith("https://"):
            faults.append("PUBLIC_URL must be the https:// address that people and providers use.")
        if self.production and self.sms_gateway == "simulator":
            faults.append("SMS_GATEWAY=simulator sends nothing to anybody; production needs a real one, e.g. twilio.")
        return faults + self._faults_of_gateway()

    def _faults_of_addresses(self) -> list[str]:
        faults = []
        if not self.database_url.startswith(("sqlite:///", "postgresql+psycopg://")):
            faults.append("DATABASE_URL is sqlite:///file or postgresql://user:password@host/name.")
        if not _host(self.public_url):
            faults.append("PUBLIC_URL is an address such as https://desmigratif.example.go.id.")
        if self.sms_reply_number and not _is_phone(self.sms_reply_number):
            faults.append("SMS_REPLY_NUMBER is a phone number such as 081234567890; short codes cannot be answered.")
        if self.log_level not in LOG_LEVELS:
            faults.append(f"LOG_LEVEL is one of {', '.join(LOG_LEVELS)}.")
        return faults

    def _faults_of_openness(self) -> list[str]:
        """What only a machine without visitors may have."""
        if self.production or self.local:
            return []
        faults = []
        if self.demo:
            faults.append("DEMO=1 makes accounts with known passwords; a public PUBLIC_URL refuses it. Unset DEMO.")
        if self.secret_key == DEVELOPMENT_SECRET or len(self.secret_key) < LEAST_SECRET:
            faults.append(f"SECRET_KEY needs {LEAST_SECRET} random characters: with a public PUBLIC_URL it is guessed.")
        if self.sms_gateway == "simulator":
            faults.append("SMS_GATEWAY=simulator shows every text to every visitor; a public PUBLIC_URL refuses it.")
        if any(key == DEVELOPMENT_KEY[1] for _, key in self.encryption_keys):
            faults.append("ENCRYPTION_KEYS is missing: with a public PUBLIC_URL personal numbers need a key of yours.")
        return faults

    def _faults_of_gateway(self) -> list[str]:
        faults_of = {"twilio": self._twilio_faults, "android": self._android_faults, "gammu": self._gammu_faults}
        return faults_of.get(self.sms_gateway, list)()

    def _android_faults(self) -> list[str]:
        faults = []
        if not self.android_url.startswith(("http://", "https://")):
            faults.append("ANDROID_URL is the address that the app 'SMS Gateway' shows, e.g. http://192.168.1.20:8080.")
        if not self.android_user or not self.android_password:
            faults.append("ANDROID_USER and ANDROID_PASSWORD are both needed; the app shows them on its first page.")
        if not self.android_signing_key:
            faults.append("ANDROID_SIGNING_KEY is needed to believe the phone's webhooks (app: Settings, Webhooks).")
        return faults

    def _gammu_faults(self) -> list[str]:
        if self.gammu_database.startswith(("sqlite:////", "postgresql://")):
            return []
        return [
            "GAMMU_DATABASE is that of gammu-smsd: sqlite:////absolute/path or postgresql://user:password@host/name."
        ]

    def _twilio_faults(self) -> list[str]:
        faults = []
        if not self.twilio_account_sid or not self.twilio_auth_token:
            faults.append("TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN are both needed (Twilio console, Account Info).")
        if not self.twilio_from and not self.twilio_messaging_service_sid:
            faults.append("TWILIO_FROM (sender ID or number) or TWILIO_MESSAGING_SERVICE_SID is needed.")
        return faults


def _host(address: str) -> str | None:
    """The host of a web address that ends with it or its port; None for all else: pages stand at the root."""
    try:
        parts = urlsplit(address)
        port_fits = parts.port is None or parts.port > 0
    except ValueError:
        return None
    bare = f"{parts.scheme}://{parts.netloc}" == address and "@" not in parts.netloc
    return parts.hostname if bare and port_fits and parts.scheme in ("http", "https") else None


def _is_phone(number: str) -> bool:
    try:
        normalise(number)
    except BadNumber:
        return False
    return True


def _environment(env: Mapping[str, str], faults: list[str]) -> str:
    name = env.get("APP_ENV", "development")
    if name not in ("development", "production"):
        faults.append("APP_ENV is 'development' or 'production'.")
    return name


def _database_url(env: Mapping[str, str]) -> str:
    url = env.get("DATABASE_URL", "")
    if not url:
        return f"sqlite:///{INSTANCE / 'desmigratif.db'}"
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def _secret_key(env: Mapping[str, str], production: bool, faults: list[str]) -> str:
    key = env.get("SECRET_KEY", "")
    if production and (len(key) < LEAST_SECRET or key == DEVELOPMENT_SECRET):
        faults.append(
            f"SECRET_KEY must be at least {LEAST_SECRET} random characters, e.g. " + secrets.token_urlsafe(32)
        )
    return key or DEVELOPMENT_SECRET


def _encryption_keys(env: Mapping[str, str], production: bool, faults: list[str]) -> tuple[tuple[str, bytes], ...]:
    """`ENCRYPTION_KEYS=2026:<base64 of 32 bytes>,2025:<…>`: the first encrypts, all decrypt (rotation)."""
    text = env.get("ENCRYPTION_KEYS", "")
    if not text:
        if production:
            sample = base64.b64encode(secrets.token_bytes(32)).decode()
            faults.append(f"ENCRYPTION_KEYS is missing: NIK and paper numbers need a key, e.g. k1:{sample}")
        return (DEVELOPMENT_KEY,)
    keys: list[tuple[str, bytes]] = []
    for part in text.split(","):
        name, _, encoded = part.strip().partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
        except ValueError:
            key = b""
        if (
            not re.fullmatch(r"[A-Za-z0-9_-]{1,16}", name)
            or len(key) != 32
            or (production and key == DEVELOPMENT_KEY[1])
        ):
            faults.append("ENCRYPTION_KEYS is a list of name:base64-of-32-bytes, separated by commas.")
            continue
        if name in dict(keys):
            faults.append(f"ENCRYPTION_KEYS names two keys {name}: what the first sealed would never open again.")
        keys.append((name, key))
    return tuple(keys)


def _gateway(env: Mapping[str, str], faults: list[str]) -> str:
    """Three Twilio settings are enough: with an account in the environment Twilio is the default."""
    name = env.get("SMS_GATEWAY") or ("twilio" if env.get("TWILIO_ACCOUNT_SID") else "simulator")
    if name not in GATEWAYS:
        faults.append(f"SMS_GATEWAY is one of {', '.join(GATEWAYS)}.")
    return name


def _flag(env: Mapping[str, str], name: str, faults: list[str]) -> bool:
    value = env.get(name, "0").lower()
    if value not in ("", "0", "1", "true", "false", "yes", "no"):
        faults.append(f"{name} is 1 or 0.")
    return value in ("1", "true", "yes")


def _day(env: Mapping[str, str], name: str, faults: list[str]) -> date | None:
    value = env.get(name, "")
    if not value:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        faults.append(f"{name} is a day written YYYY-MM-DD, e.g. 2026-12-01.")
        return None


def _number(env: Mapping[str, str], name: str, default: float, faults: list[str], least: float = 0) -> float:
    value = env.get(name, "")
    if not value:
        return default
    try:
        number = float(value)
    except ValueError:
        faults.append(f"{name} is a number.")
        return default
    if not math.isfinite(number):
        faults.append(f"{name} is a number.")
        return default
    if number < least:
        faults.append(f"{name} is at least {least:g}.")
    return number


def _whole(env: Mapping[str, str], name: str, default: int, faults: list[str], least: int = 0) -> int:
    number = _number(env, name, default, faults, least)
    if number != int(number):
        faults.append(f"{name} is a whole number.")
    return int(number)
