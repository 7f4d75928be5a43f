"""Taking a report on, the checklist, and the moves: who may, in which order, and what the second of two is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from tests.brokers.office import again, move, steps, taken, told
from tests.people import Cast
from webapp import clock
from webapp.accounts.model import AuditEntry
from webapp.brokers import queries
from webapp.brokers.signals import report_changed, report_recorded
from webapp.brokers.states import ENDS, MOVES, RECEIVED, STATES, TRIAGE, VERIFYING, moves_by_hand, needs_reason
from webapp.brokers.triage import due_at, is_overdue
from webapp.brokers.verification import CHECKS
from webapp.db import db

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
CAME = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
CONFIRMED = {"office": "Polres Cilacap", "document": "B/12/XI/2026", "confirmed_on": "2026-11-20"}


def test_a_report_is_looked_at_within_a_day_and_an_urgent_one_at_once() -> None:
    day, hour = timedelta(days=1), timedelta(hours=1)
    assert due_at(RECEIVED, urgent=False, received_at=CAME) == CAME + day
    assert due_at(RECEIVED, urgent=True, received_at=CAME) == CAME
    assert due_at(TRIAGE, urgent=True, received_at=CAME) == CAME + day, "somebody has it now"
    assert due_at(VERIFYING, urgent=True, received_at=CAME) is None
    assert is_overdue(RECEIVED, urgent=True, received_at=CAME, now=CAME)
    assert not is_overdue(RECEIVED, urgent=False, received_at=CAME, now=CAME + day - hour)
    assert is_overdue(TRIAGE, urgent=False, received_at=CAME, now=CAME + day)


def test_every_state_leads_to_an_end_and_every_end_says_why() -> None:
    assert set(MOVES) == set(STATES)
    for state in STATES:
        reached, fresh = {state}, [state]
        while fresh:
            fresh = [to for one in fresh for to in MOVES[one] if to not in reached]
            reached |= set(fresh)
        assert set(ENDS) <= reached
        assert moves_by_hand(state), f"nothing leads out of {state}"
    assert needs_reason(VERIFYING, "not_proven")
    assert needs_reason("closed", VERIFYING)
    assert not needs_reason(TRIAGE, VERIFYING)


def test_whoever_takes_it_on_verifies_it(coordinator: FlaskClient, cast: Cast) -> None:
    report, ratna = told(cast.facilitator), cast.coordinator.id
    page = coordinator.get(f"/broker-reports/{report.id}").text
    assert f'action="/broker-reports/{report.id}/verification"' in page
    answer = coordinator.post(f"/broker-reports/{report.id}/verification", data={"verifier_id": ""})
    assert answer.location == f"/broker-reports/{report.id}"
    report = again(report)
    assert (report.verifier_id, report.state) == (ratna, "triage")
    assert steps(report) == [("taken", ratna), ("moved", ratna)]
    page = coordinator.get(f"/broker-reports/{report.id}").text
    assert f'action="/broker-reports/{report.id}/verification"' not in page
    assert f"/broker-reports/{report.id}/moves" in page


def test_of_two_at_once_the_second_is_told(coordinator: FlaskClient, province: FlaskClient, cast: Cast) -> None:
    path = f"/broker-reports/{told(cast.facilitator).id}/verification"
    assert coordinator.post(path, data={"verifier_id": ""}).status_code == 303
    answer = province.post(path, data={"verifier_id": ""})
    assert answer.status_code == 409
    assert "Ratna Dewi" in answer.text


def test_it_is_taken_over_with_a_reason_from_above(coordinator: FlaskClient, province: FlaskClient, cast: Cast) -> None:
    report, ratna, bambang = taken(told(cast.facilitator), cast.coordinator), cast.coordinator.id, cast.province.id
    path = f"/broker-reports/{report.id}/verification"
    assert province.get(path).status_code == 200
    assert province.post(path, data={"verifier_id": ratna}).status_code == 422
    assert province.post(path, data={"verifier_id": ratna, "reason": "Ratna cuti"}).status_code == 303
    assert again(report).verifier_id == bambang
    # The regency does not take it back from the province.
    answer = coordinator.post(path, data={"verifier_id": bambang, "reason": "Saya kembali"})
    assert answer.status_code == 409
    assert again(report).verifier_id == bambang


def test_from_a_closed_account_anybody_takes_it_over(coordinator: FlaskClient, cast: Cast) -> None:
    report = taken(told(cast.facilitator), cast.province)
    cast.province.closed_at = clock.real_now()
    known = {"verifier_id": str(report.verifier_id), "reason": "Akun ditutup"}
    assert coordinator.post(f"/broker-reports/{report.id}/verification", data=known).status_code == 303


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("checks/agency", {"answer": "yes"}),
        ("moves", {"from_state": "triage", "to": "verifying"}),
        ("referrals", {"office": "police", "addressee": "Polres", "without_consent": "Ada bahaya"}),
    ],
)
def test_only_the_verifier_acts(province: FlaskClient, cast: Cast, path: str, fields: dict[str, str]) -> None:
    report = taken(told(cast.facilitator), cast.coordinator)
    before = steps(report)
    answer = province.post(f"/broker-reports/{report.id}/{path}", data=fields)
    assert answer.status_code == 409
    assert "Ratna Dewi" in answer.text
    assert steps(report) == before


def test_each_question_is_answered_by_somebody_and_the_newest_answer_holds(
    coordinator: FlaskClient, province: FlaskClient, cast: Cast
) -> None:
    report, ratna, bambang = taken(told(cast.facilitator), cast.coordinator), cast.coordinator.id, cast.province.id
    path = f"/broker-reports/{report.id}/checks"
    for code in CHECKS:
        assert coordinator.get(f"{path}/{code}").status_code == 200
    assert coordinator.post(f"{path}/agency", data={"answer": "no", "note": "Tidak di daftar"}).status_code == 303
    assert coordinator.post(f"{path}/agency", data={"answer": "perhaps"}).status_code == 422
    assert coordinator.get(f"{path}/witchcraft").status_code == 404
    province.post(f"/broker-reports/{report.id}/verification", data={"verifier_id": ratna, "reason": "Cuti"})
    province.post(f"{path}/agency", data={"answer": "unclear"})
    checks = queries.checks_of(again(report))
    assert {code: (step.facts["answer"], step.account_id) for code, step in checks.items()} == {
        "agency": ("unclear", bambang)
    }
    assert [one for one in steps(report) if one[0] == "checked"] == [("checked", ratna), ("checked", bambang)]
    assert "Tidak di daftar" in province.get(f"/broker-reports/{report.id}").text, "the older answer stays"


def test_a_report_goes_its_way_and_every_end_needs_a_reason(coordinator: FlaskClient, cast: Cast) -> None:
    report = taken(told(cast.facilitator), cast.coordinator)
    assert coordinator.get(f"/broker-reports/{report.id}/moves").status_code == 200
    assert move(coordinator, report, "verifying").status_code == 303
    report = again(report)
    assert move(coordinator, report, "not_proven").status_code == 422
    assert move(coordinator, report, "not_proven", reason="Surat tugas asli").status_code == 303
    report = again(report)
    assert report.state == "not_proven"
    assert "Surat tugas asli" in coordinator.get(f"/broker-reports/{report.id}").text
    assert move(coordinator, report, "verifying", reason="Bukti baru").status_code == 303


@pytest.mark.parametrize("to", ["referred", "triage", "received", "nonsense", "closed"])
def test_what_the_table_does_not_allow_is_refused(coordinator: FlaskClient, cast: Cast, to: str) -> None:
    """To `referred` leads a letter, to `triage` taking it on."""
    report = taken(told(cast.facilitator), cast.coordinator, "verifying")
    assert move(coordinator, report, to, reason="x").status_code == 422
    assert again(report).state == "verifying"


def test_a_move_from_another_state_than_shown_is_told(coordinator: FlaskClient, cast: Cast) -> None:
    report = taken(told(cast.facilitator), cast.coordinator)
    stale = {"from_state": "triage", "to": "verifying"}
    path = f"/broker-reports/{report.id}/moves"
    assert coordinator.post(path, data=stale).status_code == 303
    answer = coordinator.post(path, data=stale | {"to": "too_little", "reason": "Tidak ada nomor"})
    assert answer.status_code == 409
    assert again(report).state == "verifying"


def test_only_a_document_confirms(coordinator: FlaskClient, cast: Cast) -> None:
    report = taken(told(cast.facilitator), cast.coordinator, "referred")
    for name in CONFIRMED:
        left_out = {key: value for key, value in CONFIRMED.items() if key != name}
        assert move(coordinator, report, "officially_confirmed", **left_out).status_code == 422
    tomorrow = {"confirmed_on": (clock.now() + timedelta(days=2)).date().isoformat()}
    assert move(coordinator, report, "officially_confirmed", **(CONFIRMED | tomorrow)).status_code == 422
    assert queries.confirmation_of(report.id) is None
    assert move(coordinator, report, "officially_confirmed", **CONFIRMED).status_code == 303
    document = {"office": "Polres Cilacap", "number": "B/12/XI/2026", "day": "2026-11-20"}
    assert queries.confirmation_of(again(report).id) == document
    assert move(coordinator, again(report), "closed", reason="Selesai").status_code == 303
    assert queries.confirmation_of(report.id) == document, "it stays confirmed when it is closed"
    assert move(coordinator, again(report), "verifying", reason="Salah orang").status_code == 303
    assert queries.confirmation_of(report.id) is None


def test_each_act_stands_in_the_audit_log(coordinator: FlaskClient, cast: Cast) -> None:
    report = taken(told(cast.facilitator), cast.coordinator)
    move(coordinator, report, "verifying")
    coordinator.post(f"/broker-reports/{report.id}/checks/agency", data={"answer": "no", "note": "Darto"})
    query = sa.select(AuditEntry.act, AuditEntry.detail).where(
        AuditEntry.subject_id == report.id, AuditEntry.account_id == cast.coordinator.id, AuditEntry.act != "seen"
    )
    assert set(db.session.execute(query).tuples()) == {("moved", "report_state"), ("noted", "report_check")}


def test_others_hear_of_a_new_report_and_of_each_change(cast: Cast) -> None:
    heard: list[tuple[str, str]] = []

    def recorded(report: object, **_: object) -> None:
        heard.append(("recorded", report.state))  # type: ignore[attr-defined]  # a report is what the signal is sent of

    def changed(report: object, **_: object) -> None:
        heard.append(("changed", report.state))  # type: ignore[attr-defined]  # a report is what the signal is sent of

    with report_recorded.connected_to(recorded), report_changed.connected_to(changed):
        taken(told(cast.facilitator), cast.coordinator, "verifying")
    assert heard == [("recorded", "received"), ("changed", "triage"), ("changed", "verifying")]


@on_sqlite
@pytest.mark.parametrize("state", STATES)
def test_the_writer_reads_calm_words_of_each_state(facilitator: FlaskClient, cast: Cast, state: str) -> None:
    report = told(cast.facilitator)
    report.state = state
    page = facilitator.get(f"/broker-reports/{report.id}")
    assert page.status_code == 200
    assert "/moves" not in page.text
    assert 'id="checks"' not in page.text
