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
