"""A server that answers by itself and never calls the application."""

from typing import Any

import minimal


async def call(_app: minimal.Application, _scope: minimal.Message, _receive: Any, send: Any) -> None:
    """Answer in the application's place."""
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


minimal.serve(call)
