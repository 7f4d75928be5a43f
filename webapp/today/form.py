"""How a task ended, in a few words for the timeline."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length


class TaskForm(FlaskForm):
    """What was done about a task."""

    outcome = TextAreaField(
        _l("What did you do?"),
        validators=[
            InputRequired(_l("Write in a few words what you did.")),
            Length(max=300, message=_l("At most 300 letters.")),
        ],
    )
