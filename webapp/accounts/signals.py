"""News of accounts for nouns to their right, which they may not import."""

from __future__ import annotations

from blinker import Namespace

#: Sent as `invitation_made.send(account, invitation=, code=, inviter=, now=)` inside the transaction, if the
#: code is to go out by SMS. The outbox listens and queues the text, so that both commit together.
invitation_made = Namespace().signal("invitation_made")

#: Sent as `officers_changed.send(account)` inside the transaction, when a village has another facilitator or one
#: less: texts name them and their phone.
officers_changed = Namespace().signal("officers_changed")
