"""What a report says of the accused that another report may say as well: numbers, plates, agencies, places. Pure.

Nothing here raises, whatever was typed; what cannot be read leaves no trace.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from sms.phone import BadNumber, normalise
from webapp.areas.names import fold
from webapp.brokers.likeness import Name, names_in

#: Kinds of traces. NUMBER: a bank account, or a number that cannot be called. E-wallets are phones.
PHONE, NUMBER, PLATE, NAME, AGENCY, PLACE = "phone", "number", "plate", "name", "agency", "place"
#: The same of one of these links two reports by itself.
STRONG = (PHONE, NUMBER, PLATE)
MOST = 10
LEAST_DIGITS, MOST_DIGITS = 8, 20
LEAST_WORD = 4

WHATSAPP = re.compile(r"(?:wa\.me/|phone=)\+?(\d{7,20})", re.IGNORECASE)
#: Digits with what people put between them.
RUN = re.compile(r"\+?\d[\d .()\u2010-\u2015-]*")
MOBILE = re.compile(r"(?:\+?62|0)8\d+")
BANK = re.compile(
    r"\b(bri|bca|bni|bsi|btn|mandiri|cimb|danamon|permata|mega|panin|jago|seabank|bpd|btpn|jenius|muamalat|ocbc)\b",
    re.IGNORECASE,
)
#: Letters, digits, letters: AD 1234 XY.
PLATED = re.compile(r"(?<![A-Z0-9])([A-Z]{1,3})[ .-]*(\d{1,4})[ .-]*([A-Z]{0,3})(?![A-Z0-9])")


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


#: The letters that Indonesian plates begin with.
REGIONS = _set(
    "A AA AB AD AE AG B BA BB BD BE BG BH BK BL BM BN BP D DA DB DC DD DE DG DH DK DL DM DN DP DR DS DT DW E EA EB ED"
    " F G H K KB KH KT KU L M N P PA PB PG PS PT PY R S T W Z"
)
#: Forms of companies, and what stands where no agency is known.
NO_AGENCY = _set(
    "pt cv ud tbk p3mi pjtki pptkis pjtkin yayasan koperasi perusahaan perusahan agen agency agensi penyalur cabang"
    " tidak tak ada tau tahu belum tidakada none unknown yang"
)
#: Words of many places.
NO_PLACE = _set(
    "rumah rumahnya jalan gang desa dusun kampung kecamatan kabupaten kota provinsi dekat depan belakang samping pasar"
    " terminal stasiun bandara pelabuhan masjid mushola sekolah kantor balai warung toko pinggir sebelah daerah dalam"
    " luar tempat penampungan hotel penginapan kontrakan bapak timur barat utara selatan tengah nomor tidak tahu sini"
    " sana jawa indonesia lewat dari dengan sama orang tetangga saudara"
)


@dataclass(frozen=True)
class Trace:
    """One thing by which reports may be linked: its kind, the value that is compared, what stands beside it."""

    kind: str
    value: str
    #: The bank of an account, an agency as it was written.
    shown: str = ""


@dataclass(frozen=True)
class Traces:
    """All of a report."""

    strong: tuple[Trace, ...] = ()
    names: tuple[Name, ...] = ()
    agencies: tuple[Trace, ...] = ()
    places: tuple[Trace, ...] = ()

    def __bool__(self) -> bool:
        """Can it link anything? Agencies and places only help names."""
        return bool(self.strong or any(name.blocks for name in self.names))


def traces(*, names: str, phones: str, accounts: str, plates: str, agency: str, place: str) -> Traces:
    """Of the words of a report's columns."""
    strong = [*phones_in(phones), *accounts_in(accounts), *plates_in(plates)]
    unique = {(one.kind, one.value): one for one in reversed(strong)}
    return Traces(
        strong=tuple(sorted(unique.values(), key=lambda one: (one.kind, one.value))),
        names=names_in(names),
        agencies=tuple(agencies_in(agency)),
        places=tuple(places_in(place)),
    )


