"""The page of a broadcast while it is sent: how far it is, what failed and what to do, and the curve."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from tests.broadcasts.making import again, allow, approved, draft, work
from tests.people import Cast
from tests.plans import statements
from tests.test_walls import WEBAPP
from tests.warnings.conftest import Browser
from tests.warnings.crowd import MORNING, gather
from webapp import clock
from webapp.broadcasts import acts, chart, meaning, pace, progress, timing
from webapp.broadcasts.advice import ADVICE, OTHERWISE, advice
from webapp.broadcasts.chart import Dot
from webapp.broadcasts.course import course_of
from webapp.broadcasts.model import Broadcast
from webapp.db import db
from webapp.outbox.model import Message
from webapp.outbox.reasons import NOT_ALLOWED

PART = {"HX-Request": "true"}


def settle(broadcast: Broadcast, state: str, number: int | None = None, **columns: Any) -> None:
    """So many of its queued texts come to this state."""
    some = sa.select(Message.id).where(Message.cause == broadcast.cause, Message.state == "queued").limit(number)
    ids = list(db.session.scalars(some))
    db.session.execute(sa.update(Message).where(Message.id.in_(ids)).values(state=state, **columns))
    db.session.commit()


def sending(cast: Cast, people: int = 60) -> Broadcast:
    gather(cast, people, seed=5, stage="prospect", birth_year=1990)
    return work(approved(cast, areas=("33.01",)))


def live(broadcast: Broadcast) -> str:
    return f"/broadcasts/{broadcast.id}/progress?version={broadcast.version}"


def test_its_page_tells_how_far_it_is(cast: Cast, browser: Browser) -> None:
    broadcast = sending(cast)
    total = course_of(broadcast, MORNING).found.texts
    settle(broadcast, "sent", 5, price_rupiah=350, sent_at=MORNING)
    progress.note(broadcast, MORNING + timedelta(seconds=30))
    db.session.commit()
    page = browser("ratna").get(f"/broadcasts/{broadcast.id}").text
    assert f'max="{total}" value="5"' in page
    assert f"5 of {total} texts" in page
    assert "Handed to the operator" in page
    assert "Rp1,750 of Rp" in page


def test_what_moves_is_a_part_that_asks_for_itself_without_eval(cast: Cast, browser: Browser) -> None:
    broadcast = sending(cast)
    answer = browser("ratna").get(live(broadcast), headers=PART)
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith('<section id="course"')
    assert 'hx-trigger="look"' in answer.text
    assert "data-looks" in answer.text


def test_no_page_asks_htmx_to_evaluate_a_condition() -> None:
    """`every 5s [document.visibilityState == 'visible']` needs eval, which is refused."""
    templates = (WEBAPP.parent / "templates").rglob("*.html")
    assert [path.name for path in templates if "hx-trigger" in (text := path.read_text()) and "s [" in text] == []


def test_a_final_one_is_not_asked_for_any_more(cast: Cast, browser: Browser) -> None:
    broadcast = sending(cast)
    settle(broadcast, "delivered", sent_at=MORNING, delivered_at=MORNING)
    broadcast = work(broadcast, MORNING + timedelta(minutes=1))
    assert broadcast.state == "done"
    text = browser("ratna").get(live(broadcast), headers=PART).text
    assert "data-looks" not in text
    assert "hx-trigger" not in text
    assert "100%" in text


def test_when_more_than_the_count_has_changed_the_whole_page_is_loaded(cast: Cast, browser: Browser) -> None:
    broadcast = sending(cast)
    answer = browser("ratna").get(f"/broadcasts/{broadcast.id}/progress?version=1", headers=PART)
    assert answer.status_code == 204
    assert answer.headers["HX-Refresh"] == "true"


def test_without_a_script_it_is_the_whole_page(cast: Cast, browser: Browser) -> None:
    broadcast = sending(cast)
    page = browser("ratna").get(live(broadcast)).text
    assert "<h1" in page
    assert f'href="/broadcasts/{broadcast.id}"' in page


def test_a_draft_waits_until_it_is_counted(cast: Cast, browser: Browser) -> None:
    broadcast = draft(cast)
    broadcast.forecast_version = 0
    db.session.commit()
    page = browser("ratna").get(f"/broadcasts/{broadcast.id}").text
    assert "counting takes a moment" in page
    assert 'hx-trigger="look"' in page
    answer = browser("ratna").get(live(broadcast), headers=PART)
    assert answer.status_code == 204
    assert "HX-Refresh" not in answer.headers
    broadcast = again(broadcast)
    broadcast.forecast_version = broadcast.version
    db.session.commit()
    assert "HX-Refresh" in browser("ratna").get(live(broadcast), headers=PART).headers


def test_other_offices_do_not_follow_it(cast: Cast, browser: Browser) -> None:
    broadcast = sending(cast)
    assert browser("hartono").get(live(broadcast), headers=PART).status_code == 404
    assert browser("siti").get(live(broadcast), headers=PART).status_code == 403


def test_failures_are_told_by_cause_with_what_to_do(cast: Cast, browser: Browser) -> None:
    broadcast = sending(cast)
    settle(broadcast, "failed", 2, reason="invalid_number")
    settle(broadcast, "suppressed", 1, reason="stopped")
    progress.note(broadcast, MORNING + timedelta(seconds=30))
    db.session.commit()
    text = browser("ratna").get(live(broadcast), headers=PART).text
    assert "<strong>2 texts</strong>: The operator says that this number does not exist." in text
    assert "Ask the facilitator for the new number." in text
    assert "This number said STOP." in text


@pytest.mark.parametrize("code", sorted(NOT_ALLOWED))
def test_every_reason_for_not_texting_has_advice_of_its_own(code: str) -> None:
    assert code in ADVICE


def test_a_reason_without_advice_says_where_to_look(app: Any) -> None:
    assert advice("30007") is OTHERWISE


def test_the_curve_stands_there_as_a_picture_and_as_numbers(cast: Cast, browser: Browser) -> None:
    broadcast = sending(cast)
    for minute in (1, 2, 3):
        settle(broadcast, "delivered", 4, sent_at=MORNING, delivered_at=MORNING)
        progress.note(broadcast, MORNING + timedelta(minutes=minute))
    db.session.commit()
    text = browser("ratna").get(live(broadcast), headers=PART).text
    assert '<path class="chart-gone" d="M0 120L' in text
    assert "<desc" in text
    assert "<td>12</td><td>12</td>" in text
    assert "style=" not in text


def test_a_line_rises_from_left_to_right() -> None:
    dots = [Dot(MORNING, 0, 0), Dot(MORNING + timedelta(minutes=30), 5, 2), Dot(MORNING + timedelta(hours=1), 10, 10)]
    found = chart.chart_of(dots, 10)
    assert found is not None
    assert found.gone == "M0 120L160 60L320 0"
    assert found.received == "M0 120L160 96L320 0"


def test_one_moment_is_no_line() -> None:
    assert chart.chart_of([], 10) is None
    assert chart.chart_of([Dot(MORNING, 1, 1)], 10) is None


def test_a_curve_has_three_points_at_least() -> None:
    dots = [Dot(MORNING + timedelta(minutes=minute), minute, 0) for minute in range(3)]
    assert chart.chart_of(dots[:2], 10) is None
    assert chart.chart_of(dots, 10) is not None


@pytest.mark.parametrize("number", [0, 1, 40, 41, 400, 20_000])
def test_of_many_points_some_are_shown_evenly_with_both_ends(number: int) -> None:
    places = chart.evenly(number)
    assert len(places) == min(number, chart.MOST_DOTS)
    assert not number or (places[0], places[-1]) == (0, number - 1)


def test_the_rate_is_that_of_the_last_minutes() -> None:
    points = [(MORNING + timedelta(minutes=minute), minute * 20) for minute in range(11)]
    assert pace.per_minute(points, MORNING + timedelta(minutes=10)) == 20
    # Nothing more has come since: it falls, and is nothing in the end.
    assert pace.per_minute(points, MORNING + timedelta(minutes=12)) == 12
    assert pace.per_minute(points, MORNING + timedelta(minutes=20)) == 0


def test_of_a_moment_no_rate_is_told() -> None:
    assert pace.per_minute([], MORNING) is None
    assert pace.per_minute([(MORNING, 0)], MORNING + timedelta(seconds=3)) is None


def test_the_time_left_follows_from_the_rate() -> None:
    assert pace.seconds_left(100, 20) == 300
    assert pace.seconds_left(0, None) == 0
    assert pace.seconds_left(100, None) is None
    assert pace.seconds_left(100, 0) is None


def test_more_than_is_made_yet_is_expected(cast: Cast) -> None:
    gather(cast, 20, seed=6, stage="prospect", birth_year=1990)
    broadcast = approved(cast, areas=("33.01",))
    found = course_of(broadcast, MORNING)
    assert found.expected == broadcast.approved_count
    assert found.percent == 0
    assert found.is_live
    assert found.counted_at is None


def test_of_very_many_points_the_first_the_newest_and_an_even_choice_are_kept(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "MOST_POINTS", 12)
    monkeypatch.setattr(progress, "NEWEST_POINTS", 4)
    broadcast = sending(cast, 40)
    settle(broadcast, "sent", sent_at=MORNING)
    for minute in range(1, 31):
        db.session.execute(sa.update(Message).values(price_rupiah=minute))
        progress.note(broadcast, MORNING + timedelta(minutes=minute))
        db.session.commit()
    kept = [point.at for point in progress.curve(broadcast.id)]
    assert len(kept) <= 12
    assert kept[0] == MORNING
    assert kept[-4:] == [MORNING + timedelta(minutes=minute) for minute in range(27, 31)]


def test_what_was_taken_back_has_not_gone(cast: Cast, browser: Browser) -> None:
    broadcast = sending(cast)
    total = course_of(broadcast, MORNING).found.texts
    settle(broadcast, "sent", 5, price_rupiah=350, sent_at=MORNING)
    said = (
        browser("ratna")
        .post(f"/broadcasts/{broadcast.id}/cancellation", data={"why": "mistake"}, follow_redirects=True)
        .text
    )
    how = f"Sent 5 of {total}. {total - 5} texts were taken back and cost nothing."
    # Before the worker has looked, and after it.
    assert said.count(how) == 2
    broadcast = work(again(broadcast), MORNING + timedelta(minutes=1))
    found = course_of(broadcast, MORNING)
    assert found.percent == 500 // total
    page = browser("ratna").get(f"/broadcasts/{broadcast.id}").text
    assert how in page
    assert f'max="{total}" value="5"' in page


def test_one_that_is_cancelled_before_it_begins_has_sent_nothing(cast: Cast, browser: Browser) -> None:
    broadcast = later(cast)
    page = browser("ratna").get(f"/broadcasts/{broadcast.id}").text
    assert "Begins Saturday, 28 Nov at 09.00 on the clock of each recipient." in page
    browser("ratna").post(f"/broadcasts/{broadcast.id}/cancellation", data={"why": "mistake"})
    page = browser("ratna").get(f"/broadcasts/{broadcast.id}").text
    number = broadcast.approved_count
    assert f"Sent 0 of {number}. {number} texts were taken back and cost nothing." in page
    assert "<strong>0%</strong>" in page
    assert "Begins" not in page
    assert "The first texts" not in page


def later(cast: Cast) -> Broadcast:
    """Approved for some day after the crowd's morning."""
    gather(cast, 20, seed=6, stage="prospect", birth_year=1990)
    return approved(cast, areas=("33.01",), send_on=date(2026, 11, 28), send_minute=9 * 60)


