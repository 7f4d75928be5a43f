"""Pages of accounts: one's own, those one sees to, and the log of who saw what."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from webapp import clock
from webapp.accounts import acts, audit, invitations, queries, sessions, submissions
from webapp.accounts.access import current_account
from webapp.accounts.form import JoinForm, LoginForm, PasswordForm, ReasonForm
from webapp.accounts.invite_form import SMS, AccountForm, DeliveryForm
from webapp.accounts.model import ADMINISTRATOR, Account
from webapp.accounts.words import (
    ACT_WORDS,
    BAD_CODE,
    LANGUAGE_WORDS,
    LOGIN_FAILED,
    ROLE_WORDS,
    SUBJECT_WORDS,
    TAKEN,
    detail_in_words,
)
from webapp.page import invalid, local_path, page_or_part, row_id, shown_once, stored
from webapp.security import limiter

blueprint = Blueprint("accounts", __name__)

#: How long one stated reason opens personal data to an administrator.
GRANT = timedelta(hours=1)


@blueprint.get("/login")
def login() -> str | Response:
    if current_user.is_authenticated:
        return redirect(_first_page(current_account))
    return render_template("accounts/login.html", form=LoginForm(), next=local_path(request.args.get("next"), ""))


@blueprint.post("/login")
@limiter.limit("60 per 10 minutes")
def log_in() -> Response | tuple[str, int]:
    form, onward = LoginForm(), local_path(request.form.get("next"), "")
    if not form.validate_on_submit():
        return invalid("accounts/login.html", form=form, next=onward)
    account = acts.log_in(form.username.data, form.password.data, clock.real_now())
    if account is None:
        form.form_errors.append(LOGIN_FAILED)
        return invalid("accounts/login.html", form=form, next=onward)
    return stored(onward or _first_page(account))


@blueprint.post("/logout")
def log_out() -> Response:
    audit.changed("logged_out", "account", current_account.id, current_account.area_code)
    sessions.end_current()
    return stored(url_for("accounts.login"), _l("You are logged out."))


@blueprint.get("/join")
def join() -> str | Response:
    if current_user.is_authenticated:  # on a shared phone perhaps not the one who was invited
        words = _l("You are logged in as %(name)s. Log out first to take up an invitation.", name=current_user.name)
        flash(str(words), "error")
        return redirect(url_for("accounts.more"))
    return render_template("accounts/join.html", form=JoinForm())


@blueprint.post("/join")
@limiter.limit("30 per 10 minutes")
def take_up() -> Response | tuple[str, int]:
    form, now = JoinForm(), clock.real_now()
    form.account = invitations.holder(form.code.data or "", now)
    if not form.validate_on_submit():
        return invalid("accounts/join.html", form=form)
    account = invitations.take_up(form.code.data, form.password.data, now)
    if account is None:
        form.code.errors = [BAD_CODE]
        return invalid("accounts/join.html", form=form)
    sessions.begin(account, now)
    audit.changed("joined", "account", account.id, account.area_code)
    return stored(_first_page(account), _l("Welcome. Your user name is %(name)s.", name=account.username))


@blueprint.post("/language")
def language() -> Response:
    chosen = request.form.get("language", "")
    if chosen not in LANGUAGE_WORDS:
        abort(400)
    if current_user.is_authenticated:
        current_account.language = chosen
    else:
        session["language"] = chosen
    return stored(local_path(request.form.get("next"), "/"))


@blueprint.get("/more")
def more() -> str:
    return render_template("accounts/more.html", roles=ROLE_WORDS, languages=LANGUAGE_WORDS)


@blueprint.get("/password")
def password() -> str:
    return render_template("accounts/password.html", form=PasswordForm(account=current_account))


@blueprint.post("/password")
@limiter.limit("30 per 10 minutes")
def change_password() -> ResponseReturnValue:
    form = PasswordForm(account=current_account)
    if not form.validate_on_submit():
        return invalid("accounts/password.html", form=form)
    if not acts.knows_password(current_account, form.current.data, clock.real_now()):
        form.current.errors = [LOGIN_FAILED]
        return invalid("accounts/password.html", form=form)
    # While the password was looked at no transaction was open, which gave up the form's key as well.
    if answered := submissions.recognise_repeat():
        return answered
    acts.change_password(current_account, form.password.data, clock.real_now())
    return stored(_first_page(current_account), _l("Your password is changed. Other devices must log in again."))


@blueprint.get("/devices")
def devices() -> str:
    found = sessions.devices_of(current_account, clock.real_now())
    return render_template("accounts/devices.html", devices=found, current_id=sessions.current_id())


@blueprint.post("/devices/<int:session_id>/closure")
def end_device(session_id: int) -> Response:
    if not sessions.end(current_account, session_id, clock.real_now()):
        abort(404)
    audit.changed("ended_device", "account", current_account.id, current_account.area_code)
    return stored(url_for("accounts.devices"), _l("That device must log in again."))


@blueprint.post("/devices/others/closure")
def end_other_devices() -> Response:
    sessions.end_all(current_account, clock.real_now(), but=sessions.current_id())
    audit.changed("ended_device", "account", current_account.id, current_account.area_code)
    return stored(url_for("accounts.devices"), _l("All other devices must log in again."))


@blueprint.get("/accounts")
def index() -> Response:
    q = request.args.get("q", "").strip()[:80]
    found, next_before = queries.accounts(q, request.args.get("before", type=row_id))
    context = {"accounts": found, "next_before": next_before, "q": q, "roles": ROLE_WORDS}
    return page_or_part("accounts/index.html", "accounts/_rows.html", **context)


@blueprint.get("/accounts/new")
def new() -> str:
    """`?area=` is how the page for choosing an area leads back here."""
    form = AccountForm(inviter=current_account, place=request.args.get("area", "")[:13])
    return render_template("accounts/new.html", form=form)


@blueprint.post("/accounts")
def create() -> Response | tuple[str, int]:
    form, now = AccountForm(inviter=current_account), clock.real_now()
    if not form.validate_on_submit() or form.area is None:
        return invalid("accounts/new.html", form=form)
    try:
        account = acts.create(
            name=form.name.data.strip(),
            username=form.username.data,
            phone=form.number,
            role=form.role.data,
            area_code=form.area.code,
            now=now,
        )
    except IntegrityError:
        form.form_errors.append(TAKEN)
        return invalid("accounts/new.html", form=form)
    return _invited(account, form.delivery.data)


@blueprint.get("/accounts/<int:account_id>")
def show(account_id: int) -> str:
    account = queries.get(account_id)
    return render_template("accounts/show.html", **_page(account, DeliveryForm(account=account)))


@blueprint.post("/accounts/<int:account_id>/invitations")
@limiter.limit("60 per hour")
def invite(account_id: int) -> Response | tuple[str, int]:
    account = queries.managed(account_id)
    form = DeliveryForm(account=account)
    if not form.validate_on_submit():
        return invalid("accounts/show.html", **_page(account, form))
    return _invited(account, form.delivery.data)


@blueprint.get("/accounts/<int:account_id>/closure")
def closing(account_id: int) -> str:
    return render_template("accounts/closing.html", account=queries.managed(account_id))


@blueprint.post("/accounts/<int:account_id>/closure")
def close(account_id: int) -> Response:
    account = queries.managed(account_id)
    acts.close(account, clock.real_now())
    return stored(url_for("accounts.show", account_id=account.id), _l("The account is closed."))


@blueprint.get("/audit")
def audit_log() -> Response:
    subject, subject_id = request.args.get("subject", "")[:24], request.args.get("id", type=row_id)
    entries, next_before = queries.log(subject, subject_id, request.args.get("before", type=row_id))
    return page_or_part(
        "accounts/audit.html",
        "accounts/_audit_lines.html",
        entries=entries,
        next_before=next_before,
        subject=subject,
        subject_id=subject_id,
        acts=ACT_WORDS,
        subjects=SUBJECT_WORDS,
        detail_in_words=detail_in_words,
    )


@blueprint.get("/access")
def reason() -> str:
    return render_template("accounts/reason.html", form=ReasonForm(), next=local_path(request.args.get("next"), "/"))


@blueprint.post("/access")
def grant() -> Response | tuple[str, int]:
    form, onward, now = ReasonForm(), local_path(request.form.get("next"), "/"), clock.real_now()
    if not form.validate_on_submit():
        return invalid("accounts/reason.html", form=form, next=onward)
    acts.grant_access(current_account, form.reason.data, now, now + GRANT)
    return stored(onward)  # the page says by itself until when it is open


@blueprint.post("/access/closure")
def end_grant() -> Response:
    acts.end_access(current_account, clock.real_now())
    return stored(url_for("accounts.index"), _l("Personal data is closed again."))


def _first_page(account: Account) -> str:
    """Administrators begin with accounts, which hold no migrant's data."""
    return url_for("accounts.index" if account.role == ADMINISTRATOR else "today.index")


def _invited(account: Account, delivery: str) -> Response:
    """The code goes out by SMS, or stands this once on a page to print or read out."""
    by_sms = delivery == SMS
    code = invitations.make(account, current_account, clock.real_now(), by_sms=by_sms)
    location = url_for("accounts.show", account_id=account.id)
    if by_sms:
        return stored(location, _l("The invitation goes out by SMS."))
    address = current_app.config["SETTINGS"].public_url + url_for("accounts.join")
    return shown_once(location, "accounts/invitation.html", account=account, code=code, join_address=address)


def _page(account: Account, form: DeliveryForm) -> dict[str, Any]:
    pauses = (account.locked_until, account.known_locked_until)
    locked = any(until is not None and until > clock.real_now() for until in pauses)
    can_manage = queries.can_manage(account)
    return {"account": account, "form": form, "roles": ROLE_WORDS, "can_manage": can_manage, "locked": locked}
