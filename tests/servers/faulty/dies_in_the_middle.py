"""A server that dies when the application sends the first part of a body."""

import os
from typing import Any

import minimal


async def call(app: minimal.Application, scope: minimal.Message, receive: Any, send: Any) -> None:
    """Let the head of the response through, and nothing more."""

    async def send_or_die(message: minimal.Message) -> None:
        if message["type"] != "http.response.start":
            print("out of memory", flush=True)
            os._exit(9)
        await send(message)

    await app(scope, receive, send_or_die)


minimal.serve(call)
