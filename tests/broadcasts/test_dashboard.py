"""The coordinators' page of all broadcasts: what goes out, what waits, what is spent, who said STOP; by indexes."""

from __future__ import annotations

import re
from datetime import timedelta

from tests.broadcasts.making import allow, approved, draft, work
from tests.broadcasts.test_following import settle
from tests.people import REGENCY, Cast
from tests.plans import plan, reads_whole_table, statements
from tests.warnings.conftest import Browser
from tests.warnings.crowd import gather
from webapp import clock
from webapp.broadcasts import acts, budget, dashboard, progress, sending, timing
from webapp.broadcasts.dashboard import Followed, Lately
from webapp.broadcasts.model import Broadcast
from webapp.broadcasts.progress import Progress
from webapp.conversations.model import Incoming
from webapp.db import db
from webapp.outbox.model import Message, Worker

PAGE = "/broadcasts/dashboard"
TABLES = ("broadcasts", "broadcast_points", "broadcast_areas", "messages", "incoming", "sms_budgets", "audit_log")


def going_out(cast: Cast, people: int = 30, **facts: object) -> Broadcast:
    gather(cast, people, seed=7, stage="prospect", birth_year=1990)
    allow(cast, REGENCY, month=timing.month_of(clock.now()))
    return work(approved(cast, areas=(REGENCY,), now=clock.now(), **facts), clock.now())  # type: ignore[arg-type]  # facts of one test


def note(broadcast: Broadcast, seconds: int = 60) -> None:
    progress.note(broadcast, clock.now() + timedelta(seconds=seconds))
    db.session.commit()


def test_it_tells_what_goes_out_with_how_far_it_is(cast: Cast, browser: Browser) -> None:
    broadcast = going_out(cast, title="Bursa kerja besar")
    settle(broadcast, "sent", 3, sent_at=clock.now())
    note(broadcast)
    page = browser("ratna").get(PAGE).text
    assert "Bursa kerja besar" in page
    assert 'value="3"' in page
    assert "Bursa kerja besar" in browser("bambang").get(PAGE).text
    assert "Bursa kerja besar" not in browser("hartono").get(PAGE).text
    assert browser("siti").get(PAGE).status_code == 403
    assert browser("agus").get(PAGE).status_code == 403


def test_what_waits_for_the_reader_stands_there(cast: Cast, browser: Browser) -> None:
    broadcast = draft(cast, title="Vaksinasi", now=clock.now())
    acts.hand_over(broadcast, cast.coordinator, clock.now())
    db.session.commit()
    assert "Vaksinasi" in browser("bambang").get(PAGE).text
    assert "Vaksinasi" not in browser("ratna").get(PAGE).text


def test_it_tells_what_is_spent_of_the_budget(cast: Cast, browser: Browser) -> None:
    assert "No budget is set for this month." in browser("ratna").get(PAGE).text
    month = timing.month_of(clock.now())
    allow(cast, REGENCY, 200_000, month)
    budget.reserve(draft(cast), 50_000, month)
    db.session.commit()
    page = browser("ratna").get(PAGE).text
    assert "Rp50,000 of Rp200,000" in page
    assert "25%" in page
    assert "Rp50,000" not in browser("hartono").get(PAGE).text


def test_the_part_is_what_the_page_asks_for_again(cast: Cast, browser: Browser) -> None:
    part = browser("ratna").get(PAGE, headers={"HX-Request": "true"}).text
    assert part.lstrip().startswith('<div id="dashboard" data-looks')
    assert "<h1" not in part


def test_shares_are_of_what_went_out() -> None:
    broadcast = Broadcast(approved_count=100)
    found = Progress(states={"queued": 20, "sent": 20, "delivered": 60}, stops=4)
    one = Followed(broadcast, found)
    assert (one.expected, one.percent, one.received_percent) == (100, 80, 75)
    assert Lately([one]).stop_percent == 5
    assert Followed(broadcast, Progress()).received_percent is None
    assert Lately([]).stop_percent == 0


