"""Is the phone as slow as it is said to be, its service worker too? Measured in both, before anything else."""

from __future__ import annotations

import statistics

from bench.budget import phone as phones
from bench.budget.cdp import Chromium
from bench.budget.phone import Phone, Target
from bench.budget.visits import awake
from tests.browser.server import Server

BUSY = """(() => {
  const begun = performance.now();
  let sum = 0;
  for (let n = 0; n < 2e7; n++) sum += n % 7;
  return performance.now() - begun;
})()"""
#: Of an empty answer, and of a file of 50 kB.
FETCH = """(async () => {
  const begun = performance.now();
  await (await fetch("/static/vendor/htmx.min.js?" + begun, {cache: "no-store"})).text();
  return performance.now() - begun;
})()"""
TIMES = 7
#: How near to the wanted slowness is near enough, and how often it is tried.
NEAR, TRIES = 0.15, 5


def prove(browser: Chromium, cookies: list[dict[str, str]], server: Server) -> tuple[float, list[str]]:
    """The factor for phone.slowed that makes this machine phones.CPU times slower, and lines that say what it did.

    A renderer that is woken must first get a processor again, so it runs for less than its turn: on a busy machine a
    third of the factor may be enough. The browser must not be slowed yet.
    """
    phone = Phone(browser, cookies, slow_line=False)
    page = phone.new_page()
    phone.visit(page, server.address + "/")
    browser.until(lambda: phone.worker, 30, "a service worker")
    browser.wait(3)
    both = (("page", page), ("service worker", awake(phone)))
    fast = {name: _times(phone, target) for name, target in both}
    phone.use_line(**phones.LINE)
    factor, tries = phones.CPU, []
    for _ in range(TRIES):
        with phones.slowed(browser, factor):
            slow = {name: _times(phone, target) for name, target in both}
        slower = statistics.mean(slow[name][0] / fast[name][0] for name in fast)
        tries.append((abs(slower / phones.CPU - 1), factor, [_line(name, fast[name], slow[name]) for name in fast]))
        if tries[-1][0] < NEAR:
            break
        factor = max(1.5, factor * phones.CPU / slower)
    phone.close()
    _, factor, lines = min(tries)
    return factor, lines


def _times(phone: Phone, target: Target) -> tuple[float, float]:
    busy = [phone.ask(target, BUSY) for _ in range(TIMES)]
    wire = [phone.ask(target, FETCH) for _ in range(TIMES)]
    # Others work on this machine: what it can do is its best, what the phone can do is what it usually does.
    return (statistics.median if phone.line["latency"] else min)(busy), statistics.median(wire)


def _line(name: str, fast: tuple[float, float], slow: tuple[float, float]) -> str:
    return (
        f"  {name:<16} a loop of 20 million: {fast[0]:.0f} → {slow[0]:.0f} ms, {slow[0] / fast[0]:.1f} times slower;"
        f" a file of 16 kB on the wire: {fast[1]:.0f} → {slow[1]:.0f} ms"
    )
