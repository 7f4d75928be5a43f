"""`make bench`: every benchmark in one run, since only figures of one run can be compared.

python -m bench [dispatch|expansion|people|answering|lists|broadcasts …]
"""

from __future__ import annotations

import subprocess
import sys

ALL = ("dispatch", "expansion", "people", "answering", "lists", "broadcasts")


def main() -> None:
    chosen = sys.argv[1:] or ALL
    if unknown := set(chosen) - set(ALL):
        sys.exit(f"There is no benchmark {', '.join(sorted(unknown))}; there are {', '.join(ALL)}.")
    for name in chosen:
        print(f"\n== {name}", flush=True)
        # A process of its own for each: none runs in the warm memory of another.
        if code := subprocess.call([sys.executable, "-m", f"bench.{name}"]):
            sys.exit(code)


if __name__ == "__main__":
    main()
