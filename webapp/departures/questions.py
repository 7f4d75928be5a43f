"""What the forms of a departure ask, as people/questions.py has it of a person."""

from __future__ import annotations

from datetime import date

from flask_babel import format_date
from flask_babel import lazy_gettext as _l

from webapp.db import db
from webapp.departures.choices import SCHEMES, SECTORS
from webapp.departures.model import Destination
from webapp.departures.numbers import masked_number
from webapp.people.questions import Question, Values, choice, day, day_in_words, secret, text


def _country(values: Values) -> str:
    destination = db.session.get(Destination, values["destination_code"])
    return destination.name if destination else values["destination_code"]


def _planned(values: Values) -> str:
    if month := values["planned_month"]:
        return str(format_date(date.fromisoformat(month), "MMMM y"))
    return day_in_words(values["planned_on"])


DEPARTURE = {
    "destination_code": Question(_l("Destination"), ("destination_code",), _country),
    "scheme": choice(_l("By which way does the person leave?"), "scheme", SCHEMES),
    # A known day makes the month superfluous, so the two are one answer.
    "planned_on": Question(_l("Day of departure"), ("planned_on", "planned_month"), _planned),
    "sector": choice(_l("Kind of work"), "sector", SECTORS),
    "job": text(_l("Job"), "job"),
    "agency": text(_l("Agency (P3MI)"), "agency"),
    "employer": text(_l("Employer"), "employer"),
    "port": text(_l("Airport or port"), "port"),
    "contract_start": day(_l("Contract begins"), "contract_start"),
    "contract_end": day(_l("Contract ends"), "contract_end"),
}
PAPER = {
    "done_on": day(_l("Done on"), "done_on"),
    "number": secret(_l("Number"), "whole_number", masked_number),
    "expires_on": day(_l("Valid until"), "expires_on"),
}
#: A paper that was marked as missing meanwhile has neither number nor expiry to choose between.
MISSING_PAPER = {"done_on": PAPER["done_on"]}
LEAVING = {"on_day": day(_l("Day of leaving"), "departed_on", meant=True)}
RETURN = {"on_day": day(_l("Day of coming home"), "returned_on", meant=True)}
