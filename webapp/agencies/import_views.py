"""Pages on which the nation's office loads a new list: the file, what it would change, and the second step.

Nothing here is kept by a phone: the answer is the point of each form.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Blueprint, abort, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from webapp import clock
from webapp.accounts.access import current_account
from webapp.agencies import changes, import_words, imports, queries, words
from webapp.agencies.import_form import ConfirmationForm, ImportForm
from webapp.agencies.import_model import AgencyImport
from webapp.agencies.reading import Fault, ListFault, read
from webapp.areas.load import WIB
from webapp.db import db, needs_network
from webapp.page import invalid, page_or_part, row_id, stored

blueprint = Blueprint("imports", __name__)
blueprint.add_app_template_global(imports.may_import, "may_import_agencies")


@blueprint.before_request
def only_who_may() -> None:
    """To coordinators of a province or regency these pages do not exist."""
    if not imports.may_import():
        abort(404)


@blueprint.get("/agency-imports")
def index() -> Response:
    form = ImportForm(formdata=None, today=_today())
    before = request.args.get("before", type=row_id)
    return page_or_part("agencies/imports.html", "agencies/_import_rows.html", **_index(form, before=before))


@blueprint.post("/agency-imports")
@needs_network
def create() -> Response | tuple[str, int]:
    form = ImportForm(today=_today())
    if not form.validate_on_submit():
        return invalid("agencies/imports.html", **_index(form))
    try:
        reading = read(form.content)
    except ListFault as fault:
        form.form_errors.append(
            _l("The file was not taken, the list is what it was. What is wrong with it stands below.")
        )
        return invalid("agencies/imports.html", **_index(form, fault.faults))
    one = imports.prepare(reading, form.source.data, form.as_of.data, form.file_name, clock.now())
    return stored(url_for("agencies.imports.show", import_id=one.id))


@blueprint.get("/agency-imports/<int:import_id>")
def show(import_id: int) -> Response:
    one, form = imports.get(import_id), ConfirmationForm(formdata=None)
    return page_or_part("agencies/import.html", "agencies/import.html", **_page(one, form))


@blueprint.post("/agency-imports/<int:import_id>/confirmation")
@needs_network
def confirm(import_id: int) -> Response | tuple[str, int]:
    one, form = imports.get(import_id), ConfirmationForm()
    outcome = imports.confirm(one, current_account, form.ticks, clock.now())
    if outcome == imports.DONE:
        return stored(url_for("agencies.index"), _l("The new list holds from now on."))
    if outcome == imports.ALREADY:
        return stored(url_for("agencies.imports.show", import_id=import_id), _l("It was confirmed already."))
    form.form_errors.append(import_words.REFUSALS[outcome])
    return _refused(import_id, form)


@blueprint.post("/agency-imports/<int:import_id>/cancellation")
@needs_network
def cancel(import_id: int) -> Response:
    was_open = imports.cancel(imports.get(import_id))
    message = _l("Cancelled. The list is what it was.") if was_open else _l("It was settled already.")
    return stored(url_for("agencies.imports.index"), message)


def _refused(import_id: int, form: ConfirmationForm) -> tuple[str, int]:
    """Undone first: the page shows what is stored."""
    db.session.rollback()
    return invalid("agencies/import.html", **_page(imports.get(import_id), form))


def _today() -> date:
    return clock.day_of(clock.now(), WIB)


def _index(form: ImportForm, faults: Sequence[Fault] = (), before: int | None = None) -> dict[str, Any]:
    found, next_before = imports.page(before)
    told, more_faults = import_words.told(faults)
    return {
        "form": form,
        "faults": told,
        "more_faults": more_faults,
        "found": found,
        "next_before": next_before,
        "states": import_words.STATES,
    }


def _page(one: AgencyImport, form: ConfirmationForm) -> dict[str, Any]:
    before = imports.present()
    refusal = imports.why_not(one, before, clock.now())
    is_open = not refusal
    doubts = imports.doubts(one, before) if is_open else []
    return {
        "one": one,
        "form": form,
        "refusal": import_words.REFUSALS.get(refusal),
        "is_open": is_open,
        "ticks": form.fields_of(doubts),
        "doubts": doubts,
        "published": queries.published(),
        "changes": changes.between(before, imports.listed_of(one)) if is_open else None,
        "most": import_words.MOST_TOLD,
        "states": import_words.STATES,
        "column": import_words.column,
        "told_value": import_words.value,
        "status_words": words.STATUS_WORDS,
    }
