"""A report is linked when it is stored, anew when it changes, and not at all where it must not be."""

from __future__ import annotations

import dataclasses
import random
import time
from threading import Thread
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, current_app
from flask.testing import FlaskClient

from tests.brokers.network import (
    NOW,
    OTHER_PHONE,
    PHONE,
    change,
    cluster_of,
    groups,
    siti,
    stored_graph,
    the_cluster,
    told,
)
from tests.people import HOME, NEIGHBOUR, OTHER_VILLAGE, PROVINCE, WITA_VILLAGE, Cast
from tests.plans import statements
from webapp import sealing
from webapp.brokers import aliases, cluster_command, clusters, graph
from webapp.brokers.alias_model import BrokerAlias, BrokerCluster
from webapp.brokers.links import components
from webapp.brokers.model import BrokerReport, BrokerStep
from webapp.db import db
from webapp.sealing import unseal


def test_the_form_links_a_report_to_what_was_said_before(facilitator: FlaskClient) -> None:
    before = told(NEIGHBOUR, accused_phones=PHONE)
    db.session.commit()
    form = {
        "words": "Ia datang lagi.",
        "threat": "none",
        "reporter_kind": "family",
        "accused_phones": "+62 857-1111-2222",
    }
    assert facilitator.post("/broker-reports", data=form).status_code == 303
    db.session.rollback()
    newest = db.session.scalar(sa.select(sa.func.max(BrokerReport.id)))
    assert groups() == {frozenset({before.id, newest})}


def test_phones_accounts_and_plates_link_across_provinces(app: Flask, cast: Cast) -> None:
    first = told(HOME, accused_phones=PHONE)
    second = told(OTHER_VILLAGE, accused_phones="wa.me/6285711112222", accused_accounts="BRI 1234 01 567890 501")
    third = told(WITA_VILLAGE, accused_accounts="1234-01-567890-501", accused_plates="ea 77 bc")
    fourth = told(NEIGHBOUR, accused_plates="EA 77 BC")
    alone = told(HOME, accused_phones=OTHER_PHONE)
    assert groups() == {frozenset({first.id, second.id, third.id, fourth.id})}
    assert cluster_of(alone) is None
    cluster = the_cluster()
    assert (cluster.report_count, cluster.area_count) == (4, 3)


def test_names_link_in_a_regency_and_by_an_agency_beyond(app: Flask, cast: Cast) -> None:
    first = told(HOME, accused_names="Pak Darto", agency_claimed="PT Maju Jaya")
    second = told(NEIGHBOUR, accused_names="H. Dharto Soesilo")
    elsewhere = told(OTHER_VILLAGE, accused_names="Darto")
    assert groups() == {frozenset({first.id, second.id})}
    change(elsewhere, agency_claimed="CV. MAJU JAYA")
    assert groups() == {frozenset({first.id, second.id, elsewhere.id})}


def test_usual_names_leave_nothing_that_links(app: Flask, cast: Cast) -> None:
    told(HOME, accused_names="Bu Sri", agency_claimed="PT Maju Jaya", place="Pasar Kroya Wetan")
    told(HOME, accused_names="Sri", agency_claimed="PT Maju Jaya", place="Kroya Wetan")
    assert db.session.scalar(sa.select(sa.func.count(BrokerAlias.id))) == 0
    assert groups() == set()


def test_numbers_of_the_accused_lie_sealed(app: Flask, cast: Cast) -> None:
    told(accused_phones=PHONE, accused_plates="AD 1234 XY", accused_accounts="BRI 90817263541", accused_names="Darto")
    rows = db.session.execute(sa.select(BrokerAlias.__table__)).all()
    assert len(rows) == 4
    assert {unseal(row.value_encrypted) for row in rows if row.value_encrypted} == {
        "+6285711112222",
        "AD1234XY",
        "90817263541",
    }
    for row in rows:
        plain = " ".join(str(value) for name, value in row._mapping.items() if name != "value_encrypted")
        assert not any(part in plain for part in ("8571111", "1234XY", "90817263541"))


def test_a_third_report_joins_two_clusters_and_the_oldest_stays(app: Flask, cast: Cast) -> None:
    first, second = told(accused_phones=PHONE), told(accused_phones=PHONE)
    third, fourth = told(accused_phones=OTHER_PHONE), told(accused_phones=OTHER_PHONE)
    oldest = cluster_of(first)
    assert cluster_of(third) != oldest
    both = told(accused_phones=f"{PHONE}, {OTHER_PHONE}")
    assert {cluster_of(one) for one in (first, second, third, fourth, both)} == {oldest}
    assert the_cluster().report_count == 5
    change(both, accused_phones="")
    assert groups() == {frozenset({first.id, second.id}), frozenset({third.id, fourth.id})}
    assert cluster_of(first) == oldest
    assert db.session.scalar(sa.select(sa.func.count(BrokerCluster.id))) == 2


