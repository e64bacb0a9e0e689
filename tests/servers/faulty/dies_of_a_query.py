"""A server that dies of every request with a query in it, and serves all others well."""

import os
from typing import Any

import minimal


async def call(app: minimal.Application, scope: minimal.Message, receive: Any, send: Any) -> None:
    """A query is too much."""
    if scope["query_string"]:
        print("out of memory", flush=True)
        os._exit(9)
    await app(scope, receive, send)


minimal.serve(call)
