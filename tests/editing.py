"""What a form carries unseen when it is opened, as a browser sends it along."""

from __future__ import annotations

import html
import re

from flask.testing import FlaskClient

HIDDEN = re.compile(r'<input type="hidden" name="((?:was-|keep-)?[a-z_]+)" value="([^"]*)">')


def carried(page: str) -> dict[str, str | list[str]]:
    """Name → value, or all values of a name that stands there more than once."""
    found: dict[str, str | list[str]] = {}
    for name, value in HIDDEN.findall(page):
        if name in ("version", "asked") or name.startswith(("was-", "keep-")):
            values = [*found.get(name, []), html.unescape(value)]
            found[name] = values if name == "asked" else values[0]
    return found


def opened(client: FlaskClient, path: str) -> dict[str, str | list[str]]:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return carried(answer.text)
