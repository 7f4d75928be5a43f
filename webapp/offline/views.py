"""What phones without a network need: the forms that fit no more, and what they keep for reading."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from flask import Blueprint, abort, g, jsonify, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from webapp import clock, kept_on_phone
from webapp.accounts import audit
from webapp.accounts.access import current_account
from webapp.db import db, needs_network, only_reads
from webapp.offline import acts, blank, copies, queries, worker
from webapp.offline.form import KeptForm, SettlementForm
from webapp.page import answered, invalid, page_or_part, row_id, shown_once, stored
from webapp.photos.queries import attached_to

blueprint = Blueprint("offline", __name__)

#: A newer application is noticed after this time at the latest.
WORKER_SECONDS = 600
KEPT = _l("This no longer fits what is stored. It is kept as a task: somebody looks at it, nothing is lost.")


@blueprint.get("/sw.js")
def worker_script() -> Response:
    """Looked for by the browser at every visit, so it may keep it for a while."""
    answer = Response(worker.script(), mimetype="text/javascript")
    answer.headers["Cache-Control"] = f"public, max-age={WORKER_SECONDS}"
    answer.add_etag()
    return answer.make_conditional(request)


@blueprint.get("/antrean")
def queue() -> Response:
    """The forms on this phone. The page is the same for everybody; a script fills it with what only the phone knows.

    Its part is what the phone keeps for when nobody is logged in.
    """
    return page_or_part("offline/queue.html", "offline/_queue.html")


@blueprint.post("/kept-forms")
def keep() -> Response:
    """A saved form that was answered 'no such person' or 'no longer so' comes here, from the phone itself."""
    form, now = KeptForm(), clock.now()
    if not form.validate_on_submit():
        abort(400)
    kept = acts.keep(
        current_account,
        now,
        path=form.path.data,
        title=form.title.data,
        words=form.pairs,
        body=form.body.data or "",
        reason=form.reason.data or "",
        made_at=kept_on_phone.written_at(now),
    )
    return stored(url_for("offline.kept", kept_id=kept.id), KEPT)


@blueprint.get("/kept-forms/<int:kept_id>")
def kept(kept_id: int) -> str:
    return render_template("offline/kept.html", **_page(kept_id, SettlementForm()))


@blueprint.post("/kept-forms/<int:kept_id>/words")
@needs_network
def reveal(kept_id: int) -> Response:
    """With every number in full, this once."""
    page = _page(kept_id, SettlementForm(formdata=None))
    kept = page["kept"]
    audit.changed("seen", "kept_form", kept.id, kept.area_code, detail="numbers")
    return shown_once(url_for("offline.kept", kept_id=kept.id), "offline/kept.html", **page | {"pairs": page["words"]})


@blueprint.post("/kept-forms/<int:kept_id>/settlement")
def settle(kept_id: int) -> Response | tuple[str, int]:
    form, kept = SettlementForm(), queries.get(kept_id)
    if not queries.is_mine(kept.area_code):
        abort(404)  # whoever wrote it does not decide that those it is for need not look
    if not form.validate_on_submit():
        return invalid("offline/kept.html", **_page(kept_id, form))
    first = acts.settle(kept, current_account, form.outcome.data, clock.now())
    words = _l("Done. It stands with the form.") if first else _l("Somebody had settled this form already.")
    return stored(url_for("offline.kept", kept_id=kept.id), words)


@blueprint.get("/offline/changes")
def changes() -> Response:
    """What is new since the phone asked last; small where nothing is."""
    since, before = request.args.get("since", 0, type=int), request.args.get("before", type=_mark)
    return jsonify(copies.changes(since, before))


@blueprint.get("/offline/everybody")
def everybody() -> Response:
    return jsonify(copies.everybody())


@blueprint.post("/offline/people")
@only_reads
def people() -> Response:
    """By POST, like a search: which texts the phone has is too long for an address."""
    return jsonify(copies.of_people(_ids(request.form.get("ids", "")), _known()))


@blueprint.post("/offline/pages")
@only_reads
def first_pages() -> Response:
    return jsonify(copies.of_first_pages(_known()))


@blueprint.post("/offline/blank")
def blank_forms() -> Response:
    """Once for each version of the application: it registers somebody and takes it back."""
    found = blank.forms(_known())
    db.session.rollback()
    g.audit_seen = {}
    return jsonify(found)


@blueprint.get("/offline/frame")
def frame() -> str:
    """What stands around every page: the phone puts the copies into it."""
    return render_template("offline/frame.html")


@blueprint.post("/offline/key")
def key() -> Response:
    """Opens what this account's phones keep locked. Whoever is logged in may have it, nobody else."""
    return answered({"key": acts.phone_key(current_account)})


def _known() -> set[str]:
    """Names of the texts that the phone has."""
    return set(request.form.get("known", "").split(",")) - {""}


def _ids(text: str) -> list[int]:
    """Those of '7,8,9' that can be ids."""
    found = []
    for part in text.split(","):
        with suppress(ValueError):
            found.append(row_id(part))
    return found


def _mark(text: str) -> tuple[int, int]:
    """Where the last answer of changes ended, as 'stamp.id'. Raises ValueError."""
    stamp, _, person_id = text.partition(".")
    return int(stamp), row_id(person_id)


def _page(kept_id: int, form: SettlementForm) -> dict[str, Any]:
    kept = queries.get(kept_id)
    words = acts.words_of(kept)
    pairs = acts.masked(kept, words)
    return {
        "kept": kept,
        "words": words,
        "pairs": pairs,
        "hides": pairs != words,
        "photos": attached_to(acts.SUBJECT, kept.id),
        "form": form,
        "is_mine": queries.is_mine(kept.area_code),
        "sees_person": kept.person is not None and queries.is_mine(kept.person.area_code),
    }
