"""Tests make more than a thousand applications with the same addresses, and compiling these is most of making one.

What werkzeug compiles of an address is a function of the rule as it is written (it takes the rule as its first
argument), so one for each such writing serves all applications of this process.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from werkzeug.routing.rules import Rule

Builder = Callable[..., tuple[str, str]]


def remember() -> None:
    """From now on an address is compiled once. Calling twice changes nothing."""
    if hasattr(Rule._compile_builder, "remembers"):
        return
    compiled: dict[Any, Builder] = {}
    compile_builder = Rule._compile_builder

    def once(self: Rule, append_unknown: bool = True) -> Builder:
        written = (self.rule, self.subdomain, self.host, append_unknown, tuple(sorted((self.defaults or {}).items())))
        if written not in compiled:
            compiled[written] = compile_builder(self, append_unknown)
        return compiled[written]

    once.remembers = True  # type: ignore[attr-defined]  # a mark on the function, asked for above
    Rule._compile_builder = once  # type: ignore[method-assign]  # Werkzeug offers no other place
