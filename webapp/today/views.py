"""*Hari ini*: the first page after logging in, and the tasks on it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from webapp import clock
from webapp.accounts.access import current_account
from webapp.accounts.model import FACILITATOR
from webapp.broadcasts.news import news_for as notices_for
from webapp.cases.words import KINDS as CASE_KINDS
from webapp.departures.answers import WAGE, reference_of
from webapp.departures.presenter import newest_open
from webapp.outbox.queries import sending_stopped
from webapp.outbox.texts import words_of
from webapp.page import invalid, row_id, stored
from webapp.people.tasks import Task, close_task
from webapp.routes.queries import out_of_order
from webapp.today import queries
from webapp.today.form import TaskForm
from webapp.today.words import ANSWERS, PART_TITLES, TASK_KINDS
from webapp.warnings.queries import news_for
from webapp.warnings.words import TOPICS

blueprint = Blueprint("today", __name__)

CLOSED = _l("Done. It stands in the person's timeline.")
CLOSED_BEFORE = _l("Somebody had closed this task already. What you did stands in the person's timeline too.")


@blueprint.get("/")
def index() -> str:
    now, real_now = clock.now(), clock.real_now()
    return render_template(
        "today/index.html",
        today=queries.today_of(current_account, now),
        day=now,
        kinds=TASK_KINDS,
        case_kinds=CASE_KINDS,
        sending_stopped=sending_stopped(real_now),
        out_of_order=[] if current_account.role == FACILITATOR else out_of_order(real_now),
        warnings=news_for(current_account, now),
        warning_topics=TOPICS,
        notices=notices_for(current_account, now),
    )


@blueprint.get("/today/<any(leaving, gone, unanswered, help, tasks, kept):part>")
def more(part: str) -> str:
    """One list of the page, further on."""
    now, after = clock.now(), request.args.get("after", type=row_id)
    found = queries.part_of(part, current_account, now, after)
    return render_template("today/more.html", part=part, found=found, day=now, kinds=TASK_KINDS, titles=PART_TITLES)


@blueprint.get("/tasks/<int:task_id>")
def task(task_id: int) -> str:
    return render_template("today/task.html", **_task(queries.task(task_id), TaskForm()))


@blueprint.post("/tasks/<int:task_id>/closure")
def close(task_id: int) -> Response | tuple[str, int]:
    task, form = queries.task(task_id), TaskForm()
    if not form.validate_on_submit():
        return invalid("today/task.html", **_task(task, form))
    first = close_task(task, current_account, form.outcome.data, clock.now())
    return stored(url_for("today.index"), CLOSED if first else CLOSED_BEFORE)


def _task(task: Task, form: TaskForm) -> dict[str, Any]:
    """With the question that led to it, and what time it is where the person may be."""
    message, journey = queries.asked(task), next(iter(newest_open([task.person_id])), None)
    abroad = journey.destination if journey and journey.departed_on else None
    return {
        "task": task,
        "form": form,
        "kinds": TASK_KINDS,
        "question": words_of(message) if message else "",
        "answer": ANSWERS.get(message.answer, message.answer) if message else "",
        "reference": reference_of(message) if message and task.kind == WAGE else "",
        "abroad": abroad,
        "now": clock.now(),
    }
