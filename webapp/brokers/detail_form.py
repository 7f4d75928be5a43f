"""What the verifier fills in of the accused, as an SMS or a letter tells it without fields."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField

from webapp.people.fields import at_most, complain, stripped

#: Columns of a report that link it to others, and where it happened; in the order of the form, with their lengths.
LENGTHS = {
    "accused_names": 300,
    "accused_phones": 200,
    "accused_accounts": 200,
    "accused_plates": 100,
    "agency_claimed": 120,
    "place": 120,
    "country": 60,
}


def _words(name: str, label: str, hint: str = "") -> StringField:
    limit = LENGTHS[name]
    rules = {"autocomplete": "off", "spellcheck": "false", "maxlength": str(limit)}
    return StringField(label, description=hint, filters=[stripped], validators=[at_most(limit)], render_kw=rules)


class DetailForm(FlaskForm):
    """One of them at least."""

    accused_names = _words("accused_names", _l("Names"), _l("Also what others call them. Several with commas between."))
    accused_phones = _words("accused_phones", _l("Their phone numbers"), _l("Never the number of the reporter."))
    accused_accounts = _words("accused_accounts", _l("Bank accounts and e-wallets"))
    accused_plates = _words("accused_plates", _l("Number plates of their vehicles"))
    agency_claimed = _words("agency_claimed", _l("For which agency do they say they work?"))
    place = _words("place", _l("Where?"))
    country = _words("country", _l("To which country?"))

    def validate(self, extra_validators: Any = None) -> bool:
        fits = super().validate(extra_validators)
        if fits and not any(self.facts.values()):
            complain(self.accused_names, _l("Fill in at least one of the fields."))
        return fits and not self.errors

    @property
    def facts(self) -> dict[str, str]:
        """Columns of the report."""
        return {name: self[name].data or "" for name in LENGTHS}
