"""A network as bad as it gets, between phones and the server: loses answers, sends twice, cuts in the middle, delays.

What happens to a request is rolled with a seed, and counted. In a thread of its own.
"""

from __future__ import annotations

import asyncio
import random
import re
import socket
import struct
import threading
from collections import Counter, deque
from types import TracebackType

#: What can happen to a request → how many of a hundred.
DICE = {
    "passed": 86,
    "answer dropped": 3,
    "gone before the answer": 1.5,
    "sent twice, one after the other": 1.5,
    "sent twice at once": 2,
    "sent once more much later": 1.5,
    "cut in the middle": 2.5,
    "answer cut in the middle": 1.5,
    "refused": 0.5,
}
SLOWEST, DELAYED, REFUSED_FOR = 0.3, 0.05, 0.1
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
#: On closing, what is not sent yet is thrown away and the other side hears of a reset.
AT_ONCE = struct.pack("ii", 1, 0)


class Hostile:
    """`address` leads to the server on `port`, as long as `calm` in peace."""

    def __init__(self, port: int, seed: int) -> None:
        self.seed, self.counts, self.calm = seed, Counter[str](), True
        #: What happens to the next forms, also while it is calm.
        self.next = deque[str]()
        #: Is an answer that is cut followed by silence, and not by the end of the connection?
        self.silent = False
        self._server_port, self._dice = port, random.Random(seed)
        self._refusing_until, self._tasks = 0.0, set[asyncio.Task[object] | None]()
        self._loop, self._ready = asyncio.new_event_loop(), threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Hostile:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(30)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        self._end = asyncio.Event()
        server = await asyncio.start_server(self._talk, "127.0.0.1", 0)
        self.port: int = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._end.wait()
        server.close()
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        await asyncio.wait(tasks, timeout=5) if tasks else None
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._tasks.add(task := asyncio.current_task())  # or it may be collected while it waits
        try:
            answer = await self._answer(await _request(reader))
            if answer is None:
                writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
                writer.transport.abort()
            else:
                writer.write(answer)
                await writer.drain()
                if not _is_whole(answer) and self.silent:
                    await reader.read()  # until the phone has had enough
        except asyncio.CancelledError:
            writer.transport.abort()
        except (OSError, asyncio.IncompleteReadError):
            self.counts["the phone left, or the server was away"] += 1
            writer.transport.abort()
        finally:
            writer.close()
            self._tasks.discard(task)

    async def _answer(self, request: bytes) -> bytes | None:
        """None: the phone hears of a broken connection."""
        if self.next and request.startswith(b"POST"):
            return await self._suffer(self.next.popleft(), request)
        if self.calm:
            return await self._call(request)
        if self._loop.time() < self._refusing_until:
            self.counts["refused"] += 1
            return None
        fate = self._dice.choices(list(DICE), list(DICE.values()))[0]
        if fate == "cut in the middle" and not request.startswith(b"POST"):
            fate = "answer dropped"
        await self._wait()
        return await self._suffer(fate, request)

    async def _suffer(self, fate: str, request: bytes) -> bytes | None:
        self.counts[fate] += 1
        answer: bytes | None = await getattr(self, "_" + re.sub("[, ]+", "_", fate))(request)
        return answer

    async def _passed(self, request: bytes) -> bytes:
        return await self._call(request)

    async def _answer_dropped(self, request: bytes) -> None:
        await self._call(request)

    async def _gone_before_the_answer(self, request: bytes) -> None:
        self._send_later(request, 0)
        await asyncio.sleep(self._dice.uniform(0, 0.02))

    async def _sent_twice_one_after_the_other(self, request: bytes) -> bytes:
        answers = [await self._call(request), await self._call(request)]
        return self._dice.choice(answers)

    async def _sent_twice_at_once(self, request: bytes) -> bytes:
        answers = await asyncio.gather(self._call(request), self._call(request))
        return self._dice.choice(answers)

    async def _sent_once_more_much_later(self, request: bytes) -> bytes:
        answer = await self._call(request)
        self._send_later(request, self._dice.uniform(0, 5 * SLOWEST))
        return answer

    async def _cut_in_the_middle(self, request: bytes) -> None:
        """Anywhere in the body; its head says how long it would have been."""
        body_at = request.index(b"\r\n\r\n") + 4
        await self._call(request[: self._dice.randrange(body_at, len(request))], cut=True)

    async def _answer_cut_in_the_middle(self, request: bytes) -> bytes:
        answer = await self._call(request)
        body_at = answer.index(b"\r\n\r\n") + 4
        return answer[: self._dice.randrange(body_at, len(answer))] if body_at < len(answer) else answer[:20]

    async def _refused(self, request: bytes) -> None:
        """And whatever comes in the next moments."""
        self._refusing_until = self._loop.time() + REFUSED_FOR

    async def _a_gateway_answers(self, _request: bytes) -> bytes:
        """While the server starts, what stands before it speaks in its place."""
        body = b"<html><h1>404 Not Found</h1></html>"
        head = f"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n"
        return head.encode() + b"Connection: close\r\n\r\n" + body

    async def _slow(self, request: bytes) -> bytes:
        await asyncio.sleep(SLOWEST)
        return await self._call(request)

    async def _wait(self) -> None:
        if self._dice.random() < DELAYED:
            self.counts["delayed"] += 1
            await asyncio.sleep(self._dice.uniform(0, SLOWEST))

    def _send_later(self, request: bytes, seconds: float) -> None:
        async def send() -> bytes:
            await asyncio.sleep(seconds)
            return await self._call(request)

        task = self._loop.create_task(send())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(lambda task: task.cancelled() or task.exception())

    async def _call(self, request: bytes, *, cut: bool = False) -> bytes:
        """The whole answer of the server. Raises OSError if it is away, or dies before it has answered."""
        self.counts["forwarded"] += 1
        reader, writer = await asyncio.open_connection("127.0.0.1", self._server_port)
        try:
            writer.write(request)
            await writer.drain()
            if cut:
                writer.write_eof()
            answer = await reader.read(-1)
        finally:
            writer.close()
        if not _is_whole(answer):
            raise ConnectionResetError("the server died")
        return answer


async def _request(reader: asyncio.StreamReader) -> bytes:
    """All of it, asking the server to close the connection after its answer."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = LENGTH.search(head)
    body = await reader.readexactly(int(length[1])) if length else b""
    head = re.sub(rb"\r\nconnection: [^\r]*", b"", head, flags=re.IGNORECASE)
    return head[:-2] + b"Connection: close\r\n\r\n" + body


def _is_whole(answer: bytes) -> bool:
    head, found, body = answer.partition(b"\r\n\r\n")
    length = LENGTH.search(head)
    return bool(found) and (length is None or len(body) == int(length[1]))
