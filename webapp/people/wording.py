"""The words that are read aloud before a consent is given. Versions are kept: the ledger names them.

They are in Indonesian whatever the language of the page, since they are read to the migrant. New words get
a new version here; old versions are never changed.
"""

from __future__ import annotations

#: The version that is read today.
WORDING = "2026-1"
LANGUAGE = "id"
#: version → purpose → words
WORDINGS = {
    "2026-1": {
        "data": "Bolehkah kami menyimpan nama, alamat, nomor HP, dan rencana kerja Anda ke luar negeri, supaya petugas"
        " desa dapat membantu Anda dan keluarga? Hanya petugas wilayah ini yang dapat melihatnya. Anda boleh melihat,"
        " membetulkan, atau meminta data dihapus kapan saja. Kalau tidak setuju, Anda tetap dibantu.",
        "sms": "Bolehkah kami mengirim SMS ke nomor ini tentang dokumen, tanggal berangkat, dan keadaan Anda di sana?"
        " SMS gratis. Kalau mau berhenti, balas STOP atau bilang ke petugas, kapan saja.",
        "forwarding": "Kalau Anda perlu bantuan, bolehkah data Anda kami teruskan ke Disnaker, BP3MI, atau Perwakilan"
        " RI? Hanya yang diperlukan, dan Anda diberi tahu lebih dulu.",
    },
}


def current() -> dict[str, str]:
    """By purpose, the words of today's version."""
    return WORDINGS[WORDING]