def test_a_pause_says_how_many_had_gone_and_how_many_are_held(cast: Cast, browser: Browser) -> None:
    broadcast = sending(cast)
    total = course_of(broadcast, MORNING).found.texts
    settle(broadcast, "delivered", 7, sent_at=MORNING, delivered_at=MORNING)
    said = browser("ratna").post(f"/broadcasts/{broadcast.id}/pause", data={"why": "look"}, follow_redirects=True).text
    assert f"7 had gone, {total - 7} are held." in said
    assert f"7 of {total} texts" in said


@pytest.mark.parametrize(("act", "why"), [("pause", "look"), ("cancellation", "mistake")])
def test_a_very_great_one_is_halted_before_anybody_counts(
    cast: Cast, browser: Browser, monkeypatch: pytest.MonkeyPatch, act: str, why: str
) -> None:
    broadcast = sending(cast)
    monkeypatch.setattr(meaning, "MOST_AT_ONCE", 3)
    officer = browser("ratna")
    with statements() as sent:
        officer.post(f"/broadcasts/{broadcast.id}/{act}", data={"why": why})
    assert [one for one, _ in sent if "held_causes" in one]
    assert not [one for one, _ in sent if "count(*)" in one and "messages" in one]


def test_while_nothing_goes_it_says_when_the_next_ones_do(cast: Cast, browser: Browser) -> None:
    gather(cast, 60, seed=5, stage="prospect", birth_year=1990)
    broadcast = work(approved(cast, areas=("33.01",), spread_hours=4))
    due = sorted(db.session.scalars(sa.select(Message.due_at).where(Message.cause == broadcast.cause)))
    settle(broadcast, "sent", 1, sent_at=MORNING)
    now = due[0] - timedelta(seconds=1)
    assert course_of(broadcast, now).next_at == due[0]
    # What is overdue waits for something else than its hour.
    assert course_of(broadcast, due[-1] + timedelta(hours=1)).next_at is None


