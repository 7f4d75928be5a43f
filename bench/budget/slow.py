"""Makes the renderers of a browser a given factor slower, by stopping and continuing them: python -m bench.budget.slow.

Chromium's own `Emulation.setCPUThrottlingRate` slows the main thread of a page and refuses service workers
("Operation is only supported for pages, not workers"). This reaches every thread of their processes: page, service
worker, compositor, garbage collection. Linux only, since it reads /proc.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

#: How long the renderers run before they rest for (factor - 1) times as long, in seconds. Shorter turns would cost more
#: than they let run: the phone would be slower than it is said to be.
RUN, RESCAN = 0.004, 0.05


def main(browser: int, factor: float) -> None:
    """Until the browser or whoever started us has ended."""
    parent, found, looked = os.getppid(), set[int](), 0.0
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    try:
        while os.getppid() == parent:
            begun = time.perf_counter()
            if begun - looked > RESCAN:
                found, looked = renderers(browser), begun
            _send(found, signal.SIGCONT)
            time.sleep(RUN)
            _send(found, signal.SIGSTOP)
            time.sleep((time.perf_counter() - begun) * (factor - 1))
    finally:
        _send(renderers(browser), signal.SIGCONT)


def renderers(browser: int) -> set[int]:
    return {pid for pid in _below(browser) if b"--type=renderer" in _read(f"/proc/{pid}/cmdline")}


def _below(pid: int) -> list[int]:
    """Children, and theirs: a zygote stands between a browser and its renderers."""
    lists = Path(f"/proc/{pid}/task").glob("*/children")
    children = [int(child) for one in lists for child in _read(str(one)).split()]
    return children + [below for child in children for below in _below(child)]


def _read(path: str) -> bytes:
    with suppress(OSError):
        return Path(path).read_bytes()
    return b""


def _send(pids: set[int], number: int) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
