"""Who may do what: one table of every endpoint, enforced before every view, and the area of what is seen."""

from __future__ import annotations

from typing import Any, cast

import sqlalchemy as sa
from flask import Flask, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import clock
from webapp.accounts import audit, sessions
from webapp.accounts.model import ADMINISTRATOR, COORDINATOR, FACILITATOR, AccessGrant, Account
from webapp.areas.codes import within
from webapp.db import db
from webapp.errors import WORDS, Words
from webapp.page import go_to, wants_part

PUBLIC = frozenset({"anybody"})
ANYONE_IN = frozenset({FACILITATOR, COORDINATOR, ADMINISTRATOR})
FIELD = frozenset({FACILITATOR, COORDINATOR})
FIELDWORK = frozenset({FACILITATOR})
COORDINATION = frozenset({COORDINATOR})
OFFICE = frozenset({COORDINATOR, ADMINISTRATOR})
ADMINISTRATION = frozenset({ADMINISTRATOR})

#: Every endpoint and who may reach it. An endpoint that is not here cannot be started with.
RULES: dict[str, frozenset[str]] = {
    # areas
    "areas.choose": ANYONE_IN,
    # accounts
    "accounts.login": PUBLIC,
    "accounts.log_in": PUBLIC,
    "accounts.join": PUBLIC,
    "accounts.take_up": PUBLIC,
    "accounts.language": PUBLIC,
    "accounts.log_out": ANYONE_IN,
    "accounts.more": ANYONE_IN,
    "accounts.password": ANYONE_IN,
    "accounts.change_password": ANYONE_IN,
    "accounts.devices": ANYONE_IN,
    "accounts.end_device": ANYONE_IN,
    "accounts.end_other_devices": ANYONE_IN,
    "accounts.index": OFFICE,
    "accounts.new": OFFICE,
    "accounts.create": OFFICE,
    "accounts.show": OFFICE,
    "accounts.invite": OFFICE,
    "accounts.closing": OFFICE,
    "accounts.close": OFFICE,
    "accounts.audit_log": OFFICE,
    "accounts.reason": ADMINISTRATION,
    "accounts.grant": ADMINISTRATION,
    "accounts.end_grant": ADMINISTRATION,
    # agencies
    "agencies.index": ANYONE_IN,
    # agencies, a new list: of coordinators only those of the nation (agencies/imports.py: may_import)
    "agencies.imports.index": OFFICE,
    "agencies.imports.create": OFFICE,
    "agencies.imports.show": OFFICE,
    "agencies.imports.confirm": OFFICE,
    "agencies.imports.cancel": OFFICE,
    # people
    "people.index": ANYONE_IN,
    "people.search": ANYONE_IN,
    "people.new": ANYONE_IN,
    "people.create": ANYONE_IN,
    "people.show": ANYONE_IN,
    "people.edit": ANYONE_IN,
    "people.update": ANYONE_IN,
    "people.village": ANYONE_IN,
    "people.move_house": ANYONE_IN,
    "people.note": ANYONE_IN,
    "people.reveal_nik": ANYONE_IN,
    "people.phones.new": ANYONE_IN,
    "people.phones.create": ANYONE_IN,
    "people.phones.edit": ANYONE_IN,
    "people.phones.update": ANYONE_IN,
    "people.phones.removal": ANYONE_IN,
    "people.phones.remove": ANYONE_IN,
    "people.contacts.new_contact": ANYONE_IN,
    "people.contacts.create_contact": ANYONE_IN,
    "people.contacts.edit_contact": ANYONE_IN,
    "people.contacts.update_contact": ANYONE_IN,
    "people.contacts.contact_removal": ANYONE_IN,
    "people.contacts.remove_contact": ANYONE_IN,
    "people.consents.index": ANYONE_IN,
    "people.consents.create": ANYONE_IN,
    "people.path.stage": ANYONE_IN,
    "people.path.move": ANYONE_IN,
    "people.path.reversal": ANYONE_IN,
    "people.path.reverse": ANYONE_IN,
    "people.path.mark": ANYONE_IN,
    "people.path.set_mark": ANYONE_IN,
    # photos
    "photos.received": ANYONE_IN,
    "photos.store_piece": ANYONE_IN,
    "photos.show": ANYONE_IN,
    # departures
    "departures.new": ANYONE_IN,
    "departures.create": ANYONE_IN,
    "departures.show": ANYONE_IN,
    "departures.edit": ANYONE_IN,
    "departures.update": ANYONE_IN,
    "departures.paper": ANYONE_IN,
    "departures.tick": ANYONE_IN,
    "departures.removal": ANYONE_IN,
    "departures.untick": ANYONE_IN,
    "departures.day": ANYONE_IN,
    "departures.take_step": ANYONE_IN,
    "departures.correction": ANYONE_IN,
    "departures.correct": ANYONE_IN,
    "departures.reversal": ANYONE_IN,
    "departures.take_back": ANYONE_IN,
    "departures.reason": ANYONE_IN,
    "departures.decide": ANYONE_IN,
    "departures.question": ANYONE_IN,
    "departures.close_question": ANYONE_IN,
    # rules of reminders: all but reading them only by administrators and the nation's office (rule_acts.may_change)
    "rules.index": OFFICE,
    "rules.show": OFFICE,
    "rules.edit": OFFICE,
    "rules.preview": OFFICE,
    "rules.propose": OFFICE,
    "rules.approve": OFFICE,
    "rules.refuse": OFFICE,
    # routes
    "routes.index": OFFICE,
    "routes.new": ADMINISTRATION,
    "routes.create": ADMINISTRATION,
    "routes.edit": ADMINISTRATION,
    "routes.update": ADMINISTRATION,
    "routes.resting": ADMINISTRATION,
    "routes.rest_route": ADMINISTRATION,
    "routes.open_again": ADMINISTRATION,
    "routes.closing": ADMINISTRATION,
    "routes.close": ADMINISTRATION,
    # outbox
    "health": PUBLIC,
    "outbox.index": OFFICE,
    # stock texts: all but reading them only by administrators and the nation's office (text_acts.may_change)
    "texts.index": OFFICE,
    "texts.show": OFFICE,
    "texts.edit": OFFICE,
    "texts.preview": OFFICE,
    "texts.proposal": OFFICE,
    "texts.propose": OFFICE,
    "texts.switch_off": OFFICE,
    "texts.approve": OFFICE,
    "texts.refuse": OFFICE,
    "texts.take_back": OFFICE,
    # cases
    "cases.index": ANYONE_IN,
    "cases.show": ANYONE_IN,
    "cases.take_on": FIELD,
    "cases.note": FIELD,
    "cases.close": FIELD,
    "cases.safe_word": FIELD,
    "cases.set_safe_word": FIELD,
    "cases.remove_safe_word": FIELD,
    # conversations
    "conversations.index": ANYONE_IN,
    "conversations.show": ANYONE_IN,
    "conversations.reply": ANYONE_IN,
    "conversations.handle": ANYONE_IN,
    "conversations.assign": FIELD,
    "conversations.canned.index": FIELD,
    "conversations.canned.new": FIELD,
    "conversations.canned.create": FIELD,
    "conversations.canned.edit": FIELD,
    "conversations.canned.update": FIELD,
    "conversations.canned.remove": FIELD,
    # brokers
    "brokers.index": ANYONE_IN,
    "brokers.new": ANYONE_IN,
    "brokers.create": ANYONE_IN,
    "brokers.show": ANYONE_IN,
    "brokers.asking.ask": COORDINATION,
    "brokers.clusters.index": OFFICE,
    "brokers.clusters.show": OFFICE,
    "brokers.reveal": FIELD,
    "brokers.details.edit": COORDINATION,
    "brokers.details.update": COORDINATION,
    "brokers.verification.ask": COORDINATION,
    "brokers.verification.take_on": COORDINATION,
    "brokers.verification.check": COORDINATION,
    "brokers.verification.store_check": COORDINATION,
    "brokers.verification.move": COORDINATION,
    "brokers.verification.store_move": COORDINATION,
    "brokers.merging.choose": COORDINATION,
    "brokers.merging.preview": COORDINATION,
    "brokers.merging.store": COORDINATION,
    "brokers.merging.ask_to_separate": COORDINATION,
    "brokers.merging.take_apart": COORDINATION,
    "brokers.referrals.new": COORDINATION,
    "brokers.referrals.create": COORDINATION,
    "brokers.referrals.show": COORDINATION,
    "brokers.referrals.name_reporter": COORDINATION,
    "brokers.referrals.receipt": COORDINATION,
    "brokers.referrals.store_receipt": COORDINATION,
    # warnings: facilitators and administrators never draft nor approve
    "warnings.index": ANYONE_IN,
    "warnings.show": ANYONE_IN,
    "warnings.poster": ANYONE_IN,
    "warnings.new": COORDINATION,
    "warnings.create": COORDINATION,
    "warnings.edit": COORDINATION,
    "warnings.update": COORDINATION,
    "warnings.submit": COORDINATION,
    "warnings.approve": COORDINATION,
    "warnings.give_back": COORDINATION,
    "warnings.stop": COORDINATION,
    "warnings.correction": COORDINATION,
    "warnings.correct": COORDINATION,
    # broadcasts: coordinators alone; what goes out to facilitators is read on their Hari ini
    "broadcasts.index": COORDINATION,
    "broadcasts.show": COORDINATION,
    "broadcasts.submit": COORDINATION,
    "broadcasts.approve": COORDINATION,
    "broadcasts.give_back": COORDINATION,
    "broadcasts.reject": COORDINATION,
    "broadcasts.pause": COORDINATION,
    "broadcasts.resume": COORDINATION,
    "broadcasts.cancel": COORDINATION,
    "broadcasts.following.progress": COORDINATION,
    "broadcasts.following.export": COORDINATION,
    "broadcasts.budgets.index": COORDINATION,
    "broadcasts.budgets.store": COORDINATION,
    "broadcasts.dashboard.show": COORDINATION,
    "broadcasts.announcements.index": ANYONE_IN,
    "broadcasts.announcements.show": ANYONE_IN,
    "broadcasts.composing.new": COORDINATION,
    "broadcasts.composing.create": COORDINATION,
    "broadcasts.composing.edit": COORDINATION,
    "broadcasts.composing.update": COORDINATION,
    "broadcasts.composing.count": COORDINATION,
    "broadcasts.composing.measure": COORDINATION,
    "broadcasts.composing.places": COORDINATION,
    "broadcasts.composing.save_audience": COORDINATION,
    "broadcasts.composing.remove_audience": COORDINATION,
    "broadcasts.composing.send_test": COORDINATION,
    "broadcasts.lists.index": COORDINATION,
    "broadcasts.lists.example": COORDINATION,
    "broadcasts.lists.create": COORDINATION,
    "broadcasts.lists.show": COORDINATION,
    "broadcasts.lists.accept": COORDINATION,
    "broadcasts.lists.remove": COORDINATION,
    # callbacks: signed by the provider
    "callbacks.receipt": PUBLIC,
    "callbacks.incoming": PUBLIC,
    "callbacks.events": PUBLIC,
    # helplines
    "helplines.index": ANYONE_IN,
    # simulator: the pretend phones of a demonstration; in production it is not there
    "simulator.index": PUBLIC,
    "simulator.show": PUBLIC,
    "simulator.answer": PUBLIC,
    "simulator.behave": PUBLIC,
    "simulator.move": PUBLIC,
    # offline
    "offline.queue": ANYONE_IN,
    "offline.keep": ANYONE_IN,
    "offline.kept": ANYONE_IN,
    "offline.settle": ANYONE_IN,
    "offline.reveal": ANYONE_IN,
    "offline.worker_script": PUBLIC,
    "offline.key": ANYONE_IN,
    "offline.frame": ANYONE_IN,
    "offline.changes": FIELDWORK,
    "offline.everybody": FIELDWORK,
    "offline.people": FIELDWORK,
    "offline.blank_forms": FIELDWORK,
    "offline.first_pages": FIELDWORK,
    # today
    "today.index": ANYONE_IN,
    "today.more": ANYONE_IN,
    "today.task": ANYONE_IN,
    "today.close": ANYONE_IN,
}
#: Pages of these nouns show personal data: an administrator states a reason first.
PERSONAL_NOUNS = frozenset(
    {"people", "photos", "cases", "departures", "conversations", "brokers", "outbox", "today", "offline"}
)
#: They show nobody but who is typed; whoever else stands on them is noted where they are found. Of a photo that is
#: being sent only the number of its bytes is told.
FORMS_OF_NOBODY = frozenset(
    {"people.new", "people.create", "brokers.new", "brokers.create", "photos.received", "photos.store_piece"}
)
#: Words that are the same for everybody.
OF_NOBODY = frozenset(f"conversations.canned.{page}" for page in ("index", "new", "create", "edit", "update", "remove"))
#: Nor do these: ids and times, a frame, a page that only the phone fills.
FOR_THE_PHONE = frozenset(
    f"offline.{page}" for page in ("blank_forms", "changes", "everybody", "frame", "key", "queue", "worker_script")
)
#: What a person may still do who must choose a password first.
BEFORE_FIRST_PASSWORD = frozenset(
    {"accounts.password", "accounts.change_password", "accounts.log_out", "accounts.language"}
)

