"""An application that tells what it was asked, and its environment."""

import os
from typing import Any


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Complete the lifespan; answer a request with its path, root_path and process."""
    if scope["type"] == "lifespan":
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        print("goodbye", flush=True)
        await send({"type": "lifespan.shutdown.complete"})
        return
    print("called", flush=True)
    body = repr((scope["path"], scope.get("root_path", ""), os.getpid(), dict(os.environ))).encode()
    headers = [(b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
