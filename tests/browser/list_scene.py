"""A list of recipients with all that can be wrong with one, for the pages that the browser looks at."""

from __future__ import annotations

from datetime import datetime

from tests.people import HOME, WITA_VILLAGE
from webapp.accounts.model import Account
from webapp.audiences import acts
from webapp.audiences.known import check
from webapp.audiences.listed import read

WRONG = "\n".join(f"0812;Ani {n};;;" for n in range(8))
FILE = f"""No HP;Nama;Bahasa;Kode desa;Tempat acara;NIK
081234567801;Sri Wahyuni;jv;{HOME};Balai desa Kroya;1
081299990001;Udin;Klingon;{WITA_VILLAGE};;2
081299990001;Udin lagi;;;;
{WRONG}
"""


def a_list(account: Account, now: datetime) -> int:
    """Not in use yet. Returns its id."""
    return acts.keep(check(read(FILE.encode()), account.area_code), "Bursa kerja", account, now).id