ACCOUNT_CLOSED = Words(
    _l("This account is closed"),
    _l("Forms that are not sent yet stay on the phone. Show them to your coordinator, who can enter them."),
    "closed",
)

#: The account of this request, as Flask-Login's proxy.
current_account = cast(Account, current_user)


def init_app(app: Flask) -> None:
    app.before_request(enforce)
    app.after_request(note_who_saw)


def note_who_saw(response: Response) -> Response:
    """Every page of personal data leaves a line in the audit log, also one whose view does not say whose it shows.

    What shows one person, departure or text is noted where that is loaded; the rest are lists, of the reader's area.
    """
    endpoint = request.endpoint or ""
    if (
        is_personal(endpoint)
        and endpoint not in FORMS_OF_NOBODY
        and audit.is_shown(response)
        and not audit.is_noted()
        and current_user.is_authenticated
    ):
        audit.seen(endpoint.partition(".")[0], None, current_account.area_code, detail=endpoint)
    return response


def visible(column: Any) -> sa.ColumnElement[bool]:
    """The SQL condition that a row's area is the reader's own or below it."""
    return within(column, current_account.area_code)


def endpoints_without_rule(app: Flask) -> list[str]:
    return sorted({rule.endpoint for rule in app.url_map.iter_rules()} - set(RULES))


