"""Which words of a report make it urgent, and which do not."""

from __future__ import annotations

import pytest

from webapp.brokers.danger import danger_in


@pytest.mark.parametrize(
    ("words", "threat"),
    [
        ("Adik saya disekap di Batam", "violence"),
        ("ia DIPUKUL, lalu lari", "violence"),
        ("kami diancam denda 20 juta", "threat"),
        ("paspor saya ditahan", "threat"),
        ("dipaksa berangkat dan dipukuli", "violence"),
        ("kami tidak diancam", "none"),
        ("belum pernah dipukul", "none"),
        ("tidak diancam tapi dipukul", "violence"),
        ("Pak Darto minta uang muka 5 juta", "none"),
        ("kalau tidak bayar dipukul", "violence"),
        ("saya tidak mau, dipukul", "violence"),
        ("belum bayar dikurung", "violence"),
        ("tanpa makan dikurung", "violence"),
        ("kalau tidak mau diancam", "threat"),
        ("kata dia tidak. Dipukul juga", "violence"),
        ("saya dipukulin tiap hari", "violence"),
        ("tidak dipukul", "none"),
        ("tidak sampai dipukul", "none"),
        ("", "none"),
    ],
)
def test_words_of_violence_and_threat(words: str, threat: str) -> None:
    assert danger_in(words).threat == threat


@pytest.mark.parametrize(
    ("words", "child"),
    [
        ("anak di bawah umur mau dibawa", True),
        ("umurnya baru 15 dipalsu jadi 21", True),
        ("usia 16 tahun", True),
        ("anak tetangga masih SMP", True),
        ("gadis 14 tahun", True),
        ("anak saya 17 th", True),
        ("anak saya umur 22", False),
        ("anak saya mau ke Taiwan", False),
        ("dia kerja 2 tahun di sana", False),
        ("usia 18 tahun", False),
    ],
)
def test_somebody_under_18(words: str, child: bool) -> None:
    assert danger_in(words).child is child
