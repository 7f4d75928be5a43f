"""The benchmark of a cheap phone judges what it prints, and counts what travels once."""

from __future__ import annotations

import pytest

from bench.budget.phone import Target, _count
from bench.budget.table import AGAIN, Goal, Report
from bench.budget.visits import Figures


def test_a_figure_over_its_goal_is_remembered(capsys: pytest.CaptureFixture[str]) -> None:
    report = Report()
    report.line("paint", 0.9, "s", AGAIN)
    report.line("usable", 1.2, "s", AGAIN)
    first, second = capsys.readouterr().out.splitlines()
    assert "ok" in first
    assert "over" in second
    assert report.over == ["usable: 1.20 s, goal 1"]


def test_what_was_not_measured_is_no_figure() -> None:
    assert Report().cell("/: heap", None, Goal("heap", 20, "MB")) == "–"
    figures = Figures()
    for value in (3, 1, 2):
        figures.note(paint=value)
    assert figures.median("paint") == 2
    assert figures.median("heap") is None


def test_what_a_worker_hands_over_is_counted_where_it_travelled() -> None:
    page = Target("page", "1", "one")
    for number, is_from_worker in (("a", False), ("b", True)):
        request = {"url": f"/{number}", "postData": "q=sri"}
        _count(page, "Network.requestWillBeSent", {"requestId": number, "request": request})
        response = {"url": f"/{number}", "fromServiceWorker": is_from_worker}
        _count(page, "Network.responseReceived", {"requestId": number, "response": response})
        _count(page, "Network.loadingFinished", {"requestId": number, "encodedDataLength": 700})
    assert page.loaded == [("/a", 700)]
    assert page.uploads == 10
    assert not page.waiting
