"""A server that calls the application again and again for a request with a query in it."""

import asyncio
from typing import Any

import minimal


async def call(app: minimal.Application, scope: minimal.Message, receive: Any, send: Any) -> None:
    """Once rightly, and ever after without waiting for what comes of it."""
    calls = [asyncio.ensure_future(app(scope, receive, send))]
    await asyncio.wait(calls)
    while scope["query_string"]:
        calls.append(asyncio.ensure_future(app(scope, receive, send)))
        await asyncio.sleep(0.01)


minimal.serve(call)