def test_without_a_change_nothing_is_written_anew(app: Flask, cast: Cast) -> None:
    report, _ = told(accused_phones=PHONE, accused_names="Darto"), told(accused_phones=PHONE)
    before = stored_graph()
    ids = db.session.scalars(sa.select(BrokerAlias.id).order_by(BrokerAlias.id)).all()
    aliases.index(report, NOW)
    assert stored_graph() == before
    assert db.session.scalars(sa.select(BrokerAlias.id).order_by(BrokerAlias.id)).all() == ids


def test_what_proved_wrong_links_nobody_any_more(app: Flask, cast: Cast) -> None:
    first, middle = told(accused_phones=PHONE), told(accused_phones=f"{PHONE} {OTHER_PHONE}")
    last = told(accused_phones=OTHER_PHONE)
    assert the_cluster().report_count == 3
    change(middle, state="not_proven")
    assert groups() == set()
    db.session.add(BrokerStep(report_id=middle.id, kind="moved", facts={"to": "not_proven"}, at=NOW))
    db.session.add(BrokerStep(report_id=middle.id, kind="moved", facts={"to": "closed"}, at=NOW))
    change(middle, state="closed")
    assert groups() == set()
    change(middle, state="verifying")
    assert groups() == {frozenset({first.id, middle.id, last.id})}


def test_what_is_too_little_or_closed_otherwise_still_links(app: Flask, cast: Cast) -> None:
    first, second = told(accused_phones=PHONE), told(accused_phones=PHONE)
    change(first, state="too_little")
    db.session.add(BrokerStep(report_id=first.id, kind="moved", facts={"from": "too_little", "to": "closed"}, at=NOW))
    change(first, state="closed")
    assert groups() == {frozenset({first.id, second.id})}


def test_a_merged_report_links_through_the_one_in_which_it_goes_on(app: Flask, cast: Cast) -> None:
    first = told(accused_phones=PHONE)
    double = told(accused_phones=f"{PHONE}, {OTHER_PHONE}")
    far = told(OTHER_VILLAGE, accused_phones=OTHER_PHONE)
    change(double, merged_into_id=first.id)
    assert groups() == {frozenset({first.id, far.id})}
    assert the_cluster().report_count == 2
    double.merged_into_id = None
    for report in (double, first):
        aliases.index(report, NOW)
    assert groups() == {frozenset({first.id, double.id, far.id})}


def test_sources_are_counted_anew_when_a_family_is_known(app: Flask, cast: Cast) -> None:
    first, second = told(accused_phones=PHONE), told(accused_phones=PHONE, account=cast.stranger)
    assert the_cluster().source_count == 2
    change(first, person_id=cast.migrant.id)
    change(second, person_id=cast.migrant.id)
    assert the_cluster().source_count == 1


def test_reporters_with_one_number_are_one_source(app: Flask, cast: Cast) -> None:
    told(accused_phones=PHONE, reporter_contact="Bu Karti 0812 3456 7801")
    told(accused_phones=PHONE, reporter_contact="Karti +62 812-3456-7801", account=cast.stranger)
    assert the_cluster().source_count == 1
    told(accused_phones=PHONE, person=cast.migrant, account=cast.coordinator)  # whose own number it is
    assert the_cluster().source_count == 1


def test_a_key_that_is_changed_parts_nobody(app: Flask, cast: Cast) -> None:
    first = told(accused_phones=PHONE)
    settings = current_app.config["SETTINGS"]
    keys = (("new", b"fedcba9876543210fedcba9876543210"), *settings.encryption_keys)
    current_app.config["SETTINGS"] = dataclasses.replace(settings, encryption_keys=keys)
    second = told(accused_phones=PHONE)
    assert groups() == {frozenset({first.id, second.id})}
    db.session.commit()
    assert sealing.reseal() == 1
    current_app.config["SETTINGS"] = dataclasses.replace(settings, encryption_keys=keys[:1])
    third = told(accused_phones=PHONE)
    assert groups() == {frozenset({first.id, second.id, third.id})}
    assert len(set(db.session.scalars(sa.select(BrokerAlias.value_hash)))) == 1


def test_a_report_that_says_nothing_of_anybody_waits_for_no_lock(app: Flask, cast: Cast, monkeypatch: Any) -> None:
    monkeypatch.setattr(graph, "lock", lambda: pytest.fail("it took the lock"))
    told()


NAMES = ("", "", "Darto", "H. Dharto", "Darto Susilo", "Kasan alias Mbah San", "Sri Wahyuni", "Sri Wahjuni", "Slamet")
PHONES = ("", "", PHONE, OTHER_PHONE, "0857 5555 6666", f"{PHONE}, 0857 7777 8888")
AGENCIES = ("", "PT Maju Jaya", "Maju Jaya")
PLACES = ("", "Kroya Wetan", "pasar Kroya wetan")
AREAS = (HOME, NEIGHBOUR, OTHER_VILLAGE, WITA_VILLAGE, PROVINCE)


def forget_the_graph() -> None:
    for table in ("memberships", "cluster_areas", "crossings", "clusters", "aliases"):
        db.session.execute(sa.text(f"DELETE FROM broker_{table}"))


