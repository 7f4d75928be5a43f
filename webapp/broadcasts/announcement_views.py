"""A notice on the web, for whoever works where it goes to: its words, and what to pass on."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

from webapp.accounts.access import current_account
from webapp.broadcasts import announcing, news
from webapp.page import page_or_part

announcements = Blueprint("announcements", __name__)


@announcements.get("/announcements/<int:announcement_id>")
def show(announcement_id: int) -> Response:
    broadcast = news.announcement(announcement_id)
    holds = broadcast.state not in news.TAKEN_BACK
    text = announcing.group_text(broadcast, current_account) if holds else ""
    return page_or_part(
        "broadcasts/announcement.html",
        "broadcasts/announcement.html",
        broadcast=broadcast,
        holds=holds,
        words=announcing.words_for(broadcast, current_account) if holds else "",
        group_text=text,
        share_link=announcing.share_link(text),
    )
