"""Layers around the application of a good server: one mixes up what calls have of their own, one forgives."""

import contextlib
import importlib
from collections.abc import Awaitable, Callable
from typing import Any

Message = dict[str, Any]
Send = Callable[[Message], Awaitable[None]]
Receive = Callable[[], Awaitable[Message]]
STATE: dict[str, object] = {}


async def shares_one_state(scope: Message, receive: Receive, send: Send) -> None:
    """Hand the same dict to all requests."""
    app = importlib.import_module("asgi_conformance_probe").app
    await app(scope | {"state": STATE} if scope["type"] == "http" else scope, receive, send)


async def forgives(scope: Message, receive: Receive, send: Send) -> None:
    """Let a lifespan say anything."""

    async def takes(message: Message) -> None:
        with contextlib.suppress(Exception):
            await send(message)

    app = importlib.import_module("asgi_conformance_probe").app
    await app(scope, receive, takes if scope["type"] == "lifespan" else send)
