"""Hypercorn, started from code in a thread that is not the main one, as notebooks do; a signal stops it.

A script for the Python that has hypercorn, run in the folder of the application.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib
import os
import signal
import ssl
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hypercorn import Config


def told() -> dict[str, Any]:
    """What the words of hypercorn's own command say, as far as they are known here."""
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("app")
    parser.add_argument("--bind", action="append")
    parser.add_argument("--quic-bind", action="append")
    parser.add_argument("--root-path")
    parser.add_argument("--certfile")
    parser.add_argument("--keyfile")
    parser.add_argument("--ca-certs")
    parser.add_argument("--verify-mode", choices=ssl.VerifyMode.__members__)
    said = vars(parser.parse_args())
    if said["verify_mode"] is not None:
        said["verify_mode"] = ssl.VerifyMode[said["verify_mode"]]
    return {key: value for key, value in said.items() if value is not None}


async def serve_until(stopping: threading.Event, app: Any, config: Config) -> None:
    """Serve until the event is set, which another thread may do."""
    from hypercorn.asyncio import serve

    async def stops() -> None:
        await asyncio.get_running_loop().run_in_executor(None, stopping.wait)

    try:
        await serve(app, config, shutdown_trigger=stops)
    finally:
        # Or who waits for it in a thread of the loop would keep the loop from ending.
        stopping.set()


def main() -> None:
    """Serve until a signal comes. What goes wrong ends in an error."""
    options = told()
    # The application is here, and not where this file is.
    sys.path[0] = os.getcwd()
    from hypercorn import Config

    module, _, name = options.pop("app").partition(":")
    app = getattr(importlib.import_module(module), name)
    config = Config.from_mapping(graceful_timeout=1, **options)
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, serve_until(stopping, app, config)).result()


if __name__ == "__main__":
    main()
