"""A server that dies of every application that raises an error, and serves all others well."""

import os
from typing import Any

import minimal


async def call(app: minimal.Application, scope: minimal.Message, receive: Any, send: Any) -> None:
    """An error is too much."""
    try:
        await app(scope, receive, send)
    except Exception as error:
        print(error, flush=True)
        os._exit(9)


minimal.serve(call)
