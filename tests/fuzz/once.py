"""The probe, lied to about its path in the first process that comes by, and in no other."""

import os
from pathlib import Path
from typing import Any

from asgi_conformance_probe import app as probe  # type: ignore[import-not-found]  # beside the server

FIRST = Path(os.environ["ONCE"])


async def app(scope: Any, receive: Any, send: Any) -> None:
    """As a server that does not percent-decode."""
    if scope["type"] != "lifespan" and not FIRST.exists():
        FIRST.write_text(str(os.getpid()))
    if scope["type"] == "http" and FIRST.read_text() == str(os.getpid()):
        scope = {**scope, "path": scope.get("raw_path", b"").decode()}
    await probe(scope, receive, send)
