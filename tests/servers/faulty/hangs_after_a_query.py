"""A server that handles a request with a query in it, and hangs after that."""

import time
from typing import Any

import minimal


async def call(app: minimal.Application, scope: minimal.Message, receive: Any, send: Any) -> None:
    """The event loop is blocked as soon as the application is done."""
    await app(scope, receive, send)
    while scope["query_string"]:
        time.sleep(1)


minimal.serve(call)
