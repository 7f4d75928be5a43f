"""A facilitator's phone: a browser of its own in which the service worker works, and one that can be killed."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, Playwright, Worker

from tests.browser.browsing import PATIENCE, PHONE, new_context
from tests.people import PASSWORD
from tools import chromium

START_SECONDS = 30.0
#: What the service worker keeps, without what is sealed.
QUEUE = """async () => (await readAll("queue")).sort((one, other) => one.order - other.order).map(
  ({key, account, action, state, why, receipt, location}) => ({key, account, action, state, why, receipt, location}))"""
IS_LOGGED_IN = """async () => {
  const account = await fact("account");
  return Boolean(account) && !account.ended;
}"""
COPY = """async () => {
  if (!(await fact("account"))) await QUESTIONS.hello();
  const account = await fact("account");
  if (account) await refresh(account, true);
  return Boolean(await fact("copied")) && (await readAll("people")).length > 0;
}"""
#: What was on its way when the network came back is tried once more.
SEND = """async () => {
  await drain();
  return (await readAll("queue")).every((item) => item.state !== SENDING && item.why !== "offline");
}"""
UNSENT = "async () => (await readAll('queue')).filter((item) => UNSENT.includes(item.state)).length"


class Phone:
    """One browser before the programme at `address`."""

    def __init__(self, context: BrowserContext, page: Page, address: str) -> None:
        self.context, self.page, self.address = context, page, address

    @classmethod
    def of(cls, browser: Browser, address: str) -> Phone:
        context = new_context(browser, address, service_workers="allow")
        return cls(context, context.new_page(), address)

    def open(self, path: str) -> Page:
        self.page.goto(self.address + path)
        return self.page

    def log_in(self, username: str, password: str = PASSWORD) -> None:
        page = self.open("/login")
        page.fill("[name=username]", username)
        page.fill("[name=password]", password)
        page.click("main form button[type=submit]")
        page.wait_for_url(f"{self.address}/")

    def is_logged_in(self) -> bool:
        return bool(self.context.service_workers) and bool(self.ask(IS_LOGGED_IN))

    def wait_until_copied(self) -> None:
        """The village is on the phone, as it is now."""
        self.wait_for(COPY)

    @property
    def worker(self) -> Worker:
        until = time.monotonic() + START_SECONDS
        while not (found := [w for w in self.context.service_workers if w.url == f"{self.address}/sw.js"]):
            assert time.monotonic() < until, "there is no service worker"
            self.page.wait_for_timeout(50)
        return found[-1]

    def ask(self, script: str, argument: Any = None) -> Any:
        """The answer of this function in the service worker."""
        return self.worker.evaluate(script, argument)

    def wait_for(self, script: str, argument: Any = None) -> Any:
        """Until this is true in the service worker."""
        until = time.monotonic() + PATIENCE / 1000
        while True:
            if found := self.ask(script, argument):
                return found
            assert time.monotonic() < until, f"never true: {script}\n{self.queue()}"
            self.page.wait_for_timeout(50)

    def queue(self) -> list[dict[str, Any]]:
        """Every form on the phone, in the order of writing."""
        found: list[dict[str, Any]] = self.ask(QUEUE)
        return found

    def states(self) -> list[tuple[str, str, str]]:
        """(action, state, why) of every form."""
        return [(item["action"], item["state"], item["why"]) for item in self.queue()]

    def send(self) -> None:
        """As if the network had come back this moment."""
        self.wait_for(SEND)

    def wait_until_sent(self) -> None:
        self.page.evaluate("window.dispatchEvent(new Event('online'))")
        self.wait_for(f"async () => (await ({UNSENT})()) === 0")

    def close(self) -> None:
        self.context.close()


class KillablePhone(Phone):
    """With processes and a disk of its own."""

    def __init__(self, playwright: Playwright, folder: Path, address: str) -> None:
        self._playwright, self._folder = playwright, folder
        self._process: subprocess.Popen[bytes] | None = None
        self._browser: Browser | None = None
        super().__init__(*self._start(), address)

    def _start(self) -> tuple[BrowserContext, Page]:
        port_file = self._folder / "DevToolsActivePort"
        port_file.unlink(missing_ok=True)
        arguments = [*chromium.flags(), "--headless", "--remote-debugging-port=0", f"--user-data-dir={self._folder}"]
        self._process = subprocess.Popen(
            [chromium.find_or_install(), *arguments, "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        until = time.monotonic() + START_SECONDS
        while not (port_file.exists() and "\n" in port_file.read_text()):
            assert time.monotonic() < until, "Chromium does not start"
            time.sleep(0.05)
        port = port_file.read_text().splitlines()[0]
        self._browser = self._playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}")
        context = self._browser.contexts[0]
        context.set_default_timeout(PATIENCE)
        page = context.pages[0]
        page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # a dict of the two
        return context, page

    def start_again(self) -> None:
        self.context, self.page = self._start()

    def shut_down(self) -> None:
        """In order: what the browser still has in memory, such as the cookie of a log-in, goes to the disk."""
        assert self._process is not None
        assert self._browser is not None
        session = self._browser.new_browser_cdp_session()
        session.send("Browser.close")
        self._process.wait(START_SECONDS)

    def kill(self) -> None:
        """As the battery does it: no page and no worker is asked."""
        assert self._process is not None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        if self._browser:
            with contextlib.suppress(Exception):
                self._browser.close()

    def close(self) -> None:
        self.kill()
