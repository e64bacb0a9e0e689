"""A server that calls the application twice for one request; the client hears the first call only."""

from typing import Any

import minimal


async def call(app: minimal.Application, scope: minimal.Message, receive: Any, send: Any) -> None:
    """Once rightly, and once into the void."""

    async def into_the_void(message: minimal.Message) -> None:
        pass

    await app(scope, receive, send)
    await app(scope, receive, into_the_void)


minimal.serve(call)
