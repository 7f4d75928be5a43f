"""Ways by which texts go out and come in: what each may carry, how it is, and what it cost each day."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Base, BigId, UTCDateTime
from webapp.routes.choice import Choice, parts

SIMULATOR, TWILIO, ANDROID, GAMMU = "simulator", "twilio", "android", "gammu"
KINDS = (SIMULATOR, TWILIO, ANDROID, GAMMU)
LONGEST_CODE = 16


class Route(Base):
    """One way of texts. The route of the settings has no row: its code is ''."""

    __tablename__ = "routes"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    #: Stands in messages.route and messages.gateway, and in the address that its webhooks call. Never changes.
    code: Mapped[str] = mapped_column(sa.String(LONGEST_CODE), unique=True)
    name: Mapped[str] = mapped_column(sa.String(60))
    kind: Mapped[str] = mapped_column(sa.String(12))
    #: Addresses and keys of the gateway, as JSON (settings.py).
    settings_encrypted: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    #: One that is switched off sends nothing and hears nothing. One that rests still hears.
    enabled: Mapped[bool] = mapped_column(sa.Boolean)
    #: Served by a worker of its own (`flask worker --route CODE`), e.g. beside its modem; the main one leaves it alone.
    own_worker: Mapped[bool] = mapped_column(sa.Boolean, default=False, server_default=sa.false())
    #: What it may carry; lists with commas between, '' for everything.
    purposes: Mapped[str] = mapped_column(sa.String(80), default="")
    prefixes: Mapped[str] = mapped_column(sa.String(200), default="")
    areas: Mapped[str] = mapped_column(sa.String(300), default="")
    #: Of the routes that may carry a text, the one with the smallest rank does.
    rank: Mapped[int] = mapped_column(sa.SmallInteger)
    #: E.164: where people answer who live in its area; '' if nobody can.
    reply_number: Mapped[str] = mapped_column(sa.String(20), default="")
    #: Texts.
    per_minute: Mapped[int] = mapped_column(sa.Integer)
    #: Of a segment.
    price_rupiah: Mapped[int] = mapped_column(sa.Integer)
    #: Texts; None: as many as there are.
    daily_limit: Mapped[int | None] = mapped_column(sa.Integer)
    #: Minutes without a sign of life; None: it gives none.
    silent_after: Mapped[int | None] = mapped_column(sa.Integer)
    #: The same words of the same sender within so many seconds of the phone's own clock are one text (intake.py).
    repeat_seconds: Mapped[int] = mapped_column(sa.SmallInteger, default=5)
    #: Grows with each change, so that a form that was opened before it is noticed.
    version: Mapped[int] = mapped_column(sa.Integer, default=1)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)

    @property
    def choice(self) -> Choice:
        """What decides whether a text goes by it."""
        return Choice(self.code, parts(self.purposes), parts(self.prefixes), parts(self.areas), self.rank)


class RouteState(Base):
    """How a route is, also that of the settings. By the clock of the database, as leases are."""

    __tablename__ = "route_states"

    #: The route's code; for the route of the settings the name of its gateway, which is nobody's code.
    name: Mapped[str] = mapped_column(sa.String(LONGEST_CODE), primary_key=True)
    #: It rests until then. Past: whether it works again is not proven yet (rest.py).
    paused_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: Ours ('unreachable', 'silent', …; rest.py) or the provider's own code.
    pause_reason: Mapped[str] = mapped_column(sa.String(200), default="")
    #: What the person who rested it by hand said.
    pause_words: Mapped[str] = mapped_column(sa.String(200), default="", server_default="")
    #: The last sign of life: a heartbeat, an incoming text, a receipt that is not of our own clean-up.
    heard_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: The fault for which it rested last.
    last_error: Mapped[str] = mapped_column(sa.String(200), default="", server_default="")


class RouteDay(Base):
    """What a route took on one day, counted when texts are claimed, so that its limit is never passed."""

    __tablename__ = "route_days"

    route: Mapped[str] = mapped_column(sa.String(LONGEST_CODE), primary_key=True)
    #: In Jakarta.
    day: Mapped[date] = mapped_column(sa.Date, primary_key=True)
    texts: Mapped[int] = mapped_column(sa.Integer)
    segments: Mapped[int] = mapped_column(sa.Integer)
    rupiah: Mapped[int] = mapped_column(sa.BigInteger)


class AppliedChoice(Base):
    """One row, made by the migration: among which open routes the waiting texts were divided last, as a hash."""

    __tablename__ = "route_choice"

    id: Mapped[int] = mapped_column(sa.Integer, primary_key=True)
    signature: Mapped[str] = mapped_column(sa.String(64))
