"""Tests start the programme in processes of its own, again and again; it is compiled once for all of them.

Only where Python is told to leave no bytecode beside the code, as on this project's servers: compiling is then almost
a third of each start. Here the bytecode lies in memory as long as the tests run. Elsewhere Python keeps it by itself.
"""

from __future__ import annotations

import atexit
import os
import shutil
import sys
from importlib.util import cache_from_source
from pathlib import Path

from tests.databases import in_memory


def keep() -> None:
    """For all processes that this one starts, also for those of xdist."""
    if not os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):
        return
    folder = in_memory("dmpyc")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["PYTHONPYCACHEPREFIX"] = str(folder)
    sys.pycache_prefix, before = str(folder), sys.pycache_prefix
    try:
        _offer_what_is_installed()
    finally:
        sys.pycache_prefix = before


def _offer_what_is_installed() -> None:
    """Libraries were compiled when they were installed, and beside their code nobody would look for that any more."""
    for module in list(sys.modules.values()):
        spec = getattr(module, "__spec__", None)
        if spec and spec.origin and spec.cached and Path(spec.cached).is_file():
            link = Path(cache_from_source(spec.origin))
            link.parent.mkdir(parents=True, exist_ok=True)
            if not link.is_symlink():
                link.symlink_to(spec.cached)
