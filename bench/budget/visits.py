"""What one page costs: on the first visit of an empty browser, on a repeat visit, and without a network."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from bench.budget.cdp import Message, ProtocolError
from bench.budget.phone import Phone, Target
from tests.browser.server import Server

#: Light, of the same site: its process is there, and Chromium tells of every request, before a first visit is counted.
BLANK = "/health"
#: What copies the village; everything else the worker loads once to install itself and for the page Antrean.
COPIES = "/offline/"
KEY = "/offline/key"
QUEUE = "/antrean"
#: Said by the worker when it has the whole village.
COPIED = "typeof fact === 'function' ? fact('copied').then(Boolean) : false"


@dataclass
class Figures:
    """Every run's value, by name; `median` of those that could be measured."""

    runs: dict[str, list[float]] = field(default_factory=dict)
    #: What stands at the page: 'own' where it is not on the phone.
    sign: str = ""

    def note(self, **values: float) -> None:
        for name, value in values.items():
            self.runs.setdefault(name, []).append(value)

    def median(self, name: str) -> float | None:
        return statistics.median(self.runs[name]) if self.runs.get(name) else None


def first(new_phone: Callable[[], Phone], server: Server, path: str, found: Figures) -> None:
    phone = new_phone()
    try:
        page = phone.new_page()
        phone.browser.call("Page.navigate", page.session, url=server.address + BLANK)
        phone.quiet(page, seconds=0.3)
        report = phone.visit(page, server.address + path)
        phone.quiet(page, seconds=0.5)
        found.note(first_bytes=page.bytes, first_paint=report["paint"], first_usable=report["usable"])
        found.note(requests=sum(1 for address, size in page.loaded if size))
    finally:
        phone.close()


def repeat(phone: Phone, server: Server, path: str, found: Figures) -> None:
    """On a phone that knows the application, with its worker awake: the page itself comes from the network."""
    page, worker = phone.new_page(), awake(phone)
    before = worker.bytes
    report = phone.visit(page, server.address + path)
    found.note(repeat_paint=report["paint"], repeat_usable=report["usable"])
    phone.quiet(page, worker, seconds=0.6)
    found.note(repeat_bytes=page.bytes + worker.bytes - before, heap=phone.heap(page))
    phone.close_page(page)


def offline(phone: Phone, server: Server, path: str, found: Figures) -> None:
    """The line is cut, and the worker must start first."""
    page = phone.new_page()
    if phone.worker:
        phone.stop_worker(page)
    report = phone.visit(page, server.address + path)
    found.note(offline_paint=report["paint"], offline_usable=report["usable"])
    # The queue is the phone's own page, and always there.
    found.sign = "" if path == QUEUE else report["sign"]
    phone.close_page(page)


def every(action: Callable[[str, Figures], None], paths: Iterable[str], found: dict[str, Figures], runs: int) -> None:
    """One round after the other, so that a busy minute of the machine does not meet one page only."""
    for _ in range(runs):
        for path in paths:
            try:
                action(path, found.setdefault(path, Figures()))
            except (ProtocolError, TimeoutError) as error:
                print(f"  {path}: {error}", flush=True)


def awake(phone: Phone) -> Target:
    worker = phone.worker
    if worker is None:
        raise ProtocolError("there is no service worker")
    return worker


def prepare(phone: Phone, server: Server, patience: float) -> Message:
    """The first visit until the village is copied: bytes of the worker, of the copies, what they sent, seconds."""
    page = phone.new_page()
    phone.visit(page, server.address + "/")
    phone.browser.until(lambda: _is_copied(phone), patience, "preparing the village")
    phone.quiet(page, awake(phone))
    worker = awake(phone)
    copies = sum(size for address, size in worker.loaded if COPIES in address and KEY not in address)
    result = {"copies": copies, "worker": worker.bytes - copies, "sent": worker.uploads, "loaded": list(worker.loaded)}
    phone.close_page(page)
    return result


def _is_copied(phone: Phone) -> bool:
    return phone.worker is not None and bool(phone.ask(phone.worker, COPIED))
