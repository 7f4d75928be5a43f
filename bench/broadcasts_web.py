"""One web process beside the worker: prints the median seconds of its pages over some time.

SECONDS=12 python -m bench.broadcasts_web URL
"""

from __future__ import annotations

import os
import statistics
import sys
import time

from bench.people import logged_in
from webapp import create_app
from webapp.config import Settings

PAGES = ("/people", "/broadcasts")


def main() -> None:
    app = create_app(
        Settings(sys.argv[1], secret_key="bench" * 8, encryption_keys=(("b", b"b" * 32),), log_level="WARNING")
    )
    client = logged_in(app, "satu")
    for page in PAGES:
        client.get(page)
    took, until = [], time.monotonic() + float(os.environ["SECONDS"])
    while time.monotonic() < until:
        for page in PAGES:
            begun = time.perf_counter()
            assert client.get(page).status_code == 200
            took.append(time.perf_counter() - begun)
        # As people click: a page, then reading.
        time.sleep(0.05)
    print(statistics.median(took))


if __name__ == "__main__":
    main()
