"""News of the registry for nouns to its right, which it may not import."""

from __future__ import annotations

from blinker import Namespace

#: Sent as `person_changed.send(person, now=now)`, inside the transaction, after every act that may change
#: what is texted to a person: phones, consent, stage, language, birth, village.
person_changed = Namespace().signal("person_changed")
