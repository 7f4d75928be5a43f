"""`flask worker`: the process that sends. One gateway, one engine, and an ear for signals."""

from __future__ import annotations

import gc
import logging
import secrets
import signal
import socket
from types import FrameType

import click
from flask import current_app

from sms.dispatch import Dispatcher
from sms.gateways import Gateway
from sms.handover import Limits
from webapp import clock
from webapp.config import Settings
from webapp.db import db
from webapp.outbox.chores import do_chores
from webapp.outbox.gateway import current_gateway
from webapp.outbox.store import SqlStore

log = logging.getLogger(__name__)


@click.command()
@click.option("--once", is_flag=True, help="Send what is due, then end; for cron.")
def worker(once: bool) -> None:
    """Send texts until stopped by SIGTERM or Ctrl-C, which finishes what is under way."""
    settings: Settings = current_app.config["SETTINGS"]
    work(current_gateway(), limits_of(settings), settings.sms_price_rupiah, once=once)


def limits_of(settings: Settings) -> Limits:
    return Limits(
        in_flight=settings.sms_in_flight,
        per_second=settings.sms_per_second,
        batch=settings.sms_batch,
        lease=settings.sms_lease_seconds,
    )


def work(gateway: Gateway, limits: Limits, price_rupiah: int, *, once: bool = False, name: str = "") -> int:
    """Be a worker of this gateway until a signal comes; `once`: until nothing is due. Returns how many were taken."""
    name = name or new_name()
    store = SqlStore(db.engine, gateway=gateway.name, owner=name, lease=limits.lease, price_rupiah=price_rupiah)
    dispatcher = Dispatcher(gateway, store, limits, clock.now, do_chores)
    stop_on_signals(dispatcher)
    # What is loaded by now stays: the collector need not walk through it again and again.
    gc.freeze()
    log.info("worker starts", extra={"worker": name, "gateway": gateway.name})
    dispatcher.run(once)
    log.info("worker ends", extra={"worker": name, "handed_over": dispatcher.handed_over})
    return dispatcher.handed_over


def new_name() -> str:
    """Unlike that of any other process, also of one before it with the same number. At most 32 letters."""
    return f"{socket.gethostname()[:20]}-{secrets.token_hex(5)}"


def stop_on_signals(dispatcher: Dispatcher) -> None:
    def stop(_number: int, _frame: FrameType | None) -> None:
        dispatcher.stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
