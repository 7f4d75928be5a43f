"""The programme before which phones stand."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property

from tests.faults.sync.hostile import Hostile
from tests.faults.sync.phones import Crowd
from tests.faults.sync.web import Web


@dataclass
class Programme:
    """A web server, the network before it and a process for phones; what nobody asks for is not begun."""

    web: Web
    _running: ExitStack

    @cached_property
    def network(self) -> Hostile:
        return self._running.enter_context(Hostile(self.web.port, 0))

    @cached_property
    def crowd(self) -> Crowd:
        return self._running.enter_context(Crowd(self.network.address))
