"""The same warnings in more words, for WhatsApp groups and for a poster. In Indonesian, whatever the page speaks.

They end in public, so they hold nothing but fixed words, an area, or the official status of a company, and only the
number of the programme itself: an officer's own phone on a wall would be known to every broker.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import segno
from flask import current_app

from sms.phone import national, normalise
from webapp.outbox.officers import KP2MI_HOME
from webapp.routes.queries import receiving
from webapp.warnings.model import SafetyWarning

#: Before what a phone asks for when the code is read. The keyword that begins a report.
QR_BODY = "LAPOR"
SAFE_WAY = "Jalan aman: sebelum membayar apa pun, tanya petugas Desmigratif di balai desa atau Disnaker."


@dataclass(frozen=True)
class Sheet:
    """A headline, and some sentences, the most important first."""

    title: str
    lines: tuple[str, ...]


SHEETS = {
    "W1": Sheet(
        "Dijanjikan cepat berangkat?",
        (
            "Berangkat resmi selalu lewat kontrak, pelatihan dan Disnaker. Itu perlu waktu.",
            "Minta nama PT-nya, lalu cocokkan dengan daftar resmi P3MI.",
            "Belum yakin? Boleh menunda. Peluang yang benar tidak hilang dalam semalam.",
        ),
    ),
    "W2": Sheet(
        "Kerja perlu visa kerja",
        (
            "Dengan visa wisata, umrah atau ziarah, pekerja bisa ditahan dan dipulangkan.",
            "Minta lihat visanya sebelum berangkat. Tulisannya harus visa kerja.",
            "Keluarga terlanjur berangkat? Kami bantu, tidak menyalahkan.",
        ),
    ),
    "W3": Sheet(
        "Uang saku di depan bisa jadi utang",
        (
            "Uang yang diberi di awal sering dipotong dari gaji, dan jumlahnya membesar.",
            "Baca perjanjiannya dulu. Minta salinan dan kuitansi.",
            "Sudah terima? Tidak apa-apa. Datang saja, kami bantu.",
        ),
    ),
    "W4": Sheet(
        "Dokumen asli simpan sendiri",
        (
            "KTP, KK, ijazah dan paspor adalah milik Anda. Yang dititipkan cukup salinan.",
            "Terpaksa menitipkan? Minta tanda terima yang bertanggal.",
            "Nama dan umur jangan diubah. Itu membuat Anda tidak terlindungi.",
        ),
    ),
    "W5": Sheet(
        "Lowongan di FB, TikTok, WA: cek dulu",
        (
            "Gaji besar tanpa syarat sering kali penipuan.",
            "Jangan kirim foto KTP atau uang kepada orang yang belum Anda temui.",
            "Cocokkan nama PT-nya dengan daftar resmi P3MI.",
        ),
    ),
    "W6": Sheet(
        "Diajak menunggu di penampungan?",
        (
            "Penampungan hanya sesudah ada kontrak dan visa kerja.",
            "Anda boleh menolak, dan boleh pulang. Tidak ada denda untuk itu.",
            "Ada yang ditahan? Telepon polisi 110, lalu hubungi kami.",
        ),
    ),
    "W7": Sheet(
        "Dipaksa berangkat atau diminta denda?",
        (
            "Anda tidak sendiri dan tidak salah.",
            "Tidak ada yang boleh menahan KTP, paspor atau orang.",
            "Hubungi kami. Rahasia dijaga. Bahaya sekarang? Telepon polisi 110.",
        ),
    ),
    "W8": Sheet(
        "Perekrut tanpa surat tugas",
        (
            "Ada kabar perekrut tanpa surat tugas di wilayah {desa}.",
            "Perekrut resmi membawa surat tugas dari P3MI. Anda boleh minta lihat.",
            "Tidak ada suratnya? Jangan serahkan uang atau dokumen, dan beri tahu kami.",
        ),
    ),
    "N1": Sheet(
        "Cek izin sebelum membayar",
        (
            "Menurut daftar resmi {s} per {d}, izin {pt} berstatus {st}.",
            "Status bisa berubah. Tanya Disnaker sebelum membayar atau menyerahkan dokumen.",
            "Sudah terlanjur? Datang saja, kami bantu.",
        ),
    ),
    "N2": Sheet(
        "Putusan resmi",
        (
            "Putusan {s} no. {b} ({d}) tentang {a}.",
            "Tanya Disnaker sebelum membayar atau menyerahkan dokumen.",
        ),
    ),
    "WK1": Sheet(
        "Ralat: status izin berubah",
        (
            "Menurut daftar resmi {s} per {d}, izin {pt} sekarang berstatus {st}.",
            "Info kami sebelumnya tidak berlaku lagi. Mohon maaf, dan mohon teruskan ralat ini.",
        ),
    ),
    "WK2": Sheet(
        "Info kami ditarik",
        (
            "Info kami tanggal {d} soal {a} keliru. Mohon maaf.",
            "Mohon jangan diteruskan, dan turunkan posternya.",
        ),
    ),
}


def sheet_of(warning: SafetyWarning) -> Sheet:
    sheet = SHEETS[warning.text_code]
    return Sheet(sheet.title, tuple(line.format_map(_Plain(warning.values)) for line in sheet.lines))


def for_groups(warning: SafetyWarning) -> str:
    """To be copied into a group: plain text, with where to ask."""
    sheet = sheet_of(warning)
    lines = [f"*{sheet.title}*", "", *sheet.lines, "", where_to_ask(warning), f"{programme()} {warning.code}"]
    return "\n".join(lines)


def where_to_ask(warning: SafetyWarning) -> str:
    number = public_number(warning)
    write = f"SMS LAPOR atau BANTU ke {number}. " if number else ""
    return f"{SAFE_WAY} {write}KP2MI: {KP2MI_HOME} (gratis). Polisi: 110."


def programme() -> str:
    return str(current_app.config["SETTINGS"].programme)


def public_number(warning: SafetyWarning) -> str:
    """The programme's own number to write to, as it is dialled here; '' if it has none."""
    number = _number_of(warning)
    return national(normalise(number)) if number else ""


def _number_of(warning: SafetyWarning) -> str:
    """Of the route that hears the whole area of the office, else of the settings."""
    return receiving(warning.area_code) or str(current_app.config["SETTINGS"].sms_reply_number)


def code_to_write(warning: SafetyWarning) -> dict[str, Any] | None:
    """A picture that opens a new text to us in the phone that reads it; None without a number to write to."""
    number = _number_of(warning)
    if not number:
        return None
    address = f"sms:{normalise(number)}?body={QR_BODY}"
    code = segno.make(address, error="m", micro=False)
    width, height = code.symbol_size(scale=8)
    return {"source": code.svg_data_uri(scale=8), "width": width, "height": height, "address": address}


class _Plain(dict[str, Any]):
    """Values in which braces mean nothing; one that is missing is left out rather than breaking a page."""

    def __missing__(self, _key: str) -> str:
        return ""
