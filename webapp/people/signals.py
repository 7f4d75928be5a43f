"""News of the registry for nouns to its right, which it may not import."""

from __future__ import annotations

from blinker import Namespace

#: Sent as `person_changed.send(person, now=now)`, inside the transaction, after every act that may change
#: what is texted to a person: phones, consent, stage, language, birth, village.
person_changed = Namespace().signal("person_changed")

#: Sent as `person_reviewed.send(person, now=now)` by the worker, daily while texts to this person are planned.
person_reviewed = Namespace().signal("person_reviewed")

#: Sent as `moved_house.send(person)` once the person has another `area_code`, before person_changed. Whoever keeps
#: a copy of it brings it along: who may see a row is decided by that column.
moved_house = Namespace().signal("moved_house")

#: Sent as `move_taken_back.send(person, move=, account=, now=, reason=)` after an officer took the newest StageMove
#: back, which was a mistake. Whoever made that move because of something else takes that back as well.
move_taken_back = Namespace().signal("move_taken_back")
