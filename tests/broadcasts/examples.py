"""A broadcast for tests that walk all routes."""

from __future__ import annotations

from tests.people import HOME, REGENCY, SINCE, Cast
from webapp.broadcasts.model import Broadcast, BroadcastArea, BroadcastText, SavedAudience


def example(cast: Cast) -> Broadcast:
    """A draft of the regency's coordinator to the village of Bajing, not counted yet."""
    return _broadcast(cast, "S-4K7M")


def announced(cast: Cast) -> Broadcast:
    """One that went out to the village of Bajing."""
    broadcast = _broadcast(cast, "S-9QQ2")
    broadcast.state, broadcast.announced = "done", True
    broadcast.approved_by_id, broadcast.approved_at, broadcast.starts_at = cast.province.id, SINCE, SINCE
    return broadcast


def _broadcast(cast: Cast, code: str) -> Broadcast:
    return Broadcast(
        code=code,
        title="Bursa kerja",
        recipients="migrants",
        asked={},
        area_code=REGENCY,
        areas=[BroadcastArea(area_code=HOME)],
        texts=[BroadcastText(language="id", body="Desmigratif: bursa kerja Sabtu. Tanya {hp}")],
        drafted_by_id=cast.coordinator.id,
        created_at=SINCE,
        updated_at=SINCE,
    )


def example_audience(cast: Cast) -> SavedAudience:
    """Of the regency's coordinators: everybody in the village of Bajing."""
    return SavedAudience(
        area_code=REGENCY,
        name="Bajing",
        recipients="migrants",
        asked={"areas": [HOME]},
        created_by_id=cast.coordinator.id,
        created_at=SINCE,
    )
