"""A broadcast for tests that walk all routes."""

from __future__ import annotations

from tests.people import HOME, REGENCY, SINCE, Cast
from webapp.broadcasts.model import Broadcast, BroadcastArea, BroadcastText, SavedAudience


def example(cast: Cast) -> Broadcast:
    """A draft of the regency's coordinator to the village of Bajing, not counted yet."""
    return Broadcast(
        code="S-4K7M",
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
