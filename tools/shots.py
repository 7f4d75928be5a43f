"""`make shots`: the README's pictures and those of the offer to install, taken of a running demonstration.

`make run` in another window starts one.

As WebP, which a browser makes by itself and which keeps letters sharp at a fraction of a PNG's bytes.
PORT says where the demonstration listens.
"""

from __future__ import annotations

import base64
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Error, Page, sync_playwright

from tools import chromium
from tools.progress import ROOT, SetUpError
from tools.run import DEMO_ACCOUNTS, demo_accounts, port_of

FOLDER = ROOT / "docs" / "pictures"
LARGEST = 120_000
#: What the manifest names: shown before somebody installs, on a slow line.
INSTALL_FOLDER = ROOT / "static" / "install"
INSTALL_LARGEST = 60_000
INSTALL = ("today-phone", "departure-phone", "coordinator-desk")
QUALITIES = (90, 80, 70, 60, 50, 40)
PHONE_SCALE = 2
PHONE = {
    "viewport": {"width": 360, "height": 640},
    "device_scale_factor": PHONE_SCALE,
    "has_touch": True,
    "is_mobile": True,
}
#: How long a phone may take to copy the village of the demonstration.
COPYING_MS = 15_000
DESK = {"viewport": {"width": 1280, "height": 800}, "device_scale_factor": 1}


@dataclass(frozen=True)
class Picture:
    """One page as one role sees it.

    `follow` are links to click first, for pages whose number is not known; `part` is scrolled to the top of a phone.
    """

    name: str
    role: str
    path: str
    follow: tuple[str, ...] = ()
    part: str = ""
    sizes: tuple[str, ...] = ("phone", "desk")


LAST_REPORT = 'a.row[href*="/broker-reports/"] >> nth=-1'
LAST_WARNING = 'a.row[href*="/warnings/"] >> nth=-1'
PICTURES = (
    Picture("login", "", "/login"),
    Picture("today", "facilitator", "/"),
    Picture("people", "facilitator", "/people"),
    Picture("departure", "facilitator", "/", follow=('a.row[href*="/departures/"]',), part="#papers"),
    Picture("call", "facilitator", "/", follow=('a.row[href*="/cases/"]',), sizes=("phone",)),
    Picture("inbox", "facilitator", "/inbox", sizes=("phone",)),
    Picture("agencies", "facilitator", "/agencies?q=PT+Contoh+Jaya", sizes=("phone",)),
    Picture("coordinator", "coordinator", "/"),
    Picture("report", "coordinator", "/broker-reports?show=all", follow=(LAST_REPORT,), sizes=("desk",)),
    Picture(
        "network", "coordinator", "/broker-clusters", follow=('a.row[href*="/broker-clusters/"]',), sizes=("desk",)
    ),
    Picture("warning", "coordinator", "/warnings", follow=('a.row[href*="/warnings/"]',), sizes=("desk",)),
    Picture("poster", "coordinator", "/warnings", follow=(LAST_WARNING, 'a[href$="/poster"]'), sizes=("desk",)),
    Picture("simulator", "coordinator", "/simulator"),
    Picture("routes", "administrator", "/routes", sizes=("desk",)),
)


def main() -> None:
    address = f"http://127.0.0.1:{port_of(os.environ)}"
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=chromium.find_or_install(), args=chromium.flags(), chromium_sandbox=os.geteuid() != 0
            )
            for size, settings in (("phone", PHONE), ("desk", DESK)):
                take_all(browser, address, size, settings)
            take_queue(browser, address)
    except (SetUpError, Error) as error:
        sys.exit(f"{error}\nIs the demonstration running at {address}? Start it with `make run`.")


def take_all(browser: Browser, address: str, size: str, settings: dict[str, object]) -> None:
    for role in dict.fromkeys(picture.role for picture in PICTURES if size in picture.sizes):
        with logged_in(browser, address, role, settings) as page:
            for picture in (p for p in PICTURES if p.role == role and size in p.sizes):
                take(page, picture, address, size)


def take_queue(browser: Browser, address: str) -> None:
    """Three forms without a signal. They never reach the demonstration: the browser is closed before there is one."""
    with logged_in(browser, address, "facilitator", PHONE) as page:
        page.wait_for_function("navigator.serviceWorker.controller !== null")
        page.goto("/people")
        person = page.locator("a.row.is-person").first.get_attribute("href")
        page.wait_for_timeout(COPYING_MS)
        page.context.set_offline(True)
        for words in ("Ibunya minta ditelepon setelah Asar", "Paspor sudah diambil di Kantor Imigrasi"):
            page.goto(f"{person}")
            page.fill("#words", words)
            with page.expect_navigation():
                page.click("form[action$='/notes'] button")
        page.goto("/")
        page.locator('a.row[href*="/departures/"]').first.click()
        page.locator(".tick").first.click()
        page.wait_for_timeout(1000)
        page.goto("/antrean")
        page.wait_for_selector(".queue-item")
        page.locator("h1").evaluate("heading => heading.scrollIntoView()")
        keep(page, PHONE_SCALE, FOLDER / "queue-phone.webp", LARGEST)


@contextmanager
def logged_in(browser: Browser, address: str, role: str, settings: dict[str, object]) -> Iterator[Page]:
    """A browser of its own; role '' is somebody who has not logged in."""
    context = browser.new_context(base_url=address, locale="id-ID", **settings)  # type: ignore[arg-type]  # of two shapes
    page = context.new_page()
    if role:
        username, password = next((u, p) for r, u, p in demo_accounts(DEMO_ACCOUNTS) if r == role)
        page.goto("/login")
        page.fill("[name=username]", username)
        page.fill("[name=password]", password)
        page.click("main form button[type=submit]")
        page.wait_for_url(lambda url: "/login" not in url)
    yield page
    context.close()


def take(page: Page, picture: Picture, address: str, size: str) -> None:
    page.goto(picture.path)
    for link in picture.follow:
        page.locator(link).first.click()
        page.wait_for_load_state("networkidle")
    page.wait_for_load_state("networkidle")
    if picture.part and size == "phone":
        page.locator(picture.part).evaluate("part => part.scrollIntoView()")
    name, scale = f"{picture.name}-{size}", PHONE_SCALE if size == "phone" else 1
    keep(page, scale, FOLDER / f"{name}.webp", LARGEST)
    if name in INSTALL:
        keep(page, scale, INSTALL_FOLDER / f"{name}.webp", INSTALL_LARGEST)


def keep(page: Page, scale: int, file: Path, largest: int) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(shrunk(page, scale, largest))
    print(f"{file.relative_to(ROOT)}  {file.stat().st_size / 1000:.0f} kB")


def shrunk(page: Page, scale: int, largest: int) -> bytes:
    """What the window shows, as WebP of the best quality that stays below so many bytes."""
    session = page.context.new_cdp_session(page)
    # Without a clip Chromium gives one dot for each of the page's, however fine the screen is said to be; and after
    # one with a clip the page takes it for a coarse one, so the scale is not asked of the page.
    clip = page.evaluate("scale => ({x: 0, y: scrollY, width: innerWidth, height: innerHeight, scale})", scale)
    for quality in QUALITIES:
        answer = session.send("Page.captureScreenshot", {"format": "webp", "quality": quality, "clip": clip})
        image = base64.b64decode(answer["data"])
        if len(image) <= largest:
            break
    return image


if __name__ == "__main__":
    main()
