"""Every page, on a phone and on a desk: axe finds nothing, nothing is cut off, everything can be tapped."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import Page
from werkzeug.exceptions import NotFound
from werkzeug.routing import MapAdapter

from tests.browser.browsing import DESK, PHONE, fill_birth, submit
from tests.browser.scene import NIK
from tests.conftest import create_app, settings_for
from tests.databases import SqliteDatabases
from tests.people import HOME

pytestmark = pytest.mark.browser

PageOf = Callable[[str | None], Page]

ENGLISH = "ratna"
#: Who opens which pages. {names} are ids of scene.py. Siti reads Indonesian, Ratna English; Joko's village is empty.
PAGES: dict[str | None, tuple[str, ...]] = {
    None: ("/login", "/join", "/simulator"),
    "siti": (
        "/",
        "/people",
        "/people/search",
        "/people/new",
        "/people/{sri}",
        "/people/{wagiman}",
        "/people/{sri}/edit",
        "/people/{wagiman}/edit",
        "/people/{sri}/phones",
        "/people/{sri}/phones/{phone}",
        "/people/{sri}/phones/{phone}/removal",
        "/people/{sri}/contacts",
        "/people/{sri}/contacts/{contact}",
        "/people/{sri}/contacts/{contact}/removal",
        "/people/{sri}/consents",
        "/people/{sri}/stage",
        "/people/{sri}/stage/reversal",
        "/people/{sri}/nonprocedural",
        "/people/{sri}/departures/new",
        "/departures/{leaving}",
        "/departures/{postponed}",
        "/departures/{abroad}",
        "/departures/{leaving}/edit",
        "/departures/{leaving}/papers/passport",
        "/departures/{leaving}/papers/visa",
        "/departures/{leaving}/papers/passport/removal",
        "/departures/{leaving}/leaving",
        "/departures/{abroad}/return",
        "/departures/{abroad}/leaving/correction",
        "/departures/{abroad}/return/correction",
        "/departures/{abroad}/leaving/reversal",
        "/departures/{abroad}/return/reversal",
        "/departures/{leaving}/postponement",
        "/departures/{leaving}/cancellation",
        "/departures/{postponed}/resumption",
        "/questions/{question}",
        "/inbox",
        "/inbox?show=all",
        "/inbox/{known_text}",
        "/canned-replies",
        "/canned-replies/new",
        "/canned-replies/{canned}",
        "/cases",
        "/people/{sri}/safe-word",
        "/tasks/{task}",
        "/antrean",
        "/kept-forms/{kept}",
        "/today/leaving",
        "/today/tasks",
        "/today/gone",
        "/today/unanswered",
        "/broker-reports",
        "/broker-reports/new",
        "/broker-reports/new?person={sri}",
        "/broker-reports/{report}",
        "/warnings",
        "/warnings/{warning}",
        "/warnings/{warning}/poster",
        "/announcements",
        "/announcements/{followed}",
        "/simulator",
        "/simulator/phones/{handset}",
        "/more",
        "/agencies",
        "/agencies?q=contoh",
        "/helplines",
        "/password",
        "/devices",
    ),
    "joko": ("/", "/people", "/inbox", "/inbox?show=all", "/broker-reports", "/warnings"),
    ENGLISH: (
        "/",
        "/people",
        "/people/new",
        "/people/new?q=baj",
        "/people/{sri}",
        "/people/{sri}/village",
        "/departures/{leaving}",
        "/inbox",
        "/inbox/{known_text}",
        "/broker-reports",
        "/broker-reports?show=closed",
        "/broker-clusters",
        "/broker-clusters/{cluster}",
        "/cases",
        "/cases?show=closed",
        "/cases/{case}",
        "/routes",
        "/broker-reports/new",
        "/broker-reports/{report}",
        "/broker-reports/{merged}",
        "/broker-reports/{other}",
        "/broker-reports/{other}/verification",
        "/broker-reports/{report}/checks/agency",
        "/broker-reports/{report}/details",
        "/broker-reports/{report}/moves",
        "/broker-reports/{report}/merging",
        "/broker-reports/{report}/merging/{other}",
        "/broker-reports/{merged}/separation",
        "/broker-reports/{report}/referrals/new",
        "/broker-reports/{report}/referrals/{letter}",
        "/broker-reports/{report}/referrals/{letter}/receipt",
        "/warnings",
        "/warnings/new",
        "/warnings/new?report={report}",
        "/warnings/{warning}",
        "/warnings/{warning}/correction",
        "/warnings/{draft}",
        "/warnings/{draft}/edit",
        "/broadcasts/{followed}",
        "/broadcasts/{followed}/progress",
        "/broadcasts/dashboard",
        "/broadcasts/budgets",
        "/broadcasts/budgets?area=33.01.06",
        "/broadcasts",
        "/broadcasts/new",
        "/broadcasts/{composed}",
        "/broadcasts/{composed}/edit",
        "/more",
        "/agencies",
        "/agencies?q=nothing-of-this-name",
        "/helplines",
        "/broadcasts/lists",
        "/broadcasts/lists/{recipients}",
        "/accounts",
        "/accounts?q=nobody-of-this-name",
        "/accounts/new",
        "/accounts/{siti}",
        "/accounts/{siti}/closure",
        "/outbox",
        "/audit",
        "/areas",
        "/areas?q=baj",
    ),
    "agus": (
        "/accounts",
        "/access",
        "/audit",
        "/more",
        "/agencies",
        "/routes",
        "/routes/new",
        "/routes/{route}/edit",
        "/routes/{route}/rest",
        "/routes/{route}/closure",
        "/rules",
        "/rules/R7",
        "/rules/R7/edit",
        "/rules/R7/preview",
        "/texts",
        "/texts/R1",
        "/texts/R1/id/edit",
        "/texts/R1/su/edit?body=Desmigratif:+{{n}}…",
        "/texts/R1/id/preview?version=1&body=Desmigratif:+{{n}},+{{d}}.+Kurang:+{{dok}}.+Tanya+{{hp}}",
        "/texts/R1/jv/proposal",
        "/agency-imports",
        "/agency-imports/{preview}",
        "/agency-imports/{cancelled}",
    ),
}
#: Pages that say what went wrong.
REFUSALS = ((None, "/no-such-page", 404), ("siti", "/accounts", 403), ("ratna", "/people/999999", 404))
#: Answers that are no pages.
NO_PAGES = {"health", "photos.show", "photos.received"}
NO_PAGES |= {"broadcasts.following.export", "broadcasts.lists.example"}
NO_PAGES |= {"offline.worker_script", "offline.frame", "offline.changes", "offline.everybody"}
#: Forms that are sent empty: who, on which page, the end of the form's action.
FORMS = (
    (None, "/login", "/login"),
    (None, "/join", "/join"),
    ("siti", "/people/new", "/people"),
    ("siti", "/people/{sri}/departures/new", "/departures"),
    ("siti", "/people/{sri}/phones", "/phones"),
    ("siti", "/people/{sri}/stage", "/stage"),
    ("siti", "/departures/{leaving}/postponement", "/postponement"),
    ("siti", "/inbox/{known_text}", "/replies"),
    ("siti", "/broker-reports/new", "/broker-reports"),
    ("siti", "/password", "/password"),
    ("ratna", "/warnings/new", "/warnings"),
    ("ratna", "/warnings/{warning}/correction", "/correction"),
    ("ratna", "/broadcasts/budgets?area=33.01.06", "/budgets"),
    ("ratna", "/broadcasts/new", "/broadcasts"),
    ("ratna", "/accounts/new", "/accounts"),
    ("ratna", "/broadcasts/lists", "/broadcasts/lists"),
    ("agus", "/access", "/access"),
    ("agus", "/texts/R1/jv/proposal", "/approval"),
    ("agus", "/texts/R1/jv/proposal", "/refusal"),
    ("agus", "/agency-imports", "/agency-imports"),
)

#: Everything that can be tapped and is lower than a finger, and whatever is wider than the screen.
TOO_SMALL = """() => {
  const faults = [];
  const inSentence = e => e.localName === "a" && getComputedStyle(e).display === "inline"
    && e.parentElement.textContent.trim().length > e.textContent.trim().length;
  for (const e of document.querySelectorAll("a[href], button, input, select, textarea, summary")) {
    if (!e.checkVisibility({visibilityProperty: true}) || e.type === "hidden" || inSentence(e)) continue;
    const box = (e.closest("label") || e).getBoundingClientRect();
    if (box.right <= 0 || box.height >= 43.5) continue;
    faults.push(`${box.height.toFixed(1)} px high: ${e.outerHTML.slice(0, 160)}`);
  }
  const wide = document.scrollingElement.scrollWidth;
  if (wide > innerWidth) {
    const isOut = e => e.getBoundingClientRect().right > innerWidth + 0.5;
    const out = [...document.body.querySelectorAll("*")].filter(isOut);
    faults.push(`${wide} px wide: ${out.slice(-3).map(e => e.outerHTML.slice(0, 120)).join(" … ")}`);
  }
  return faults;
}"""
SEND_EMPTY = """action => {
  const form = [...document.forms].find(f => f.method === "post" && f.action.endsWith(action));
  form.noValidate = true;
  form.querySelectorAll("input:not([type=hidden]):not([type=radio]), textarea").forEach(e => { e.value = ""; });
  form.requestSubmit();
}"""
OPEN_DETAILS = "() => document.querySelectorAll('details').forEach(d => { d.open = true; })"


def status_of(page: Page, path: str) -> int:
    answer = page.goto(path)
    assert answer is not None
    return answer.status


def faults_of(page: Page) -> list[str]:
    """What axe, a thumb and a narrow screen have against the page that is open, with everything unfolded."""
    page.evaluate(OPEN_DETAILS)
    page.evaluate(AXE_SCRIPT)
    faults = []
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        found = AxeResults(page.evaluate("axe.run({resultTypes: ['violations']})"))
        if found.violations_count:
            faults.append(f"at {size['width']}: {found.generate_report()}")
        if size is PHONE:
            faults += page.evaluate(TOO_SMALL)
    page.set_viewport_size(PHONE)
    return faults


@pytest.mark.parametrize(("username", "path"), [(name, path) for name, paths in PAGES.items() for path in paths])
def test_page(page_of: PageOf, ids: dict[str, int], username: str | None, path: str) -> None:
    page = page_of(username)
    assert status_of(page, path.format(**ids)) == 200
    assert page.get_attribute("html", "lang") == ("en" if username == ENGLISH else "id")
    assert not faults_of(page)


@pytest.mark.parametrize(("username", "path", "status"), REFUSALS)
def test_refusal(page_of: PageOf, username: str | None, path: str, status: int) -> None:
    page = page_of(username)
    assert status_of(page, path) == status
    assert not faults_of(page)


@pytest.mark.parametrize(("username", "path", "action"), FORMS)
def test_form_that_did_not_fit(page_of: PageOf, ids: dict[str, int], username: str, path: str, action: str) -> None:
    page = page_of(username)
    page.goto(path.format(**ids))
    with page.expect_navigation() as navigation:
        page.evaluate(SEND_EMPTY, action)
    assert navigation.value.status == 422
    assert page.evaluate("document.activeElement.className") == "error-summary"
    assert not faults_of(page)


def test_likely_duplicates_are_readable(page_of: PageOf) -> None:
    page = page_of("siti")
    page.goto("/people/new")
    page.fill("[name=name]", "Sri Wahyuni")
    page.check("[name=sex][value=f]")
    fill_birth(page, "1994-05-17")
    page.check("[name=consent_data][value=yes]")
    submit(page, "/people")
    assert page.locator("[name=different_person]").count() == 1
    assert not faults_of(page)


def test_nik_is_readable(page_of: PageOf, ids: dict[str, int]) -> None:
    page = page_of("siti")
    page.goto(f"/people/{ids['wagiman']}")
    submit(page, "/nik-views")
    assert NIK in page.locator("main").inner_text().replace(" ", "")
    assert not faults_of(page)


def test_invitation_is_readable(page_of: PageOf) -> None:
    page = page_of("ratna")
    page.goto("/accounts/new")
    page.fill("[name=name]", "Budi Raharjo")
    page.fill("[name=username]", "budi.bajing")
    page.fill("[name=place]", HOME)
    page.check("[name=delivery][value=print]")
    submit(page, "/accounts")
    assert len(page.locator(".invitation-code").inner_text()) == 9
    assert not faults_of(page)


def test_every_page_is_looked_at(sqlite_databases: SqliteDatabases, ids: dict[str, int]) -> None:
    """A new page must be added above, so that somebody looks at it."""
    app = create_app(settings_for(sqlite_databases.fresh(), demo=True))
    routes = app.url_map.bind("")
    known = {path.format(**ids) for paths in PAGES.values() for path in paths}
    seen = {_endpoint(routes, path) for path in known}
    pages = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert pages - seen - NO_PAGES == set()


def _endpoint(routes: MapAdapter, path: str) -> str:
    try:
        return str(routes.match(path.partition("?")[0])[0])
    except NotFound:
        return ""
