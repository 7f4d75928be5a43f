"""Every page that any test fetches is valid HTML, has one h1, no id twice, and nothing inline that the CSP forbids."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from xml.etree.ElementTree import Element

import html5lib
from flask import Flask
from werkzeug.wrappers import Response

#: Attributes that run or style something inside the page, which the policy forbids.
INLINE = ("style", "srcdoc")
#: htmx evaluates what stands in these.
EVALUATED = ("hx-on", "hx-vals", "hx-vars")
#: Keys of forms and tokens: without them a page is the same as a moment ago, and need not be read again.
KEYS = re.compile(r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b[0-9a-f]{64}\b")
#: What a test typed by the thousand is no different from a few.
RUNS = re.compile(r"([\w\[])\1{40,}")
#: Words between tags that hold no mark, and where links and forms lead: of these one page may say what it likes and is
#: no other page. What stands between tags alone may not be blank, for blanks may stand where words may not.
WORDS = re.compile(r">\s*[^\s<>&][^<>&]*<")
LEADING = re.compile(r'\b(href|action|value|datetime|hx-get|hx-post)="(?!\s*javascript:)[^"<>&]+"', re.IGNORECASE)
NAMESPACE = "{http://www.w3.org/1999/xhtml}"


def install(app: Flask) -> None:
    """Check the words as the view made them, and the headers as they leave."""
    app.after_request(check_body)
    app.after_request_funcs[None].insert(0, check_headers)


def check_body(response: Response) -> Response:
    if response.mimetype == "text/html" and not response.is_streamed:
        text = response.get_data(as_text=True)
        faults = faults_of(skeleton(text))
        assert not faults, "\n".join([*faults, text])
    return response


def skeleton(text: str) -> str:
    """What is the same in pages that can only be right or wrong together: the slow parser reads one of them."""
    return LEADING.sub(r'\1="x"', WORDS.sub(">x<", RUNS.sub(r"\1", KEYS.sub("key", text))))


def check_headers(response: Response) -> Response:
    if response.status_code == 304:
        return response  # nothing of it is shown
    policy = response.headers.get("Content-Security-Policy", "")
    assert "default-src 'none'" in policy, "an answer without the policy"
    assert "unsafe" not in policy
    assert "script-src 'self';" in policy or response.mimetype == "application/json"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "Cache-Control" in response.headers
    return response


@lru_cache(maxsize=2000)
def faults_of(text: str) -> list[str]:
    """What is wrong with a page, or with a part of one that htmx fetches."""
    whole = text.lstrip().lower().startswith("<!doctype")
    parser = html5lib.HTMLParser()
    tree = parser.parse(text) if whole else parser.parseFragment(text)
    faults = [f"line {line}: {code} {details}" for (line, _), code, details in parser.errors]
    elements = [e for e in tree.iter() if isinstance(e.tag, str)]
    if whole:
        faults += _faults_of_document(elements)
    return faults + _repeated_ids(elements) + _inline(elements)


def _faults_of_document(elements: list[Element]) -> list[str]:
    faults = []
    headings = [e for e in elements if e.tag == f"{NAMESPACE}h1"]
    if len(headings) != 1 or not "".join(headings[0].itertext()).strip():
        faults.append(f"{len(headings)} h1 instead of one with words in it")
    root = elements[0]
    if not root.get("lang"):
        faults.append("html without lang")
    return faults


def _repeated_ids(elements: list[Element]) -> list[str]:
    counts = Counter(e.get("id") for e in elements if e.get("id") is not None)
    return [f"id {name!r} stands {count} times" for name, count in counts.items() if count > 1 or not name.strip()]


def _inline(elements: list[Element]) -> list[str]:
    faults = []
    for element in elements:
        if element.tag in (f"{NAMESPACE}style", f"{NAMESPACE}script") and not element.get("src"):
            faults.append(f"inline <{element.tag.removeprefix(NAMESPACE)}>")
        for name, value in element.attrib.items():
            evaluated = name.startswith(EVALUATED) or str(value).strip().lower().startswith("javascript:")
            if name in INLINE or name.startswith("on") or evaluated:
                faults.append(f"{name} on <{element.tag.removeprefix(NAMESPACE)}>")
    return faults
