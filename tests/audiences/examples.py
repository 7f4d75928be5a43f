"""A list of recipients for tests that walk all routes."""

from __future__ import annotations

from tests.people import REGENCY, SINCE, Cast
from webapp.audiences.model import RecipientList


def example_list(cast: Cast) -> RecipientList:
    """Of the regency's coordinator, taken for broadcasts; it holds nobody any more but their number."""
    report = {kind: [{}, []] for kind in ("problems", "repeated", "unreachable", "notes")}
    return RecipientList(
        area_code=REGENCY,
        name="Bursa kerja",
        uploaded_by_id=cast.coordinator.id,
        created_at=SINCE,
        accepted_at=SINCE,
        total=1,
        recipients=1,
        problems=0,
        repeated=0,
        unreachable=0,
        known=0,
        columns=[["tempat", "Tempat"]],
        report=report | {"header_row": 1, "number": "No HP", "left_out": []},
    )
