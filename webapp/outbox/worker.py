"""`flask worker`: the process that sends. An engine for the gateway of the settings, one for each route, and an ear
for signals."""

from __future__ import annotations

import gc
import logging
import signal
import time
from collections.abc import Callable
from functools import partial
from types import FrameType

import click
from flask import Flask, current_app

from sms.dispatch import Dispatcher
from sms.gateways import Gateway
from sms.handover import Limits
from webapp import clock
from webapp.config import Settings
from webapp.db import db
from webapp.outbox import ears
from webapp.outbox.aside import aside
from webapp.outbox.chores import do_chores
from webapp.outbox.crew import Crew
from webapp.outbox.gateway import current_gateway
from webapp.outbox.store import SqlStore
from webapp.outbox.workers import new_name
from webapp.routes import queries

log = logging.getLogger(__name__)
#: How soon a worker of one route hears a signal, in seconds.
EAR_SECONDS = 0.25


@click.command()
@click.option("--once", is_flag=True, help="Send what is due, then end; for cron.")
@click.option("--route", metavar="CODE", help="Only this route of the table, e.g. beside its modem.")
def worker(once: bool, route: str | None) -> None:
    """Send texts until stopped by SIGTERM or Ctrl-C, which finishes what is under way."""
    settings: Settings = current_app.config["SETTINGS"]
    limits = limits_of(settings)
    crew = crew_of(limits, only=route)
    if route is None:
        work(current_gateway(), limits, settings.sms_price_rupiah, once=once, crew=crew)
    elif queries.by_code(route) is None:
        raise click.ClickException(f"There is no route {route!r}. Its code stands on the page of routes.")
    else:
        work_on_one_route(crew, limits.repair, once=once)


def limits_of(settings: Settings) -> Limits:
    return Limits(
        in_flight=settings.sms_in_flight,
        per_second=settings.sms_per_second,
        batch=settings.sms_batch,
        lease=settings.sms_lease_seconds,
    )


def crew_of(limits: Limits, only: str | None = None) -> Crew:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # the proxy's own app
    return Crew(app, limits, only)


def work(
    gateway: Gateway,
    limits: Limits,
    price_rupiah: int,
    *,
    once: bool = False,
    name: str = "",
    crew: Crew | None = None,
) -> int:
    """Be a worker of this gateway, and of the routes of `crew`, until a signal comes; `once`: until nothing is due.

    Returns how many texts were taken.
    """
    name = name or new_name()
    store = SqlStore(db.engine, gateway=gateway.name, owner=name, lease=limits.lease, price_rupiah=price_rupiah)
    routes = crew or crew_of(limits, only="")  # of no route
    long = aside()

    def chores() -> int:
        return do_chores() + long.look(once) + routes.look(once)

    dispatcher = Dispatcher(gateway, store, limits, clock.now, chores, hear=partial(ears.hear, gateway.name))
    stop_on_signals(dispatcher.stop, routes.stop)
    # What is loaded by now stays: the collector need not walk through it again and again.
    gc.freeze()
    log.info("worker starts", extra={"worker": name, "gateway": gateway.name})
    dispatcher.run(once)
    if not once:
        routes.stop()
    routes.join()
    long.join()
    handed_over = dispatcher.handed_over + routes.handed_over
    log.info("worker ends", extra={"worker": name, "handed_over": handed_over})
    return handed_over


def work_on_one_route(crew: Crew, seconds: float, *, once: bool = False) -> int:
    """Be a worker of the one route of this crew. `seconds` between the rounds of chores."""
    stop_on_signals(crew.stop)
    long = aside()
    while not crew.is_stopped:
        do_chores()
        long.look(once)
        crew.look(once)
        if once:
            break
        look_at = time.monotonic() + seconds
        while not crew.is_stopped and time.monotonic() < look_at:
            time.sleep(EAR_SECONDS)
    if not once:
        crew.stop()
    crew.join()
    long.join()
    return crew.handed_over


def stop_on_signals(*stops: Callable[[], None]) -> None:
    """Each only sets flags: a lock might be held by the very thread that the signal interrupts."""

    def heard(_number: int, _frame: FrameType | None) -> None:
        for stop in stops:
            stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, heard)
