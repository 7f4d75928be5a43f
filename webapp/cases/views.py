"""Pages of urgent cases: what is open, one of them, and what can be done about it; the safe word of a person."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from webapp import clock
from webapp.accounts.access import current_account
from webapp.cases import acts, queries, safe_words, signals, words
from webapp.cases.form import ClosureForm, NoteForm, SafeWordForm
from webapp.cases.model import Case
from webapp.db import needs_network
from webapp.page import invalid, page_or_part, row_id, stored
from webapp.people.model import Person
from webapp.people.queries import people_of

blueprint = Blueprint("cases", __name__)


@blueprint.get("/cases")
def index() -> Response:
    """Open cases; `closed` asks for the ended ones."""
    closed, before = request.args.get("show") == "closed", request.args.get("before", type=row_id)
    found, next_before = (queries.closed_cases if closed else queries.open_cases)(before)
    context = {"cases": found, "next_before": next_before, "closed": closed, "kinds": words.KINDS}
    return page_or_part("cases/index.html", "cases/_rows.html", **context)


@blueprint.get("/cases/<int:case_id>")
def show(case_id: int) -> Response:
    return page_or_part("cases/show.html", "cases/show.html", **_page(queries.get(case_id)))


@blueprint.post("/cases/<int:case_id>/acknowledgement")
def take_on(case_id: int) -> Response:
    """I take care of it: nobody else is called."""
    case = queries.get(case_id)
    first = acts.take_on(case, current_account, clock.now())
    said = _l("You take care of it. Write down what you learn.") if first else _l("Somebody takes care of it already.")
    return stored(url_for("cases.show", case_id=case_id), said)


@blueprint.post("/cases/<int:case_id>/notes")
def note(case_id: int) -> Response | tuple[str, int]:
    case, form = queries.get(case_id), NoteForm()
    if not form.validate_on_submit():
        return invalid("cases/show.html", **_page(case, note=form))
    acts.note(case, form.words.data, current_account, clock.now())
    return stored(url_for("cases.show", case_id=case_id), _l("Noted."))


@blueprint.post("/cases/<int:case_id>/closure")
def close(case_id: int) -> Response | tuple[str, int]:
    case, form, now = queries.get(case_id), ClosureForm(), clock.now()
    if not form.validate_on_submit():
        return invalid("cases/show.html", **_page(case, closure=form))
    first = acts.close(case, form.outcome.data, current_account, now)
    if first:
        signals.case_closed.send(case, outcome=form.outcome.data, account=current_account, now=now)
    said = _l("Closed. Thank you.") if first else _l("Somebody had closed it already. What you wrote is noted.")
    return stored(url_for("cases.index"), said)


@blueprint.get("/people/<int:person_id>/safe-word")
def safe_word(person_id: int) -> Response:
    person = people_of(current_account).get(person_id)
    return page_or_part("cases/safe_word.html", "cases/safe_word.html", **_word(person, SafeWordForm(formdata=None)))


@blueprint.post("/people/<int:person_id>/safe-word")
@needs_network
def set_safe_word(person_id: int) -> Response | tuple[str, int]:
    person, form = people_of(current_account).get(person_id), SafeWordForm()
    if not form.validate_on_submit():
        return invalid("cases/safe_word.html", **_word(person, form))
    safe_words.set_word(person, form.word.data, current_account, clock.now())
    return stored(url_for("people.show", person_id=person_id), _l("The safe word is set. It cannot be read again."))


@blueprint.post("/people/<int:person_id>/safe-word/removal")
@needs_network
def remove_safe_word(person_id: int) -> Response:
    person = people_of(current_account).get(person_id)
    safe_words.remove(person, current_account, clock.now())
    return stored(url_for("people.show", person_id=person_id), _l("There is no safe word any more."))


def _page(case: Case, note: NoteForm | None = None, closure: ClosureForm | None = None) -> dict[str, Any]:
    return {
        "case": case,
        "events": queries.events(case),
        "kinds": words.KINDS,
        "in_words": words.event_in_words,
        "note": note or NoteForm(formdata=None),
        "closure": closure or ClosureForm(formdata=None),
    }


def _word(person: Person, form: SafeWordForm) -> dict[str, Any]:
    return {"person": person, "form": form, "is_set": safe_words.of_person(person.id) is not None}
