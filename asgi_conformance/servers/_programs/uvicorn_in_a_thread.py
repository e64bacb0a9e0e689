"""Uvicorn, started from code in a thread that is not the main one, as notebooks do; a signal stops it.

A script for the Python that has uvicorn, run in the folder of the application.
"""

from __future__ import annotations

import argparse
import os
import signal
import ssl
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any


def told() -> dict[str, Any]:
    """What the words of uvicorn's own command say, as far as they are known here."""
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("app")
    parser.add_argument("--fd", type=int)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--uds")
    parser.add_argument("--root-path", default="")
    parser.add_argument("--proxy-headers", action="store_true")
    parser.add_argument("--forwarded-allow-ips")
    parser.add_argument("--ssl-certfile")
    parser.add_argument("--ssl-keyfile")
    parser.add_argument("--ssl-ca-certs")
    parser.add_argument("--ssl-cert-reqs", type=int, default=ssl.CERT_NONE)
    return vars(parser.parse_args())


def main() -> None:
    """Serve until a signal comes. Exits with status 3 where that could not begin, as uvicorn does."""
    options = told()
    # The application is here, and not where this file is.
    sys.path[0] = os.getcwd()
    import uvicorn

    server = uvicorn.Server(uvicorn.Config(**options, access_log=False, timeout_graceful_shutdown=1))

    def stop(*_: object) -> None:
        server.should_exit = True

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    with ThreadPoolExecutor(1) as thread:
        thread.submit(server.run).result()
    sys.exit(0 if server.started else 3)


if __name__ == "__main__":
    main()
