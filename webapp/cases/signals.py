"""News of urgent cases for nouns to the right."""

from __future__ import annotations

from blinker import Namespace

#: Sent as `case_closed.send(case, outcome=, account=, now=)`, in the transaction that closed it.
case_closed = Namespace().signal("case_closed")
