"""Phones with the real service worker, in a Node of their own; and what one phone can be told to do."""

from __future__ import annotations

import json
import subprocess
import threading
from concurrent.futures import Future
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any

from tools import contract
from tools.phones import MODULES

CROWD = Path(__file__).with_name("crowd.mjs")
PATIENCE = 120.0
Fields = list[tuple[str, str]]


class Crowd:
    """The process of crowd.mjs. What is asked of one phone does not wait for another."""

    def __init__(self, address: str) -> None:
        node, env = contract.node()
        command = [node, str(CROWD), str(MODULES.parent)]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env, start_new_session=True
        )
        self._numbers, self._open, self._lock = count(1), {}, threading.Lock()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        self.address = address
        self.ask("", "script", address).result(PATIENCE)

    def __enter__(self) -> Crowd:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._process.kill()
        self._listener.join()
        for stream in (self._process.stdin, self._process.stdout):
            assert stream
            stream.close()
        self._process.wait()

    def phone(self, name: str, **facts: Any) -> Phone:
        self.ask("", "create", name, {"address": self.address} | facts).result(PATIENCE)
        return Phone(self, name)

    def ask(self, phone: str, act: str, *facts: Any) -> Future[Any]:
        number, future = next(self._numbers), Future[Any]()
        self._open[number] = future
        line = json.dumps({"id": number, "phone": phone, "act": act, "facts": facts})
        assert self._process.stdin
        with self._lock:
            self._process.stdin.write(f"{line}\n")
            self._process.stdin.flush()
        return future

    def _listen(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            said = json.loads(line)
            future = self._open.pop(said["id"])
            if "error" in said:
                future.set_exception(AssertionError(said["error"]))
            else:
                future.set_result(said["answer"])
        for future in self._open.values():
            future.set_exception(AssertionError("the process of the phones ended"))


class Phone:
    def __init__(self, crowd: Crowd, name: str) -> None:
        self.name, self._crowd = name, crowd

    def begin(self, act: str, *facts: Any) -> Future[Any]:
        return self._crowd.ask(self.name, act, *facts)

    def do(self, act: str, *facts: Any) -> Any:
        return self.begin(act, *facts).result(PATIENCE)

    def submit(self, path: str, fields: Fields, **how: bool) -> dict[str, Any]:
        answer = self.do("submit", path, fields, how)
        assert isinstance(answer, dict)
        return answer

    def drain(self) -> None:
        self.do("ask", "drain", {})

    def items(self) -> dict[str, dict[str, Any]]:
        """Key → what the queue says of this form."""
        return {item["key"]: item for item in self.do("items")}

    def typed(self, key: str) -> Fields | None:
        """What was typed into a form, as it lies sealed on the phone."""
        found = self.do("typed", key)
        return None if found is None else [(name, value) for name, value in found]
