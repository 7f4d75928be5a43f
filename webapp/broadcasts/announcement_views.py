"""Notices on the web, for whoever works where they go to: all of them, and of each its words and what to pass on."""

from __future__ import annotations

from flask import Blueprint, request
from werkzeug.wrappers import Response

from webapp import clock
from webapp.accounts.access import current_account
from webapp.broadcasts import announcing, news
from webapp.page import page_or_part, row_id

announcements = Blueprint("announcements", __name__)


@announcements.get("/announcements")
def index() -> Response:
    """What was told to the reader's area, the newest first: read ones too."""
    broadcasts, next_before = news.announcements(request.args.get("before", type=row_id))
    return page_or_part(
        "broadcasts/announcements.html",
        "broadcasts/_announcements.html",
        broadcasts=broadcasts,
        next_before=next_before,
        now=clock.now(),
        is_over=news.is_over,
    )


@announcements.get("/announcements/<int:announcement_id>")
def show(announcement_id: int) -> Response:
    broadcast = news.announcement(announcement_id)
    holds = broadcast.state not in news.TAKEN_BACK
    is_over = news.is_over(broadcast, clock.now())
    text = announcing.group_text(broadcast, current_account) if holds else ""
    return page_or_part(
        "broadcasts/announcement.html",
        "broadcasts/announcement.html",
        broadcast=broadcast,
        holds=holds,
        is_over=is_over,
        words=announcing.words_for(broadcast, current_account) if holds else "",
        group_text=text,
        share_link=announcing.share_link(text),
    )
