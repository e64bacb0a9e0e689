"""The event loops that a server may run, and our socket on them; standard library only, Python 3.8+.

No more is asked of a loop than what every server grants: on some, the call is not even a task.
"""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from typing import TYPE_CHECKING, Any

from .literals import spelled, taken

if TYPE_CHECKING:
    from collections.abc import Callable

VARIABLE = "ASGI_CONFORMANCE_PROBE"
READ_SIZE = 1 << 18


class OnAsyncio:
    """What we need of asyncio. As a context it waits for the tasks started in it."""

    library = "asyncio"
    Cancelled = asyncio.CancelledError

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.tasks: set[asyncio.Task[None]] = set()

    def facts(self) -> dict[str, Any]:
        """The loop, and whether it knows the call as a task."""
        return {"loop": id(self.loop), "library": self.library, "in_task": asyncio.current_task() is not None}

    async def __aenter__(self) -> None:
        """Nothing to prepare."""

    async def __aexit__(self, kind: type | None, *_: object) -> None:
        while self.tasks and kind is not GeneratorExit:
            await asyncio.wait(self.tasks)

    def start(self, function: Callable[..., Any], *arguments: Any) -> Callable[[], object]:
        """Run a function in a task of its own; returns what cancels it."""
        task = self.loop.create_task(function(*arguments))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        return task.cancel

    def start_apart(self, function: Callable[[], Any]) -> None:
        """Run a function in a task that may outlive the call."""
        self.loop.create_task(function())  # held by the callback that it waits for

    async def readable(self, sock: socket.socket) -> None:
        """Wait until there is something to read."""
        await self.ready(sock, self.loop.add_reader, self.loop.remove_reader)

    async def writable(self, sock: socket.socket) -> None:
        """Wait until there is room for something to write."""
        await self.ready(sock, self.loop.add_writer, self.loop.remove_writer)

    async def ready(self, sock: socket.socket, add: Callable[..., Any], remove: Callable[..., Any]) -> None:
        """Wait until the loop calls us back."""
        future = self.loop.create_future()

        def wake() -> None:
            if not future.done():
                future.set_result(None)

        add(sock, wake)
        try:
            await future
        finally:
            remove(sock)


class OnTrio:
    """The same on trio, which is there only if the server imported it."""

    library = "trio"

    def __init__(self, trio: Any) -> None:
        self.trio = trio
        self.Cancelled = trio.Cancelled
        self.readable = trio.lowlevel.wait_readable
        self.writable = trio.lowlevel.wait_writable
        self.start_apart = trio.lowlevel.spawn_system_task

    def facts(self) -> dict[str, Any]:
        """The loop, by its root task."""
        return {"loop": id(self.trio.lowlevel.current_root_task()), "library": self.library, "in_task": True}

    async def __aenter__(self) -> None:
        self.manager = self.trio.open_nursery()
        self.nursery = await self.manager.__aenter__()

    async def __aexit__(self, *exception: Any) -> Any:
        return await self.manager.__aexit__(*exception)

    def start(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Run a function in a task of its own; returns what cancels it."""
        scope = self.trio.CancelScope()

        async def run() -> None:
            with scope:
                await function(*arguments)

        self.nursery.start_soon(run)
        return scope.cancel


def running_loop() -> OnAsyncio | OnTrio:
    """The loop that we run on. Raises RuntimeError when it is neither asyncio's nor trio's."""
    try:
        return OnAsyncio()
    except RuntimeError:
        trio = sys.modules.get("trio")
    if trio is None:
        raise RuntimeError("the probe needs asyncio or trio, and neither runs here")
    return OnTrio(trio)


class String:
    """Our socket, message by message. To tell never waits, or a stalled reader would hold up the server."""

    def __init__(self, loop: OnAsyncio | OnTrio) -> None:
        self.loop = loop
        self.sock = connect(os.environ.get(VARIABLE, ""))
        self.sock.setblocking(False)
        self.incoming = bytearray()
        self.outgoing = bytearray()
        self.is_flushing = self.is_closing = False

    async def message(self) -> bytes:
        """The next message, or b"" when our end is gone."""
        while not (message := taken(self.incoming)):
            data = await self.read()
            if not data:
                return b""
            self.incoming += data
        return message

    async def read(self) -> bytes:
        while True:
            # Even where something is there: a quick exchange must not keep the server from its own work.
            await self.loop.readable(self.sock)
            try:
                return self.sock.recv(READ_SIZE)
            except BlockingIOError:
                continue
            except OSError:
                return b""

    def tell(self, literal: object) -> None:
        """Send one message, or keep what the socket does not take yet."""
        self.outgoing += spelled(literal)
        if not self.is_flushing:
            self.push()
            self.is_flushing = bool(self.outgoing)
            if self.is_flushing:
                self.loop.start_apart(self.flush)

    def push(self) -> None:
        try:
            del self.outgoing[: self.sock.send(self.outgoing)]
        except BlockingIOError:
            pass
        except OSError:  # our end is gone, and nobody wants to know
            self.outgoing.clear()

    async def flush(self) -> None:
        while self.outgoing:
            await self.loop.writable(self.sock)
            self.push()
        self.is_flushing = False
        if self.is_closing:
            self.sock.close()

    def close(self) -> None:
        """Close the socket, once all is sent."""
        self.is_closing = True
        if not self.is_flushing:
            self.sock.close()


def connect(address: str) -> socket.socket:
    """Open the string. Raises RuntimeError when nobody holds its other end."""
    family, _, place = address.partition(":")
    if family not in ("unix", "tcp"):
        raise RuntimeError(f"{VARIABLE} must be unix:/path or tcp:host:port, not {address!r}")
    host, _, port = place.rpartition(":")
    sock = socket.socket(socket.AF_UNIX if family == "unix" else socket.AF_INET)
    try:
        sock.connect(place if family == "unix" else (host, int(port)))
    except (OSError, ValueError) as error:
        sock.close()
        raise RuntimeError(f"nobody listens at {address}, where {VARIABLE} points to: {error}") from None
    if family == "tcp":
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock
