"""A server that writes a response without an end where the request has a query in it."""

from typing import Any

import minimal


async def call(app: minimal.Application, scope: minimal.Message, receive: Any, send: Any) -> None:
    """The last part comes again and again."""

    async def writes(message: minimal.Message) -> None:
        await send(message)
        while message["type"] == "http.response.body":
            await send({"type": "http.response.body", "body": bytes(65536)})

    await app(scope, receive, writes if scope["query_string"] else send)


minimal.serve(call)
