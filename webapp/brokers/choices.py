"""Words for what the form of a report offers and its page shows."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

REPORTERS = {
    "victim": _l("The person it happened to"),
    "family": _l("Their family"),
    "neighbour": _l("A neighbour or friend"),
    "facilitator": _l("A facilitator or officer"),
    "anonymous": _l("Somebody who does not want to be named"),
}

NAMINGS = {
    "named": _l("With name: whoever may read the report may also learn who reports it"),
    "confidential": _l("In confidence: beside the writer only the coordinator who verifies it learns who reports it"),
    "anonymous": _l("Without any name: no name, no number and no link to a person is stored"),
}

CHANNELS = {
    "app": _l("Written here by an officer who saw or heard it"),
    "phone": _l("Told on the phone"),
    "visit": _l("Told face to face"),
    "sms": _l("By SMS"),
    "letter": _l("By letter"),
}

#: May the reporter be called? What was not asked is taken for a no.
CALLS = {
    "": _l("Not asked yet"),
    "yes": _l("Yes"),
    "no": _l("No"),
}

THREATS = {
    "none": _l("No, or nobody knows"),
    "threat": _l("Yes, somebody was threatened"),
    "violence": _l("Yes, somebody was hurt or is held"),
}

#: Signs of a broker, as one recognises them.
MODUS = {
    "social_media": _l("Offers on WhatsApp, Facebook or TikTok: high pay, no skills needed"),
    "money_to_family": _l("Gave money to the family, to be paid back from the wage"),
    "holding_house": _l("People wait in a house before their papers are ready"),
    "wrong_visa": _l("Umrah, visit or tourist visa instead of a work visa"),
    "passport_kept": _l("Keeps the passport, or sends it by courier"),
    "training_centre": _l("A training centre collects money or promises places"),
    "no_letter": _l("Shows no letter of assignment (surat tugas)"),
    "changed_identity": _l("Age or name was changed in the papers"),
    "transit": _l("The way leads through Batam or Nunukan"),
    "cancel_fine": _l("Asks for a fine from whoever cancels"),
    "scam_job": _l("The work is online, as in call centres for fraud"),
    "changed_route": _l("Route or country was changed at the last moment"),
}

OFFICES = {
    "police": _l("The police"),
    "bp3mi": _l("BP3MI, the office that protects migrant workers"),
    "disnaker": _l("Disnaker, the labour office of the regency"),
    "lpsk": _l("LPSK, the agency that protects witnesses and victims"),
}

STATES = {
    "received": _l("Received"),
    "triage": _l("First look"),
    "verifying": _l("Being verified"),
    "referred": _l("Passed on"),
    "officially_confirmed": _l("Confirmed by an office"),
    "not_proven": _l("Not proven"),
    "too_little": _l("Too little is known"),
    "closed": _l("Closed"),
}

#: What stands in badges of a state.
TONES = {
    "received": "warn",
    "officially_confirmed": "ok",
    "not_proven": "plain",
    "too_little": "plain",
    "closed": "plain",
}

#: To whoever wrote it: how it stands, and what happens next. Nothing of what coordinators found.
CALM = {
    "received": (
        _l("It has arrived."),
        _l("A coordinator looks at it within a day, at once if somebody is in danger."),
    ),
    "triage": (
        _l("A coordinator has taken it on."),
        _l("The coordinator decides whether it can be verified, and may ask you for more."),
    ),
    "verifying": (
        _l("It is being verified."),
        _l("This takes time. Perhaps you are asked for more. You need not do anything."),
    ),
    "referred": (
        _l("It was passed on to an office that may act."),
        _l("The office decides what happens. It can take weeks until we hear of it."),
    ),
    "officially_confirmed": (
        _l("An office has confirmed it."),
        _l("Thank you: others can be protected now. If somebody still needs help, tell your coordinator."),
    ),
    "not_proven": (
        _l("It could not be proven."),
        _l("That does not mean that you were wrong. If you learn more, write a new report."),
    ),
    "too_little": (
        _l("Too little is known to go on."),
        _l("It is kept. If you learn more, a name or a number, write a new report."),
    ),
    "closed": (
        _l("It is finished."),
        _l("It is kept. If it happens again, write a new report."),
    ),
}

#: Each next state as something that one does.
MOVES = {
    "verifying": _l("Verify it"),
    "officially_confirmed": _l("An office has confirmed it by a document"),
    "not_proven": _l("It could not be proven"),
    "too_little": _l("Too little is known to go on"),
    "closed": _l("Close it"),
}

#: Why two reports may be alike.
ALIKE = {
    "phone": _l("same phone number"),
    "account": _l("same account"),
    "plate": _l("same number plate"),
    "name": _l("same name"),
}
