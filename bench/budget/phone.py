"""A cheap phone on 2G: every page and every service worker of it is slowed, and what each loads is counted."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from bench.budget import cdp
from bench.budget.cdp import Chromium, Message, ProtocolError
from tools.progress import ROOT

#: Slower than this machine; bytes a second, both ways; milliseconds there and back.
CPU, RATE, ROUND_TRIP_MS = 6.0, 50_000, 400
SCREEN = {"width": 360, "height": 640, "deviceScaleFactor": 2, "mobile": True}
LINE = {"latency": ROUND_TRIP_MS, "downloadThroughput": RATE, "uploadThroughput": RATE}
NO_LINE = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}

#: Usable: DOMContentLoaded is done (so deferred scripts have run), something is painted, and the main thread had no
#: task of 50 ms or more for 200 ms. The time is that at which this quiet began.
WATCH = """(() => {
  const QUIET = 200;
  let last = 0;
  const first = (entries) => entries[0] || {};
  const tasks = (list) => list.forEach((one) => { last = Math.max(last, one.startTime + one.duration); });
  const watched = new PerformanceObserver((found) => tasks(found.getEntries()));
  watched.observe({type: "longtask", buffered: true});
  const look = () => {
    tasks(watched.takeRecords());
    const {startTime: paint} = first(performance.getEntriesByName("first-contentful-paint"));
    const {name: at, domContentLoadedEventEnd: ready} = first(performance.getEntriesByType("navigation"));
    const from = Math.max(ready, paint, last);
    if (!ready || !paint || performance.now() - from < QUIET) return setTimeout(look, 50);
    budgetUsable(JSON.stringify({paint, usable: from, ready, at, sign: document.body.dataset.sign || ""}));
  };
  look();
})()"""


@dataclass
class Target:
    """A page or a service worker, and what it has loaded: address → bytes, headers included."""

    kind: str
    target_id: str
    session: str
    addresses: dict[str, str] = field(default_factory=dict)
    uploads: int = 0
    loaded: list[tuple[str, int]] = field(default_factory=list)
    waiting: set[str] = field(default_factory=set)
    by_worker: set[str] = field(default_factory=set)
    #: What WATCH said of the page that is open.
    reports: list[Message] = field(default_factory=list)
    stopped: bool = False

    @property
    def bytes(self) -> int:
        return sum(size for _, size in self.loaded)


class Phone:
    """A browser context with its pages and workers. Its line can be cut, its worker stopped."""

    def __init__(self, browser: Chromium, cookies: list[dict[str, str]], *, slow_line: bool = True) -> None:
        self.browser = browser
        self.targets: list[Target] = []
        self.line: Message = {"offline": False, **(LINE if slow_line else NO_LINE)}
        self._context = browser.call("Target.createBrowserContext")["browserContextId"]
        browser.call("Storage.setCookies", cookies=cookies, browserContextId=self._context)
        browser.listeners.append(self._heard)

    def close(self) -> None:
        self.browser.listeners.remove(self._heard)
        self.browser.call("Target.disposeBrowserContext", browserContextId=self._context)

    def new_page(self) -> Target:
        known = len(self._alive("page"))
        self.browser.call("Target.createTarget", url="about:blank", browserContextId=self._context)
        self.browser.until(lambda: len(self._alive("page")) > known, 20, "a new page")
        page = self._alive("page")[-1]
        self.ask(page, "1")  # what was posted to it has been done
        return page

    def close_page(self, page: Target) -> None:
        self.browser.call("Target.closeTarget", targetId=page.target_id)
        self.browser.until(lambda: page not in self.targets, 20, "closing a page")

    def visit(self, page: Target, address: str, seconds: float = 60) -> Message:
        """Open it and wait until it is usable."""
        page.reports.clear()
        page.loaded.clear()
        answer = self.browser.call("Page.navigate", page.session, url=address)
        if "errorText" in answer:
            raise ProtocolError(f"{address}: {answer['errorText']}")
        # The page before may still say that it is usable.
        self.browser.until(lambda: any(one["at"] == address for one in page.reports), seconds, address)
        return next(one for one in page.reports if one["at"] == address)

    def quiet(self, *targets: Target, seconds: float = 1.0, patience: float = 90) -> None:
        """Wait until these have loaded nothing for so long."""
        seen = -1
        for _ in range(int(patience / seconds)):
            now = sum(len(one.addresses) for one in targets)
            if now == seen and not any(one.waiting for one in targets):
                return
            seen = now
            self.browser.wait(seconds)

    @property
    def worker(self) -> Target | None:
        found = [one for one in self._alive("service_worker") if not one.stopped]
        return found[-1] if found else None

    def use_line(self, **changes: Any) -> None:
        """For what is open and for what will be."""
        self.line.update(changes)
        for one in self.targets:
            if one.stopped:
                continue
            self.browser.call("Network.emulateNetworkConditions", one.session, **self.line)

    def stop_worker(self, page: Target) -> None:
        self.browser.call("ServiceWorker.enable", page.session)
        self.browser.call("ServiceWorker.stopAllWorkers", page.session)
        self.browser.until(lambda: self.worker is None, 20, "stopping the service worker")

    def heap(self, target: Target) -> int:
        """Bytes of JavaScript objects that are in use."""
        self.browser.call("HeapProfiler.collectGarbage", target.session)
        return int(self.browser.call("Runtime.getHeapUsage", target.session)["usedSize"])

    def ask(self, target: Target, expression: str) -> Any:
        answer = self.browser.call(
            "Runtime.evaluate", target.session, expression=expression, awaitPromise=True, returnByValue=True
        )
        if "exceptionDetails" in answer:
            raise ProtocolError(json.dumps(answer["exceptionDetails"])[:400])
        return answer["result"].get("value")

    def _alive(self, kind: str) -> list[Target]:
        return [one for one in self.targets if one.kind == kind]

    def _heard(self, event: Message) -> None:
        method, params = event["method"], event["params"]
        if method == "Target.attachedToTarget":
            self._attached(params)
        elif method == "Target.detachedFromTarget":
            self.targets = [one for one in self.targets if one.session != params["sessionId"]]
        elif own := next((one for one in self.targets if one.session == event.get("sessionId")), None):
            if method.startswith("Inspector.target"):
                self._stopped_or_started(own, method)
            else:
                _count(own, method, params)

    def _stopped_or_started(self, worker: Target, method: str) -> None:
        """A worker that was stopped keeps its session; the next one of the same script gets it."""
        worker.stopped = method == "Inspector.targetCrashed"
        if not worker.stopped:
            self._make_slow(worker.session)
            self.browser.post("Runtime.runIfWaitingForDebugger", worker.session)

    def _make_slow(self, session: str) -> None:
        self.browser.post("Network.enable", session, maxPostDataSize=1_000_000)
        self.browser.post("Network.emulateNetworkConditions", session, **self.line)

    def _attached(self, params: Message) -> None:
        info, session = params["targetInfo"], params["sessionId"]
        if info.get("browserContextId") != self._context:
            return
        self.targets.append(Target(info["type"], info["targetId"], session))
        post = self.browser.post
        self._make_slow(session)
        if info["type"] == "page":
            post("Page.enable", session)
            post("Runtime.enable", session)
            post("Runtime.addBinding", session, name="budgetUsable")
            post("Page.addScriptToEvaluateOnNewDocument", session, source=WATCH)
            post("Emulation.setDeviceMetricsOverride", session, **SCREEN)
            post("Emulation.setTouchEmulationEnabled", session, enabled=True)
        post("Runtime.runIfWaitingForDebugger", session)


def _count(own: Target, method: str, params: Message) -> None:
    number = params.get("requestId", "")
    if method == "Network.requestWillBeSent":
        if "redirectResponse" in params:
            own.loaded.append((own.addresses[number], int(params["redirectResponse"]["encodedDataLength"])))
        own.addresses[number] = params["request"]["url"]
        own.uploads += len(params["request"].get("postData", ""))
        own.waiting.add(number)
    elif method == "Network.responseReceived":
        # Of what a page asks for while its process starts, Chromium tells only the answer.
        own.addresses.setdefault(number, params["response"]["url"])
        if params["response"].get("fromServiceWorker"):
            own.by_worker.add(number)
    elif method == "Network.loadingFinished" and number in own.addresses:
        own.waiting.discard(number)
        # What a worker hands over has travelled to the worker, if at all.
        if number not in own.by_worker:
            own.loaded.append((own.addresses[number], int(params["encodedDataLength"])))
    elif method == "Network.loadingFailed":
        own.waiting.discard(number)
    elif method == "Runtime.bindingCalled" and params["name"] == "budgetUsable":
        own.reports.append(json.loads(params["payload"]))


@contextmanager
def slow_browser(factor: float = CPU) -> Iterator[Chromium]:
    """A Chromium whose renderers are so much slower than this machine."""
    with cdp.started() as browser, slowed(browser, factor):
        browser.call("Target.setAutoAttach", autoAttach=True, waitForDebuggerOnStart=True, flatten=True)
        yield browser


@contextmanager
def slowed(browser: Chromium, factor: float) -> Iterator[None]:
    if factor <= 1:
        yield
        return
    command = [sys.executable, "-m", "bench.budget.slow", str(browser.process.pid), str(factor)]
    helper = subprocess.Popen(command, cwd=ROOT)
    try:
        yield
    finally:
        helper.terminate()
        helper.wait(5)
