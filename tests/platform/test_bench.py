"""The benchmark measures what it says: texts that are really handed over."""

from __future__ import annotations

from bench import dispatch


def test_every_text_of_the_dispatch_benchmark_is_handed_over() -> None:
    """`with_outbox` fails if one is held back, by quiet hours or by what is known of the phone."""
    with dispatch.filled(dispatch.SQLITE, 20) as place:
        measured = dispatch.with_outbox(place, answer_seconds=0.0, in_flight=4, count=20)
    assert measured.texts == 20
    assert measured.cpu > 0
