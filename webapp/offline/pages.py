"""Pages as a phone keeps them: asked of their own views, cut into what differs from page to page.

A page is rendered by the view that serves it, with the rights of whoever is logged in. So a copy shows what the page
shows, and a page or form that is added to the application is kept without another line anywhere.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from heapq import heappop, heappush
from io import BytesIO
from typing import Any

from flask import current_app, g, request
from markupsafe import escape
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from webapp import moments
from webapp.accounts.access import RULES, current_account

#: What a page is cut from: templates/base.html writes these in this order.
PARTS = re.compile(
    r'<title>(?P<title>.*?)</title>.*?<body class="(?P<body_class>[^"]*)".*?<h1>(?P<heading>.*?)</h1>.*?'
    r"<main [^>]*>(?P<content>.*)</main>",
    re.DOTALL,
)
LIT = re.compile(r'<a href="([^"]+)" aria-current')
#: `?person=7` in any address begins a form about this person.
LINK = re.compile(r'href="(/[^"#?]*(?:\?person=\d+)?)["#]')
#: Made anew for every form; the phone puts keys of its own there.
FRESH = re.compile(r'(name="(?:client_id|csrf_token)" value=")[^"]*')
#: Pages of these are of no use without a network, or must not lie on a phone.
NOT_COPIED = frozenset({"accounts", "areas", "callbacks", "outbox", "photos", "simulator", "static"})
#: Stand in a copied page for the person's id and name, and for the further ids of its address, in their order.
PERSON, NAME, FURTHER = "\ue000", "\ue001", ("\ue002", "\ue003", "\ue004")
#: Stand where a form offers today, which is another day when the copy is opened, and where it says whose it is.
TODAY, ACCOUNT = "\ue005", "\ue006"
#: So many are made of one person, or around the first page. Mostly they are some forty; the papers of many journeys
#: are more, and of these the phone does without the last.
MOST_PAGES = 150
#: In hexadecimal digits: two texts of a village must never have the same.
HASH_LENGTH = 16

#: The parameters of an address, such as {"person_id": 7}.
Arguments = dict[str, Any]


@dataclass(frozen=True)
class Page:
    """One page: its address, the parameters in it, and its parts as the phone stores them."""

    path: str
    arguments: Arguments
    #: Title, heading, class of the body, which page of the bar is lit, and what stands in <main>.
    parts: tuple[str, ...]

    @property
    def links(self) -> list[str]:
        return LINK.findall(self.parts[-1])


def crawl(
    start: list[str], follows: Callable[[Arguments], bool], can_wait: Callable[[Arguments], bool] = lambda _: False
) -> Iterator[Page]:
    """These pages and those that they lead to, if `follows` says so of the parameters of their address.

    No more than MOST_PAGES are made: those with short addresses first, and last those of which `can_wait` says so.
    """
    known, made = set(start), 0
    waiting = [(False, path.count("/"), number, path) for number, path in enumerate(start)]
    while waiting and made < MOST_PAGES:
        *_, path = heappop(waiting)
        page, made = rendered(path), made + 1
        for link in page.links if page else ():
            arguments = _arguments_of(link)
            if link not in known and arguments is not None and follows(arguments):
                heappush(waiting, (can_wait(arguments), link.count("/"), len(known), link))
                known.add(link)
        if page:
            yield page
    if waiting:
        current_app.logger.warning("a copy has no room for %d pages around %s", len(waiting), start[0])


def rendered(path: str) -> Page | None:
    """The page at this address, as its view makes it now; None if there is none for this account."""
    html = answer(path)
    found = PARTS.search(html) if html else None
    if html is None or found is None:
        return None
    lit, content = LIT.search(html), FRESH.sub(r"\1", found["content"]).strip()
    content = content.replace(f'value="{moments.today().isoformat()}"', f'value="{TODAY}"')
    content = content.replace(f'name="account" value="{current_account.id}"', f'name="account" value="{ACCOUNT}"')
    parts = (found["title"], found["heading"], found["body_class"].strip(), lit[1] if lit else "", content)
    return Page(path, _arguments_of(path) or {}, parts)


def answer(path: str) -> str | None:
    """What a GET of this address answers, through the same guards; None if it is no page.

    Without the cookie: messages of the last form, and the token of this log-in, are for the page that is open.
    """
    own = ("CONTENT_", "HTTP_COOKIE", "HTTP_HX_", "HTTP_SAVED_", "werkzeug.", "flask.")
    environ = {name: value for name, value in request.environ.items() if not name.startswith(own)}
    path, _, query = path.partition("?")
    environ |= {"REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query, "wsgi.input": BytesIO()}
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # the proxy's own app
    with _as_part_of_this_request(), app.request_context(environ):
        try:
            response = app.make_response(app.preprocess_request() or app.dispatch_request())
        except HTTPException:
            return None
    is_page = response.status_code == 200 and response.mimetype == "text/html" and not response.cache_control.no_store
    return response.get_data(as_text=True) if is_page else None


@contextmanager
def _as_part_of_this_request() -> Iterator[None]:
    """`g.copying` tells a view that it makes a copy: a list then shows all of itself, for a phone cannot ask for more.

    `g` is that of the request outside. What a server ends with a request (in tests: the session) goes on meanwhile.
    """
    g.copying = True
    try:
        yield
    finally:
        del g.copying


def as_template(page: Page, person_id: int, name: str) -> tuple[str, tuple[str, ...], list[int]]:
    """The page without what is of this person alone: its address, its parts, and the further ids of the address.

    Pages that differ by nothing else are stored once on the phone, however many people there are.
    """
    swaps, further = {f"/people/{person_id}": f"/people/{PERSON}"}, list[int]()
    prefix, swapped = "", ""
    for segment in page.path.partition("?")[0].split("/")[1:]:
        prefix += f"/{segment}"
        if segment.isdigit() and prefix not in swaps and len(further) < len(FURTHER):
            further.append(int(segment))
            segment = FURTHER[len(further) - 1]
        swapped = swaps.setdefault(prefix, f"{swapped}/{segment}")
    longest_first = sorted(swaps, key=len, reverse=True)
    address = re.compile(rf"({'|'.join(map(re.escape, longest_first))})(?=[\"/#?]|$)")
    field, escaped = re.compile(rf'(name="person_id"[^>]* value="){person_id}"'), str(escape(name))

    def swap(part: str) -> str:
        part = field.sub(rf'\g<1>{PERSON}"', address.sub(lambda hit: swaps[hit[0]], part))
        return part.replace(f"?person={person_id}", f"?person={PERSON}").replace(escaped, NAME)

    query = f"?person={PERSON}" if page.path.endswith(f"?person={person_id}") else ""
    return swapped + query, tuple(map(swap, page.parts)), further


def hash_of(parts: tuple[str, ...]) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:HASH_LENGTH]


def _arguments_of(path: str) -> Arguments | None:
    """Parameters of the address of a page that a phone may keep; None if it is none."""
    path, _, query = path.partition("?person=")
    try:
        endpoint, arguments = current_app.url_map.bind("").match(path, method="GET")
    except (HTTPException, RequestRedirect):
        return None
    allowed = current_account.role in RULES.get(endpoint, ())
    about = {"person_id": int(query)} if query else {}
    return {**arguments, **about} if allowed and endpoint.partition(".")[0] not in NOT_COPIED else None
