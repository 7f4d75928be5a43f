"""The pretend phones of a demonstration, open to anybody who can reach it; create_app leaves them out in production.

The full numbers may be shown: nobody has them.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, cast

from flask import Blueprint, abort, current_app, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from sms.gateways.simulator import Phone, Simulator
from webapp import clock
from webapp.callbacks import intake
from webapp.moments import local_date
from webapp.outbox.gateway import current_gateway
from webapp.page import invalid, page_or_part, row_id, stored, wants_part
from webapp.simulator.form import AnswerForm, BehaviourForm, DayForm
from webapp.simulator.thread import bubbles, names_of

blueprint = Blueprint("simulator", __name__)

MOST_PHONES = 20
#: What people answer most often, one tap each.
QUICK_ANSWERS = ("YA", "TIDAK", "BANTU", "1", "2", "3", "STOP", "MULAI", "SALAH")
JUMPS = ((1, _l("Tomorrow")), (7, _l("In a week")), (30, _l("In 30 days")))


@blueprint.get("/simulator")
def index() -> Response:
    """`beside`: the phone that stands beside the list in a page that asks for the list alone; 0 if none did."""
    newest, beside = next(iter(_network().phones(1)), None), request.args.get("beside", type=row_id)
    phone = _network().phone(beside) if beside and wants_part() else newest
    answer = page_or_part("simulator/index.html", "simulator/_phones.html", **_page(phone))
    if newest and request.args.get("beside") == "0" and wants_part():
        answer.headers["HX-Refresh"] = "true"
    return answer


@blueprint.get("/simulator/phones/<int:phone_id>")
def show(phone_id: int) -> Response:
    return page_or_part("simulator/index.html", "simulator/_thread.html", **_page(_phone(phone_id)))


@blueprint.post("/simulator/phones/<int:phone_id>/answers")
def answer(phone_id: int) -> Response | tuple[str, int]:
    phone, form, network = _phone(phone_id), AnswerForm(), _network()
    if not form.validate_on_submit():
        return invalid("simulator/index.html", **_page(phone, answer_form=form))
    provider_id = network.answer(phone.number, form.body.data)
    intake.receive(network.name, provider_id, phone.number, form.body.data, clock.now())
    return stored(url_for("simulator.show", phone_id=phone.id, _anchor="phone"))


@blueprint.post("/simulator/behaviour")
def behave() -> Response | tuple[str, int]:
    form, network = BehaviourForm(), _network()
    if not form.validate_on_submit():
        return invalid("simulator/index.html", **_page(None, behaviour_form=form))
    network.behave(form.behaviour)
    return stored(url_for("simulator.index"), _l("The network behaves like this from now on."))


@blueprint.post("/simulator/day")
def move() -> Response | tuple[str, int]:
    """Let the demonstration take another day for today. Texts that are then due leave at once."""
    if not _is_demonstration():
        abort(404)
    form = DayForm(today=local_date(clock.real_now()))
    if not form.validate_on_submit():
        return invalid("simulator/index.html", **_page(None, day_form=form))
    clock.move_to(form.day.data)
    return stored(url_for("simulator.index"), _l("The demonstration has moved. What is due leaves in a moment."))


def _network() -> Simulator:
    return cast(Simulator, current_gateway())


def _phone(phone_id: int) -> Phone:
    return _network().phone(phone_id) or abort(404)


def _is_demonstration() -> bool:
    return bool(current_app.config["SETTINGS"].demo)


def _page(phone: Phone | None, **forms: Any) -> dict[str, Any]:
    network, today = _network(), local_date(clock.now())
    before = request.args.get("before", type=row_id)
    found = network.phones(MOST_PHONES + 1, before)
    phones = found[:MOST_PHONES]
    return {
        "phone": phone,
        "phones": phones,
        "before": before,
        "next_before": phones[-1].newest_id if len(found) > MOST_PHONES else None,
        "names": names_of([*phones, *([phone] if phone else [])]) if _is_demonstration() else {},
        "bubbles": bubbles(network, phone.number) if phone else [],
        "quick_answers": QUICK_ANSWERS,
        "jumps": _jumps(today) if _is_demonstration() else [],
        "answer_form": AnswerForm(formdata=None),
        "day_form": DayForm(formdata=None, day=today, today=today),
        "behaviour_form": BehaviourForm(formdata=None, obj=network.behaviour),
    } | forms


def _jumps(today: date) -> list[tuple[date, Any]]:
    return [(today + timedelta(days=days), words) for days, words in JUMPS]
