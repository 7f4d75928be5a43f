"""One dispatcher for each route of the table, in a thread and with a store of its own, kept as the rows say."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from threading import Thread

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from sms.dispatch import Dispatcher
from sms.gateways import Gateway
from sms.handover import Limits
from webapp import clock
from webapp.db import db
from webapp.outbox import ears, routing, ties
from webapp.outbox.gateway import gateway_of
from webapp.outbox.store import SqlStore
from webapp.outbox.workers import new_name
from webapp.routes import queries, states
from webapp.routes.model import Route
from webapp.routes.rest import CONFIGURATION

log = logging.getLogger(__name__)
#: So many texts in a row that a route did not take, and the next one takes over. Fewer than where there is no other.
TROUBLE = 5
#: So many in a row for which there was not even a connection; and the seconds after which each is tried again at the
#: latest, so that one alarm alone has another route within a minute.
UNREACHED, UNREACHED_WAIT = 2, 15.0
#: How long a route rests that cannot even begin.
PAUSE = timedelta(minutes=1)


@dataclass
class Member:
    """A route's dispatcher at work."""

    dispatcher: Dispatcher
    thread: Thread
    #: What it was made from; with other facts it is made anew.
    facts: tuple[object, ...]


class Crew:
    """`look` is called every few seconds by one thread, which alone starts and stops the others."""

    def __init__(self, app: Flask, limits: Limits, only: str | None = None) -> None:
        """`only`: no other route than this one; else all that have no worker of their own."""
        self._app, self._limits, self._only = app, limits, only
        self._members: dict[str, Member] = {}
        self.handed_over = 0
        self.is_stopped = False

    def look(self, once: bool = False) -> int:
        """Let as many work as there are routes. A changed one ends what is under way first. Returns how many began."""
        try:
            enabled = {route.code: route for route in _enabled()}
        except SQLAlchemyError as error:
            log.warning("routes cannot be read", extra={"error": type(error).__name__})
            return 0
        routes = {code: route for code, route in enabled.items() if self._serves(route)}
        for code, member in list(self._members.items()):
            if code not in routes or member.facts != _facts(routes[code]):
                member.dispatcher.stop()
            if not member.thread.is_alive():
                if code not in enabled or _reaches(member.facts) != _reaches(_facts(enabled[code])):
                    self._cut_ties(code)
                self._forget(code)
        if self.is_stopped:
            return 0
        return sum(self._begin(route, once) for code, route in routes.items() if code not in self._members)

    def _serves(self, route: Route) -> bool:
        return not route.own_worker if self._only is None else route.code == self._only

    def stop(self) -> None:
        """Let all finish what is under way, and begin nothing more. Only sets flags, so a signal may call it."""
        self.is_stopped = True
        for member in list(self._members.values()):
            member.dispatcher.stop()

    def join(self) -> None:
        """Wait until all have ended, which each does within the time of one call to its gateway."""
        for code in list(self._members):
            self._members[code].thread.join()
            self._forget(code)

    def _forget(self, code: str) -> None:
        self.handed_over += self._members.pop(code).dispatcher.handed_over

    def _cut_ties(self, code: str) -> None:
        """What it began after the route was changed, before it heard of that, and does not know the end of."""
        try:
            ties.cut(db.session, code)
            db.session.commit()
        except SQLAlchemyError:
            db.session.rollback()

    def _begin(self, route: Route, once: bool) -> bool:
        try:
            gateway = gateway_of(route)
        except Exception as error:
            self._cannot_begin(route.code, error)
            return False
        dispatcher = self._dispatcher(route, gateway)
        thread = Thread(target=self._work, args=(route.code, dispatcher, once), name=f"route-{route.code}")
        self._members[route.code] = Member(dispatcher, thread, _facts(route))
        thread.start()
        return True

    def _dispatcher(self, route: Route, gateway: Gateway) -> Dispatcher:
        limits = _limits_of(route, self._limits)
        store = SqlStore(
            db.engine,
            gateway=route.code,
            owner=new_name(),
            lease=limits.lease,
            price_rupiah=route.price_rupiah,
            route=route.code,
            daily_limit=route.daily_limit,
        )
        return Dispatcher(gateway, store, limits, clock.now, hear=partial(ears.hear, route.code))

    def _work(self, code: str, dispatcher: Dispatcher, once: bool) -> None:
        log.info("route starts", extra={"route": code})
        with self._app.app_context():
            try:
                dispatcher.run(once)
            except Exception:
                log.exception("a route broke off", extra={"route": code})
        log.info("route ends", extra={"route": code, "handed_over": dispatcher.handed_over})

    def _cannot_begin(self, code: str, error: Exception) -> None:
        """It rests, so that others take its texts; tried again at each look, for the settings may be mended."""
        log.error("a route cannot be used", extra={"route": code, "error": type(error).__name__})
        db.session.rollback()
        try:
            states.rest(db.session, code, clock.real_now() + PAUSE, CONFIGURATION)
            routing.divide_anew(db.session)
            db.session.commit()
        except SQLAlchemyError:
            db.session.rollback()


def _enabled() -> list[Route]:
    """Without a transaction that would stay open while they work."""
    routes = list(queries.enabled())
    db.session.expunge_all()
    db.session.rollback()
    return routes


def _facts(route: Route) -> tuple[object, ...]:
    """What a dispatcher is made from. What it may carry is none of it: the texts themselves know their route."""
    return (route.kind, route.settings_encrypted, route.per_minute, route.price_rupiah, route.daily_limit)


def _reaches(facts: tuple[object, ...]) -> tuple[object, ...]:
    """Of these facts, those that say to whom texts are handed over."""
    return facts[:2]


def _limits_of(route: Route, limits: Limits) -> Limits:
    return replace(
        limits,
        per_second=route.per_minute / 60,
        trouble=min(limits.trouble, TROUBLE),
        unreached=min(limits.unreached, UNREACHED),
        unreached_wait=UNREACHED_WAIT,
    )
