"""Budgets on their page: who sees which, who sets which, and how money is typed."""

from __future__ import annotations

from datetime import date

import pytest
from werkzeug.test import TestResponse

from tests.broadcasts.making import allow, approved, draft, work
from tests.people import HOME, NATION, OTHER_REGENCY, PROVINCE, REGENCY, Cast
from tests.warnings.conftest import Browser
from webapp import clock
from webapp.broadcasts import budget, timing
from webapp.broadcasts.money import MOST_RUPIAH, NotRupiah, rupiah_of
from webapp.db import db

PAGE = "/broadcasts/budgets"


def this_month() -> str:
    return timing.month_of(clock.now()).isoformat()


def put(browser: Browser, who: str, area: str, rupiah: str, month: str = "") -> TestResponse:
    words = {"area_code": area, "month": month or this_month(), "rupiah": rupiah}
    return browser(who).post(PAGE, data=words)


def limit_of(area: str) -> int | None:
    db.session.rollback()
    return budget.standing(area, timing.month_of(clock.now())).limit


@pytest.mark.parametrize(
    ("typed", "rupiah"),
    [
        ("1500000", 1_500_000),
        ("1.500.000", 1_500_000),
        ("Rp 1.500.000,-", 1_500_000),
        ("rp1,500,000", 1_500_000),
        (" 1 500 000 ", 1_500_000),
        ("0", 0),
    ],
)
def test_money_is_read_as_people_write_it(typed: str, rupiah: int) -> None:
    assert rupiah_of(typed) == rupiah


@pytest.mark.parametrize("typed", ["", "1.50", "1,5", "1.5000", "1.500.00", "-1", "1e6", "٣٠٠", str(MOST_RUPIAH + 1)])
def test_what_may_mean_two_amounts_is_asked_again(typed: str) -> None:
    with pytest.raises(NotRupiah):
        rupiah_of(typed)


def test_a_wider_area_sets_the_budget_of_a_smaller_one(cast: Cast, browser: Browser) -> None:
    answer = put(browser, "bambang", REGENCY, "1.500.000")
    assert answer.status_code == 303
    assert limit_of(REGENCY) == 1_500_000
    page = browser("ratna").get(PAGE).text
    assert "Rp1,500,000" in page
    assert "Rp1,500,000 of Rp1,500,000 left" in browser("bambang").get(PAGE).text


def test_nobody_sets_their_own_but_the_nation(cast: Cast, browser: Browser) -> None:
    assert put(browser, "ratna", REGENCY, "1500000").status_code == 403
    assert 'name="rupiah"' not in browser("ratna").get(PAGE).text
    assert put(browser, "dewi", NATION, "1500000").status_code == 303
    assert (limit_of(REGENCY), limit_of(NATION)) == (None, 1_500_000)


def test_areas_elsewhere_and_above_are_not_there(cast: Cast, browser: Browser) -> None:
    for area in (OTHER_REGENCY, PROVINCE, "", "xx"):
        assert put(browser, "ratna", area, "1500000").status_code == 404
        assert limit_of(OTHER_REGENCY) is None
    assert browser("ratna").get(f"{PAGE}?area={OTHER_REGENCY}").status_code == 404
    assert browser("siti").get(PAGE).status_code == 403


def test_any_area_below_has_a_page_of_its_own(cast: Cast, browser: Browser) -> None:
    assert put(browser, "ratna", HOME, "50.000").status_code == 303
    page = browser("ratna").get(f"{PAGE}?area={HOME}").text
    assert "Set the budget of Bajing" in page
    assert "Rp50,000" in page


def test_less_than_is_put_aside_is_refused_at_the_field(cast: Cast, browser: Browser) -> None:
    month = timing.month_of(clock.now())
    allow(cast, REGENCY, 900_000, month)
    broadcast = draft(cast)
    budget.reserve(broadcast, 600_000, month)
    db.session.commit()
    answer = put(browser, "bambang", REGENCY, "500.000")
    assert answer.status_code == 422
    assert "Rp600,000 are spent or put aside already" in answer.text
    assert 'value="500.000"' in answer.text
    assert limit_of(REGENCY) == 900_000
    assert put(browser, "bambang", REGENCY, "600.000").status_code == 303


@pytest.mark.parametrize("typed", ["", "a lot", "1.50"])
def test_what_is_no_money_is_said_at_the_field(cast: Cast, browser: Browser, typed: str) -> None:
    answer = put(browser, "bambang", REGENCY, typed)
    assert answer.status_code == 422
    assert 'id="rupiah-error"' in answer.text
    assert limit_of(REGENCY) is None


def test_only_this_month_and_the_next_are_set(cast: Cast, browser: Browser) -> None:
    assert put(browser, "bambang", REGENCY, "1000", month="2020-01-01").status_code == 422


def test_a_month_that_still_pays_for_something_can_be_raised(cast: Cast, browser: Browser) -> None:
    """Else what is halted on its last evening for want of money could never go on."""
    broadcast = work(approved(cast, areas=("33.01",)))
    month = date(2020, 1, 1)
    allow(cast, REGENCY, month=month)
    broadcast.budget_month = month
    db.session.commit()
    assert 'value="2020-01-01"' in browser("bambang").get(f"{PAGE}?area={REGENCY}").text
    assert put(browser, "bambang", REGENCY, "2000000", month="2020-01-01").status_code == 303
    assert budget.standing(REGENCY, month).limit == 2_000_000


def test_without_a_budget_the_draft_leads_to_the_budgets(cast: Cast, browser: Browser) -> None:
    broadcast = draft(cast)
    page = browser("ratna").get(f"/broadcasts/{broadcast.id}").text
    assert f'href="{PAGE}?area={broadcast.area_code}"' in page
    assert f'href="{PAGE}"' in browser("ratna").get("/broadcasts").text
