"""`make setup`: what tests and checks need; `make install`: only what a server needs. Standard library only."""

from __future__ import annotations

import sys

from tools.progress import SetUpError
from tools.run import set_up

if __name__ == "__main__":
    try:
        set_up(developing="--serving" not in sys.argv)
    except SetUpError as error:
        sys.exit(f"\n{error}")
