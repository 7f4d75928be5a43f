"""News of routes for nouns to the right."""

from __future__ import annotations

from blinker import Namespace

#: Sent as `ties_cut.send(route)`, in the transaction that gave it other settings or switched it off: whom it reaches
#: now, if anybody, knows nothing of the texts that were handed over before.
ties_cut = Namespace().signal("ties_cut")
