"""The smallest server without a fault: GET over HTTP/1.1, one connection a request. Others import it.

Run as `python minimal.py module:attribute --fd N` (or `--port P`), from the folder that has the module.
"""

import argparse
import asyncio
import importlib
import os
import socket
import sys
from collections.abc import Awaitable, Callable
from typing import Any

Message = dict[str, Any]
Application = Callable[..., Awaitable[None]]
Caller = Callable[
    [Application, Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]], Any
]

parser = argparse.ArgumentParser()
parser.add_argument("application")
parser.add_argument("--fd", type=int)
parser.add_argument("--port", type=int)


def listening() -> socket.socket:
    """The inherited socket, or one at the port that was asked for."""
    told = parser.parse_args()
    if told.fd is not None:
        return socket.socket(fileno=told.fd)
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind(("127.0.0.1", told.port))
    sock.listen()
    return sock


def application() -> Application:
    """What `module:attribute` names, looked for in the working directory."""
    sys.path.insert(0, os.getcwd())
    module, _, attribute = str(parser.parse_args().application).partition(":")
    found: Application = getattr(importlib.import_module(module), attribute)
    return found


async def call(app: Application, scope: Message, receive: Any, send: Any) -> None:
    """As it should be: once."""
    await app(scope, receive, send)


def scope_of(head: bytes, transport: asyncio.WriteTransport) -> Message:
    """What the specification wants to be said of a request."""
    start, *lines = head.removesuffix(b"\r\n\r\n").split(b"\r\n")
    method, target, version = start.split(b" ")
    path, _, query = target.partition(b"?")
    pairs = (line.split(b":", 1) for line in lines)
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": version.decode().removeprefix("HTTP/"),
        "method": method.decode(),
        "scheme": "http",
        "path": path.decode(),
        "raw_path": path,
        "query_string": query,
        "root_path": "",
        "headers": [(name.lower(), value.strip()) for name, value in pairs],
        "client": transport.get_extra_info("peername"),
        "server": transport.get_extra_info("sockname"),
    }


async def answer(
    app: Application, caller: Caller, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """One request and one response, whose end is the end of the connection."""
    waiting = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> Message:
        if waiting:
            return waiting.pop()
        await reader.read()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = [*message.get("headers", []), (b"connection", b"close")]
            head = [b"HTTP/1.1 %d " % message["status"], *(b"%s: %s" % pair for pair in headers), b"", b""]
            writer.write(b"\r\n".join(head))
        else:
            writer.write(message.get("body", b""))
        await writer.drain()

    try:
        await caller(app, scope_of(await reader.readuntil(b"\r\n\r\n"), writer.transport), receive, send)
    finally:
        writer.close()


def serve(caller: Caller = call) -> None:
    """Serve for ever; `caller` is what becomes of a request."""
    sock, app = listening(), application()

    async def forever() -> None:
        server = await asyncio.start_server(lambda *streams: answer(app, caller, *streams), sock=sock)
        await server.serve_forever()

    asyncio.run(forever())


if __name__ == "__main__":
    serve()
