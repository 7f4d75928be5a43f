"""The form of a route: what it may carry, how fast and for how much, and what its gateway needs to know."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from flask import current_app
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    PasswordField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, Regexp, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from webapp.areas.model import Area
from webapp.config import GATEWAYS, Settings
from webapp.db import db
from webapp.people.fields import NumberField, at_most, options, stripped
from webapp.routes.addresses import is_safe
from webapp.routes.choice import parts
from webapp.routes.model import GAMMU, LONGEST_CODE, SIMULATOR, Route
from webapp.routes.settings import NEEDS, Need
from webapp.routes.words import KINDS, PURPOSES

CODE = r"^[a-z][a-z0-9-]{1,15}$"
PREFIX = re.compile(r"\+[1-9]\d{0,14}")
#: Fields that are columns as they are.
PLAIN = (
    *("name", "enabled", "prefixes", "areas", "rank", "per_minute", "price_rupiah", "daily_limit"),
    *("silent_after", "repeat_seconds", "own_worker"),
)
#: The setting that is an address.
ADDRESS = "base_url"
#: Minutes, unless somebody says otherwise: a daemon takes texts into its tables though its modem is dead.
MODEM_SILENT_AFTER = 15
#: No route of texts is faster, dearer or more patient.
MOST = {"rank": 999, "per_minute": 6000, "price_rupiah": 100_000, "daily_limit": 10_000_000, "silent_after": 10_080}


def _number(label: Any, least: int, most: int, hint: Any = "", **kwargs: Any) -> IntegerField:
    words = _l("Write a number from %(least)s to %(most)s.", least=least, most=most)
    required = InputRequired(words) if "default" in kwargs else Optional()
    return IntegerField(
        label,
        description=hint,
        validators=[required, NumberRange(least, most, words)],
        render_kw={"inputmode": "numeric", "autocomplete": "off", "maxlength": "8"},
        **kwargs,
    )


def _list(label: Any, letters: int, hint: Any) -> StringField:
    return StringField(
        label,
        filters=[stripped],
        validators=[at_most(letters)],
        description=hint,
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )


class RouteForm(FlaskForm):
    """Of one kind of gateway, which never changes. `route` is the one that is changed, if it is no new one."""

    kind = HiddenField()
    version = HiddenField()
    code = StringField(
        _l("Code"),
        filters=[lambda text: (text or "").strip().lower()],
        validators=[
            InputRequired(_l("Choose a code.")),
            Regexp(
                CODE, message=_l("2 to %(most)s small letters, digits or dashes; a letter first.", most=LONGEST_CODE)
            ),
        ],
        description=_l("Short and for ever, for example modem-cilacap. It stands in the address of its webhooks."),
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )
    name = StringField(
        _l("Name"),
        filters=[stripped],
        validators=[DataRequired(_l("Write the name.")), at_most(60)],
        render_kw={"autocomplete": "off"},
    )
    enabled = BooleanField(_l("Switched on"), default=True)
    own_worker = BooleanField(
        _l("Served by a worker of its own"),
        description=_l(
            "Started as flask worker --route and the code, for example on the machine where its modem is."
            " Without one it sends nothing."
        ),
    )
    purposes = SelectMultipleField(
        _l("What may it carry?"),
        choices=options(PURPOSES),
        description=_l("Without a tick: all texts."),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    prefixes = _list(
        _l("To which numbers?"),
        200,
        _l("Beginnings with commas between, for example +62811,+62812 or +852. Empty: all."),
    )
    areas = _list(
        _l("To which areas?"), 300, _l("Codes of areas with commas between, for example 33.01. Empty: everywhere.")
    )
    rank = _number(_l("Rank"), 0, MOST["rank"], _l("Of several that fit, the smallest carries the text."), default=10)
    reply_number = NumberField(
        _l("Number to answer to"),
        description=_l("If texts to it reach us: people of its area are told to answer there."),
    )
    per_minute = _number(
        _l("Texts a minute"), 1, MOST["per_minute"], _l("An Android phone sends 10 a minute."), default=10
    )
    price_rupiah = _number(_l("Price of a segment (rupiah)"), 0, MOST["price_rupiah"], default=350)
    daily_limit = _number(
        _l("Texts a day at the most"), 1, MOST["daily_limit"], _l("What the SIM card or contract allows.")
    )
    silent_after = _number(
        _l("Silent after (minutes)"),
        1,
        MOST["silent_after"],
        _l("Without a sign of life for so long it rests, and you are told. Empty: it gives none."),
    )
    repeat_seconds = _number(
        _l("Repeats within (seconds)"), 0, 60, _l("The same words of the same sender are one text."), default=5
    )

    def __init__(self, *args: Any, route: Route | None = None, kind: str, known: dict[str, str], **kwargs: Any) -> None:
        """`known`: what its gateway knows so far."""
        super().__init__(*args, **kwargs)
        self.route, self.gateway_kind, self.known = route, kind, known

    def validate_code(self, field: StringField) -> None:
        ours: Settings = current_app.config["SETTINGS"]
        if field.data in (*GATEWAYS, ours.sms_gateway):
            raise ValidationError(_l("This is the name of a kind of gateway. Choose another code."))
        taken = sa.select(Route.id).where(Route.code == field.data)
        if db.session.scalar(taken):
            raise ValidationError(_l("There is a route with this code already."))

    def validate_purposes(self, field: SelectMultipleField) -> None:
        if len(field.data or []) == len(PURPOSES):
            field.data = []

    def validate_prefixes(self, field: StringField) -> None:
        found = parts(field.data)
        if not all(map(PREFIX.fullmatch, found)):
            raise ValidationError(_l("A beginning is written with + and the country, for example +62811."))
        field.data = ",".join(found)

    def validate_areas(self, field: StringField) -> None:
        found = parts(field.data)
        known = set(db.session.scalars(sa.select(Area.code).where(Area.code.in_(found)))) if found else set()
        if unknown := [code for code in found if code not in known]:
            raise ValidationError(gettext("There is no area %(code)s.", code=unknown[0]))  # as a lazy text: not escaped
        field.data = ",".join(found)

    def validate(self, extra_validators: Any = None) -> bool:
        """Also what is a matter of several fields."""
        valid: bool = super().validate(extra_validators)
        return self._secrets_are_typed_anew() and valid

    def _secrets_are_typed_anew(self) -> bool:
        """Else a stored password would go to whomever the new address belongs."""
        needs = NEEDS[self.gateway_kind]
        names = [need.name for need in needs if need.recipient]
        if self.route is None or all(self[f"setting_{name}"].data == self.known.get(name) for name in names):
            return True
        fields = (self[f"setting_{need.name}"] for need in needs if need.secret and self.known.get(need.name))
        left_out = [field for field in fields if not field.data]
        for field in left_out:
            field.errors = [_l("Address or account are others now: type this again.")]
        return not left_out

    @property
    def facts(self) -> dict[str, Any]:
        """Columns of Route."""
        facts = {name: self[name].data for name in PLAIN}
        facts |= {"purposes": ",".join(self.purposes.data or []), "reply_number": self.reply_number.data or ""}
        return facts if self.route else facts | {"code": self.code.data, "kind": self.gateway_kind}

    @property
    def needed(self) -> Iterator[Any]:
        """Fields of what the gateway needs to know."""
        return (self[f"setting_{need.name}"] for need in NEEDS[self.gateway_kind])

    @property
    def gateway_settings(self) -> dict[str, str]:
        """What was typed; a secret that was left empty stays as it is."""
        typed = {need.name: self[f"setting_{need.name}"].data or "" for need in NEEDS[self.gateway_kind]}
        kept = {need.name for need in NEEDS[self.gateway_kind] if need.secret and not typed[need.name]}
        return {name: self.known.get(name, "") if name in kept else text for name, text in typed.items()}


def form_for(kind: str, route: Route | None, known: dict[str, str], **kwargs: Any) -> RouteForm:
    """The form of a route of this kind, with the fields that its gateway needs."""
    fields = {f"setting_{need.name}": _setting(need, known) for need in NEEDS[kind]}
    form: RouteForm = type("RouteForm", (RouteForm,), fields)(route=route, kind=kind, known=known, **kwargs)
    if route is not None:
        del form.code  # it never changes
    elif kind == GAMMU and not form.is_submitted():
        form.silent_after.data = MODEM_SILENT_AFTER
    return form


def _setting(need: Need, known: dict[str, str]) -> StringField:
    stored = bool(need.secret and known.get(need.name))
    words = _l("It is stored and not shown. Leave it empty to keep it.") if stored else need.hint
    asked = [DataRequired(_l("This is needed."))] if need.required and not stored else [Optional()]
    if need.pattern:
        words_of_pattern = _l("This is written in another way: %(hint)s", hint=need.hint)
        asked.append(Regexp(f"^({need.pattern})$", message=words_of_pattern))
    if need.name == ADDRESS:
        asked.append(_is_safe_address)
    typed = PasswordField if need.secret else StringField
    return typed(
        need.label,
        filters=[lambda text: (text or "").strip()],
        validators=[*asked, at_most(300)],
        description=words,
        default="" if need.secret else known.get(need.name, ""),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )


def _is_safe_address(_form: RouteForm, field: StringField) -> None:
    if field.data and not is_safe(field.data):
        raise ValidationError(
            _l("Outside of your own network (10…, 172.16… to 172.31…, 192.168…, ….local) it must begin with https://.")
        )


def kinds() -> dict[str, Any]:
    """Kinds that this installation may have: pretend phones only where nobody is real."""
    ours: Settings = current_app.config["SETTINGS"]
    return {kind: words for kind, words in KINDS.items() if kind != SIMULATOR or ours.private}


class RestForm(FlaskForm):
    """Why a route is to rest."""

    reason = TextAreaField(
        _l("Why is it to rest?"),
        filters=[lambda text: (text or "").strip()],
        validators=[
            InputRequired(_l("Write the reason in a few words.")),
            Length(min=5, max=200, message=_l("Between 5 and 200 letters, please.")),
        ],
    )