def test_only_what_began_in_the_last_weeks_counts(cast: Cast, browser: Browser) -> None:
    broadcast = going_out(cast, title="Bulan lalu")
    settle(broadcast, "delivered", sent_at=clock.now(), delivered_at=clock.now())
    note(broadcast)
    assert "100% received" in browser("ratna").get(PAGE).text
    db.session.execute(
        db.update(Broadcast).values(starts_at=clock.now() - dashboard.LATELY - timedelta(hours=1), state="done")
    )
    db.session.commit()
    assert "received" not in re.sub("does not mean received", "", browser("ratna").get(PAGE).text)


def test_who_says_stop_after_the_end_is_counted_too(cast: Cast, browser: Browser) -> None:
    broadcast = going_out(cast)
    now = clock.now()
    settle(broadcast, "sent", sent_at=now)
    broadcast = work(broadcast, now + timedelta(minutes=1))
    assert broadcast.state == "done"
    message = db.session.scalars(db.select(Message).where(Message.cause == broadcast.cause).limit(1)).one()
    db.session.add(
        Incoming(
            gateway="simulator", provider_id="in-9", number=message.number, body="STOP", person_id=message.person_id,
            received_at=now + timedelta(hours=1), understood_at=now, command="stop", area_code=message.area_code,
        )
    )  # fmt: skip
    message.state, message.delivered_at = "delivered", now
    db.session.commit()
    work(broadcast, now + timedelta(hours=2))
    page = browser("ratna").get(PAGE).text
    assert "STOP: 1" in page
    assert browser("ratna").get(f"/broadcasts/{broadcast.id}").text.count("STOP: 1") == 1


def test_in_the_end_nobody_looks_at_it_any_more(cast: Cast) -> None:
    broadcast = going_out(cast)
    now = clock.now()
    settle(broadcast, "sent", sent_at=now)
    broadcast = work(broadcast, now + timedelta(minutes=1))
    looks = 0
    while broadcast.look_at is not None:
        broadcast = work(broadcast, broadcast.look_at)
        looks += 1
        assert looks < 100
    assert broadcast.ended_at is not None
    assert looks > 20


def is_the_newest(statement: str) -> bool:
    """The last ids of the whole nation, and no further: SQLite calls that a scan, too."""
    return bool(re.search(r"WHERE (1 = 1|true) ORDER BY broadcasts.id DESC\s+LIMIT", " ".join(statement.split())))


def test_every_page_reads_by_an_index(cast: Cast, browser: Browser) -> None:
    broadcast = going_out(cast)
    settle(broadcast, "sent", 3, sent_at=clock.now())
    note(broadcast)
    sending.go_on(clock.now())
    db.session.commit()
    pages = (PAGE, "/", f"/broadcasts/{broadcast.id}", "/broadcasts/budgets")
    for who in ("ratna", "dewi"):
        for path in pages:
            with statements() as sent:
                assert browser(who).get(path).status_code == 200
            asked = [(s, p) for s, p in sent if re.search(rf"FROM ({'|'.join(TABLES)})\b", s)]
            assert asked
            for statement, parameters in asked:
                how = plan(statement, parameters)
                if is_the_newest(statement):
                    assert "TEMP B-TREE" not in how
                    continue
                assert not any(reads_whole_table(how, table) for table in TABLES), f"{path}\n{statement}\n{how}"


def test_it_tells_whether_anybody_sends(cast: Cast, browser: Browser) -> None:
    assert "The sender is not running" in browser("ratna").get(PAGE).text
    now = clock.real_now()
    db.session.add(Worker(id="w1", gateway="simulator", started_at=now, beat_at=now, handed_over=0))
    db.session.commit()
    page = browser("ratna").get(PAGE).text
    assert "The sender is not running" not in page
    assert "<dt>Simulator</dt><dd>last sign of life" in page


def test_what_is_planned_stands_there_with_its_hour(cast: Cast, browser: Browser) -> None:
    begins = clock.day_of(clock.now(), timing.OFFICE_ZONE) + timedelta(days=2)
    allow(cast, REGENCY, month=begins.replace(day=1))
    broadcast = approved(cast, title="Lusa", now=clock.now(), send_on=begins, send_minute=9 * 60)
    assert broadcast.state == "scheduled"
    page = browser("ratna").get(PAGE).text
    assert "Lusa" in page
    assert "at 09.00 on the clock of each recipient" in page
    assert "Lusa" not in browser("hartono").get(PAGE).text
