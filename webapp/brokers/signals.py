"""News of reports, for whoever must act on them: clusters of the same broker, cases, warnings.

Both are sent inside the transaction, so whoever listens stores in it too and never commits.
"""

from __future__ import annotations

from blinker import Namespace

_signals = Namespace()
#: Sent as `report_recorded.send(report, now=now)` once a new report has its id, whichever way it came.
report_recorded = _signals.signal("report_recorded")

#: Sent as `report_changed.send(report, now=now)` after its state, its verifier or what it was merged into changed.
report_changed = _signals.signal("report_changed")

#: Sent as `danger_told.send(report, now=now)` when words that came later tell of violence, threats or a child.
danger_told = _signals.signal("danger_told")
