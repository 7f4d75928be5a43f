"""*Hari ini*: the first page after logging in, and the tasks on it."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from webapp import clock
from webapp.accounts.access import current_account
from webapp.page import invalid, stored
from webapp.people.tasks import close_task
from webapp.today import queries
from webapp.today.form import TaskForm
from webapp.today.words import TASK_KINDS

blueprint = Blueprint("today", __name__)


@blueprint.get("/")
def index() -> str:
    now = clock.now()
    return render_template(
        "today/index.html",
        today=queries.today_of(current_account, now),
        day=now,
        kinds=TASK_KINDS,
        sending_stopped=queries.sending_stopped(clock.real_now()),
    )


@blueprint.get("/tasks/<int:task_id>")
def task(task_id: int) -> str:
    return render_template("today/task.html", task=queries.task(task_id), form=TaskForm(), kinds=TASK_KINDS)


@blueprint.post("/tasks/<int:task_id>/closure")
def close(task_id: int) -> Response | tuple[str, int]:
    task, form = queries.task(task_id), TaskForm()
    if not form.validate_on_submit():
        return invalid("today/task.html", task=task, form=form, kinds=TASK_KINDS)
    close_task(task, current_account, form.outcome.data, clock.now())
    return stored(url_for("today.index"), _l("Done. It stands in the person's timeline."))
