"""News of accounts for nouns to their right, which they may not import."""

from __future__ import annotations

from blinker import Namespace

#: Sent as `invitation_made.send(account, invitation=, code=, inviter=, now=)` inside the transaction, if the
#: code is to go out by SMS. The outbox listens and queues the text, so that both commit together.
invitation_made = Namespace().signal("invitation_made")
