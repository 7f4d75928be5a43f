"""How passwords are kept and which are refused. Knows no account and no database."""

from __future__ import annotations

import unicodedata
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import Flask, current_app

LEAST_LETTERS, MOST_LETTERS = 10, 128
#: argon2id with 19 MiB and two passes, the least that OWASP's Password Storage Cheat Sheet (2024) advises:
#: about 30 ms on a small server, and a few log-ins at once do not exhaust its memory.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
#: Verified where there is no account, so that its absence takes as long as a wrong password.
_NOBODY = _hasher.hash("nobody has this password")
#: What is guessed first, also with digits around it. Compared in small letters, without spaces and signs.
COMMON = frozenset((Path(__file__).parent / "data" / "common_passwords.txt").read_text().split())
DIGIT_RUNS = "01234567890123456789"


def hashed(password: str) -> str:
    return _hasher.hash(_same(password))


def refuse(app: Flask, published: frozenset[str]) -> None:
    """These open nothing in this application, whoever has them: everybody can read them."""
    app.extensions["published_passwords"] = frozenset(_same(password) for password in published)


def is_right(password_hash: str, password: str) -> bool:
    """Does the password fit, and is it not one that everybody knows? Takes as long where there is no hash."""
    fitting = fits(password_hash, password)
    return fitting and _same(password) not in current_app.extensions.get("published_passwords", ())


def fits(password_hash: str, password: str) -> bool:
    """Was this hash made of this password? Takes as long where there is no hash."""
    try:
        fitting = _hasher.verify(password_hash or _NOBODY, _same(password)[: MOST_LETTERS * 4])
    except (VerificationError, InvalidHashError):
        return False
    return bool(fitting and password_hash)


def is_outdated(password_hash: str) -> bool:
    """Made with other parameters than today's: to be made anew while the password is at hand."""
    return _hasher.check_needs_rehash(password_hash)


def fault_of(password: str, *names: str) -> str | None:
    """Why this password is refused: 'short', 'long', 'name' or 'common'; None if it is good.

    `names` are what strangers know of the person: user name, name, phone. No rule on kinds of letters:
    they make passwords that are forgotten, not better ones (NIST SP 800-63B).
    """
    if len(password) < LEAST_LETTERS:
        return "short"
    if len(password) > MOST_LETTERS:
        return "long"
    bare = _bare(password)
    if any(_is_mostly(bare, _bare(name)) for name in names):
        return "name"
    return "common" if _is_common(bare) else None


def _is_mostly(password: str, name: str) -> bool:
    """The name with a few letters or a number around it."""
    rest = password.replace(name, "").strip("0123456789")
    return len(name) >= 3 and name in password and len(rest) < 6


def _is_common(bare: str) -> bool:
    if len(set(bare)) <= 3 or bare in DIGIT_RUNS or bare in DIGIT_RUNS[::-1]:
        return True
    return bare.strip("0123456789") in COMMON


def _bare(text: str) -> str:
    return "".join(c for c in _same(text).casefold() if c.isalnum())


def _same(text: str) -> str:
    """The same spelling from every keyboard."""
    return unicodedata.normalize("NFKC", text)
