"""A form as a phone sends it that had kept it."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

HOUR_MS = 3_600_000
#: A phone whose clock says 1 January 2020, an hour after the form was finished.
SENT_AT = 1_577_836_800_000
LATER = {"Saved-Form": "later", "Saved-At": str(SENT_AT - HOUR_MS), "Sent-At": str(SENT_AT)}
NOW = LATER | {"Saved-Form": "now"}


def send(
    client: FlaskClient, path: str, fields: dict[str, Any], *, key: str = "", how: dict[str, str] = LATER
) -> TestResponse:
    return client.post(path, data={"client_id": key or str(uuid4()), **fields}, headers=how)


def hand_over(client: FlaskClient, path: str, *, title: str = "Catatan", **changes: Any) -> TestResponse:
    """What was answered 'no such person' or 'no longer so'."""
    fields = {
        "path": path,
        "title": title,
        "reason": "Halaman ini tidak ada",
        "words": json.dumps([["Catatan", "Sudah ke Cilacap"], ["NIK", "3301062005900001"]]),
        "body": "words=Sudah+ke+Cilacap",
    }
    return send(client, "/kept-forms", fields | changes)
