"""Pages of the rules of reminders: all of them, one with its history, and a change by two officers.

They show no personal data. Who may change is said by rule_acts.may_change; to all others these pages do not exist.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from webapp import clock, moments
from webapp.accounts.access import current_account
from webapp.db import db, needs_network
from webapp.departures import rule_acts, rule_queries, rule_words
from webapp.departures.model import ReminderRule
from webapp.departures.rule_acts import OwnProposal, TooLate
from webapp.departures.rule_check import RuleValues, changed
from webapp.departures.rule_form import ApprovalForm, DecisionForm, RuleForm, shown
from webapp.departures.rule_impact import AHEAD, impact
from webapp.departures.rule_model import RuleProposal
from webapp.departures.rule_words import Names
from webapp.page import go_to, invalid, stored

blueprint = Blueprint("rules", __name__)

LOOK_AGAIN = _l("This was decided or changed meanwhile. Look at it again.")
OWN = _l("Nobody approves their own change. Ask another officer of the nation.")


@blueprint.get("/rules")
def index() -> str:
    rules = rule_queries.rules()
    return render_template(
        "departures/rules/index.html",
        groups=rule_words.by_anchor(rules),
        whens={rule.code: rule_words.when(rule_acts.values_of(rule)) for rule in rules},
        bodies=rule_queries.bodies([rule.text_code for rule in rules]),
        waiting=rule_queries.waiting(),
        plans=rule_queries.plans_waiting(clock.now()),
        most=rule_queries.MOST_COUNTED,
    )


@blueprint.get("/rules/<rule_code>")
def show(rule_code: str) -> str:
    return render_template("departures/rules/show.html", **_page(rule_queries.get(rule_code)))


@blueprint.get("/rules/<rule_code>/edit")
def edit(rule_code: str) -> str:
    rule = _changeable(rule_code)
    form = RuleForm(rule, _names(), formdata=None, data=shown(rule))
    return render_template("departures/rules/edit.html", rule=rule, form=form)


@blueprint.get("/rules/<rule_code>/preview")
def preview(rule_code: str) -> str | tuple[str, int]:
    """What the change in the address would do; nothing is stored."""
    rule = _changeable(rule_code)
    if "version" not in request.args:
        return edit(rule_code)
    form = RuleForm(rule, _names(), formdata=request.args)
    if not form.fits(rule_queries.known(), moments.today()):
        return invalid("departures/rules/edit.html", rule=rule, form=form)
    return render_template(
        "departures/rules/preview.html", rule=rule, form=form, **_difference(rule, form.values, form.names)
    )


@blueprint.post("/rules/<rule_code>/proposal")
@needs_network
def propose(rule_code: str) -> Response | tuple[str, int]:
    rule = _changeable(rule_code)
    form = RuleForm(rule, _names())
    if not form.fits(rule_queries.known(), moments.today()):
        return invalid("departures/rules/edit.html", rule=rule, form=form)
    try:
        rule_acts.propose(rule, form.values, current_account, clock.now())
    except TooLate:
        form.form_errors.append(_l("Another change of this rule waits already. It must be decided first."))
        return invalid("departures/rules/edit.html", rule=rule, form=form)
    return stored(_location(rule_code), _l("Stored. It holds as soon as a second officer approves it."))


@blueprint.post("/rules/<rule_code>/approval")
@needs_network
def approve(rule_code: str) -> Response | tuple[str, int]:
    _changeable(rule_code)
    form = ApprovalForm()
    if not form.validate_on_submit():
        return _refused(rule_code, approval=form)
    try:
        rule_acts.approve(_read(rule_code, form), current_account, clock.now())
    except OwnProposal:
        return _look_again(rule_code, OWN)
    except TooLate:
        return _look_again(rule_code, LOOK_AGAIN)
    return stored(_location(rule_code), _l("The rule holds from now on. The plans are being made anew."))


@blueprint.post("/rules/<rule_code>/refusal")
@needs_network
def refuse(rule_code: str) -> Response | tuple[str, int]:
    """By a second officer; or whoever proposed it takes it back."""
    _changeable(rule_code)
    form = DecisionForm()
    if not form.validate_on_submit():
        return _refused(rule_code, refusal=form)
    try:
        rule_acts.refuse(_read(rule_code, form), current_account, clock.now())
    except TooLate:
        return _look_again(rule_code, LOOK_AGAIN)
    return stored(_location(rule_code), _l("The rule stays as it is."))


def _changeable(rule_code: str) -> ReminderRule:
    if not rule_acts.may_change(current_account):
        abort(404)
    return rule_queries.get(rule_code)


def _read(rule_code: str, form: DecisionForm) -> RuleProposal:
    """The change that was read, if it is the one that waits. Raises TooLate."""
    proposal = rule_queries.waiting_of(rule_code)
    if proposal is None or proposal.id != form.proposal.data:
        raise TooLate
    return proposal


def _location(rule_code: str) -> str:
    return url_for("rules.show", rule_code=rule_code)


def _look_again(rule_code: str, words: Any) -> Response:
    db.session.rollback()
    flash(str(words), "error")
    return go_to(_location(rule_code))


def _refused(rule_code: str, **forms: Any) -> tuple[str, int]:
    return invalid("departures/rules/show.html", **_page(rule_queries.get(rule_code), **forms))


def _names() -> Names:
    return Names(rule_queries.destinations(), rule_queries.papers())


def _page(rule: ReminderRule, **forms: Any) -> dict[str, Any]:
    names, proposal = _names(), rule_queries.waiting_of(rule.code)
    told = proposal and _difference(rule, rule_acts.values_from(proposal.values), names)
    return {
        "rule": rule,
        "sentence": rule_words.sentence(rule_acts.values_of(rule), names),
        "words": rule_queries.bodies([rule.text_code]).get(rule.text_code, ""),
        "proposal": proposal,
        "difference": told,
        "history": _history(rule.code, names),
        "turned_down": rule_queries.turned_down(rule.code),
        "plans": rule_queries.plans_waiting(clock.now()),
        "may_change": rule_acts.may_change(current_account),
        "most": rule_queries.MOST_COUNTED,
        "states": rule_words.STATES,
        "approval": ApprovalForm(formdata=None),
        "refusal": DecisionForm(formdata=None),
        **forms,
    }


def _history(code: str, names: Names) -> list[tuple[Any, str]]:
    """Versions, the newest first, each with its sentence."""
    found = rule_queries.versions(code)
    return [(one, rule_words.sentence(rule_acts.values_from(one.values), names)) for one in found]


def _difference(rule: ReminderRule, after: RuleValues, names: Names) -> dict[str, Any]:
    """What changes by field, in words, and in texts of the next days."""
    before = rule_acts.values_of(rule)
    return {
        "changes": [
            (rule_words.LABELS[name], rule_words.value(name, before, names), rule_words.value(name, after, names))
            for name in changed(before, after)
        ],
        "proposed": rule_words.sentence(after, names),
        "impact": impact(rule, after, clock.now()),
        "ahead": AHEAD.days,
    }
