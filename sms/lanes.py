"""Threads that work side by side: jobs go in, what they return comes out.

Measured beside asyncio: alike in texts a second, and a provider's own library can be called as it is.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from queue import SimpleQueue
from threading import Event, Thread
from types import TracebackType
from typing import Generic, TypeVar

Result = TypeVar("Result")


class Lanes(Generic[Result]):
    """`count` threads. Jobs must not raise. `something_happened` is set when a lane has no further job."""

    def __init__(self, count: int, something_happened: Event) -> None:
        self._jobs: SimpleQueue[Callable[[], Result] | None] = SimpleQueue()
        self._results: deque[Result] = deque()
        self._happened = something_happened
        self._put = 0
        self._taken = 0
        # A provider's call may hang; it must not keep the process from ending.
        self._threads = [Thread(target=self._work, name=f"lane-{n}", daemon=True) for n in range(count)]

    def __enter__(self) -> Lanes[Result]:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for _ in self._threads:
            self._jobs.put(None)

    def put(self, jobs: Iterable[Callable[[], Result]]) -> None:
        for job in jobs:
            self._put += 1
            self._jobs.put(job)

    def take(self) -> list[Result]:
        """What was finished since the last look."""
        results = [self._results.popleft() for _ in range(len(self._results))]
        self._taken += len(results)
        return results

    @property
    def waiting(self) -> int:
        """Jobs that no lane has begun."""
        return self._jobs.qsize()

    @property
    def unfinished(self) -> int:
        """Jobs whose results were not taken yet."""
        return self._put - self._taken

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            self._results.append(job())
            if self._jobs.empty():
                self._happened.set()
