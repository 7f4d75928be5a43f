"""`make icons`: the pictures of the installed application, drawn anew from static/favicon.svg and static/icons.svg.

A phone cuts a maskable icon into a circle, a drop or a square: the ground reaches every edge, and the motif stays
within the circle of four fifths that no phone cuts. The shortcuts' icons are drawn like it.

A browser fetches one of them on the first visit, to offer the installation: few colours make a third of the bytes.
"""

from __future__ import annotations

import io
import os
import re
import sys

from PIL import Image
from playwright.sync_api import Browser, Error, sync_playwright

from tools import chromium
from tools.progress import ROOT, SetUpError

STATIC = ROOT / "static"
GROUND, LIGHT = "#0c4a55", "#fbf6ea"
SIZES = (192, 512)
#: The petals' tips are farthest from the middle: 16.3 of 32, which must become less than 12.8.
KAWUNG_SCALE = 0.75
#: Symbols of 24 within the same circle.
SYMBOL_SCALE = 0.7
SHORTCUT_SIZE = 96
#: Two colours, and what stands between them at their edges.
COLOURS = 64
SHORTCUTS = {"install/shortcut-register.png": "people", "install/shortcut-queue.png": "sending"}


def main() -> None:
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=chromium.find_or_install(), args=chromium.flags(), chromium_sandbox=os.geteuid() != 0
            )
            for size in SIZES:
                draw(browser, f"icon-{size}.png", size, favicon())
                draw(browser, f"icon-maskable-{size}.png", size, full_bleed(motif(), 32, KAWUNG_SCALE))
            for name, symbol in SHORTCUTS.items():
                draw(browser, name, SHORTCUT_SIZE, full_bleed(drawing(symbol), 24, SYMBOL_SCALE))
    except (SetUpError, Error) as error:
        sys.exit(str(error))


def favicon() -> str:
    return (STATIC / "favicon.svg").read_text(encoding="utf-8")


def motif() -> str:
    """The four palm fruits of the favicon without its ground."""
    return favicon().partition("/>")[2].strip().removesuffix("</svg>")


def drawing(symbol: str) -> str:
    """What one symbol of icons.svg holds, in the light colour."""
    found = re.search(rf'<symbol id="{symbol}"[^>]*>(.*?)</symbol>', (STATIC / "icons.svg").read_text(encoding="utf-8"))
    if found is None:
        raise SetUpError(f"static/icons.svg has no symbol {symbol}.")
    return found[1].replace("currentColor", LIGHT)


def full_bleed(inner: str, box: int, scale: float) -> str:
    """`inner`, drawn for a square of `box`, made smaller in the middle of a ground without edges."""
    place = f"translate({box / 2} {box / 2}) scale({scale}) translate({-box / 2} {-box / 2})"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {box} {box}">'
        f'<rect width="{box}" height="{box}" fill="{GROUND}"/><g transform="{place}">{inner}</g></svg>'
    )


def draw(browser: Browser, name: str, size: int, svg: str) -> None:
    """As PNG; where nothing is drawn it is see-through, unless the ground covers all."""
    page = browser.new_page(viewport={"width": size, "height": size})
    sized = svg.replace("<svg ", f'<svg width="{size}" height="{size}" ', 1)
    page.set_content(f"<style>body{{margin:0}} svg{{display:block}}</style>{sized}")
    file = STATIC / name
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(in_few_colours(page.screenshot(omit_background=svg == favicon())))
    page.close()
    print(f"{file.relative_to(ROOT)}  {file.stat().st_size / 1000:.1f} kB")


def in_few_colours(png: bytes) -> bytes:
    picture, small = Image.open(io.BytesIO(png)), io.BytesIO()
    picture.quantize(COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(small, "PNG", optimize=True)
    return small.getvalue()


if __name__ == "__main__":
    main()