def something(chance: random.Random) -> dict[str, Any]:
    return {
        "accused_names": chance.choice(NAMES),
        "accused_phones": chance.choice(PHONES),
        "agency_claimed": chance.choice(AGENCIES),
        "place": chance.choice(PLACES),
    }


def happen(chance: random.Random, reports: list[BrokerReport]) -> None:
    """One thing that can happen to reports."""
    act = chance.randrange(10) if len(reports) > 3 else 0
    report = chance.choice(reports) if reports else None
    if act < 5 or report is None:
        reports.append(told(chance.choice(AREAS), siti(), **something(chance)))
    elif act < 7:
        change(report, **something(chance))
    elif act < 9:
        change(report, state=chance.choice(["not_proven", "verifying", "too_little"]))
    elif report.merged_into_id is None:
        others = [one for one in reports if one is not report and one.merged_into_id is None]
        if others and not any(one.merged_into_id == report.id for one in reports):
            change(report, merged_into_id=chance.choice(others).id)


@pytest.mark.parametrize("seed", range(6))
def test_growing_by_one_and_made_of_all_at_once_are_the_same(app: Flask, cast: Cast, seed: int) -> None:
    chance, reports = random.Random(seed), list[BrokerReport]()
    for _ in range(45):
        happen(chance, reports)
        linking = [one for one in reports if aliases.may_link(one.id)]
        traits = [graph.traits_of(one.id, *aliases.wanted(one.id)) for one in linking]
        assert groups() == {frozenset(group) for group in components(traits) if len(group) > 1}
    before = stored_graph()
    cluster_command.rebuild()
    assert stored_graph() == before
    for table in (
        "broker_memberships",
        "broker_cluster_areas",
        "broker_crossings",
        "broker_clusters",
        "broker_aliases",
    ):
        db.session.execute(sa.text(f"DELETE FROM {table}"))
    expected = groups_of(before)
    cluster_command.rebuild()
    assert groups() == expected


def groups_of(stored: dict[str, list[tuple[Any, ...]]]) -> set[frozenset[int]]:
    found: dict[int, set[int]] = {}
    for report_id, cluster_id in stored["broker_memberships"]:
        if cluster_id is not None:
            found.setdefault(cluster_id, set()).add(report_id)
    return {frozenset(ids) for ids in found.values()}


def test_the_command_links_what_was_stored_before(app: Flask, cast: Cast) -> None:
    first, second = told(accused_phones=PHONE), told(accused_phones=PHONE)
    for table in (
        "broker_memberships",
        "broker_cluster_areas",
        "broker_crossings",
        "broker_clusters",
        "broker_aliases",
    ):
        db.session.execute(sa.text(f"DELETE FROM {table}"))
    db.session.commit()
    outcome = app.test_cli_runner().invoke(args=["clusters"])
    assert outcome.output == "1 clusters of reports.\n"
    assert groups() == {frozenset({first.id, second.id})}


def wait_for_a_waiting_connection() -> None:
    waits = sa.text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
    give_up_at = time.monotonic() + 20
    with db.engine.connect() as connection:
        while not connection.scalar(waits):
            connection.rollback()
            assert time.monotonic() < give_up_at, "the second report did not wait for the first"
            time.sleep(0.02)


# SQLite lets one writer begin at a time: tests/accounts/test_submissions.py shows that the others wait.
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_two_reports_at_the_same_moment_end_in_one_cluster(app: Flask, cast: Cast) -> None:
    def report() -> None:
        with app.app_context():
            told(OTHER_VILLAGE, accused_phones=PHONE)
            db.session.commit()
            db.session.remove()

    told(HOME, accused_phones=PHONE)
    second = Thread(target=report)
    second.start()
    wait_for_a_waiting_connection()
    db.session.commit()
    second.join(20)
    assert len(groups()) == 1
    assert the_cluster().report_count == 2


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_many_reports_at_once_end_in_one_cluster(app: Flask, cast: Cast) -> None:
    """Four threads, each with reports that link those of the next: nobody waits for ever, nobody stays apart."""
    phones = [f"0857 2222 {number:04}" for number in range(1111, 1119)]
    faults: list[BaseException] = []

    def report(begin: int) -> None:
        with app.app_context():
            try:
                for step in range(8):
                    mine = (begin + step) % 8
                    told(accused_phones=f"{phones[mine]}, {phones[(mine + 1) % 8]}")
                    db.session.commit()
            except BaseException as fault:
                faults.append(fault)
            finally:
                db.session.remove()

    db.session.commit()
    threads = [Thread(target=report, args=(2 * number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert faults == []
    assert [len(group) for group in groups()] == [32]
    assert the_cluster().report_count == 32
    before = stored_graph()
    cluster_command.rebuild()
    assert stored_graph() == before


def test_linking_does_not_ask_more_of_the_database_the_more_reports_there_are(app: Flask, cast: Cast) -> None:
    asked = []
    for _ in range(2):
        for _ in range(10):
            told(accused_phones=PHONE, accused_names="Darto")
        with statements() as sent:
            told(accused_phones=PHONE, accused_names="Darto")
        asked.append(len(sent))
    assert asked[0] == asked[1] < 40
    assert clusters.cluster_of(1) is not None
