"""Rupiah as people write them. Pure."""

from __future__ import annotations

import re

#: More than any office spends on texts in a month: somebody has typed a nought too many.
MOST_RUPIAH = 100_000_000_000
_amount = re.compile(r"(?:rp\.?)?\s*([0-9]{1,3}(?:[., ][0-9]{3})+|[0-9]{1,15})(?:,-)?", re.IGNORECASE)


class NotRupiah(ValueError):
    """Not an amount of rupiah, or more than MOST_RUPIAH."""


def rupiah_of(text: str) -> int:
    """'1500000', '1.500.000', 'Rp 1.500.000,-' → 1500000. Raises NotRupiah.

    Groups have three figures: '1.50' and '1,5' may mean millions or be a slip, so they are asked for again.
    """
    found = _amount.fullmatch(text.strip())
    if found is None:
        raise NotRupiah(text[:20])
    rupiah = int(re.sub(r"[., ]", "", found.group(1)))
    if rupiah > MOST_RUPIAH:
        raise NotRupiah(text[:20])
    return rupiah
