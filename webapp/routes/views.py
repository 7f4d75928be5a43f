"""Pages of routes: all of them with how they are, a new one, changing one, letting it rest."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, current_app, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from webapp import clock
from webapp.page import invalid, stored
from webapp.routes import acts, queries, rest, settings, words
from webapp.routes.choice import parts
from webapp.routes.form import RestForm, RouteForm, form_for, kinds
from webapp.routes.model import ANDROID, TWILIO, Route
from webapp.sealing import SealError

blueprint = Blueprint("routes", __name__)

#: Fields of the form, as they stand on the page; what its gateway needs comes after them.
SECTIONS = (
    (_l("What it carries"), ("purposes", "prefixes", "areas", "rank")),
    (_l("How much"), ("per_minute", "daily_limit", "price_rupiah")),
    (_l("Answers and signs of life"), ("reply_number", "silent_after", "repeat_seconds")),
)


@blueprint.get("/routes")
def index() -> str:
    now = clock.real_now()
    return render_template("routes/index.html", lines=queries.lines(now), now=now, words=words, rest=rest)


@blueprint.get("/routes/new")
def new() -> str:
    """`?kind=` is chosen first, for it decides what is asked."""
    kind = request.args.get("kind", "")
    if kind not in kinds():
        return render_template("routes/kinds.html", kinds=kinds())
    return render_template("routes/edit.html", **_page(form_for(kind, None, {}, formdata=None)))


@blueprint.post("/routes")
def create() -> Response | tuple[str, int]:
    kind = request.form.get("kind", "")
    if kind not in kinds():
        abort(400)
    form = form_for(kind, None, {})
    if not form.validate_on_submit():
        return invalid("routes/edit.html", **_page(form))
    try:
        route = acts.create(form.facts, form.gateway_settings, clock.real_now())
    except IntegrityError:
        form.code.errors = [_l("There is a route with this code already.")]
        return invalid("routes/edit.html", **_page(form))
    return stored(url_for("routes.index"), _l("The route %(name)s is stored.", name=route.name))


@blueprint.get("/routes/<int:route_id>/edit")
def edit(route_id: int) -> str:
    route = queries.get(route_id)
    form = form_for(route.kind, route, _known(route), formdata=None, data=_shown(route))
    return render_template("routes/edit.html", **_page(form))


@blueprint.post("/routes/<int:route_id>")
def update(route_id: int) -> Response | tuple[str, int]:
    route = queries.get(route_id)
    known = _known(route)
    form = form_for(route.kind, route, known)
    valid = form.validate_on_submit()
    if valid and form.version.data != str(route.version):
        form.form_errors.append(_l("Somebody else changed this route meanwhile. Open it again and look."))
        valid = False
    if not valid:
        return invalid("routes/edit.html", **_page(form))
    acts.change(route, form.facts, form.gateway_settings, clock.real_now())
    return stored(url_for("routes.index"), _l("Stored. The sender follows within a few seconds."))


@blueprint.get("/routes/<int:route_id>/rest")
def resting(route_id: int) -> str:
    return render_template("routes/rest.html", route=queries.get(route_id), form=RestForm())


@blueprint.post("/routes/<int:route_id>/rest")
def rest_route(route_id: int) -> Response | tuple[str, int]:
    route, form = queries.get(route_id), RestForm()
    if not form.validate_on_submit():
        return invalid("routes/rest.html", route=route, form=form)
    acts.rest(route, form.reason.data)
    return stored(url_for("routes.index"), _l("The route rests. Its texts go by the next one that fits."))


@blueprint.post("/routes/<int:route_id>/opening")
def open_again(route_id: int) -> Response:
    route = queries.get(route_id)
    acts.open_again(route)
    return stored(url_for("routes.index"), _l("The route is open again."))


@blueprint.get("/routes/<int:route_id>/closure")
def closing(route_id: int) -> str:
    return render_template("routes/closing.html", route=queries.get(route_id))


@blueprint.post("/routes/<int:route_id>/closure")
def close(route_id: int) -> Response:
    route = queries.get(route_id)
    acts.switch_off(route, clock.real_now())
    return stored(url_for("routes.index"), _l("The route is switched off."))


def _known(route: Route) -> dict[str, str]:
    """What its gateway knows; nothing if the key is gone, so that it can be typed anew."""
    try:
        return settings.of(route)
    except SealError:
        return {}


def _shown(route: Route) -> dict[str, Any]:
    """A route as its form shows it."""
    columns = {column.name: getattr(route, column.name) for column in Route.__table__.columns}
    return columns | {"purposes": parts(route.purposes), "version": str(route.version)}


def _page(form: RouteForm) -> dict[str, Any]:
    route = form.route
    form.kind.data = form.gateway_kind
    address = ""
    if route is not None and route.kind in CALLED_AT:
        public_url = current_app.config["SETTINGS"].public_url
        address = f"{public_url}/callbacks/{route.code}/{CALLED_AT[route.kind]}"
    return {"form": form, "route": route, "sections": SECTIONS, "kinds": words.KINDS, "address": address}


#: Where the gateway is to call us, by kind.
CALLED_AT = {ANDROID: "events", TWILIO: "incoming"}
