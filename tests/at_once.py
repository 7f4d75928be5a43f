"""Several at the same moment, each in a thread with a session of its own."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread

from flask import Flask

from webapp.db import db


def at_once(app: Flask, *doing: Callable[[], None]) -> None:
    """Each in a thread with a session of its own, beginning together. What one raises fails the test."""
    start, failed = Barrier(len(doing)), list[Exception]()

    def run(one: Callable[[], None]) -> None:
        with app.app_context():
            start.wait(20)
            try:
                one()
            except Exception as error:
                failed.append(error)
            finally:
                db.session.remove()

    db.session.commit()
    threads = [Thread(target=run, args=(one,)) for one in doing]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    if failed:
        raise ExceptionGroup("at once", failed)