def is_personal(endpoint: str) -> bool:
    """Does this endpoint show or change personal data of migrants?"""
    return endpoint.partition(".")[0] in PERSONAL_NOUNS and endpoint not in FOR_THE_PHONE | OF_NOBODY


def enforce() -> ResponseReturnValue | None:
    """Turn away who may not. None lets the request pass."""
    endpoint = request.endpoint
    if endpoint is None:
        return None  # no such address: Flask says so
    roles = RULES[endpoint]
    if roles is PUBLIC:
        return None
    if not current_user.is_authenticated:
        return _log_in_first()
    if current_account.role not in roles:
        abort(403)
    if current_account.must_change_password and endpoint not in BEFORE_FIRST_PASSWORD:
        return go_to(url_for("accounts.password"))
    if current_account.role == ADMINISTRATOR and is_personal(endpoint) and not grant_in_force(current_account):
        return go_to(url_for("accounts.reason", next=_path_to_return_to()))
    return None


def grant_in_force(account: Account) -> bool:
    """Has this administrator stated a reason that still holds?"""
    query = sa.select(sa.exists().where(AccessGrant.account_id == account.id, AccessGrant.until > clock.real_now()))
    return bool(db.session.scalar(query))


def _log_in_first() -> ResponseReturnValue:
    """To the log-in page and back. A form is answered 401, so that a saved form knows it is not stored."""
    if request.method not in ("GET", "HEAD"):
        abort(401, ACCOUNT_CLOSED if sessions.is_of_closed_account() else WORDS[401])
    location = url_for("accounts.login", next=_path_to_return_to())
    if wants_part():
        return Response(status=401, headers={"HX-Redirect": location})
    return redirect(location, 302)


def _path_to_return_to() -> str | None:
    """The page that was asked for, without its query: searches hold names."""
    return request.path if request.method == "GET" and request.path != "/" else None
