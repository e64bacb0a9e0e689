"""An application that says again what it has said, and tells what it hears."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any

PATIENCE = 5.0
"""Whatever is waited for has so many seconds."""
TURNS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "turns")
"""A folder with a file for each step after which it is the turn of somebody else."""
CALLS: list[tuple[str, bytes, Callable[[Call], Awaitable[Any]]]] = []
"""Who plays the next call: his name, the mark of the request if there are marks, and his lines."""


def passed(step: object) -> None:
    """Now it is the turn of those who wait for this."""
    os.makedirs(TURNS, exist_ok=True)
    with open(os.path.join(TURNS, str(step)), "w"):
        pass


async def waits_for(step: object) -> None:
    """Wait for one's turn."""
    deadline = time.monotonic() + PATIENCE
    while not os.path.exists(os.path.join(TURNS, str(step))) and time.monotonic() < deadline:
        if "trio" in sys.modules and not runs_on_asyncio():
            await sys.modules["trio"].sleep(0.005)
        else:
            await asyncio.sleep(0.005)


def runs_on_asyncio() -> bool:
    """Is there a loop of asyncio? On trio, what goes on beside other things begins when it is waited for."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def shown(value: object) -> str:
    """A value, and not more of it than one would read."""
    text = repr(value)
    return text if len(text) <= 300 else text[:200] + " ... " + text[-80:]


class Call:
    """One call of the application."""

    def __init__(self, name: str, scope: Any, receive: Any, send: Any) -> None:
        self.name = name
        self.names = {"scope": scope}
        self.receive = receive
        self.send = send
        self.error: BaseException = RuntimeError("send has not raised")
        self.last_send: Any = None
        self.begun: list[Any] = []
        self.heard: Any = {}

    def tells(self, what: str) -> None:
        """Print what happens here."""
        print(f"{self.name:>10}   {what}", flush=True)

    async def receives(self) -> None:
        """Await `receive`."""
        await self.ends(self.begins_to_receive())

    async def receives_body(self) -> None:
        """Await `receive` until no more of the body is to come."""
        await self.receives()
        while self.heard.get("more_body"):
            await self.receives()

    async def sends(self, message: Any) -> None:
        """Await `send`."""
        await self.ends(self.begins_to_send(message))

    def begins_to_receive(self) -> Any:
        """Call `receive`, and go on meanwhile."""
        self.heard = {}
        return self.begins(self.tries("receive", self.receive))

    def begins_to_send(self, message: Any, at_once: bool = False) -> Any:
        """Call `send`, when the send before it has ended, and go on meanwhile."""
        before = None if at_once else self.last_send
        self.last_send = self.begins(self.tries("send", lambda: self.send(message), message, before))
        return self.last_send

    async def tries(self, what: str, act: Any, message: Any = None, before: Any = None) -> None:
        """Do it, and tell what came of it."""
        if before is not None and runs_on_asyncio():
            await asyncio.wait([before])
        about = f" for {shown(message)}" if what == "send" else ""
        try:
            value = await act()
        except asyncio.CancelledError:
            self.tells(f"{what} was cancelled{about}")
            raise
        except Exception as error:
            self.error = error
            self.tells(f"{what} raised {error!r}{about}")
        else:
            if what == "receive":
                self.heard = value
            self.tells(f"send took {shown(message)}" if what == "send" else f"receive gave {shown(value)}")

    def begins(self, awaitable: Any) -> Any:
        """Let it go on beside other things."""
        self.begun.append(asyncio.ensure_future(awaitable) if runs_on_asyncio() else awaitable)
        return self.begun[-1]

    async def ends(self, begun: Any) -> None:
        """Wait until it has ended."""
        if runs_on_asyncio():
            done, _ = await asyncio.wait([begun], timeout=PATIENCE)
        else:
            done = set()
            with sys.modules["trio"].move_on_after(PATIENCE):
                await begun
                done = {begun}
        if not done:
            self.tells(f"nothing came of it for {PATIENCE:g} s")

    def does(self, statements: str) -> None:
        """Run statements about the `scope`."""
        exec(statements, self.names)

    def finds(self, expression: str) -> None:
        """Look into the `scope`."""
        self.tells(f"finds that {expression} is {shown(eval(expression, self.names))}")

    def cancels(self, begun: Any) -> None:
        """Do not wait for it any more."""
        begun.cancel()

    def leaves(self) -> None:
        """Nothing goes on beside other things any more."""
        for each in self.begun:
            if hasattr(each, "cancel"):
                each.cancel()


def plays(name: str, mark: bytes = b"") -> Callable[[Any], Any]:
    """What follows are the lines of the next call, or of the next whose request has this mark."""

    def add(lines: Any) -> Any:
        CALLS.append((name, mark, lines))
        return lines

    return add


async def app(scope: Any, receive: Any, send: Any) -> Any:
    """What the server calls."""
    if scope["type"] == "lifespan":
        return await lives(receive, send)
    marks = [value for name, value in scope["headers"] if name == b"x-dialogue"]
    for number, (name, mark, lines) in enumerate(CALLS):
        if mark in (b"", *marks) and is_first(f"call-{number}"):
            call = Call(name, scope, receive, send)
            call.tells(f"is called with {scope!r}")
            try:
                return await lines(call)
            finally:
                call.leaves()
    print(f"the application is called once more, with {scope!r}", flush=True)
    return None


def is_first(claim: str) -> bool:
    """Has nobody claimed this before?"""
    os.makedirs(TURNS, exist_ok=True)
    try:
        os.mkdir(os.path.join(TURNS, claim))
    except FileExistsError:
        return False
    return True


async def lives(receive: Any, send: Any) -> None:
    """An ordinary lifespan."""
    await receive()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await send({"type": "lifespan.shutdown.complete"})
