"""A coordinator asks whoever reported, by SMS and without learning the number."""

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
from webapp.moments import moment
from webapp.page import invalid, stored

blueprint = Blueprint("asking", __name__, cli_group=None)
MOST_SEGMENTS = 2
REFUSALS = {
    asking.NO_ADDRESS: _l("There is no way to ask whoever reported this."),
    asking.NOT_SAFE: _l(
        "Whoever reported this said that a call is not safe. Ask only within an hour after they wrote."
    ),
    asking.STOPPED: _l("This phone wants no texts any more."),
    asking.WRONG_PERSON: _l("This number belongs to somebody else by now."),
    asking.NOT_TO_BE_TEXTED: _l("This phone may not be texted: others could read it."),
}


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
        self.refusal = REFUSALS.get(asking.why_not(report, clock.now()))
        self.opening = asking.text_of(report, "")

    def validate_words(self, field: StringField) -> None:
        if self.refusal:
            raise ValidationError(self.refusal)
        if segments(asking.text_of(self.report, field.data)) > MOST_SEGMENTS:
            raise ValidationError(_l("Too long: a question may be at most two texts. Say it in fewer words."))


@blueprint.post("/broker-reports/<int:report_id>/questions")
def ask(report_id: int) -> Response | tuple[str, int]:
    report = queries.get(report_id)
    form = QuestionForm(report)
    if not form.validate_on_submit():
        return invalid("brokers/question.html", report=report, form=form)
    now = clock.now()
    leaves_at = asking.ask(report, form.words.data, current_account, now)
    return stored(url_for("brokers.show", report_id=report.id), _on_its_way(leaves_at > now, leaves_at))


def _on_its_way(later: bool, leaves_at: Any) -> Any:
    if later:
        return _l("Your question leaves later, at an hour that suits: %(when)s.", when=moment(leaves_at))
    return _l("Your question is on its way.")


@blueprint.app_template_global("asking_back")
def asking_back(report: BrokerReport) -> dict[str, Any] | None:
    """What a coordinator's page needs to ask; None for others, and where there never was a way to ask."""
    if current_account.role != COORDINATOR or report.return_address_id is None:
        return None
    return {"form": QuestionForm(report, formdata=None), "steps": asking.asked_so_far(report)}
