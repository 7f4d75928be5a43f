"""Every route of the application with an example address, for tests that walk all of them.

A new parameter in an address needs an example in `stored_examples`: the id of something in Bajing.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.routing import AnyConverter, Rule

from tests.audiences.examples import example_list
from tests.broadcasts.examples import announced, example, example_audience
from tests.people import HOME, NATION, PROVINCE, REGENCY, SINCE, Cast
from webapp.accounts import access
from webapp.accounts.model import ADMINISTRATOR, COORDINATOR, FACILITATOR, AccessGrant, Account, AccountSession
from webapp.agencies.import_model import PREVIEW, AgencyImport
from webapp.brokers.alias_model import BrokerCluster, BrokerClusterArea, BrokerMembership
from webapp.brokers.model import BrokerReferral, BrokerReport
from webapp.cases.model import Case
from webapp.conversations.model import CannedReply, Incoming
from webapp.db import Base, db
from webapp.departures.model import Departure, ReminderRule
from webapp.departures.rule_acts import columns_of, values_of
from webapp.departures.rule_model import RuleProposal
from webapp.offline.model import KeptForm
from webapp.outbox.model import Message
from webapp.outbox.text_model import TextProposal
from webapp.people.model import FamilyContact
from webapp.people.tasks import Task
from webapp.photos.model import Photo
from webapp.routes.model import Route as RouteRow
from webapp.sealing import seal, seal_bytes
from webapp.warnings.model import SafetyWarning, WarningArea

#: Written by every visit, whatever it asks.
TRACES = ("audit_log", "account_sessions", "workers")


@dataclass(frozen=True)
class Route:
    """One endpoint with one method: its rule, and an address in Bajing."""

    endpoint: str
    method: str
    rule: Rule
    path: str

    @property
    def roles(self) -> frozenset[str]:
        return access.RULES[self.endpoint]

    @property
    def public(self) -> bool:
        return self.roles is access.PUBLIC

    @property
    def of_the_nation(self) -> bool:
        """Hidden from coordinators of a province or regency."""
        reads = ("rules.index", "rules.show", "texts.index", "texts.show")
        changes = self.endpoint.startswith(("rules.", "texts.")) and self.endpoint not in reads
        return changes or self.endpoint.startswith("agencies.imports.")

    @property
    def holds_ids(self) -> bool:
        return any(name.endswith("_id") for name in self.rule.arguments)

    def __str__(self) -> str:
        return f"{self.method} {self.rule.rule}"


def routes(app: Flask, examples: dict[str, Any]) -> Iterator[Route]:
    """All that the application answers, in a fixed order."""
    adapter = app.url_map.bind("localhost")
    for rule in sorted(app.url_map.iter_rules(), key=lambda r: (r.rule, sorted(r.methods or ()))):
        values = {name: _example(rule, name, examples) for name in rule.arguments}
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            yield Route(rule.endpoint, method, rule, adapter.build(rule.endpoint, values, method))


def _example(rule: Rule, name: str, examples: dict[str, Any]) -> Any:
    converter = rule._converters[name]
    if isinstance(converter, AnyConverter):
        return sorted(converter.items)[0]
    return examples[name]


def stored_examples(cast: Cast, session: Session) -> dict[str, Any]:
    """Parameter of an address → a value that stands for something in the village of Bajing."""
    siti, person = cast.facilitator, cast.migrant
    departure = Departure(
        person_id=person.id,
        area_code=HOME,
        destination_code="TW",
        scheme="p3mi",
        planned_on=date(2026, 12, 20),
        created_by_id=siti.id,
        created_at=SINCE,
        updated_at=SINCE,
    )
    contact = FamilyContact(
        person_id=person.id, name="Wagiman", relation="parent", number="+6281234567899", added_at=SINCE
    )
    device = AccountSession(token_hash="0" * 64, account_id=siti.id, device="", created_at=SINCE, seen_at=SINCE)
    task = Task(key="task:1", person_id=person.id, area_code=HOME, kind="call_back", created_at=SINCE)
    session.add_all([departure, contact, device, task])
    session.flush()
    kept = KeptForm(
        account_id=siti.id, area_code=HOME, person_id=person.id, path="/people/1/notes", title="Catatan",
        confidential=False, words_encrypted=seal('[["Catatan", "Sudah berangkat"]]'), body_encrypted=seal("words=x"),
        reason="", made_at=SINCE, at=SINCE,
    )  # fmt: skip
    session.add(kept)
    message = _question(cast, departure)
    incoming = Incoming(
        gateway="simulator",
        provider_id="in-1",
        number=person.phones[0].number,
        body="Bu, kapan saya berangkat?",
        received_at=SINCE,
        understood_at=SINCE,
        command="text",
        person_id=person.id,
        area_code=HOME,
        for_human=True,
    )
    report, other = _report(cast, "LC-7K3M"), _report(cast, "LC-9QQ2")
    canned = CannedReply(area_code=HOME, title="Besok", body="Besok ya {nama}", account_id=siti.id, updated_at=SINCE)
    agency_import = _agency_import(cast)
    session.add_all([message, incoming, report, other, canned, agency_import])
    session.flush()
    photo, cluster, route = _photo(cast, report), _cluster(session, report), _route()
    session.add_all([photo, route])
    case = Case(
        reference="B-4K7M", key="incoming:1", kind="help", area_code=HOME, person_id=person.id, incoming_id=incoming.id,
        opened_at=SINCE, called_at=SINCE,
    )  # fmt: skip
    session.add(case)
    referral = _verified(cast, report, session)
    draft, warning = _warning(cast, "P-4K7M", "draft"), _warning(cast, "P-9QQ2", "done")
    warning.approved_by_id, warning.approved_at = cast.coordinator.id, SINCE
    broadcast, announcement, audience = example(cast), announced(cast), example_audience(cast)
    recipients = example_list(cast)
    session.add_all([draft, warning, broadcast, announcement, audience, recipients, _rule_proposal(cast), _words(cast)])
    session.commit()
    return {
        "person_id": person.id,
        "phone_id": person.phones[0].id,
        "contact_id": contact.id,
        "departure_id": departure.id,
        "message_id": message.id,
        "incoming_id": incoming.id,
        "canned_id": canned.id,
        "case_id": case.id,
        "task_id": task.id,
        "kept_id": kept.id,
        "report_id": report.id,
        "cluster_id": cluster.id,
        "other_id": other.id,
        "merged_id": _merged(cast, report, session),
        "referral_id": referral.id,
        "import_id": agency_import.id,
        "photo_id": photo.id,
        "route_id": route.id,
        "rule_code": "R7",
        "text_code": "R7",
        "language": "jv",
        "draft_id": draft.id,
        "warning_id": warning.id,
        "broadcast_id": broadcast.id,
        "announcement_id": announcement.id,
        "audience_id": audience.id,
        "list_id": recipients.id,
        "key": uuid.UUID("3f0e1d2c-0000-4000-8000-00000000000b"),
        "account_id": siti.id,
        "session_id": device.id,
        "code": "passport",
        "gateway": "simulator",
        "reference": message.reference,
        "number": person.phones[0].number.lstrip("+"),
    }


def _verified(cast: Cast, report: BrokerReport, session: Session) -> BrokerReferral:
    """The coordinator verifies it and has passed it on to the police; who reports it may be named there."""
    report.verifier_id, report.state = cast.coordinator.id, "referred"
    report.naming, report.may_forward = "named", ["police"]
    referral = BrokerReferral(
        report_id=report.id, office="police", addressee="Polres Cilacap", account_id=cast.coordinator.id, at=SINCE
    )
    session.add(referral)
    session.flush()
    return referral


def _merged(cast: Cast, report: BrokerReport, session: Session) -> int:
    """Another report of the same event, which goes on in this one."""
    merged = _report(cast, "LC-CCC3")
    merged.merged_into_id = report.id
    session.add(merged)
    session.flush()
    return merged.id


def _report(cast: Cast, reference: str) -> BrokerReport:
    return BrokerReport(
        reference=reference,
        area_code=HOME,
        account_id=cast.facilitator.id,
        reporter_kind="family",
        person_id=cast.migrant.id,
        words="Seorang calo meminta uang muka.",
        modus=["money_to_family"],
        threat="none",
        may_forward=[],
        received_at=SINCE,
        updated_at=SINCE,
    )


def _agency_import(cast: Cast) -> AgencyImport:
    """A preview that nobody has confirmed."""
    return AgencyImport(
        account_id=cast.administrator.id,
        created_at=SINCE,
        source="Daftar rekaan",
        as_of=date(2026, 11, 1),
        file_name="daftar.csv",
        rows=[["PT Contoh Maju", "C/1", "Bekasi", "licensed", "2027-03-12"]],
        ignored=[],
        base="0" * 64,
        state=PREVIEW,
        came=1,
        changed=0,
        went=0,
        unchanged=0,
    )


def _cluster(session: Session, report: BrokerReport) -> BrokerCluster:
    """Of that report, seen from where it lies and from above."""
    cluster = BrokerCluster(created_at=SINCE, report_count=1, area_count=1, source_count=1, newest_at=SINCE)
    session.add(cluster)
    session.flush()
    session.add(BrokerMembership(report_id=report.id, cluster_id=cluster.id))
    for code in (REGENCY, PROVINCE, NATION):
        facts = {"cluster_id": cluster.id, "report_count": 1, "newest_id": report.id}
        session.add(BrokerClusterArea(area_code=code, **facts))
    return cluster


def _route() -> RouteRow:
    return RouteRow(
        code="modem", name="Modem Kroya", kind="simulator", enabled=True, areas=HOME, rank=1, per_minute=10,
        price_rupiah=350, created_at=SINCE, updated_at=SINCE,
    )  # fmt: skip


def _rule_proposal(cast: Cast) -> RuleProposal:
    """A change that waits for a second officer."""
    values = columns_of(values_of(db.session.get_one(ReminderRule, "R7"))) | {"hour": 15, "as_of": "2026-11-01"}
    return RuleProposal(rule_code="R7", base_version=1, values=values, proposed_by_id=cast.nation.id, proposed_at=SINCE)


def _words(cast: Cast) -> TextProposal:
    """Words in Javanese that wait for a second officer."""
    body = "Desmigratif: {n}, bidhal {d}. Kirang: {dok}. Pitaken {hp}"
    facts = {"base_version": 1, "body": body, "confirmed_by": "Balai Bahasa", "proposed_by_id": cast.nation.id}
    return TextProposal(code="R7", language="jv", **facts, proposed_at=SINCE)


def _warning(cast: Cast, code: str, state: str) -> SafetyWarning:
    return SafetyWarning(
        code=code,
        level=0,
        text_code="W4",
        values={},
        state=state,
        area_code=REGENCY,
        areas=[WarningArea(area_code=HOME)],
        stages=["prospect"],
        destinations=[],
        drafted_by_id=cast.coordinator.id,
        created_at=SINCE,
        updated_at=SINCE,
    )


def _photo(cast: Cast, report: BrokerReport) -> Photo:
    return Photo(
        key="3f0e1d2c-0000-4000-8000-00000000000a",
        account_id=cast.facilitator.id,
        area_code=HOME,
        quality="small",
        size=9,
        received=9,
        content_encrypted=seal_bytes(b"a picture"),
        width=4,
        height=3,
        created_at=SINCE,
        completed_at=SINCE,
        subject="broker_report",
        subject_id=report.id,
    )


def _question(cast: Cast, departure: Departure) -> Message:
    person = cast.migrant
    return Message(
        key="departure:example",
        cause=f"departure:{departure.id}",
        reference="0123456789abcdef0123456789abcdef",
        person_id=person.id,
        phone_id=person.phones[0].id,
        number=person.phones[0].number,
        area_code=HOME,
        text_code="P1",
        purpose="reminder",
        expects="1_2",
        state="sent",
        due_at=SINCE,
        created_at=SINCE,
        updated_at=SINCE,
        sent_at=SINCE,
    )


def reader_for(route: Route, cast: Cast) -> Account | None:
    """Somebody of Bajing or above who may use this route; nobody for public ones."""
    if route.public:
        return None
    if route.of_the_nation:
        return cast.administrator
    by_role = {FACILITATOR: cast.facilitator, COORDINATOR: cast.coordinator, ADMINISTRATOR: cast.administrator}
    return next(by_role[role] for role in by_role if role in route.roles)


def grant(cast: Cast, session: Session, until: Any) -> None:
    """The administrator has stated a reason."""
    reason = AccessGrant(account_id=cast.administrator.id, reason="the tests", granted_at=SINCE, until=until)
    session.add(reason)
    session.commit()


def everything_stored(session: Session) -> dict[str, list[str]]:
    """All rows of all tables but those that every visit writes to."""
    session.rollback()
    tables = [table for table in Base.metadata.sorted_tables if table.name not in TRACES]
    return {table.name: sorted(map(repr, session.execute(sa.select(table)))) for table in tables}
