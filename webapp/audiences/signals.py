"""News of lists for nouns to the right, which this one may not import."""

from __future__ import annotations

from blinker import Namespace

#: Sent as `list_emptied.send(one)`, inside the transaction: what else says of people what the list said is removed too.
list_emptied = Namespace().signal("list_emptied")
