"""Forms of accounts: what is asked, and what is said when it does not fit."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from webapp.accounts import passwords
from webapp.accounts.model import Account
from webapp.accounts.words import BAD_CODE, PASSWORD_FAULTS

#: Longer is nobody's name or password, only work for the server.
MOST_TYPED = 200


def typed(label: Any, autocomplete: str) -> PasswordField:
    """A password that is required; what was typed is not shown again."""
    return PasswordField(
        label,
        validators=[InputRequired(_l("Type the password.")), Length(max=MOST_TYPED, message=PASSWORD_FAULTS["long"])],
        render_kw={"autocomplete": autocomplete},
    )


class LoginForm(FlaskForm):
    username = StringField(
        _l("User name or phone number"),
        validators=[
            InputRequired(_l("Type your user name or phone number.")),
            Length(max=MOST_TYPED, message=_l("This is too long for a user name.")),
        ],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = typed(_l("Password"), "current-password")


class NewPasswordForm(FlaskForm):
    """A password that is typed twice and is not easily guessed."""

    password = typed(_l("New password"), "new-password")
    repeated = typed(_l("The new password once more"), "new-password")

    def __init__(self, *args: Any, account: Account | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account

    def validate_password(self, field: PasswordField) -> None:
        account = self.account
        known = (account.username, account.name, (account.phone or "")[-8:]) if account else ()
        if fault := passwords.fault_of(field.data, *known):
            raise ValidationError(PASSWORD_FAULTS[fault])

    def validate_repeated(self, field: PasswordField) -> None:
        if not self.password.errors and field.data != self.password.data:
            raise ValidationError(_l("The two passwords are not the same. Type both again."))


class PasswordForm(NewPasswordForm):
    current = typed(_l("Password until now"), "current-password")


class JoinForm(NewPasswordForm):
    """The code of an invitation and the password it lets one choose. `account` is whose code it is."""

    code = StringField(
        _l("Code"),
        validators=[
            InputRequired(_l("Type the code of your invitation.")),
            Length(max=40, message=_l("A code has 8 letters and digits.")),
        ],
        render_kw={"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"},
    )

    def validate_code(self, field: StringField) -> None:
        if self.account is None:
            raise ValidationError(BAD_CODE)


class ReasonForm(FlaskForm):
    """Why an administrator looks at personal data."""

    reason = TextAreaField(
        _l("Why do you need to see personal data?"),
        filters=[lambda text: text.strip() if text else text],
        validators=[
            InputRequired(_l("Write the reason in a few words.")),
            Length(min=10, max=300, message=_l("Between 10 and 300 letters, please.")),
        ],
    )
