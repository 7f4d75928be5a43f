"""Pages of departures: parse, act, commit once, render."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, render_template, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from webapp import clock, moments
from webapp.accounts.access import current_account
from webapp.departures import acts, answers, corrections, editing, numbers, planning, presenter, queries
from webapp.departures.checklist import short_passport
from webapp.departures.choices import SCHEMES, SECTORS, STATES
from webapp.departures.form import CallForm, DayForm, DepartureForm, NewDayForm, PaperForm, ReasonForm
from webapp.departures.model import ChecklistItem, Departure
from webapp.departures.presenter import placement_in_words, plan_of
from webapp.errors import Words
from webapp.outbox.model import Message
from webapp.page import invalid, look_first, stored, stored_part, wants_part
from webapp.people.choices import STAGES
from webapp.people.conflicts import Change, Edit
from webapp.people.queries import people_of
from webapp.people.stages import DECEASED

blueprint = Blueprint("departures", __name__)
FOLLOWED = _l("Stored. The reminders follow the new facts.")
#: The end of an address → the act.
DECISIONS: dict[str, Callable[..., None]] = {
    "postponement": acts.postpone,
    "cancellation": acts.cancel,
    "resumption": acts.resume,
}
REVERSALS: dict[str, Callable[..., None]] = {
    "leaving": corrections.take_back_leaving,
    "return": corrections.take_back_return,
}
CORRECTIONS: dict[str, tuple[Callable[..., None], str]] = {
    "leaving": (corrections.correct_leaving, "departed_on"),
    "return": (corrections.correct_return, "returned_on"),
}
#: Here the day of departure is asked anew.
ASKS_DAY = ("resumption", "leaving")
CHANGED_MEANWHILE = Words(
    _l("The departure has changed meanwhile"),
    _l("This no longer fits it. Open the departure again to see how it stands now. Nothing was stored."),
)


@blueprint.get("/people/<int:person_id>/departures/new")
def new(person_id: int) -> str:
    person = people_of(current_account).get(person_id)
    return render_template("departures/new.html", person=person, form=DepartureForm(today=moments.today()))


@blueprint.post("/people/<int:person_id>/departures")
def create(person_id: int) -> Response | tuple[str, int]:
    person = people_of(current_account).to_change(person_id)
    form = DepartureForm(today=moments.today())
    if not form.validate_on_submit():
        return invalid("departures/new.html", person=person, form=form)
    if known := editing.same_departure(person.id, form):
        if editing.says_more(known, form) or editing.cannot_leave(known, form):
            return invalid("departures/new.html", person=person, form=form)
        _leave_if_said(known, form)
        return stored(_at(known), _l("This departure was stored already. Here it is."))
    departure = acts.record(person, current_account, clock.now(), **form.fields)
    _leave_if_said(departure, form)
    return stored(_at(departure, "plan"), _l("The departure is stored. Below stands which texts go out, and when."))


@blueprint.get("/departures/<int:departure_id>")
def show(departure_id: int) -> str:
    return render_template("departures/show.html", **_page(queries.get(departure_id)))


@blueprint.get("/departures/<int:departure_id>/edit")
def edit(departure_id: int) -> str:
    departure = queries.get(departure_id)
    form, edit = _form_of(departure, obj=departure), editing.of_departure(departure)
    return render_template("departures/edit.html", departure=departure, form=form, edit=edit)


@blueprint.post("/departures/<int:departure_id>")
def update(departure_id: int) -> Response | tuple[str, int]:
    departure, now = queries.to_change(departure_id), clock.now()
    form, edit = _form_of(departure), editing.of_departure(departure)
    # Whoever left on a day says that it was this day, also where it stands as it stood.
    meant = ["planned_on"] if form.has_left.data else []
    fits = form.validate_on_submit() and not edit.contradicts(form, form.fields, meant)
    if not fits or editing.does_not_fit(departure, form, edit):
        return invalid("departures/edit.html", departure=departure, form=form, edit=edit)
    acts.change(departure, current_account, now, **edit.values)
    edit.tell(current_account, now)
    _leave_if_said(departure, form)
    return stored(_at(departure), FOLLOWED)


@blueprint.get("/departures/<int:departure_id>/papers/<code>")
def paper(departure_id: int, code: str) -> str:
    departure, item = queries.get(departure_id), queries.item(code)
    known = departure.paper(code)
    form = PaperForm(today=moments.today(), obj=known, done_on=known.done_on if known else moments.today())
    return render_template("departures/paper.html", **_paper(departure, item, form, editing.of_paper(departure, code)))


@blueprint.post("/departures/<int:departure_id>/papers/<code>")
def tick(departure_id: int, code: str) -> Response | tuple[str, int]:
    departure, item = queries.to_change(departure_id), queries.item(code)
    known, form, edit = departure.paper(code), PaperForm(today=moments.today()), editing.of_paper(departure, code)
    if not form.validate_on_submit() or (not form.one_tap.data and edit.contradicts(form, form.facts(known))):
        if wants_part():
            return look_first(url_for("departures.paper", departure_id=departure.id, code=item.code))
        return invalid("departures/paper.html", **_paper(departure, item, form, edit))
    _note_paper(departure, item, form, edit)
    if numbers.is_unusual(code, form.number.data or ""):
        words = _l("Noted: %(item)s. Its number looks unusual: please compare it once more.", item=item.name)
    else:
        words = _l("Noted in the checklist: %(item)s", item=item.name)
    return _stored_paper(departure, item, words, undo=known is None)


@blueprint.get("/departures/<int:departure_id>/papers/<code>/removal")
def removal(departure_id: int, code: str) -> str:
    departure, item = queries.get(departure_id), queries.item(code)
    return render_template("departures/removal.html", **_removal(departure, item, editing.of_paper(departure, code)))


@blueprint.post("/departures/<int:departure_id>/papers/<code>/removal")
def untick(departure_id: int, code: str) -> Response | tuple[str, int]:
    """It takes a number and an expiry away for good, so it needs to have been opened since they were written."""
    departure, item = queries.to_change(departure_id), queries.item(code)
    edit = editing.of_paper(departure, code)
    if departure.paper(code) and (newer := edit.newer()):
        if wants_part():
            return look_first(url_for("departures.removal", departure_id=departure.id, code=item.code))
        return invalid("departures/removal.html", **_removal(departure, item, edit, newer))
    acts.untick(departure, item, current_account, clock.now())
    return _stored_paper(departure, item, _l("Marked as missing again: %(item)s", item=item.name))


@blueprint.get("/departures/<int:departure_id>/<any(leaving, return):step>")
def day(departure_id: int, step: str) -> str:
    departure = queries.get(departure_id)
    form = _day_form(departure, step, data={"on_day": moments.today()})
    return render_template("departures/day.html", departure=departure, step=step, form=form)


@blueprint.post("/departures/<int:departure_id>/<any(leaving, return):step>")
def take_step(departure_id: int, step: str) -> Response | tuple[str, int]:
    departure, now = queries.to_change(departure_id), clock.now()
    form = _day_form(departure, step)
    if not form.validate_on_submit():
        return invalid("departures/day.html", departure=departure, step=step, form=form)
    act = {"leaving": acts.leave, "return": acts.come_home}[step]
    _carry_out(act, departure, current_account, now, form.on_day.data)
    return stored(_at(departure), FOLLOWED)


@blueprint.get("/departures/<int:departure_id>/<any(leaving, return):step>/correction")
def correction(departure_id: int, step: str) -> str:
    departure = queries.get(departure_id)
    noted = {"leaving": departure.departed_on, "return": departure.returned_on}[step]
    form, edit = _day_form(departure, step, data={"on_day": noted}), editing.of_day(departure, step)
    return render_template("departures/correction.html", departure=departure, step=step, form=form, edit=edit)


@blueprint.post("/departures/<int:departure_id>/<any(leaving, return):step>/correction")
def correct(departure_id: int, step: str) -> Response | tuple[str, int]:
    departure, now = queries.to_change(departure_id), clock.now()
    form, edit = _day_form(departure, step), editing.of_day(departure, step)
    act, column = CORRECTIONS[step]
    if not form.validate_on_submit() or edit.contradicts(form, {column: form.on_day.data}):
        return invalid("departures/correction.html", departure=departure, step=step, form=form, edit=edit)
    _carry_out(act, departure, current_account, now, edit.values.get(column, getattr(departure, column)))
    edit.tell(current_account, now)
    return stored(_at(departure), FOLLOWED)


@blueprint.get("/departures/<int:departure_id>/<any(leaving, return):step>/reversal")
def reversal(departure_id: int, step: str) -> str:
    departure = queries.get(departure_id)
    form = _reason_form(step, departure)
    return render_template("departures/reversal.html", departure=departure, step=step, form=form)


@blueprint.post("/departures/<int:departure_id>/<any(leaving, return):step>/reversal")
def take_back(departure_id: int, step: str) -> Response | tuple[str, int]:
    departure, form = queries.to_change(departure_id), _reason_form(step)
    if not form.validate_on_submit():
        return invalid("departures/reversal.html", departure=departure, step=step, form=form)
    _carry_out(REVERSALS[step], departure, current_account, clock.now(), *form.facts)
    return stored(_at(departure), FOLLOWED)


@blueprint.get("/departures/<int:departure_id>/<any(postponement, cancellation, resumption):step>")
def reason(departure_id: int, step: str) -> str:
    departure = queries.get(departure_id)
    return render_template("departures/reason.html", departure=departure, step=step, form=_reason_form(step, departure))


@blueprint.post("/departures/<int:departure_id>/<any(postponement, cancellation, resumption):step>")
def decide(departure_id: int, step: str) -> Response | tuple[str, int]:
    departure, form = queries.to_change(departure_id), _reason_form(step)
    if not form.validate_on_submit():
        return invalid("departures/reason.html", departure=departure, step=step, form=form)
    _carry_out(DECISIONS[step], departure, current_account, clock.now(), *form.facts)
    return stored(_at(departure), FOLLOWED)


@blueprint.get("/questions/<int:message_id>")
def question(message_id: int) -> str:
    message, departure_id = queries.question(message_id)
    departure = queries.get(departure_id)
    return render_template("departures/question.html", **_question_page(message, departure, CallForm()))


@blueprint.post("/questions/<int:message_id>/closure")
def close_question(message_id: int) -> Response | tuple[str, int]:
    message, departure_id = queries.question_to_close(message_id)
    departure, form = queries.to_change(departure_id), CallForm()
    if not form.validate_on_submit():
        return invalid("departures/question.html", **_question_page(message, departure, form))
    before = presenter.answer_so_far(message)
    answers.record_call(message, departure, form.outcome.data, form.note.data or "", current_account, clock.now())
    words = " ".join(filter(None, (gettext("Your call is noted."), before)))
    return stored(url_for("people.show", person_id=departure.person_id), words)


def _question_page(message: Message, departure: Departure, form: CallForm) -> dict[str, Any]:
    return {"message": message, "departure": departure, "form": form, "answer": presenter.answer_so_far(message)}


def _paper(departure: Departure, item: ChecklistItem, form: PaperForm, edit: Edit) -> dict[str, Any]:
    return {"departure": departure, "item": item, "known": departure.paper(item.code), "form": form, "edit": edit}


def _removal(departure: Departure, item: ChecklistItem, edit: Edit, newer: Change | None = None) -> dict[str, Any]:
    known = {"known": departure.paper(item.code), "newer": newer}
    return {"departure": departure, "item": item, "version": edit.version, **known}


def _note_paper(departure: Departure, item: ChecklistItem, form: PaperForm, edit: Edit) -> None:
    """One tap says that a paper is there, and nothing of one that is."""
    known, now = departure.paper(item.code), clock.now()
    if not form.one_tap.data:
        acts.keep_paper(departure, item, current_account, now, edit.values)
        edit.tell(current_account, now)
    elif known is None:
        acts.keep_paper(departure, item, current_account, now, form.facts(known))


def _form_of(departure: Departure, **kwargs: Any) -> DepartureForm:
    """The form of a departure that is there already."""
    return DepartureForm(today=moments.today(), stored=departure, **kwargs)


def _day_form(departure: Departure, step: str, **kwargs: Any) -> DayForm:
    """Nobody comes home before leaving."""
    other = {"left_on": departure.departed_on} if step == "return" else {"home_on": departure.returned_on}
    return DayForm(today=moments.today(), **other, **kwargs)


def _reason_form(step: str, departure: Departure | None = None) -> ReasonForm:
    """The reason, and where the departure is ahead again its day, which is offered while it has not passed."""
    if step not in ASKS_DAY:
        return ReasonForm()
    today, stored_day = moments.today(), departure.planned_on if departure else None
    ahead = {"planned_on": stored_day} if stored_day and stored_day >= today else None
    return NewDayForm(today=today, data=ahead)


def _leave_if_said(departure: Departure, form: DepartureForm) -> None:
    """A journey that began before it was written down: its day is the day of leaving."""
    if form.left_on and acts.possible("leave", departure):
        acts.leave(departure, current_account, clock.now(), form.left_on)


def _carry_out(act: Callable[..., None], departure: Departure, *facts: Any) -> None:
    """409 if somebody, or an SMS, changed the departure so that this no longer follows."""
    try:
        act(departure, *facts)
    except acts.NotNow:
        abort(409, CHANGED_MEANWHILE)


def _page(departure: Departure) -> dict[str, Any]:
    now = clock.now()
    facts = planning.load_facts([departure])
    return {
        "departure": departure,
        # Of whoever has left or died no paper is urgent.
        "past": departure.departed_on is not None or departure.person.stage == DECEASED,
        "lines": facts.lines(departure, moments.today()),
        "papers": {p.item_code: p for p in departure.papers},
        "plan": plan_of(departure, now),
        "today": moments.today(),
        "days": (departure.planned_on - moments.today()).days if departure.planned_on else None,
        "names": queries.item_names(),
        "short_passport": short_passport,
        "known_since": moments.local_date(departure.created_at),
        "placement": placement_in_words(departure.destination),
        "schemes": SCHEMES,
        "sectors": SECTORS,
        "states": STATES,
        "stages": STAGES,
    }


def _stored_paper(departure: Departure, item: ChecklistItem, words: Any, *, undo: bool = False) -> Response:
    """The line stays where it is under the finger, and what depends on it changes around it.

    `undo`: this very tap made the paper, so one tap may take it back.
    """
    back = _at(departure, f"paper-{item.code}")
    if not wants_part():
        return stored(back, words)
    return stored_part(back, "departures/_ticked.html", item=item, in_place=True, undo=undo, **_page(departure))


def _at(departure: Departure, part: str | None = None) -> str:
    return url_for("departures.show", departure_id=departure.id, _anchor=part)
