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
from tools.run import demo_accounts, port_of

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
    """One page as somebody of the demonstration sees it; `who` is a user name, '' for a visitor.

    `follow` are links to click first, one after the other, for pages whose number is not known; `part` is scrolled to
    the top, on a desk only where the page is shown on nothing else. `sizes`: not every page is shown in both.
    """

    name: str
    who: str
    path: str
    follow: tuple[str, ...] = ()
    part: str = ""
    sizes: tuple[str, ...] = ("phone", "desk")


#: Of the list of warnings: what was sent to all, and what names a company.
ADVICE, COMPANY = (f'a.row[href^="/warnings/"]:has-text("{words}")' for words in ("Dokumen asli", "izin"))
#: Of the list of broadcasts: what went out, and what waits for a second officer.
SENT, WAITING = (f'a.row[href^="/broadcasts/"]:has-text("{words}")' for words in ("Bursa kerja", "Mandarin"))
PICTURES = (
    Picture("login", "", "/login"),
    Picture("today", "siti", "/"),
    Picture("people", "siti", "/people"),
    Picture("departure", "siti", "/", follow=('a.row[href*="/departures/"]',), part="#papers"),
    Picture("inbox", "siti", "/inbox", sizes=("phone",)),
    Picture("help", "siti", "/cases", follow=('a.row[href*="/cases/"]',), sizes=("phone",)),
    Picture("check", "siti", "/agencies?q=PT+Bayangan+Citra+(contoh)", part="main form", sizes=("phone",)),
    Picture("coordinator", "ratna", "/"),
    Picture(
        "report", "ratna", "/broker-reports?show=referred", follow=('a.row[href^="/broker-reports/"]',), sizes=("desk",)
    ),
    Picture(
        "network",
        "ratna",
        "/broker-clusters",
        follow=('a.row[href^="/broker-clusters/"]',),
        part=".onward",
        sizes=("desk",),
    ),
    Picture("poster", "ratna", "/warnings", follow=(ADVICE, 'a[href$="/poster"]'), sizes=("desk",)),
    Picture("warning", "wulan", "/warnings", follow=(COMPANY,), sizes=("desk",)),
    Picture("compose", "ratna", "/broadcasts/new?area=33.01", sizes=("desk",)),
    Picture("sent", "ratna", "/broadcasts", follow=(SENT,)),
    Picture("approval", "wulan", "/broadcasts", follow=(WAITING,), sizes=("phone",)),
    Picture("simulator", "ratna", "/simulator"),
    Picture("routes", "agus", "/routes", sizes=("desk",)),
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
    for who in dict.fromkeys(picture.who for picture in PICTURES):
        with logged_in(browser, address, who, settings) as page:
            for picture in (p for p in PICTURES if p.who == who and size in p.sizes):
                take(page, picture, address, size)


def take_queue(browser: Browser, address: str) -> None:
    """Three forms without a signal. They never reach the demonstration: the browser is closed before there is one."""
    with logged_in(browser, address, "siti", PHONE) as page:
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
def logged_in(browser: Browser, address: str, who: str, settings: dict[str, object]) -> Iterator[Page]:
    """A browser of its own; who '' is somebody who has not logged in."""
    context = browser.new_context(base_url=address, locale="id-ID", timezone_id="Asia/Jakarta", **settings)  # type: ignore[arg-type]  # of two shapes
    page = context.new_page()
    if who:
        password = next(one.password for one in demo_accounts() if one.username == who)
        page.goto("/login")
        page.fill("[name=username]", who)
        page.fill("[name=password]", password)
        page.click("main form button[type=submit]")
        # Not everybody comes to the same page.
        page.wait_for_url(lambda url: not url.endswith("/login"))
    yield page
    context.close()


def take(page: Page, picture: Picture, address: str, size: str) -> None:
    page.goto(picture.path)
    for link in picture.follow:
        page.locator(link).first.click()
    page.wait_for_load_state("networkidle")
    if picture.part and size == picture.sizes[0]:
        page.locator(picture.part).first.evaluate("part => part.scrollIntoView()")
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
