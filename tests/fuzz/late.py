"""The probe in a server that ends a moment after it was asked by one of certain methods."""

import asyncio
import os
from typing import Any

from asgi_conformance_probe import app as probe  # type: ignore[import-not-found]  # beside the server

MOMENT = 0.05
METHODS = ("PATCH", "PUT", "DELETE", "OPTIONS")


async def app(scope: Any, receive: Any, send: Any) -> None:
    """As ever, but for what comes later."""
    if scope.get("method") in METHODS:
        asyncio.get_running_loop().call_later(MOMENT, os._exit, 3)
    await probe(scope, receive, send)
