"""Pages of the stock texts: all of them, one in its languages with its history, and new words by two officers.

They show no personal data. Who may change is said by text_acts.may_change; to all others those pages do not exist.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from sms.text import fit
from webapp import clock
from webapp.accounts.access import current_account
from webapp.db import db, needs_network
from webapp.outbox import text_acts, text_queries, text_words
from webapp.outbox.text_acts import OwnProposal, TooLate
from webapp.outbox.text_form import ApprovalForm, DecisionForm, OffForm, RefusalForm, WordingForm
from webapp.outbox.text_model import TextProposal
from webapp.outbox.text_queries import Spoken, StockText
from webapp.outbox.texts import FALLBACK
from webapp.outbox.wording import LONGEST, foreign_letters, judge, placeholders
from webapp.page import go_to, invalid, page_or_part, stored
from webapp.people.choices import LANGUAGES
from webapp.people.fields import stripped

blueprint = Blueprint("texts", __name__)

LOOK_AGAIN = _l("This was decided or changed meanwhile. Look at it again.")
OWN = _l("Nobody approves their own words. Ask another officer of the nation.")
ANOTHER_WAITS = _l("Another change of these words waits already. It must be decided first.")


@blueprint.app_template_filter("on_phone")
def on_phone(body: str) -> str:
    """Words with example values, as a phone shows them. Whatever has no example stays as it is written."""
    values = {name: text_words.EXAMPLES.get(name, f"{{{name}}}") for name in placeholders(body)}
    return fit(body, values)


@blueprint.get("/texts")
def index() -> str:
    texts = text_queries.all_texts()
    known = {text.code: text for text in texts}
    groups = [(label, [known[code] for code in codes if code in known]) for label, codes in text_words.GROUPS]
    groups.append((_l("Others"), [text for text in texts if text.code not in text_words.PURPOSES]))
    groups = [(label, some) for label, some in groups if some]
    return render_template(
        "outbox/texts/index.html",
        groups=groups,
        contents=[(len(some), label, f"#group-{place}") for place, (label, some) in enumerate(groups, start=1)],
        waiting=text_queries.waiting(),
        words=text_words,
        languages=LANGUAGES,
        may_change=text_acts.may_change(current_account),
    )


@blueprint.get("/texts/<text_code>")
def show(text_code: str) -> str:
    text = text_queries.get(text_code)
    measure = text_queries.measure(text.code)
    used = {one.language: one.used for one in text.spoken.values()}
    return render_template(
        "outbox/texts/show.html",
        text=text,
        judgements={language: judge(words.body, measure) for language, words in used.items() if words},
        waiting=text_queries.waiting_of(text.code),
        history=text_queries.history(text.code),
        turned_down=text_queries.turned_down(text.code),
        values=_values(measure),
        words=text_words,
        languages=LANGUAGES,
        may_change=text_acts.may_change(current_account),
    )


@blueprint.get("/texts/<text_code>/<language>/edit")
def edit(text_code: str, language: str) -> Response:
    """The form, with the words of the address: what was typed so far, an older version, or what holds now."""
    text, spoken = _changeable(text_code, language)
    form = _form(spoken, text, formdata=None, data=_beginning(text, spoken))
    return page_or_part("outbox/texts/edit.html", "outbox/texts/_count.html", **_edited(text, form))


@blueprint.get("/texts/<text_code>/<language>/preview")
def preview(text_code: str, language: str) -> str | Response | tuple[str, int]:
    """The words of the address beside those that hold; nothing is stored."""
    text, spoken = _changeable(text_code, language)
    if "version" not in request.args:
        return edit(text_code, language)
    form = _form(spoken, text, formdata=request.args)
    if not form.fits():
        return invalid("outbox/texts/edit.html", **_edited(text, form))
    return render_template("outbox/texts/preview.html", **_edited(text, form))


@blueprint.get("/texts/<text_code>/<language>/proposal")
def proposal(text_code: str, language: str) -> str | Response:
    """What waits for a second officer."""
    text, spoken = _changeable(text_code, language)
    found = text_queries.waiting_of(text.code).get(language)
    if found is None:
        return redirect(_location(text_code))
    return render_template("outbox/texts/proposal.html", **_decided(text, spoken, found))


@blueprint.post("/texts/<text_code>/<language>/proposal")
@needs_network
def propose(text_code: str, language: str) -> Response | tuple[str, int]:
    text, spoken = _changeable(text_code, language)
    form = _form(spoken, text)
    if not form.fits():
        return invalid("outbox/texts/edit.html", **_edited(text, form))
    facts = (text.code, language, spoken.version, form.body.data or "", current_account, clock.now(), form.office)
    try:
        text_acts.propose(*facts)
    except TooLate:
        form.form_errors.append(ANOTHER_WAITS)
        return invalid("outbox/texts/edit.html", **_edited(text, form))
    return stored(_location(text_code), _l("Stored. The words hold as soon as a second officer approves them."))


@blueprint.post("/texts/<text_code>/<language>/switching-off")
@needs_network
def switch_off(text_code: str, language: str) -> Response:
    """Propose that people of this language get Indonesian again."""
    _text, spoken = _changeable(text_code, language)
    form = OffForm()
    if language == FALLBACK or spoken.used is None:
        abort(404)
    if not form.validate_on_submit() or form.version.data != spoken.version:
        return _look_again(text_code, LOOK_AGAIN)
    try:
        text_acts.propose_off(spoken.used, current_account, clock.now())
    except TooLate:
        return _look_again(text_code, ANOTHER_WAITS)
    return stored(_location(text_code), _l("Stored. It is switched off as soon as a second officer approves it."))


@blueprint.post("/texts/<text_code>/<language>/approval")
@needs_network
def approve(text_code: str, language: str) -> Response | tuple[str, int]:
    form = ApprovalForm()
    done = _l("Approved. It holds from now on, also for texts that wait.")
    return _decide(text_code, language, done, lambda found: text_acts.approve(found, *_by_me()), approval=form)


@blueprint.post("/texts/<text_code>/<language>/refusal")
@needs_network
def refuse(text_code: str, language: str) -> Response | tuple[str, int]:
    form = RefusalForm()
    done, reason = _l("Given back. The words stay as they are."), form.reason.data or ""
    return _decide(text_code, language, done, lambda found: text_acts.give_back(found, reason, *_by_me()), refusal=form)


@blueprint.post("/texts/<text_code>/<language>/withdrawal")
@needs_network
def take_back(text_code: str, language: str) -> Response | tuple[str, int]:
    """By whoever proposed the words."""
    form = DecisionForm()
    done = _l("Taken back. The words stay as they are.")
    return _decide(text_code, language, done, lambda found: text_acts.take_back(found, *_by_me()), withdrawal=form)


def _decide(
    text_code: str, language: str, done: Any, act: Callable[[TextProposal], None], **forms: DecisionForm
) -> Response | tuple[str, int]:
    """Let the act happen to the change that was read, if it is the one that waits."""
    text, spoken = _changeable(text_code, language)
    [form] = forms.values()
    found = text_queries.waiting_of(text.code).get(language)
    if not form.validate_on_submit():
        if found is None:
            return _look_again(text_code, LOOK_AGAIN)
        return invalid("outbox/texts/proposal.html", **_decided(text, spoken, found, **forms))
    try:
        if found is None or found.id != form.proposal.data:
            raise TooLate
        act(found)
    except OwnProposal:
        return _look_again(text_code, OWN)
    except TooLate:
        return _look_again(text_code, LOOK_AGAIN)
    return stored(_location(text_code), done)


def _by_me() -> tuple[Any, Any]:
    return current_account, clock.now()


def _changeable(text_code: str, language: str) -> tuple[StockText, Spoken]:
    if not text_acts.may_change(current_account):
        abort(404)
    text = text_queries.get(text_code)
    return text, text_queries.language_of(text, language)


def _form(spoken: Spoken, text: StockText, **kwargs: Any) -> WordingForm:
    return WordingForm(spoken, text_queries.measure(text.code), **kwargs)


def _beginning(text: StockText, spoken: Spoken) -> dict[str, str]:
    """What the form shows at first: `body` or the version `again` of the address, else the newest words."""
    older = _older(text, spoken) or spoken.newest
    begun = {"body": older.body, "confirmed_by": older.confirmed_by} if older else {}
    typed = {name: stripped(request.args[name])[:500] for name in ("body", "confirmed_by") if name in request.args}
    return begun | typed | {"version": str(spoken.version)}


def _older(text: StockText, spoken: Spoken) -> Any:
    again = request.args.get("again", "")
    if not again.isascii() or not again.isdigit() or len(again) > 6:
        return None
    return text_queries.version_of(text.code, spoken.language, int(again))


def _edited(text: StockText, form: WordingForm) -> dict[str, Any]:
    body = form.body.data or ""
    return {
        "text": text,
        "spoken": form.spoken,
        "language": form.spoken.language,
        "form": form,
        "judgement": form.judgement,
        "foreign": {found.what for found in foreign_letters(body)},
        "values": _values(form.measure),
        "words": text_words,
        "languages": LANGUAGES,
    }


def _decided(text: StockText, spoken: Spoken, found: TextProposal, **forms: Any) -> dict[str, Any]:
    return {
        "text": text,
        "spoken": spoken,
        "language": spoken.language,
        "proposal": found,
        "judgement": judge(found.body, text_queries.measure(text.code)),
        "own": found.proposed_by_id == current_account.id,
        "words": text_words,
        "languages": LANGUAGES,
        "approval": ApprovalForm(formdata=None),
        "refusal": RefusalForm(formdata=None),
        "withdrawal": DecisionForm(formdata=None),
        **forms,
    }


def _values(measure: str) -> list[tuple[str, Any, str]]:
    """What the programme fills in: placeholder, meaning, the longest usual value."""
    known = [name for name in text_words.VALUES if name in placeholders(measure)]
    return [(name, text_words.VALUES[name], LONGEST[name]) for name in known]


def _location(text_code: str) -> str:
    return url_for("texts.show", text_code=text_code)


def _look_again(text_code: str, words: Any) -> Response:
    db.session.rollback()
    flash(str(words), "error")
    return go_to(_location(text_code))
