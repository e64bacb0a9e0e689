"""A server whose scopes name the client by a list that is no pair, and serves well."""

from typing import Any

import minimal


async def call(app: minimal.Application, scope: minimal.Message, receive: Any, send: Any) -> None:
    """The client in one piece."""
    await app({**scope, "client": "127.0.0.1:80"}, receive, send)


minimal.serve(call)
