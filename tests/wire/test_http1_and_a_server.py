"""The client against a real server, which nobody has scripted."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from asgi_conformance.wire import request, websocket
from asgi_conformance.wire.answer import Accepted, Close, Closed, Data, End, Head, Message
from asgi_conformance.wire.connection import Patience, connect
from asgi_conformance.wire.http1 import HTTP1

ECHO = """
async def app(scope, receive, send):
    if scope["type"] == "http":
        message = await receive()
        await send({"type": "http.response.start", "status": 200})
        await send({"type": "http.response.body", "body": message["body"]})
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.send", "text": (await receive())["text"]})
        await send({"type": "websocket.close", "code": 4001})
"""


@pytest.fixture(scope="module")
def echo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    """A real server with an application that says everything once more."""
    pytest.importorskip("uvicorn")
    folder: Path = tmp_path_factory.mktemp("echo")
    (folder / "echo.py").write_text(ECHO)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        descriptor = listener.fileno()
        address: tuple[str, int] = listener.getsockname()[:2]
        command = [sys.executable, "-m", "uvicorn", "echo:app", "--fd", str(descriptor)]
        server = subprocess.Popen(command, cwd=folder, pass_fds=(descriptor,), stderr=subprocess.DEVNULL)
    yield address
    server.terminate()
    server.wait()


def client_of(address: tuple[str, int]) -> HTTP1:
    # The socket listens before the interpreter has even started.
    return HTTP1(connect(address, Patience(must=30.0)))


def test_a_real_server_answers_request_after_request(echo: tuple[str, int]) -> None:
    client = client_of(echo)
    for body in (b"hello", b"again"):
        client.sends(request.post("/", body=body))
        head, data, end = (client.hears() for _ in range(3))
        assert isinstance(head, Head)
        assert (data, end) == (Data(body), End())
    client.leaves()


def test_a_real_server_speaks_websocket(echo: tuple[str, int]) -> None:
    client = client_of(echo)
    client.sends(websocket.handshake("/"))
    assert isinstance(client.hears(), Accepted)
    client.sends(websocket.text("hello", fragments=2))
    assert [client.hears(), client.hears()] == [Message(text="hello"), Close(4001)]
    client.sends(websocket.close(4001))
    assert client.hears() == Closed()
    client.leaves()


def test_a_real_server_speaks_compressed(echo: tuple[str, int]) -> None:
    client, said = client_of(echo), "hello hello " * 100
    client.sends(websocket.handshake("/", extensions="permessage-deflate; client_max_window_bits=9"))
    accepted = client.hears()
    assert isinstance(accepted, Accepted)
    assert (accepted.extensions or "").startswith("permessage-deflate")
    client.sends(websocket.compressed(websocket.text(said, fragments=3)))
    assert client.hears() == Message(text=said)
    client.leaves()
