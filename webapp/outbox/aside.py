"""Chores that may take long, in a thread of their own: counting a million people holds up no alarm."""

from __future__ import annotations

import logging
from threading import Thread

from flask import Flask, current_app

from webapp.outbox.chores import LONG_CHORES, do

log = logging.getLogger(__name__)


class Aside:
    """`look` is called every few seconds by one thread; at most one round of long chores runs at a time."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._thread: Thread | None = None
        self._done = 0

    def look(self, once: bool = False) -> int:
        """Begin a round if none is running. `once`: do it now and wait for it. Returns how many things were done since
        the last time."""
        if once:
            return do(LONG_CHORES)
        if self._thread is None or not self._thread.is_alive():
            self._thread = Thread(target=self._work, name="long-chores", daemon=True)
            self._thread.start()
        done, self._done = self._done, 0
        return done

    def join(self) -> None:
        """Wait until the round has ended, which commits in small steps and ends after some seconds."""
        if self._thread is not None:
            self._thread.join()

    def _work(self) -> None:
        with self._app.app_context():
            try:
                self._done += do(LONG_CHORES)
            except Exception:
                log.exception("long chores broke off")


def aside() -> Aside:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # the proxy's own app
    return Aside(app)
