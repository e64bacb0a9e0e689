"""A server that gives a request with a query in it a body without an end, and serves all others well."""

from typing import Any

import minimal


async def call(app: minimal.Application, scope: minimal.Message, receive: Any, send: Any) -> None:
    """There is always more."""

    async def gives() -> minimal.Message:
        return {"type": "http.request", "body": b"", "more_body": True}

    await app(scope, gives if scope["query_string"] else receive, send)


minimal.serve(call)
