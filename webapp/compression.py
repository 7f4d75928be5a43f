"""Pages travel compressed: most phones here are on 2G or 3G.

**Why this leaks nothing (BREACH).** Who watches the length of encrypted answers while making a browser ask
for pages with guesses in their address, can learn what else stands on the page, letter by letter: the guess
that repeats it makes the answer shorter. It needs all three: compression, something secret, and a request that
another site can make. We take away the third: an answer is compressed only if the request came from our own
pages or was typed by the person (`Sec-Fetch-Site`, which every browser since 2023 sends over TLS, or else the
`Referer`). A request from elsewhere gets the same page uncompressed, whose length tells nothing of a guess.
"""

from __future__ import annotations

import gzip
from functools import lru_cache
from urllib.parse import urlsplit

import brotli
from flask import Flask, request
from werkzeug.wrappers import Response

SMALLEST = 400
#: Beyond this the last few per cent cost more time than they save.
BROTLI_QUALITY, GZIP_LEVEL = 5, 6
#: The one script that is no static file, the service worker: the same for everybody, so it is compressed well, once.
SCRIPT, SCRIPT_QUALITY = "text/javascript", 11
TYPES = ("text/html", "text/plain", "text/css", "text/csv", "text/javascript", "application/json")


def init_app(app: Flask) -> None:
    app.after_request(compress)


def compress(response: Response) -> Response:
    """Brotli or gzip, as the browser takes it, for texts that are worth it."""
    if response.mimetype not in TYPES or response.direct_passthrough or response.is_streamed:
        return response
    response.vary.add("Accept-Encoding")
    encoding = request.accept_encodings.best_match(["br", "gzip"])
    if encoding is None or "Content-Encoding" in response.headers or not asked_by_ourselves():
        return response
    body, kind = response.get_data(), (response.mimetype, encoding)
    if len(body) >= SMALLEST:
        response.set_data(_encoded_script(body) if kind == (SCRIPT, "br") else _encoded(body, encoding))
        response.headers["Content-Encoding"] = encoding
    return response


def asked_by_ourselves() -> bool:
    """Did one of our pages, or the person's own hand, make this request? See above."""
    if site := request.headers.get("Sec-Fetch-Site"):
        return site in ("same-origin", "none")
    if request.referrer:
        return urlsplit(request.referrer).netloc == request.host
    # Without either, an address without a query reflects nothing that a guess could stand in.
    return not request.query_string


def _encoded(body: bytes, encoding: str) -> bytes:
    if encoding == "br":
        return brotli.compress(body, mode=brotli.MODE_TEXT, quality=BROTLI_QUALITY)
    return gzip.compress(body, GZIP_LEVEL, mtime=0)


@lru_cache(maxsize=4)
def _encoded_script(body: bytes) -> bytes:
    return bytes(brotli.compress(body, mode=brotli.MODE_TEXT, quality=SCRIPT_QUALITY))
