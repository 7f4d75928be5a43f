"""Keeping a form that fits no more, and settling it once a human has looked."""

from __future__ import annotations

import json
import os
from base64 import b64encode
from datetime import datetime
from urllib.parse import parse_qs

import sqlalchemy as sa

from webapp.accounts import audit
from webapp.accounts.model import Account
from webapp.db import db
from webapp.offline import addressees
from webapp.offline.model import KeptForm
from webapp.photos.field import MOST_PHOTOS
from webapp.photos.model import Photo, attach
from webapp.sealing import seal, unseal
from webapp.security import PHOTOS_FIELD

#: What photos of a kept form are attached to.
SUBJECT = "kept_form"
#: Fields whose values are shown in full only to whoever asks, which is logged.
SECRET_FIELDS = ("nik", "phone", "number", "contact_number", "reporter_contact")
#: Facilitators see only their own reports of brokers, so also only their own kept ones.
CONFIDENTIAL_NOUNS = frozenset({"brokers"})


def keep(
    account: Account,
    now: datetime,
    *,
    path: str,
    title: str,
    words: list[tuple[str, str]],
    body: str,
    reason: str,
    made_at: datetime,
) -> KeptForm:
    """Keep it for the people of the village where the person lives now, else for the writer's own.

    Whoever wrote it learns nothing by that: not whether there is such a person, nor where. And nobody writes into a
    village that is not theirs but about somebody whom they were shown before.
    """
    endpoint, arguments = addressees.route(path)
    person = addressees.person_in(arguments, account)
    kept = KeptForm(
        confidential=endpoint.partition(".")[0] in CONFIDENTIAL_NOUNS,
        account_id=account.id,
        area_code=person.area_code if person else addressees.village_in(body, account),
        person_id=person.id if person else None,
        path=path,
        title=title,
        words_encrypted=seal(json.dumps(words, ensure_ascii=False)),
        body_encrypted=seal(body),
        reason=reason,
        made_at=made_at,
        at=now,
    )
    db.session.add(kept)
    db.session.flush()
    attach(_photos_in(body, account), SUBJECT, kept.id)
    audit.changed("created", "kept_form", kept.id, kept.area_code)
    if person and not kept.confidential:
        person.log("form_kept", {"title": title}, account_id=account.id, now=now)
    return kept


def words_of(kept: KeptForm) -> list[tuple[str, str]]:
    """Label and value of what was written, in the order of the form; in full."""
    return [(str(label), str(value)) for label, value in json.loads(unseal(kept.words_encrypted))]


def masked(kept: KeptForm, words: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The same with identity numbers, numbers of papers and of phones as they stand on every page."""
    typed = parse_qs(unseal(kept.body_encrypted))
    secret = {value.strip() for name in SECRET_FIELDS for value in typed.get(name, [])} - {""}
    return [(label, _mask(value) if value.strip() in secret else value) for label, value in words]


def _mask(value: str) -> str:
    shown = 3 if len(value) > 8 else 2
    return "•" * (len(value) - shown) + value[-shown:]


def phone_key(account: Account) -> str:
    """32 bytes in base64, made once for each account and sealed: it locks what its phones keep."""
    db.session.refresh(account, with_for_update={"of": Account, "key_share": True})
    if account.phone_key_encrypted is None:
        account.phone_key_encrypted = seal(b64encode(os.urandom(32)).decode())
    return unseal(account.phone_key_encrypted)


def settle(kept: KeptForm, account: Account, outcome: str, now: datetime) -> bool:
    """A human has seen to it. False if another had already; the first outcome stays."""
    db.session.refresh(kept, with_for_update={"of": KeptForm, "key_share": True})
    if kept.settled_at is not None:
        return False
    kept.settled_at, kept.settled_by_id, kept.outcome = now, account.id, outcome
    audit.changed("closed", "kept_form", kept.id, kept.area_code)
    if kept.person:
        kept.person.log("kept_form_settled", {"outcome": outcome}, account_id=account.id, now=now)
    return True


def _photos_in(body: str, account: Account) -> list[Photo]:
    """Those that came before the form, which would else be swept away."""
    keys = parse_qs(body).get(PHOTOS_FIELD, [])[:MOST_PHOTOS]
    query = sa.select(Photo).where(Photo.account_id == account.id, Photo.key.in_(keys), Photo.subject == "")
    return list(db.session.scalars(query.where(Photo.completed_at.is_not(None)).with_for_update()))
