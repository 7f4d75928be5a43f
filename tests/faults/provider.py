"""A provider in a process of its own that writes down, in the order it happens, what it is given and what it is asked.

    python tests/faults/provider.py FILE SLOWEST_SECONDS

Prints its port. One line of FILE for each event: 'taken REFERENCE' or 'asked REFERENCE yes|no'. It takes a
random time before and after writing, so that its callers die at every moment of a call. SIGUSR1 ends that.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
from pathlib import Path

ANSWER = "HTTP/1.1 {status}\r\nContent-Length: {length}\r\n\r\n{body}"


class Provider:
    """POST /texts/<reference> takes a text; GET /texts/<reference> says whether it has it."""

    def __init__(self, file: Path, slowest: float) -> None:
        self._log = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self._slowest = slowest
        self._taken: dict[str, str] = {}

    async def serve(self) -> None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, self._hurry)
        server = await asyncio.start_server(self._talk, "127.0.0.1", 0)
        print(server.sockets[0].getsockname()[1], flush=True)
        await server.serve_forever()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                method, path = head.decode().split(" ", 2)[:2]
                answer = await self._answer(method, path.rpartition("/")[2])
                status = "200 OK" if answer else "404 Not Found"
                writer.write(ANSWER.format(status=status, length=len(answer), body=answer).encode())
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _answer(self, method: str, reference: str) -> str:
        if method == "GET":
            found = self._taken.get(reference, "")
            self._write(f"asked {reference} {'yes' if found else 'no'}")
            return found
        await asyncio.sleep(random.uniform(0, self._slowest))
        self._write(f"taken {reference}")
        self._taken.setdefault(reference, f"P{len(self._taken)}")
        await asyncio.sleep(random.uniform(0, self._slowest))
        return self._taken[reference]

    def _hurry(self) -> None:
        self._slowest = 0

    def _write(self, line: str) -> None:
        os.write(self._log, f"{line}\n".encode())


if __name__ == "__main__":
    asyncio.run(Provider(Path(sys.argv[1]), float(sys.argv[2])).serve())