def phones_in(text: str) -> Iterator[Trace]:
    """E.164 of each number and of each link to WhatsApp; what cannot be called is kept by its digits."""
    plain = _plain(text)
    linked = WHATSAPP.findall(plain)
    for digits in [*linked, *_numbers(WHATSAPP.sub(" , ", plain))][:MOST]:
        yield from _number(digits)


def accounts_in(text: str) -> Iterator[Trace]:
    """The digits of each account, with its bank if it is named; the number of an e-wallet is a phone.

    The bank is no part of what is compared: it is left out or written in many ways, and two banks hardly have
    the same account.
    """
    plain, end = _plain(text), 0
    for found in islice(RUN.finditer(plain), MOST):
        bank = BANK.search(plain, end, found.start())
        end = found.end()
        if MOBILE.fullmatch(_squeezed(found[0])) and not bank:
            yield from _number(found[0])
        elif digits := _digits(found[0]):
            yield Trace(NUMBER, digits, bank[0].upper() if bank else "")


def plates_in(text: str) -> Iterator[Trace]:
    """'ad-1234 xy' is 'AD1234XY'. Three letters and digits are a plate of Malaysia."""
    for found in islice(PLATED.finditer(_plain(text).upper()), MOST):
        region, number, letters = found.groups()
        abroad = len(region) == 3 and not letters and len(number) > 2
        if abroad or (region in REGIONS and (letters or len(number) > 2)):
            yield Trace(PLATE, f"{region}{int(number)}{letters}")


def agencies_in(text: str) -> Iterator[Trace]:
    """Companies without their form, in small letters: 'PT. Maju Jaya (P3MI)' is 'maju jaya'."""
    for part in re.split(r"[,;/\n]| dan ", text)[:MOST]:
        key = " ".join(word for word in fold(part).split() if word not in NO_AGENCY)[:60].rstrip()
        if len(key) >= LEAST_WORD:
            yield Trace(AGENCY, key, " ".join(part.split())[:60])


def places_in(text: str) -> Iterator[Trace]:
    """The words of a place that not every place has."""
    words = dict.fromkeys(fold(text).split())
    told = [word for word in words if LEAST_WORD <= len(word) <= 30 and word not in NO_PLACE and not word.isdigit()]
    return (Trace(PLACE, word) for word in told[:MOST])


def _plain(text: str) -> str:
    """Digits of all scripts as ours, no invisible marks."""
    chars = unicodedata.normalize("NFKC", text)
    return "".join(
        str(unicodedata.decimal(char)) if char.isdecimal() else "" if unicodedata.category(char) == "Cf" else char
        for char in chars
    )


def _squeezed(digits: str) -> str:
    return re.sub(r"[^\d+]", "", digits)


def _digits(run: str) -> str:
    """The digits of a run, or '' if they are none that somebody could have been given."""
    digits = re.sub(r"\D", "", run)
    made_up = len(set(digits)) < 3 or digits in "01234567890123456789"
    return "" if made_up or not LEAST_DIGITS <= len(digits) <= MOST_DIGITS else digits


def _number(digits: str) -> Iterator[Trace]:
    try:
        yield Trace(PHONE, normalise(digits))
    except BadNumber:
        if kept := _digits(digits):
            yield Trace(NUMBER, kept)


def _numbers(text: str) -> Iterator[str]:
    """Each number of a text. Two numbers with only a blank between them are told apart by which can be called."""
    for run in islice(RUN.finditer(text), MOST):
        yield from _told_apart(run[0].split()[:MOST])


def _told_apart(parts: list[str]) -> Iterator[str]:
    rest: list[str] = []
    while parts:
        length = next((n for n in range(len(parts), 0, -1) if _is_phone("".join(parts[:n]))), 0)
        if length:
            yield "".join(parts[:length])
        else:
            rest.append(parts[0])
        parts = parts[max(length, 1) :]
    if rest:
        yield "".join(rest)


def _is_phone(text: str) -> bool:
    try:
        normalise(text)
    except BadNumber:
        return False
    return True
