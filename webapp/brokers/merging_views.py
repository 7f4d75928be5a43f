"""Making two reports of the same event one case, and taking them apart again."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from webapp import clock
from webapp.accounts.access import current_account
from webapp.brokers import lists, presenter, queries
from webapp.brokers.choices import ALIKE, REPORTERS, STATES
from webapp.brokers.merging import is_in_the_way, merge, older_first, separate, suggestions
from webapp.brokers.model import BrokerReport
from webapp.brokers.office_form import SeparationForm
from webapp.brokers.states import OPEN
from webapp.errors import Words
from webapp.page import go_to, invalid, stored

merging = Blueprint("merging", __name__)
NOT_TWO = Words(
    _l("These cannot be merged"),
    _l("It is the same report, or one that was merged already. Open both and look. Nothing was stored."),
)
ENDED = Words(
    _l("One of the two has ended"),
    _l("What is open would vanish with it. Take the ended report up again first, then merge. Nothing was stored."),
)


@merging.get("/broker-reports/<int:report_id>/merging")
def choose(report_id: int) -> Response | str:
    """Reports that are alike, or the one whose code is typed."""
    report = queries.in_hand(queries.get(report_id))
    typed = request.args.get("q", "")[: lists.LONGEST_QUERY]
    found = lists.find(typed) if typed else None
    if found is not None and found.id != report.id:
        return go_to(url_for("brokers.merging.preview", report_id=report.id, other_id=found.id))
    alike = suggestions(report)
    return render_template("brokers/merging.html", report=report, alike=alike, kinds=ALIKE, typed=typed, states=STATES)


@merging.get("/broker-reports/<int:report_id>/merging/<int:other_id>")
def preview(report_id: int, other_id: int) -> str:
    one, other = queries.in_hand(queries.get(report_id)), queries.get(other_id)
    _require_two(one, other)
    first, second = older_first(one, other)
    facts = {"first": _side(first), "second": _side(second), "states": STATES, "reporters": REPORTERS}
    return render_template("brokers/preview.html", one=one, other=other, **facts)


@merging.post("/broker-reports/<int:report_id>/merging/<int:other_id>")
def store(report_id: int, other_id: int) -> Response:
    """Both are locked in the order of their ids, so that two who merge at once do not wait for each other."""
    found = {one: queries.to_change(one) for one in sorted({report_id, other_id})}
    one, other = queries.in_hand(found[report_id]), found[other_id]
    _require_two(one, other)
    first = merge(one, other, current_account, clock.now())
    message = _l("Merged. The report %(code)s goes on.", code=first.reference)
    return stored(url_for("brokers.show", report_id=first.id), message)


@merging.get("/broker-reports/<int:merged_id>/separation")
def ask_to_separate(merged_id: int) -> str:
    second = queries.get(merged_id)
    first = queries.in_hand(_goes_on(second))
    return render_template("brokers/separation.html", first=first, second=second, form=SeparationForm(formdata=None))


@merging.post("/broker-reports/<int:merged_id>/separation")
def take_apart(merged_id: int) -> Response | tuple[str, int]:
    first = queries.to_change(_goes_on(queries.get(merged_id)).id)
    second, form = queries.to_change(merged_id), SeparationForm()
    if second.merged_into_id != first.id:
        abort(409, NOT_TWO)
    queries.in_hand(first)
    if not form.validate_on_submit():
        return invalid("brokers/separation.html", first=first, second=second, form=form)
    separate(second, current_account, clock.now(), form.reason.data)
    return stored(url_for("brokers.show", report_id=second.id), _l("The two reports are apart again."))


def _goes_on(second: BrokerReport) -> BrokerReport:
    """The report into which this was merged; 404 if it was not, or for whoever may not see that one."""
    if second.merged_into_id is None:
        abort(404)
    return queries.get(second.merged_into_id)


def _require_two(one: BrokerReport, other: BrokerReport) -> None:
    if one.id == other.id or other.merged_into_id is not None:
        abort(409, NOT_TWO)
    if one.state not in OPEN or other.state not in OPEN:
        abort(409, ENDED)
    if is_in_the_way(other, current_account):
        name = other.verifier.name if other.verifier else ""
        advice = gettext("Speak with %(name)s, who verifies the other report, or take it over first.", name=name)
        abort(409, Words(gettext("The other report is in other hands"), advice))


def _side(report: BrokerReport) -> dict[str, Any]:
    """One of two reports side by side; nothing of who reports it."""
    facts = [(label, value) for label, value in (*presenter.accused(report), *presenter.journey(report)) if value]
    return {"report": report, "facts": facts}
