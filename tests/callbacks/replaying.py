"""Posts the events of a file again and again, in random order, as a process of its own.

python -m tests.callbacks.replaying DATABASE_URL FILE TIMES SEED
"""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path

from tests.callbacks.phone_events import post
from tests.conftest import settings_for
from webapp import create_app

ROUTE = "hp-kroya"


def replay(url: str, file: Path, times: int, seed: int) -> None:
    """Raises AssertionError for an answer other than 204."""
    app = create_app(settings_for(url))
    events, chance = json.loads(file.read_text()) * times, random.Random(seed)
    chance.shuffle(events)
    client = app.test_client()
    for event in events:
        with app.app_context():
            answer = post(client, ROUTE, event)
        assert answer.status_code == 204, answer.status


if __name__ == "__main__":
    replay(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
