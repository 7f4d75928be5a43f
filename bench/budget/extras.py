"""Below the table: the start as an installed application, an idle hour, the search, preparing a village."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

from bench.budget import prepared, visits
from bench.budget.phone import Phone
from bench.budget.visits import Figures, awake
from tests.browser.server import Server

START = "/?mulai"
REFRESH = "fact('account').then((account) => refresh(account, true)).then(() => 1)"
HOUR_MS = 3_600_000
#: Fills the phone's list with people who have the pages of those that were copied: only the search is measured here.
MULTIPLY = """(async () => {
  const all = await readAll("people"), more = [];
  for (let n = 0; all.length + more.length < COUNT; n++) {
    const one = all[n % all.length], id = 1e6 + n, name = one.name + " " + n;
    const row = one.row.split("/people/" + one.id).join("/people/" + id);
    more.push(Object.assign({}, one, {id, name, search: one.search + " " + n, row}));
  }
  if (more.length) await write("people", ...more);
  everybody = null;
  return (await people()).length;
})()"""
FIND = """(async () => {
  const begun = performance.now();
  await rowsFor("TYPED", "");
  return performance.now() - begun;
})()"""
#: The added people go again.
DIVIDE = """(async () => {
  await remove("people", ...(await readKeys("people")).filter((id) => id >= 1e6));
  everybody = null;
})()"""
#: From the key to the rows in the page, painted.
TYPE = """new Promise((done) => {
  const field = document.querySelector("[role=search] input[name=q]"), rows = document.getElementById("rows");
  let begun = 0;
  new MutationObserver((_, all) => { all.disconnect(); requestAnimationFrame(() => setTimeout(() => done({
    all: performance.now() - begun, came: budgetCame - budgetAsked, asked: budgetAsked - begun}))); })
    .observe(rows, {childList: true, subtree: true});
  document.addEventListener("htmx:beforeSend", () => { window.budgetAsked = performance.now(); }, {once: true});
  document.addEventListener("htmx:beforeOnLoad", () => { window.budgetCame = performance.now(); }, {once: true});
  field.focus();
  field.value = "TYPED";
  begun = performance.now();
  field.dispatchEvent(new Event("input", {bubbles: true}));
  field.dispatchEvent(new KeyboardEvent("keyup", {bubbles: true}));
})"""
#: Common parts of names, rare ones, and one that nobody has: the more are found, the sooner the search may stop.
TYPED = ("sri", "wahyuni", "zulfa ha", "har su", "xyz")


def start_page(phone: Phone, server: Server, runs: int) -> Figures:
    """As the installed application begins: the copy at once, with a network and without; the worker asleep."""
    found = Figures()
    for _ in range(runs):
        for name in ("repeat", "offline"):
            phone.use_line(offline=name == "offline")
            page = phone.new_page()
            if phone.worker:
                phone.stop_worker(page)
            report = phone.visit(page, server.address + START)
            found.note(**{f"{name}_paint": report["paint"], f"{name}_usable": report["usable"]})
            phone.browser.wait(1)
            phone.close_page(page)
    phone.use_line(offline=False)
    return found


def idle_hour(phone: Phone, server: Server) -> int:
    """Bytes in both directions of an open page in the hour after it was opened, by clocks that run faster."""
    page = phone.new_page()
    phone.visit(page, server.address + "/")
    worker = awake(phone)
    phone.quiet(page, worker, seconds=2)
    phone.ask(worker, REFRESH)  # what the programme itself has changed meanwhile is no part of an idle hour
    phone.ask(worker, f"(() => {{ const now = Date.now; Date.now = () => now() + {HOUR_MS}; }})()")
    before = page.bytes + worker.bytes + worker.uploads
    ended: list[bool] = []

    def listener(event: dict[str, Any]) -> None:
        if event["method"] == "Emulation.virtualTimeBudgetExpired":
            ended.append(True)

    phone.browser.listeners.append(listener)
    phone.browser.call("Emulation.setVirtualTimePolicy", page.session, policy="advance", budget=HOUR_MS + 60_000)
    phone.browser.until(lambda: ended, 120, "a simulated hour")
    phone.browser.listeners.remove(listener)
    phone.quiet(page, worker, seconds=2)
    phone.close_page(page)
    return page.bytes + worker.bytes + worker.uploads - before


def search(phone: Phone, server: Server, count: int) -> dict[str, float]:
    """Medians in milliseconds: within the worker, and from the key to the painted rows (with the wait of the page)."""
    worker = awake(phone)
    people = phone.ask(worker, MULTIPLY.replace("COUNT", str(count)))
    inside = [_timed_in_worker(phone, typed) for typed in TYPED for _ in range(2)]
    phone.use_line(offline=True)
    page = phone.new_page()
    phone.visit(page, server.address + "/people")
    taken = []
    for typed in TYPED:
        taken.append(phone.ask(page, TYPE.replace("TYPED", typed)))
        phone.browser.wait(0.5)
    phone.close_page(page)
    heap = phone.heap(awake(phone))
    phone.ask(awake(phone), DIVIDE)
    phone.use_line(offline=False)
    whole = [one["all"] for one in taken]
    waited = [one["asked"] for one in taken]
    return {
        "people": people,
        "worker": statistics.median(inside),
        "came": statistics.median(one["came"] for one in taken),
        "heap": heap,
        "waited": statistics.median(waited),
        "answer": statistics.median(a - w for a, w in zip(whole, waited, strict=True)),
    }


def _timed_in_worker(phone: Phone, typed: str) -> float:
    return float(phone.ask(awake(phone), FIND.replace("TYPED", typed)))


def after_a_change(phone: Phone, server: Server) -> tuple[int, int]:
    """Bytes that come and go when one person of a copied village has changed."""
    page = phone.new_page()
    phone.visit(page, server.address + "/")
    worker = awake(phone)
    phone.quiet(page, worker, seconds=2)
    phone.ask(worker, REFRESH)
    prepared.change_somebody(server)
    came, went = worker.bytes, worker.uploads
    phone.ask(worker, REFRESH)
    phone.quiet(page, worker)
    phone.close_page(page)
    return worker.bytes - came, worker.uploads - went


def preparing(new_phone: Callable[[], Phone], server: Server, patience: float) -> tuple[Phone, dict[str, float]]:
    """A phone with the whole village on it, and what that cost."""
    phone, begun = new_phone(), time.monotonic()
    cost = visits.prepare(phone, server, patience)
    return phone, cost | {"seconds": time.monotonic() - begun}