def test_what_is_put_aside_is_told_until_it_ends(cast: Cast, browser: Browser) -> None:
    broadcast = later(cast)
    aside = f"Rp{broadcast.reserved_rupiah:,} put aside."
    assert aside in browser("ratna").get(f"/broadcasts/{broadcast.id}").text
    browser("ratna").post(f"/broadcasts/{broadcast.id}/cancellation", data={"why": "mistake"})
    assert "put aside" not in browser("ratna").get(f"/broadcasts/{broadcast.id}").text


def test_what_went_out_a_moment_ago_goes_out_again_only_with_the_tick(cast: Cast, browser: Browser) -> None:
    approved(cast, now=clock.now())
    twice = draft(cast, now=clock.now())
    read = {"version": str(twice.version), "people": str(acts.forecast_of(twice).recipients)}  # type: ignore[union-attr]  # fails the test if None
    page = browser("ratna").get(f"/broadcasts/{twice.id}").text
    assert "or are planned:" in page
    # What comes next stands after what it comes to, and before the words.
    places = [page.index(f'id="{name}"') for name in ("preview-title", "next-title", "words-title")]
    assert places == sorted(places)
    said = browser("ratna").post(f"/broadcasts/{twice.id}/approval", data=read, follow_redirects=True).text
    assert "Tick &#34;Yes, send it once more&#34; below." in said
    assert again(twice).state == "draft"
    browser("ratna").post(f"/broadcasts/{twice.id}/approval", data=read | {"again": "y"})
    assert again(twice).state == "approved"


