"""Names of people who are accused: how they are read from a report, and which may mean one person. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import permutations

from webapp.brokers.sounds import nearly_alike, skeleton, sound, sound_alike
from webapp.people.names import TITLES

#: What two names have in common: nothing that counts; two words that many people are called by; a word that tells.
NOTHING, USUAL, TELLING = range(3)
MOST_NAMES, MOST_WORDS, LONGEST_SHOWN = 10, 4, 60
#: Fewer letters of a sound tell nobody apart: Yon, Tio, Udi.
LEAST_TELLING = 4

#: Between two names of one person or of two: commas, brackets, 'alias', quotes that do not stand within a word.
BETWEEN = re.compile(
    r"[,;/|&+()\[\]\n\r\t]|(?<!\w)['\"‘’“”`]|['\"‘’“”`](?!\w)"
    r"|\b(?:alias|als|a\.?k\.?a|dan|atau|serta|sama|(?:biasa )?(?:di ?)?panggil(?:an)?(?:nya)?"
    r"|nama (?:lain|asli|panggilan)|dikenal(?: sebagai)?|disebut)\b",
    re.IGNORECASE,
)


def _sounds(words: str) -> frozenset[str]:
    return frozenset(map(sound, words.split()))


#: Titles, ways to address somebody, degrees, roles, and what is written where no name is known.
NO_NAME = frozenset(map(sound, TITLES)) | _sounds(
    "pak bu mas mbak mba mbok mbah kang teh ceu cak ning gus bang abang kak kakak om tante pakde bude paklik bulik lek"
    " wak uwak eyang kyai kiai nyai ustad ustadz ustadzah hajjah tuan nyonya saudara saudari raden inaq amaq inak amak"
    " tuan guru dr drs dra ir prof spd mpd skom sag amd alm almh almarhum calo sponsor agen pl petugas lapangan"
    " si sang bos boss juragan orang laki lelaki perempuan pria wanita seorang tetangga teman kenalan keponakan anak"
    " istri suami adik paman bibi lurah kades kadus kepala desa dusun carik bayan rt rw ketua perangkat sopir supir"
    " nama namanya namanja bernama mengaku ngaku katanya tidak tak tdk tau tahu diketahui kenal dikenal belum jelas ada"
    " lupa bin binti the mr mrs unknown anonim yang inisial itu ini seseorang"
)
#: Where somebody comes from says nothing of how they are called: the rest of the words is left out.
FROM = _sounds("dari asal asli warga di tinggal alamat domisili")
#: Words by which very many are called; the list is written by hand and may grow. A name of these words alone is
#: 'usual': a single one links nothing at all.
COMMON = _sounds(
    "sri siti slamet budi agus joko eko dwi tri nur nurul muhammad ahmad abdul abdullah dewi wahyu wahyuni wahyudi"
    " sumarni sumiati suparno suparman sutrisno supriyadi supriyanto suyanto suyatno sugeng suryani susilo sutarno"
    " wati yati yanti yanto yono tono toni tini tuti titik tina rina rini ratna rahmat rahman rahmad rizki ridwan"
    " rohman rudi rusdi sari santi santoso setiawan setiyono sigit sulastri sunarto supri surya susanti susi"
    " taufik teguh tumini untung utami wawan widodo yuli yulia yulianti yusuf adi aji ali ana andi andri ani anis anwar"
    " ari arif aris asep bambang bayu beni deni dedi dian diah didik dina dini edi endang eni erna fajar fatimah fitri"
    " fitriani hadi hadi hari hariyanto hartono hasan hasanah hendra hendri heri herman hidayat husen husin ibrahim"
    " ika ilham imam indah indra irma irwan ismail iwan jamal karni kartini kartono kurnia kurniawan lestari lilis lina"
    " made wayan ketut nyoman gede putu kadek komang ayu luh lalu baiq mamat maman maria mulyadi mulyono murni"
    " ningsih nining novi nuraini nurhayati nurjanah oki parman parno paijo prasetyo pratama purnomo purwanto puji"
    " putra putri rahayu rahmawati rani retno rita riyanto riyadi rohmah roni rosidi saiful samsul samsudin saputra"
    " sarno suharti suharto sukarno sukirman sumarno sunardi suparti surono suroso suwarno tarno tatik udin umar usman"
    " wagiman wagimin waluyo warsito wartini yayan yayuk zainal zainudin"
)


@dataclass(frozen=True)
class Name:
    """The sounds of its words, without titles; names of the same sounds are one, however they were written."""

    words: tuple[str, ...]
    #: As it was written, for those who may read the report.
    shown: str = field(default="", compare=False)

    @property
    def sounds(self) -> str:
        """All of it as one key: 'darto susilo'."""
        return " ".join(self.words)

    @property
    def blocks(self) -> frozenset[str]:
        """By which a database finds names that may be alike; none of a name that can link nothing."""
        if len(self.words) == 1 and not tells(self.words[0]):
            return frozenset()
        return frozenset(map(skeleton, self.words))


def names_in(text: str) -> tuple[Name, ...]:
    """All names of the field 'Who did it?': 'Pak Darto alias Mas Yon, Bu Karti' are three. At most MOST_NAMES."""
    found: dict[Name, None] = {}
    for part in BETWEEN.split(unicodedata.normalize("NFKC", text)):
        name = name_of(part)
        if name.words:
            found.setdefault(name)
    return tuple(found)[:MOST_NAMES]


def name_of(text: str) -> Name:
    """One name as it stands between commas; without words if nothing in it is a name."""
    return Name(tuple(_words(text))[:MOST_WORDS], " ".join(text.split())[:LONGEST_SHOWN])


def _words(text: str) -> Iterator[str]:
    seen = set()
    for written in re.split(r"[\s.\-–_:]+", text):
        key = sound(written)
        if key in FROM:
            return
        # A letter alone is an initial, and says nothing.
        if len(key) > 1 and key not in NO_NAME and key not in seen:
            seen.add(key)
            yield key


def tells(word: str) -> bool:
    """Is this sound more than what very many are called by?"""
    return len(word) >= LEAST_TELLING and word not in COMMON


def in_common(one: Name, other: Name) -> int:
    """NOTHING, USUAL or TELLING. Each word of the shorter name must be found in the other, in any order.

    One of them may be a slip of the pen, if another sounds alike: 'Hendra Kusumawardana', 'Hendra Kusumawarana'.
    """
    short, long = sorted((one.words, other.words), key=lambda words: (len(words), words))
    if not short:
        return NOTHING
    return max(_in_common(short, chosen) for chosen in permutations(long, len(short)))


def _in_common(short: tuple[str, ...], chosen: tuple[str, ...]) -> int:
    pairs = list(zip(short, chosen, strict=True))
    alike = [pair for pair in pairs if sound_alike(*pair)]
    slips = [pair for pair in pairs if pair not in alike]
    if not alike or len(slips) > 1 or not all(nearly_alike(*pair) for pair in slips):
        return NOTHING
    if any(tells(first) and tells(second) for first, second in pairs):
        return TELLING
    return USUAL if len(pairs) > 1 else NOTHING
