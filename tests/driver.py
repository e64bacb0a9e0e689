"""Calls the probe on a bare event loop in a thread: what its tests need of a server, and no more."""

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import trio

from asgi_conformance.probe.app import app
from asgi_conformance.probe.remote import Call, Remote


class Driver:
    """`receive` gives what is in `to_give`, then waits; `send` does what the type of the message says."""

    def __init__(self, library: str, remote: Remote) -> None:
        self.library = library
        self.remote = remote
        self.to_give: list[object] = []
        self.taken: list[Any] = []
        self.refusal = LookupError("no such message")
        self.error: BaseException | None = None
        self.value: object = None
        self.cancel: Callable[[], object] = lambda: None
        self.thread: threading.Thread | None = None
        self.returned, self.loop_may_end = threading.Event(), threading.Event()
        self.loop_may_end.set()

    async def wait_forever(self) -> None:
        await (trio.sleep_forever() if self.library == "trio" else asyncio.get_running_loop().create_future())

    async def receive(self) -> object:
        if not self.to_give:
            await self.wait_forever()
        return self.to_give.pop(0)

    async def send(self, message: Any) -> None:
        self.taken.append(message)
        if message["type"] == "refused":
            raise self.refusal
        if message["type"] == "cancelled":
            raise asyncio.CancelledError
        if message["type"] == "slow":
            await self.wait_forever()

    async def on_asyncio(self, scope: object) -> object:
        task, loop = asyncio.current_task(), asyncio.get_running_loop()
        assert task is not None
        self.cancel = lambda: loop.call_soon_threadsafe(task.cancel)
        value = await app(scope, self.receive, self.send)
        self.returned.set()
        await asyncio.to_thread(self.loop_may_end.wait)
        return value

    async def on_trio(self, scope: object) -> object:
        token, value = trio.lowlevel.current_trio_token(), None
        with trio.CancelScope() as cancelling:
            self.cancel = lambda: token.run_sync_soon(cancelling.cancel)
            value = await app(scope, self.receive, self.send)
            self.returned.set()
            await trio.to_thread.run_sync(self.loop_may_end.wait)
        if cancelling.cancelled_caught:
            raise asyncio.CancelledError  # both libraries shall tell it alike
        return value

    def run(self, scope: object) -> None:
        try:
            if self.library == "trio":
                self.value = trio.run(self.on_trio, scope)
            else:
                self.value = asyncio.run(self.on_asyncio(scope))
        except BaseException as error:
            self.error = error

    def calls(self, scope: object) -> Call:
        """Call the application; returns our end of the string."""
        self.thread = threading.Thread(target=self.run, args=(scope,), daemon=True)
        self.thread.start()
        return self.remote.accept()

    def ends(self) -> BaseException | None:
        """Wait until the call is over; returns what it raised."""
        assert self.thread is not None
        self.thread.join(self.remote.patience.must)
        assert not self.thread.is_alive()
        return self.error
