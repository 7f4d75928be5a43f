"""The word by which a reporter asks about a report: harmless to whoever reads or hears it. Pure.

'MELATI 318' on a scrap of paper is a flower and a number. It says neither what was reported nor by whom, and cannot
be guessed to learn anything: nothing is told to a caller for the word alone.
"""

from __future__ import annotations

import secrets

#: Flowers, trees and fruit that everybody can say and spell; none is a name of people alone.
_PLANTS = (
    "akasia alamanda alpukat anggrek aren asoka bakung bambu bayam belimbing beringin bidara bougenvil bungur cempaka "
    "cendana cengkeh ceplukan cermai delima duku durian flamboyan gaharu gambir gandum gayam jagung jahe jambu jati "
    "jeruk kacang kakao kamboja kapas kapuk kapulaga kecombrang kedondong kelapa kelengkeng kemangi kemiri kemuning "
    "kenanga kencur kenari kesemek ketapang kopi krisan kunyit kurma langsat lengkuas leci lontar mahoni mangga "
    "manggis markisa matoa mawar melati melinjo melon mengkudu menteng merbau meranti mimba nanas nangka padi pala "
    "palem pandan pakis pepaya petai pinang pinus pisang rambutan randu rosela rotan sagu salak sawo semangka sengon "
    "seroja serai seruni sirih sirsak sukun talas tanjung tebu teratai tomat trembesi turi vanili waru wijen wortel "
    "zaitun"
)
WORDS = tuple(_PLANTS.split())
#: Digits of a number that is easily said.
SHORT = 3


def new_word(digits: int = SHORT) -> str:
    """A word and a number of so many digits, without a nought in front: 'MELATI 318'."""
    least = 10 ** (digits - 1)
    return f"{secrets.choice(WORDS).upper()} {least + secrets.randbelow(9 * least)}"


def spelled(typed: str) -> str:
    """As it is stored, however it was typed: 'melati318' is 'MELATI 318'; anything else in capitals."""
    plain = "".join(typed.upper().split())
    word = plain.rstrip("0123456789")
    return f"{word} {plain[len(word) :]}" if word.isalpha() and word != plain else plain
