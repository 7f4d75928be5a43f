"""CEK by SMS: what the list says, the choice of one of several, and caution where the list is old or missing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from sms.text import segments
from tests.callbacks.saying import SRI, STRANGER, leave_at, say
from tests.people import Cast
from webapp.agencies import acts
from webapp.agencies.reading import Listed
from webapp.conversations.model import Incoming
from webapp.db import db
from webapp.outbox.model import Message

NOW = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
AS_OF = date(2026, 10, 20)
LISTED = (
    ("PT Contoh Maju Sentosa", "C/1", "licensed", date(2027, 3, 12)),
    ("PT Khayal Sukses", "C/2", "suspended", date(2027, 3, 12)),
    ("PT Rekaan Mitra Buana", "C/3", "licensed", None),
    ("PT Rekaan Mitra Benua", "C/4", "revoked", None),
    ("PT Ibarat Nusa Wisata", "C/5", "licensed", date(2026, 11, 1)),
)


@pytest.fixture
def agencies(app: Flask, cast: Cast) -> None:
    load(AS_OF)


def load(as_of: date) -> None:
    acts.replace([Listed(name, licence, "", status, until) for name, licence, status, until in LISTED], "KP2MI", as_of)
    db.session.commit()


def answer(words: str, number: str = SRI, now: datetime = NOW) -> str:
    say(words, number, now)
    texts = leave_at(now)
    assert len(texts) == 1, texts
    assert segments(texts[0]) == 1
    assert "Desmigratif" in texts[0]
    return texts[0]


@pytest.mark.usefixtures("agencies")
@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("CEK PT Contoh Maju Sentosa", ("Contoh Maju Sentosa ada di daftar resmi", "s.d. 12 Mar 27", "20 Okt 26")),
        ("cek contoh madju sentosa", ("ada di daftar resmi",)),
        ("cek pt khayal sukses", ("Khayal Sukses berstatus dihentikan sementara", "Sebelum bayar")),
        ("cek pt ibarat nusa wisata", ("habis masa berlaku",)),
        ("cek pt rekaan mitra", ("1 Rekaan Mitra", "2 Rekaan Mitra", "Balas angkanya")),
        ("cek pt contoh baju sentosa", ("tidak ada di daftar kami", "1 Contoh Maju Sentosa", "Jangan bayar dulu")),
        ("cek pt antah berantah", ("antah berantah tidak ada di daftar kami per 20 Okt 26", "Belum tentu ilegal")),
        ("cek", ("ketik CEK spasi nama PT",)),
    ],
)
def test_the_list_answers(asked: str, told: tuple[str, ...]) -> None:
    words = answer(asked)
    for part in told:
        assert part in words


@pytest.mark.usefixtures("agencies")
def test_a_digit_chooses_one_of_several() -> None:
    several = answer("cek pt rekaan mitra")
    first = several.split("1 ")[1].split(",")[0]
    words = answer("2", now=NOW + timedelta(minutes=5))
    chosen = "Benua" if "Buana" in first else "Buana"
    assert chosen in words
    assert ("dicabut" in words) is (chosen == "Benua")


@pytest.mark.usefixtures("agencies")
def test_the_next_day_a_digit_chooses_no_agency_any_more() -> None:
    answer("cek pt rekaan mitra")
    db.session.execute(sa.update(Message).values(state="sent", sent_at=NOW))
    db.session.commit()
    assert say("2", SRI, NOW + timedelta(hours=25)).for_human


@pytest.mark.usefixtures("agencies")
def test_one_near_name_is_chosen_by_its_digit() -> None:
    answer("cek pt contoh baju sentosa")
    assert "ada di daftar resmi" in answer("1", now=NOW + timedelta(minutes=1))


@pytest.mark.usefixtures("agencies")
def test_a_choice_that_a_newer_list_does_not_have_goes_to_a_human() -> None:
    answer("cek pt rekaan mitra")
    acts.replace([Listed("PT Lain", "C/9", "", "licensed", None)], "KP2MI", AS_OF)
    db.session.commit()
    assert say("1", SRI, NOW + timedelta(minutes=1)).for_human
    assert leave_at(NOW + timedelta(minutes=1)) == []


@pytest.mark.usefixtures("agencies")
def test_an_unknown_number_is_served_the_same() -> None:
    assert answer("cek pt contoh maju sentosa", STRANGER).startswith("CEK: Contoh Maju Sentosa ada")
    assert db.session.scalar(sa.select(Incoming.person_id).where(Incoming.number == STRANGER)) is None


def test_without_a_list_or_with_an_old_one_nothing_is_promised(app: Flask, cast: Cast) -> None:
    assert "belum bisa dicek" in answer("cek pt contoh maju sentosa")
    load(NOW.date() - timedelta(days=200))
    words = answer("cek pt contoh maju sentosa", now=NOW + timedelta(minutes=20))
    assert "belum bisa dicek" in words
    assert "daftar resmi, izin" not in words


@pytest.mark.usefixtures("agencies")
def test_names_of_any_length_fit_one_text() -> None:
    long = "Perusahaan Penempatan Pekerja Migran Indonesia Rekaan Sangat Panjang Sekali"
    acts.replace(
        [Listed(f"PT {long} {n}", f"C/{n}", "", "licensed", date(2027, 12, 31)) for n in "ABC"],
        "Kementerian Pelindungan Pekerja Migran",
        AS_OF,
    )
    db.session.commit()
    assert segments(answer("cek " + long)) == 1
    assert segments(answer("2", now=NOW + timedelta(minutes=1))) == 1
