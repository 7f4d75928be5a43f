"""The form of a new account: who, in which role, where, and how the code reaches the person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectChoice, StringField
from wtforms.validators import InputRequired, Length, Regexp, ValidationError

from sms.phone import BadNumber, normalise
from webapp.accounts.hierarchy import LEVELS, may_manage, roles_below, works_at
from webapp.accounts.model import ADMINISTRATOR, Account
from webapp.accounts.words import ROLE_WORDS
from webapp.areas import queries as areas
from webapp.areas.codes import NATION
from webapp.areas.model import Area
from webapp.areas.names import is_called

PRINT, SMS = "print", "sms"
DELIVERIES = (SelectChoice(PRINT, _l("I print or read out the code")), SelectChoice(SMS, _l("By SMS to this phone")))
USERNAME = r"^[a-z][a-z0-9._-]{2,39}$"


class DeliveryForm(FlaskForm):
    """How the code of an invitation reaches the person."""

    delivery = RadioField(
        _l("How does the code get there?"),
        choices=list(DELIVERIES),
        default=PRINT,
        validators=[InputRequired(_l("Choose how the code gets there."))],
    )

    def __init__(self, *args: Any, account: Account | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account

    def validate_delivery(self, field: RadioField) -> None:
        if field.data == SMS and not (self.account and self.account.phone):
            raise ValidationError(_l("There is no phone number, so print the code."))


class AccountForm(DeliveryForm):
    """A new account below the one that invites. `area` holds the place once the form is valid."""

    name = StringField(
        _l("Name"),
        validators=[InputRequired(_l("Write the name.")), Length(max=80, message=_l("At most 80 letters."))],
        render_kw={"autocomplete": "off"},
    )
    username = StringField(
        _l("User name"),
        filters=[lambda text: text.strip().lower() if text else text],
        validators=[
            InputRequired(_l("Choose a user name.")),
            Regexp(USERNAME, message=_l("3 to 40 small letters, digits, dots or dashes; a letter first.")),
        ],
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )
    phone = StringField(
        _l("Phone number"),
        validators=[Length(max=40, message=_l("This is too long for a phone number."))],
        render_kw={"type": "tel", "inputmode": "tel", "autocomplete": "off"},
    )
    role = RadioField(_l("Role"), validators=[InputRequired(_l("Choose a role."))])
    place = StringField(
        _l("Where"),
        validators=[Length(max=100, message=_l("At most 100 letters."))],
        render_kw={"autocomplete": "off"},
    )
    area_code = RadioField(_l("Which of these places?"), choices=[], validate_choice=False)
    #: E.164, once the form is valid.
    number: str | None = None

    def __init__(self, *args: Any, inviter: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.inviter = inviter
        self.area: Area | None = None
        roles = roles_below(inviter.role, inviter.area_code)
        self.role.choices = [SelectChoice(role, ROLE_WORDS[role]) for role in roles]
        # An administrator's place is the nation; it need not be typed.
        self.place.flags.required = ADMINISTRATOR not in roles

    def validate_phone(self, field: StringField) -> None:
        if not (field.data or "").strip():
            field.data = None
            return
        try:
            self.number = normalise(field.data)
        except BadNumber:
            raise ValidationError(_l("This is no phone number. Write it like 0812 3456 7890.")) from None

    def validate_delivery(self, field: RadioField) -> None:
        if field.data == SMS and not (self.phone.data or "").strip():
            raise ValidationError(_l("There is no phone number, so print the code."))

    def validate_place(self, field: StringField) -> None:
        """One place of the right level in the inviter's area; if the name fits several, let one be chosen."""
        if self.role.errors:
            return
        found = self._places()
        if len(found) > 1:
            self.area_code.choices = [SelectChoice(area.code, area.full_name) for area in found]
            raise ValidationError(_l("Several places are called so. Choose one of them below."))
        if not found:
            raise ValidationError(_l("No such place in your area fits this role. Check the spelling or use its code."))
        self.area = found[0]

    def _places(self) -> list[Area]:
        """What was chosen, or every place that what was typed may mean. Never a guess: one is taken only if there is
        no other of this name."""
        within, typed = self.inviter.area_code, (self.place.data or "").strip()
        if self.role.data == ADMINISTRATOR:
            return self._fitting([areas.find(NATION, within)])
        if by_code := self._fitting([areas.find(typed, within)]):
            return by_code
        hits = [hit.area for hit in areas.search(typed, within, LEVELS.get(self.role.data, ()))]
        found = self._fitting(hits)
        if chosen := [area for area in found if area.code == self.area_code.data]:
            return chosen
        if len(hits) == areas.MOST_HITS:
            return found
        return [area for area in found if is_called(area.name, typed)] or found

    def _fitting(self, found: Sequence[Area | None]) -> list[Area]:
        return [area for area in found if area and self._fits(area)]

    def _fits(self, area: Area) -> bool:
        role, inviter = self.role.data, self.inviter
        return works_at(role, area.code) and may_manage(inviter.role, inviter.area_code, role, area.code)
