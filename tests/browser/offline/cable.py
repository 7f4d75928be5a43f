"""The network between a phone and the programme, to be cut and plugged in again."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator


class Cable:
    """Forwards connections of its own port to another. Once cut, new ones are refused and open ones are dead."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._listener: socket.socket | None = None
        self._open: list[socket.socket] = []
        self._lock = threading.Lock()
        self._swallows = threading.Event()
        self.port = 0
        self.plug()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def plug(self, port: int | None = None) -> None:
        """Let connections through, perhaps to another server from now on."""
        self._target = port or self._target
        if self._listener is not None:
            return
        listener = socket.create_server(("127.0.0.1", self.port), backlog=64)
        self.port, self._listener = listener.getsockname()[1], listener
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def cut(self) -> None:
        with self._lock:
            ends, self._open = self._open, []
            listener, self._listener = self._listener, None
        for end in [*ends, *([listener] if listener else [])]:
            _close(end)

    @contextlib.contextmanager
    def swallows_answers(self) -> Iterator[None]:
        """New people reach the server, and its answers nobody. More than one: browsers repeat by themselves."""
        self._swallows.set()
        yield
        self._swallows.clear()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                phone, _ = listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(("127.0.0.1", self._target))
            except OSError:
                _close(phone)
                continue
            with self._lock:
                is_cut = self._listener is not listener
                self._open += [] if is_cut else [phone, server]
            if is_cut:  # while this one was being made: it would outlive the cut
                _close(phone)
                _close(server)
                return
            posted = threading.Event()
            for one, other, act in ((phone, server, self._out), (server, phone, self._back)):
                threading.Thread(target=_forward, args=(one, other, posted, act), daemon=True).start()

    def _out(self, data: bytes, posted: threading.Event) -> bool:
        if self._swallows.is_set() and data.startswith(b"POST /people HTTP"):
            posted.set()
        return True

    def _back(self, _data: bytes, posted: threading.Event) -> bool:
        return not posted.is_set()


def _forward(
    source: socket.socket,
    target: socket.socket,
    posted: threading.Event,
    passes: Callable[[bytes, threading.Event], bool],
) -> None:
    with contextlib.suppress(OSError):
        while (data := source.recv(65536)) and passes(data, posted):
            target.sendall(data)
    _close(source)
    _close(target)


def _close(end: socket.socket) -> None:
    """Whoever waits at it is woken."""
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