def test_where_something_stands_against_it_nobody_is_told_to_send_it(cast: Cast, browser: Browser) -> None:
    alone = "So few people that you may send it yourself."
    broadcast = draft(cast, now=clock.now())
    assert alone not in browser("ratna").get(f"/broadcasts/{broadcast.id}").text
    allow(cast, broadcast.area_code, month=timing.month_of(clock.now()))
    assert alone in browser("ratna").get(f"/broadcasts/{broadcast.id}").text


def test_where_nothing_can_be_done_nothing_comes_next(cast: Cast, browser: Browser) -> None:
    broadcast = sending(cast)
    assert "What comes next" in browser("ratna").get(f"/broadcasts/{broadcast.id}").text
    settle(broadcast, "delivered", sent_at=MORNING, delivered_at=MORNING)
    work(broadcast, MORNING + timedelta(minutes=1))
    assert "What comes next" not in browser("ratna").get(f"/broadcasts/{broadcast.id}").text


def test_a_row_that_waits_tells_whoever_approves_how_great_it_is(cast: Cast, browser: Browser) -> None:
    gather(cast, 60, seed=5, stage="prospect", birth_year=1990)
    broadcast = draft(cast)
    acts.hand_over(broadcast, cast.coordinator, MORNING)
    db.session.commit()
    found = acts.forecast_of(broadcast)
    assert found is not None
    page = browser("bambang").get("/broadcasts").text
    assert f"{found.recipients} orang" in page or f"{found.recipients} people" in page
    assert f"Rp{found.rupiah:,}" in page.replace(".", ",")


def test_a_row_tells_people_cost_and_the_areas_beyond_the_office(cast: Cast, browser: Browser) -> None:
    gather(cast, 20, seed=6, stage="prospect", birth_year=1990)
    broadcast = approved(cast, areas=("33.01",))
    cost = f"people · Rp{broadcast.reserved_rupiah:,}"
    row = browser("ratna").get("/broadcasts").text.split('class="rows"')[1]
    assert cost in row
    # The office's own area is told beside the code, and not once more.
    assert row.count(broadcast.area.name) == 1
