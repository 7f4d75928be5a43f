"""What stands on the pages that the browser looks at: a village in the middle of its work."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import cast

import sqlalchemy as sa

from sms.gateways import Outgoing
from sms.gateways.simulator import Simulator
from tests import people
from tests.browser.broadcast_scene import a_draft
from tests.browser.followed_scene import a_followed_one
from tests.browser.list_scene import a_list
from tests.browser.server import demonstration
from tests.photos.pictures import camera_jpeg
from webapp import clock
from webapp.accounts.model import Account
from webapp.agencies import changes, imports
from webapp.agencies.import_model import CANCELLED, PREVIEW, AgencyImport
from webapp.agencies.reading import Listed
from webapp.brokers import acts as broker_acts
from webapp.brokers import merging, referral
from webapp.brokers.alias_model import BrokerCluster
from webapp.brokers.model import SUBJECT, BrokerReport
from webapp.cases.model import Case
from webapp.conversations.model import CannedReply, Incoming
from webapp.db import db
from webapp.demo.load import load_agencies
from webapp.departures import acts
from webapp.departures.model import ChecklistItem, Departure
from webapp.offline import acts as acts_of_phones
from webapp.outbox import text_acts
from webapp.outbox.gateway import current_gateway
from webapp.outbox.model import Message
from webapp.people.model import Person
from webapp.people.tasks import Task, open_task
from webapp.photos.model import Photo, attach
from webapp.photos.picture import SMALL, small_picture
from webapp.routes.model import Route
from webapp.warnings import acts as warnings
from webapp.warnings.acts import Draft

#: The day on which the demonstration begins. A Tuesday.
DAY = date(2026, 12, 1)
NIK = "3301062005900001"


def set_up(database_url: str) -> dict[str, int]:
    """Fill a database of the cast. Returns the ids that addresses of pages need, by name."""
    with demonstration(database_url).app_context():
        clock.move_to(DAY)
        people.add_people(db.session())
        db.session.flush()
        ids = _fill(people.Cast(db.session()), clock.now())
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    return ids


def _fill(cast: people.Cast, now: datetime) -> dict[str, int]:
    siti, sri = cast.facilitator, cast.migrant
    cast.coordinator.language = "en"
    leaving = _leaving_soon(sri, siti, now)
    postponed = acts.record(cast.withdrew, siti, now, destination_code="TW", scheme="p3mi", planned_on=_in(40))
    acts.postpone(postponed, siti, now, reason="Menunggu visa")
    abroad = _abroad(siti, now)
    _failed(abroad, now)
    load_agencies(now)
    open_task("scene:1", sri, "call_back", now)
    mother = sri.add_contact("Suminah", "mother", "+6281377776666", account=siti, now=now)
    db.session.flush()
    kept = acts_of_phones.keep(
        siti, now, path=f"/people/{sri.id}/notes", title="Catatan", words=[("Catatan", "Sudah ke Cilacap")], body="",
        reason="Data orang ini sudah berubah", made_at=now,
    )  # fmt: skip
    return {
        "kept": kept.id,
        "sri": sri.id,
        "wagiman": abroad.person_id,
        "phone": sri.phones[0].id,
        "contact": mother.id,
        "leaving": leaving.id,
        "postponed": postponed.id,
        "abroad": abroad.id,
        "question": _unanswered(abroad, now),
        "known_text": _text_from(sri, "Pak, paspor saya baru jadi bulan depan. Bagaimana?", now),
        "canned": _canned(siti, now),
        **_reports(cast, now),
        "task": db.session.scalars(sa.select(Task.id)).one(),
        "siti": siti.id,
        "preview": _new_list(cast.administrator, now, PREVIEW),
        "cancelled": _new_list(cast.administrator, now, CANCELLED),
        "handset": _handset(abroad.person),
        **_warnings(cast.coordinator, now),
        **a_followed_one(cast.coordinator, cast.province, now),
        **a_draft(cast.coordinator, now),
        "case": db.session.scalars(sa.select(Case.id)).one(),
        "cluster": db.session.scalars(sa.select(BrokerCluster.id)).one(),
        "route": _route(now),
        "words": _words(cast.nation, now),
        "recipients": a_list(cast.coordinator, now),
    }


def _words(account: Account, now: datetime) -> int:
    """Words in Javanese that an office has confirmed; a second officer has not seen them yet."""
    body = "Desmigratif: {n}, bidhal {d}. Kirang: {dok}. Mangga urus ing bale desa. Pitaken {hp}"
    made = text_acts.propose("R1", "jv", 1, body, account, now, "Balai Bahasa Jawa Tengah")
    db.session.flush()
    return made.id


def _leaving_soon(person: Person, account: Account, now: datetime) -> Departure:
    """Ten days before; two papers there, one of them about to run out."""
    departure = acts.record(
        person,
        account,
        now,
        destination_code="HK",
        scheme="p3mi",
        planned_on=_in(10),
        sector="domestic",
        agency="PT Bina Karya Sejahtera",
        contract_end=_in(740),
    )
    for code, expires_on in (("civil", None), ("passport", _in(200))):
        item = db.session.get_one(ChecklistItem, code)
        acts.tick(departure, item, account, now, done_on=_in(-30), expires_on=expires_on)
    return departure


def _abroad(account: Account, now: datetime) -> Departure:
    """Somebody with everything one can know of a person, who left three weeks ago."""
    person = Person.register(
        area_code=people.HOME,
        name="Wagiman Hadi",
        sex="m",
        birth_date=date(1990, 5, 20),
        nik=NIK,
        address="RT 02 RW 05",
        education="junior",
        account=account,
        now=now,
    )
    person.add_phone("+6281234567803", "family", account=account, now=now, safe_from_hour=17, safe_until_hour=19)
    person.add_contact("Karsinem", "spouse", "+6281234567804", account=account, now=now)
    for purpose in ("data", "sms"):
        person.record_consent(purpose, True, account=account, now=now, witness="Karsinem")
    departure = acts.record(person, account, now, destination_code="MY", scheme="g2g", planned_on=_in(-21))
    acts.leave(departure, account, now, on_day=_in(-21))
    return departure


def _unanswered(departure: Departure, now: datetime) -> int:
    """The question whether they have arrived, texted eight days ago."""
    message = _message(departure, "P1", now - timedelta(days=8))
    message.state, message.sent_at, message.expects = "sent", message.due_at, "1_2"
    db.session.add(message)
    db.session.flush()
    return message.id


def _reports(cast: people.Cast, now: datetime) -> dict[str, int]:
    """One that the coordinator verifies and has passed on, one merged into it, one that is like it."""
    ratna, siti = cast.coordinator, cast.facilitator
    report = _reported(cast.migrant, siti, now)
    merged, other = (_told(siti, words, now) for words in ("Pak Darto datang ke Buntu.", "Darto menahan ijazah."))
    broker_acts.take_on(report, ratna, now)
    broker_acts.check(report, "evidence", "yes", "Kuitansi asli, Rp5.000.000", ratna, now)
    merging.merge(report, merged, ratna, now)
    letter = referral.refer(
        report, ratna, now, office="police", addressee="Kapolres Cilacap, u.p. Unit PPA", letter_number="7/XII/2026",
        note="Ada anak di bawah umur.", without_consent="",
    )  # fmt: skip
    return {"report": report.id, "merged": merged.id, "other": other.id, "letter": letter.id}


def _told(account: Account, words: str, now: datetime) -> BrokerReport:
    facts = {"accused_names": "Darto", "threat": "none", "child_involved": False, "reporter_kind": "neighbour"}
    return BrokerReport.record(account=account, person=None, now=now, words=words, modus=[], may_forward=[], **facts)


def _warnings(account: Account, now: datetime) -> dict[str, int]:
    """General advice that went out to Bajing, and a draft about its district for which too few reports are there."""
    advice = Draft("W4", {}, [people.HOME], ["prospect", "in_process", "ready"])
    sent = warnings.draft(account, advice, now)
    warnings.approve(sent, account, 2, 700, now)
    warnings.begin(sent, now)
    warnings.finish(sent, now)
    sent.expanded_at = now
    about = Draft("W8", {"desa": "Kroya"}, [people.DISTRICT], ["prospect"], place_code=people.DISTRICT)
    return {"warning": sent.id, "draft": warnings.draft(account, about, now).id}


def _reported(person: Person, account: Account, now: datetime) -> BrokerReport:
    """An urgent report of a broker, with a photo."""
    report = BrokerReport.record(
        account=account,
        person=person,
        now=now,
        words="Pak Darto meminta uang muka dan paspor asli.\nKatanya berangkat minggu depan.",
        accused_names="Pak Darto",
        threat="threat",
        child_involved=False,
        reporter_kind="family",
        modus=["passport_kept", "transit"],
        money_asked=5_000_000,
        may_forward=["police"],
    )
    photo = Photo.begin("0b8f7c1e-1111-4000-8000-000000000001", SMALL, 9, account=account, now=now)
    photo.complete(small_picture(camera_jpeg(), SMALL), now)
    attach([photo], SUBJECT, report.id)
    return report


def _new_list(account: Account, now: datetime, state: str) -> int:
    """An older file with one agency of the list, told of otherwise, and a new one: nearly all others are gone."""
    before = imports.present()
    listed = [
        replace(before[0], status="revoked", expires_on=None),
        Listed("PT Contoh Baru", "B/1", "Solo", "licensed", DAY),
    ]
    found = changes.between(before, listed)
    one = AgencyImport(
        account_id=account.id, created_at=now, source="Contoh rekaan", as_of=_in(-400), file_name="daftar p3mi.xlsx",
        rows=[imports.row_of(each) for each in listed] if state == PREVIEW else [], ignored=["No", "Alamat"],
        base=imports.fingerprint(before), state=state, came=len(found.came), changed=len(found.changed),
        went=len(found.went), unchanged=found.unchanged,
    )  # fmt: skip
    db.session.add(one)
    db.session.flush()
    return one.id


def _route(now: datetime) -> int:
    """A phone that carries texts of the village; switched off, or the worker would look for it."""
    route = Route(
        code="hp-kroya", name="HP Kroya", kind="simulator", enabled=False, areas=people.DISTRICT, rank=1, per_minute=10,
        price_rupiah=350, created_at=now, updated_at=now,
    )  # fmt: skip
    db.session.add(route)
    db.session.flush()
    return route.id


def _canned(account: Account, now: datetime) -> int:
    """Words that the village needs again and again."""
    reply = CannedReply(
        area_code=account.area_code, title="Besok ke balai desa", body="Halo {nama}, besok kami tunggu di balai desa.",
        account_id=account.id, updated_at=now,
    )  # fmt: skip
    db.session.add(reply)
    db.session.flush()
    return reply.id


def _message(departure: Departure, code: str, at: datetime) -> Message:
    return Message(
        key=f"departure:{departure.id}:{code}:scene:0",
        cause=f"departure:{departure.id}",
        reference=f"scene-{code}",
        person_id=departure.person_id,
        number="+6281234567803",
        area_code=departure.area_code,
        text_code=code,
        values={"n": "Wagiman", "hp": "081300000001", "rw": "+60176688032"},
        purpose="reminder",
        due_at=at,
        created_at=at,
        updated_at=at,
    )


def _failed(departure: Departure, now: datetime) -> None:
    """A text for the page of those that went wrong."""
    message = _message(departure, "P2", now - timedelta(hours=3))
    message.state, message.reason, message.error_code = "failed", "rejected", "30005"
    db.session.add(message)


def _handset(person: Person) -> int:
    """A simulated phone that has got a text. Returns its id in the network."""
    network = cast(Simulator, current_gateway())
    number = person.phones[0].number
    network.send(Outgoing("scene-network", number, "Desmigratif: ada info biasa untuk Wagiman."))
    return next(phone.id for phone in network.phones(9) if phone.number == number)


def _text_from(person: Person, body: str, now: datetime) -> int:
    incoming = Incoming(
        gateway="simulator",
        provider_id="scene-1",
        number=person.phones[0].number,
        body=body,
        received_at=now,
        understood_at=now,
        command="text",
        person_id=person.id,
        area_code=person.area_code,
        for_human=True,
    )
    db.session.add(incoming)
    db.session.flush()
    return incoming.id


def _in(days: int) -> date:
    return DAY + timedelta(days=days)
