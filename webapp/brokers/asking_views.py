"""The verifying coordinator asks whoever reported, by SMS and without learning the number.

Why somebody cannot be asked, and when a question leaves, tells whose phone it is to whoever knows the phones of the
village: their hours, a STOP. So there is one refusal and one confirmation, and no other coordinator may try.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, url_for
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, ValidationError

from sms.text import segments
from webapp import clock
from webapp.accounts.access import current_account
from webapp.accounts.model import COORDINATOR
from webapp.brokers import asking, queries
from webapp.brokers.model import BrokerReport
from webapp.page import invalid, stored

blueprint = Blueprint("asking", __name__, cli_group=None)
MOST_SEGMENTS = 2
REFUSED = _l("Whoever reported this cannot be asked by SMS now. Why is not told: it could show who it is.")
STORED = _l("Your question is stored. It leaves by itself, at an hour that suits whoever reported.")


class QuestionForm(FlaskForm):
    """Words to whoever reported, two segments at the most with what is put before them."""

    words = TextAreaField(
        _l("Your question"),
        description=_l("Others may read the phone: name nobody, and ask for one thing."),
        filters=[lambda text: (text or "").strip()],
        validators=[DataRequired(_l("Write a question first."))],
    )

    def __init__(self, report: BrokerReport, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.report = report
        self.refusal = REFUSED if asking.why_not(report, clock.now()) else None
        self.opening = asking.text_of(report, "")

    def validate_words(self, field: StringField) -> None:
        if self.refusal:
            raise ValidationError(self.refusal)
        if segments(asking.text_of(self.report, field.data)) > MOST_SEGMENTS:
            raise ValidationError(_l("Too long: a question may be at most two texts. Say it in fewer words."))


@blueprint.post("/broker-reports/<int:report_id>/questions")
def ask(report_id: int) -> Response | tuple[str, int]:
    report = queries.verified_by_me(queries.get(report_id))
    form = QuestionForm(report)
    if not form.validate_on_submit():
        return invalid("brokers/question.html", report=report, form=form)
    asking.ask(report, form.words.data, current_account, clock.now())
    return stored(url_for("brokers.show", report_id=report.id), STORED)


@blueprint.app_template_global("asking_back")
def asking_back(report: BrokerReport) -> dict[str, Any] | None:
    """What was asked, and for the verifier the form; None for others, and where there never was a way to ask."""
    if current_account.role != COORDINATOR or report.return_address_id is None:
        return None
    form = QuestionForm(report, formdata=None) if report.verifier_id == current_account.id else None
    return {"form": form, "steps": asking.asked_so_far(report)}
