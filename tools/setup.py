"""`make setup`: what tests and checks need, fetched once. Standard library only."""

from __future__ import annotations

import sys

from tools.progress import SetUpError
from tools.run import set_up

if __name__ == "__main__":
    try:
        set_up(developing=True)
    except SetUpError as error:
        sys.exit(f"\n{error}")
