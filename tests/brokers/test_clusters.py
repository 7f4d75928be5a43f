"""The pages of clusters: who sees which, what of reports elsewhere; who is told when areas meet; how lists are read."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from tests.brokers.network import NOW, OTHER_PHONE, PHONE, change, the_cluster, told
from tests.conftest import Login, new_client
from tests.people import HOME, NEIGHBOUR, OTHER_REGENCY, OTHER_VILLAGE, REGENCY, WITA_VILLAGE, Cast
from tests.plans import plan, reads_whole_table, statements
from webapp import clock
from webapp.accounts.model import AuditEntry
from webapp.brokers import by_text
from webapp.brokers.alias_model import BrokerClusterArea, BrokerCrossing
from webapp.brokers.cluster_queries import NEWS, news_for
from webapp.brokers.crossings import coordinators
from webapp.brokers.model import BrokerReport
from webapp.brokers.source_queries import sources_where
from webapp.brokers.sources import independent
from webapp.db import db
from webapp.outbox.model import Message
from webapp.outbox.texts import render

NOTICE = 'class="notice is-warn">'


@pytest.fixture
def coordinator(client: FlaskClient, cast: Cast, login: Login) -> FlaskClient:
    login(client, cast.coordinator)
    return client


def page(client: FlaskClient, cluster_id: int | None = None) -> str:
    answer = client.get(f"/broker-clusters/{cluster_id or the_cluster().id}")
    assert answer.status_code == 200
    return str(answer.text)


def alerts() -> list[tuple[str, str]]:
    query = sa.select(Message.number, Message.cause).where(Message.text_code == "ALINK").order_by(Message.id)
    return [(number, cause) for number, cause in db.session.execute(query).tuples()]


def test_the_page_says_the_same_in_a_picture_and_a_table(coordinator: FlaskClient) -> None:
    first = told(accused_phones=PHONE, accused_names="Pak Darto", accused_plates="AD 1234 XY")
    second = told(NEIGHBOUR, accused_phones=PHONE, accused_names="Dharto", accused_plates="ad1234xy")
    text = page(coordinator)
    picture, table = re.search(r"<svg class=\"network\".*?</svg>", text, re.DOTALL), text.partition("<table")[2]
    assert picture is not None
    for part in (picture[0], table):
        for said in (first.reference, second.reference, "0857•••••222", "AD1234XY", "Dharto / Pak Darto"):
            assert said in part
    assert "<title" in picture[0]
    assert "<desc" in picture[0]
    assert "85711112222" not in text
    assert "0857 1111 2222" not in text


def test_of_reports_elsewhere_only_that_they_exist_and_whom_to_call(coordinator: FlaskClient, cast: Cast) -> None:
    own = told(accused_phones=PHONE)
    theirs = told(
        OTHER_VILLAGE,
        accused_phones=f"{PHONE}, {OTHER_PHONE}",
        accused_names="Mbah Kasan",
        account=cast.other_coordinator,
        reporter_contact="Bu Rahasia 0812 9999 8888",
        place="Rumah Kuning Jetis",
        person=cast.migrant,
    )
    told(OTHER_VILLAGE, accused_phones=OTHER_PHONE, accused_names="Kasan")
    text = page(coordinator)
    assert own.reference in text
    hidden_words = (
        theirs.reference,
        "Kasan",
        "Rahasia",
        "Kradenan",
        "Kuning",
        "Sri Wahyuni",
        "0857•••••444",
        "pelapor.",
    )
    for hidden in hidden_words:
        assert hidden not in text, hidden
    assert "Kabupaten Ponorogo" in text
    assert "Hartono" in text
    assert 'href="tel:+6281300000007"' in text
    assert f"/broker-reports/{theirs.id}" not in text
    assert text.count("Menahan paspor") == 3  # what was recognised, of all of them


def test_who_sees_which_cluster(app: Flask, cast: Cast, login: Login) -> None:
    told(accused_phones=PHONE)
    told(OTHER_VILLAGE, accused_phones=PHONE)
    told(WITA_VILLAGE, accused_phones=OTHER_PHONE)
    told(WITA_VILLAGE, accused_phones=OTHER_PHONE)
    db.session.commit()
    both, far = db.session.scalars(sa.select(BrokerClusterArea.cluster_id).where(BrokerClusterArea.area_code == "ID"))
    for username, seen in (
        ("siti", {both: 403, far: 403}), ("ratna", {both: 200, far: 404}), ("bambang", {both: 200, far: 404}),
        ("hartono", {both: 200, far: 404}), ("dewi", {both: 200, far: 200}),
    ):  # fmt: skip
        browser = new_client(app)
        login(browser, cast.account(username))
        listed = browser.get("/broker-clusters").text
        for cluster_id, status in seen.items():
            assert browser.get(f"/broker-clusters/{cluster_id}").status_code == status, username
            assert (f'href="/broker-clusters/{cluster_id}"' in listed) == (status == 200), username


def test_every_look_at_a_cluster_is_noted(coordinator: FlaskClient) -> None:
    told(accused_phones=PHONE), told(accused_phones=PHONE)
    page(coordinator)
    db.session.rollback()
    query = sa.select(AuditEntry.subject_id, AuditEntry.area_code).where(AuditEntry.subject == "broker_cluster")
    assert db.session.execute(query).tuples().all() == [(the_cluster().id, REGENCY)]


def test_the_report_says_with_how_many_it_is_linked(app: Flask, cast: Cast, login: Login) -> None:
    report, _, _ = (told(accused_phones=PHONE) for _ in range(3))
    alone = told()
    link = f'href="/broker-clusters/{the_cluster().id}"'
    for username, sees in (("siti", False), ("ratna", True)):
        browser = new_client(app)
        login(browser, cast.account(username))
        assert (link in browser.get(f"/broker-reports/{report.id}").text) == sees
        assert "/broker-clusters/" not in browser.get(f"/broker-reports/{alone.id}").text


def test_the_list_has_the_newest_first_and_goes_on(coordinator: FlaskClient) -> None:
    for number in range(60):
        for _ in range(2):
            told(accused_phones=f"0857 4444 {1000 + 7 * number}")
    told(accused_phones="0857 4444 1000")
    path, found = "/broker-clusters", []
    while path:
        text = coordinator.get(path).text
        found.append(re.findall(r'class="row" href="/broker-clusters/(\d+)"', text))
        onward = re.search(r'rel="next" href="([^"]+)"', text)
        path = onward[1] if onward else ""
    assert [len(part) for part in found] == [25, 25, 10]
    ids = [int(one) for part in found for one in part]
    assert ids == [min(ids), *sorted(set(ids) - {min(ids)}, reverse=True)]


def test_the_list_says_how_many_sources_and_where(coordinator: FlaskClient, cast: Cast) -> None:
    told(accused_phones=PHONE), told(OTHER_VILLAGE, accused_phones=PHONE, account=cast.other_coordinator)
    text = coordinator.get("/broker-clusters").text
    assert "Kabupaten Cilacap, Kabupaten Ponorogo" in text
    assert the_cluster().source_count == 2


def test_coordinators_of_both_regencies_are_told_once(app: Flask, cast: Cast) -> None:
    told(accused_phones=PHONE), told(NEIGHBOUR, accused_phones=PHONE)
    assert alerts() == []
    told(OTHER_VILLAGE, accused_phones=PHONE)
    cause = f"cluster:{the_cluster().id}"
    both = [("+6281300000003", cause), ("+6281300000007", cause)]
    assert alerts() == both
    told(OTHER_VILLAGE, accused_phones=PHONE), told(HOME, accused_phones=PHONE)
    assert alerts() == both


def test_a_third_regency_is_news_for_all_three(app: Flask, cast: Cast) -> None:
    told(accused_phones=PHONE), told(OTHER_VILLAGE, accused_phones=PHONE)
    before = alerts()
    told(WITA_VILLAGE, accused_phones=PHONE)
    # Nobody coordinates Lombok Timur or its province, so the nation is told.
    assert {number for number, _ in alerts()[len(before) :]} == {"+6281300000003", "+6281300000007", "+6281300000005"}
    assert db.session.scalar(sa.select(sa.func.count(BrokerCrossing.id))) == 3


def test_who_knows_already_is_not_told_again_when_clusters_meet_or_part(app: Flask, cast: Cast) -> None:
    for phone in (PHONE, OTHER_PHONE):
        told(HOME, accused_phones=phone), told(OTHER_VILLAGE, accused_phones=phone)
    assert len(alerts()) == 4  # two clusters, two coordinators
    both = told(accused_phones=f"{PHONE}, {OTHER_PHONE}")
    change(both, accused_phones="")
    change(both, accused_phones=f"{PHONE}, {OTHER_PHONE}")
    assert len(alerts()) == 4


def test_the_text_names_nobody(app: Flask, cast: Cast) -> None:
    text = render("ALINK", "id", {})
    assert "Desmigratif" in text
    assert "Jaringan" in text
    assert not re.search(r"\d|LC-", text)


def test_without_a_coordinator_the_province_is_concerned(app: Flask, cast: Cast) -> None:
    def concerned(code: str) -> list[str]:
        return [account.username for account in coordinators([code])[code]]

    assert concerned(REGENCY) == ["ratna"]
    cast.coordinator.closed_at = NOW
    assert concerned(REGENCY) == ["bambang"]
    assert concerned(OTHER_REGENCY) == ["hartono"]
    assert concerned("52.03") == ["dewi"]


def test_news_are_for_the_areas_that_met_and_grow_old(app: Flask, cast: Cast) -> None:
    told(accused_phones=PHONE), told(OTHER_VILLAGE, accused_phones=PHONE)
    told(accused_phones=OTHER_PHONE), told(accused_phones=OTHER_PHONE)
    both = db.session.scalar(sa.select(BrokerCrossing.cluster_id))
    for username, told_of in (("ratna", [both]), ("bambang", [both]), ("hartono", [both]), ("siti", [])):
        assert [area.cluster_id for area in news_for(cast.account(username), NOW)] == told_of, username
    assert news_for(cast.coordinator, NOW + NEWS + timedelta(seconds=1)) == []


def test_the_list_tells_the_month_and_not_the_minute_of_a_report_elsewhere(coordinator: FlaskClient) -> None:
    told(accused_phones=PHONE, now=NOW - timedelta(days=3))
    told(OTHER_VILLAGE, accused_phones=PHONE)
    listed = coordinator.get("/broker-clusters").text
    assert f'datetime="{NOW:%Y-%m}"' in listed
    assert f"{NOW:%Y-%m-%d}" not in listed
    assert f"{NOW:%H:%M}" not in listed


def test_the_page_marks_what_is_new(coordinator: FlaskClient) -> None:
    told(accused_phones=PHONE, now=clock.now())
    told(NEIGHBOUR, accused_phones=PHONE, now=clock.now())
    assert NOTICE not in page(coordinator)
    told(OTHER_VILLAGE, accused_phones=PHONE, now=clock.now())
    assert NOTICE in page(coordinator)


def test_sources_of_an_area_can_be_counted(app: Flask, cast: Cast) -> None:
    told(person=cast.migrant), told(NEIGHBOUR, account=cast.stranger), told(NEIGHBOUR, account=cast.stranger)
    assert independent(sources_where(BrokerReport.area_code.in_([HOME, NEIGHBOUR]))) == 2
    assert independent(sources_where(BrokerReport.area_code == NEIGHBOUR)) == 1


def test_a_facilitator_who_reports_herself_is_one_source_about_however_many_families(app: Flask, cast: Cast) -> None:
    told(person=cast.migrant, reporter_kind="facilitator"), told(reporter_kind="facilitator", reporter_contact="Siti")
    told(reporter_kind="facilitator", reporter_contact="Bu Sri 0813 1111 2222")
    assert independent(sources_where()) == 1
    told(reporter_kind="neighbour", reporter_contact="Bu Tuti 0813 3333 4444")
    assert independent(sources_where()) == 2


def test_who_reported_anonymously_by_sms_and_to_a_facilitator_too_is_one_source(app: Flask, cast: Cast) -> None:
    number, other = "+6281211112222", "+6281233334444"
    for sender in (number, other):
        sent = by_text.receive(sender, "calo datang", NOW, area_code=HOME, reporter_kind="neighbour")
        by_text.choose_naming(sent, "anonymous", NOW)
    assert independent(sources_where()) == 2
    told(reporter_contact="Budi 0812 1111 2222")
    assert independent(sources_where()) == 2
    by_text.forget_expired(NOW + by_text.REMEMBERED_FOR)
    assert independent(sources_where()) == 3, "what is forgotten cannot be found again"


def test_a_large_cluster_is_shown_in_part(coordinator: FlaskClient) -> None:
    for number in range(105):
        told(NEIGHBOUR if number % 2 else HOME, accused_phones=PHONE)
    with statements() as sent:
        text = page(coordinator)
    assert len(sent) < 30
    assert text.count("<rect") <= 40
    assert text.count('class="row"') == 100


@pytest.mark.own_database
@pytest.mark.parametrize("who", ["coordinator", "province", "nation"])
def test_lists_are_read_by_an_index(app: Flask, cast: Cast, login: Login, who: str) -> None:
    told(accused_phones=PHONE), told(accused_phones=PHONE)
    cluster_id = the_cluster().id
    browser = new_client(app)
    login(browser, getattr(cast, who))
    tables = ("broker_aliases", "broker_memberships", "broker_clusters", "broker_cluster_areas", "broker_crossings")
    for path in ("/broker-clusters", "/broker-clusters?before=99", f"/broker-clusters/{cluster_id}"):
        with statements() as sent:
            assert browser.get(path).status_code == 200
        asked = [(s, p) for s, p in sent if re.search(r"FROM broker_(alias|member|cluster|cross)", s)]
        assert asked
        for statement, parameters in asked:
            how = plan(statement, parameters)
            assert not any(reads_whole_table(how, table) for table in tables), f"{path}\n{statement}\n{how}"
            if "LIMIT" in statement and "newest_id DESC" in statement:
                assert "ix_broker_cluster_areas_area_code_newest_id" in how
                assert "TEMP B-TREE" not in how
                assert "Sort" not in how


@pytest.mark.own_database
def test_what_links_a_report_is_found_by_an_index(app: Flask, cast: Cast) -> None:
    facts: dict[str, Any] = {
        "accused_phones": PHONE,
        "accused_names": "Darto Susilo",
        "agency_claimed": "PT Maju",
        "place": "Kroya Wetan",
    }
    told(**facts)
    report = told(NEIGHBOUR, **facts)
    with statements() as sent:
        change(report, accused_phones=f"{PHONE}, {OTHER_PHONE}", now=NOW)
        news_for(cast.coordinator, NOW)
    asked = [(s, p) for s, p in sent if re.match(r"\s*SELECT", s) and "broker_" in s]
    assert len(asked) > 5
    for statement, parameters in asked:
        how = plan(statement, parameters)
        for table in ("broker_aliases", "broker_memberships", "broker_reports", "broker_cluster_areas"):
            assert not reads_whole_table(how, table), f"{statement}\n{how}"
