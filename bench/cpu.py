"""CPU seconds of whole families of processes, from /proc (Linux)."""

from __future__ import annotations

import os
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


class Processes:
    """Some processes and all that descend from them, ended children included."""

    def __init__(self, *pids: int) -> None:
        self._pids = pids

    def cpu_seconds(self) -> float:
        fields = {int(path.name): _fields(path) for path in Path("/proc").iterdir() if path.name.isdigit()}
        family = set(self._pids)
        while more := {pid for pid, f in fields.items() if f and int(f[1]) in family} - family:
            family |= more
        # user, system, and of ended children that were waited for: user, system
        return sum(sum(int(ticks) for ticks in fields[pid][11:15]) for pid in family if fields.get(pid)) / TICKS


def _fields(process: Path) -> list[str]:
    """What follows the name in `stat`; nothing if the process has just ended."""
    try:
        return (process / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []
