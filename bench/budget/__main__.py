"""`make budget`: what every page of a facilitator costs on a cheap phone over 2G, beside its goal.

python -m bench.budget [--people 200] [--search 2000] [--runs 3] [--only /people …] [--fast] [--check]

A real Chromium of 360 × 640 before the real programme. Its renderers run sixfold slower (slow.py: pages and service
workers alike), its line carries 50 kB/s with 400 ms there and back, in pages and in service workers; both are proved
by a measurement at the start. Medians. `usable` is defined in phone.py: WATCH.
"""

from __future__ import annotations

import argparse
import signal
import sys
from functools import partial

from bench.budget import extras, phone, prepared, proof, visits
from bench.budget.cdp import Chromium
from bench.budget.phone import Phone
from bench.budget.table import AGAIN, HEAP, IDLE, SEARCH, Report
from bench.budget.visits import Figures
from tests.browser.server import Server

#: Without a slow line a person takes about this long to be copied, in seconds; twenty times that is patience.
PATIENCE_PER_PERSON = 4


def main() -> None:
    chosen = _arguments()
    # Whoever stops this stops its browser and its server, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    report = Report()
    with prepared.programme(chosen.people) as (server, ids):
        paths = [path for path in prepared.routes(server, ids).values() if not chosen.only or path in chosen.only]
        with phone.slow_browser(1) as browser:
            Budget(browser, server, chosen, report).measure(paths)
    print(f"\n{len(report.over)} figures are over their goal." if report.over else "\nEvery figure is within its goal.")
    if chosen.check:
        print("\n".join(f"  {line}" for line in report.over))
        sys.exit(1 if report.over else 0)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=200, help="how many live in the village")
    parser.add_argument("--search", type=int, default=2000, help="how many are searched offline")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", nargs="*", default=[], help="these addresses")
    parser.add_argument("--fast", action="store_true", help="prepare the village without the slow line")
    parser.add_argument("--check", action="store_true", help="exit code 1 if a goal is missed")
    return parser.parse_args()


class Budget:
    """One browser before one programme, and what is printed of it."""

    def __init__(self, browser: Chromium, server: Server, chosen: argparse.Namespace, report: Report) -> None:
        self._browser, self._server, self._chosen, self._report = browser, server, chosen, report
        self._cookies = prepared.cookies(server)

    def measure(self, paths: list[str]) -> None:
        print(f"CPU ÷{phone.CPU:g}, {phone.RATE // 1000} kB/s, {phone.ROUND_TRIP_MS} ms there and back. Proof:")
        factor, lines = proof.prove(self._browser, self._cookies, self._server)
        print("\n".join(lines), flush=True)
        if self._chosen.fast:
            prepared_phone, cost = self._prepare(slow_line=False)
            prepared_phone.use_line(**phone.LINE)
        with phone.slowed(self._browser, factor):
            if not self._chosen.fast:
                prepared_phone, cost = self._prepare(slow_line=True)
            self._table(prepared_phone, paths, cost["worker"])
            self._preparing(prepared_phone, cost)
            self._start(prepared_phone)
            self._search(prepared_phone)
        self._idle(prepared_phone)

    def _prepare(self, *, slow_line: bool) -> tuple[Phone, dict[str, float]]:
        new_phone = partial(Phone, self._browser, self._cookies, slow_line=slow_line)
        found, cost = extras.preparing(new_phone, self._server, self._chosen.people * PATIENCE_PER_PERSON + 60)
        # Fetched by the browser itself, which tells no session of its body; the session knows its head.
        script = prepared.wire_size(self._server, "/sw.js")
        known = sum(size for address, size in cost.pop("loaded") if address.endswith("/sw.js"))
        return found, cost | {"worker": cost["worker"] + script - known, "script": script}

    def _table(self, known: Phone, paths: list[str], worker: float) -> None:
        found: dict[str, Figures] = {}
        server, runs = self._server, self._chosen.runs
        new_phone = partial(Phone, self._browser, self._cookies)
        visits.every(lambda path, one: visits.first(new_phone, server, path, one), paths, found, runs)
        visits.every(lambda path, one: visits.repeat(known, server, path, one), paths, found, runs)
        known.use_line(offline=True)
        visits.every(lambda path, one: visits.offline(known, server, path, one), paths, found, runs)
        known.use_line(offline=False)
        print(f"\nMedians of {runs}; village of {self._chosen.people} people. Offline the worker was stopped before.\n")
        self._report.heading()
        for path in paths:
            found[path].note(first_all=(found[path].median("first_bytes") or 0) + worker)
            self._report.row(path, found[path])

    def _preparing(self, known: Phone, cost: dict[str, float]) -> None:
        line, people = self._report.line, self._chosen.people
        print("\nIn the background, after a first visit")
        line("the worker's script /sw.js", cost["script"] / 1e3, "kB")
        line("the worker in all: script, files new to it, the page Antrean, its key", cost["worker"] / 1e3, "kB")
        line(f"the copy of {people} people: received", cost["copies"] / 1e3, "kB")
        line(f"the copy of {people} people: sent (bodies)", cost["sent"] / 1e3, "kB")
        line(f"until it is complete{' (without the slow line)' if self._chosen.fast else ''}", cost["seconds"], "s")
        came, went = extras.after_a_change(known, self._server)
        line("one changed person afterwards: received", came / 1e3, "kB")
        line("one changed person afterwards: sent (bodies)", went / 1e3, "kB")

    def _start(self, known: Phone) -> None:
        line, start = self._report.line, extras.start_page(known, self._server, self._chosen.runs)
        print(f"\nThe start as installed, {extras.START}, with the worker asleep")
        for name, words in (("repeat", "with a network"), ("offline", "offline")):
            line(f"{words}: paint", _seconds(start, f"{name}_paint"), "s")
            line(f"{words}: usable", _seconds(start, f"{name}_usable"), "s", AGAIN)

    def _search(self, known: Phone) -> None:
        line, found = self._report.line, extras.search(known, self._server, self._chosen.search)
        print(f"\nThe search offline over {found['people']} people")
        line("within the worker: rows found and written", found["worker"], "ms", SEARCH)
        line("from the request to painted rows", found["answer"], "ms", SEARCH)
        line("of this: until the answer is at the page (network refused, worker asked)", found["came"], "ms")
        line("before that: the page waits for the next key", found["waited"], "ms")
        line("JavaScript heap of the worker with all of them in memory", found["heap"] / 1e6, "MB", HEAP)

    def _idle(self, known: Phone) -> None:
        line, hour = self._report.line, extras.idle_hour(known, self._server)
        print("\nA page that stays open, both directions")
        line("one hour (simulated: the clocks of page and worker run ahead)", hour / 1e3, "kB")
        line("a day: 24 times that", hour * 24 / 1e3, "kB", IDLE)


def _seconds(found: Figures, name: str) -> float | None:
    value = found.median(name)
    return None if value is None else value / 1e3


if __name__ == "__main__":
    main()
