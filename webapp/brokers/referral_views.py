"""Letters to offices outside the programme, to print, and their receipts."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, render_template, url_for
from flask_babel import force_locale
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from werkzeug.wrappers import Response

from webapp import clock, moments
from webapp.accounts.access import current_account
from webapp.brokers import acts, presenter, queries, referral
from webapp.brokers.choices import MODUS, OFFICES
from webapp.brokers.model import BrokerReferral, BrokerReport
from webapp.brokers.office_form import ReceiptForm, ReferralForm
from webapp.brokers.seeing import may_learn_reporter
from webapp.db import needs_network
from webapp.errors import CHANGED, Words
from webapp.page import invalid, shown_once, stored

referrals = Blueprint("referrals", __name__)
#: Letters to offices of Indonesia are written in Indonesian, whatever language the writer reads pages in.
LANGUAGE = "id"
NOT_YET = Words(
    _l("This report cannot be passed on now"),
    _l("It has come to an end, or nobody has taken it on. Take it up again first. Nothing was stored."),
)


@referrals.get("/broker-reports/<int:report_id>/referrals/new")
def new(report_id: int) -> str:
    report = _to_refer(queries.get(report_id))
    form = ReferralForm(formdata=None, agreed=report.may_forward)
    return render_template("brokers/referral.html", **_form(report, form))


@referrals.post("/broker-reports/<int:report_id>/referrals")
def create(report_id: int) -> Response | tuple[str, int]:
    report = _to_refer(queries.to_change(report_id))
    form = ReferralForm(agreed=report.may_forward)
    if not form.validate_on_submit():
        return invalid("brokers/referral.html", **_form(report, form))
    facts = {name: form[name].data or "" for name in form.FACTS}
    letter = referral.refer(report, current_account, clock.now(), **facts)
    return stored(_letter(letter), _l("The letter is ready to print and sign."))


@referrals.get("/broker-reports/<int:report_id>/referrals/<int:referral_id>")
def show(report_id: int, referral_id: int) -> str:
    """The letter, without anything that leads to the reporter."""
    report = queries.get(report_id)
    return render_template("brokers/letter.html", **_page(report, referral.get(report, referral_id)))


@referrals.post("/broker-reports/<int:report_id>/referrals/<int:referral_id>/reporter-views")
@needs_network
def name_reporter(report_id: int, referral_id: int) -> Response:
    """The same letter with the reporter's name, shown this once; only where the reporter wants and agreed to it."""
    report = queries.get(report_id)
    letter = referral.get(report, referral_id)
    may = referral.may_name_reporter(report, letter.office) and may_learn_reporter(report, current_account)
    if not may:
        abort(404)
    acts.reveal(report, current_account, clock.now())
    return shown_once(_letter(letter), "brokers/letter.html", **_page(report, letter, report.reporter_contact))


@referrals.get("/broker-reports/<int:report_id>/referrals/<int:referral_id>/receipt")
def receipt(report_id: int, referral_id: int) -> str:
    report = queries.in_hand(queries.get(report_id))
    letter, today = referral.get(report, referral_id), moments.today()
    form = ReceiptForm(formdata=None, today=today, data={"on_day": today})
    return render_template("brokers/receipt.html", **_receipt(report, letter, form))


@referrals.post("/broker-reports/<int:report_id>/referrals/<int:referral_id>/receipt")
def store_receipt(report_id: int, referral_id: int) -> Response | tuple[str, int]:
    report = queries.in_hand(queries.to_change(report_id))
    letter, form = referral.get(report, referral_id), ReceiptForm(today=moments.today())
    if not form.validate_on_submit():
        return invalid("brokers/receipt.html", **_receipt(report, letter, form))
    noted = referral.note_receipt(
        report,
        letter,
        current_account,
        clock.now(),
        received_by=form.received_by.data,
        receipt_number=form.receipt_number.data or "",
        on_day=form.on_day.data,
    )
    if not noted:
        abort(409, CHANGED)
    return stored(url_for("brokers.show", report_id=report.id, _anchor="letters"), _l("Stored."))


def _to_refer(report: BrokerReport) -> BrokerReport:
    """One that this coordinator verifies and that may be passed on by now."""
    if queries.in_hand(report).state not in referral.MAY_REFER:
        abort(409, NOT_YET)
    return report


def _letter(letter: BrokerReferral) -> str:
    return url_for("brokers.referrals.show", report_id=letter.report_id, referral_id=letter.id)


def _form(report: BrokerReport, form: ReferralForm) -> dict[str, Any]:
    agreed = [OFFICES.get(code, code) for code in report.may_forward]
    checks = queries.checks_of(report)
    confirmed = "consent" in checks and checks["consent"].facts["answer"] == "yes"
    return {"report": report, "form": form, "agreed": agreed, "confirmed": confirmed}


def _receipt(report: BrokerReport, letter: BrokerReferral, form: ReceiptForm) -> dict[str, Any]:
    return {"report": report, "letter": letter, "form": form, "offices": OFFICES}


def _page(report: BrokerReport, letter: BrokerReferral, reporter: str = "") -> dict[str, Any]:
    """The letter in its own language, on a page in the reader's. What the reporter told in their own words stands in
    it only beside their name: words lead to people.
    """
    with force_locale(LANGUAGE):
        pairs = [*presenter.accused(report), *presenter.journey(report)]
        facts = {"facts": pairs, "modus": [MODUS.get(code, code) for code in report.modus], "reporter": reporter}
        body = Markup(render_template("brokers/_letter.html", report=report, letter=letter, **facts))
    may_name = referral.may_name_reporter(report, letter.office) and may_learn_reporter(report, current_account)
    return {"report": report, "letter": letter, "body": body, "may_name": may_name, "is_named": bool(reporter)}
