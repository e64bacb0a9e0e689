"""The client in HTTP/2 against a real server, in the clear and over TLS, which nobody has scripted."""

import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytest.importorskip("h2")

from asgi_conformance.wire import certificates, http2, request, tls, websocket
from asgi_conformance.wire.answer import Accepted, Close, Closed, Data, End, Garbage, Head, Message
from asgi_conformance.wire.connection import Patience, connect
from asgi_conformance.wire.http2 import HTTP2

ECHO = """
async def app(scope, receive, send):
    if scope["type"] == "http":
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message["body"], message["more_body"]
        await send({"type": "http.response.start", "status": 200})
        await send({"type": "http.response.body", "body": body})
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.send", "text": (await receive())["text"]})
        await send({"type": "websocket.close", "code": 4001})
"""
PATIENCE = Patience(must=30.0)


@pytest.fixture(scope="module", params=["in the clear", "over TLS"])
def over(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., HTTP2]]:
    """A function that connects to a real server with an application that says everything once more."""
    pytest.importorskip("hypercorn")
    folder: Path = tmp_path_factory.mktemp("echo")
    (folder / "echo.py").write_text(ECHO)
    options: list[str] = []
    if request.param == "over TLS":
        pytest.importorskip("trustme")
        files = certificates.made().write(folder)
        options = ["--certfile", str(files["cert"]), "--keyfile", str(files["key"])]
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address: tuple[str, int] = listener.getsockname()
        descriptor = listener.fileno()
        command = [sys.executable, "-m", "hypercorn", "echo:app", "--bind", f"fd://{descriptor}", *options]
        server = subprocess.Popen(command, cwd=folder, pass_fds=(descriptor,), stderr=subprocess.DEVNULL)

    def connects(*alpn: str) -> HTTP2:
        plain = connect(address, PATIENCE)
        hello = tls.Hello(alpn=alpn or ("h2",))
        return HTTP2(tls.connect(plain.sock, PATIENCE, hello) if options else plain)

    yield connects
    server.terminate()
    server.wait()


def test_a_real_server_answers_several_requests_at_once(over: Callable[..., HTTP2]) -> None:
    client = over()
    for body in (b"hello", b"again"):
        client.sends(request.post("/", body=body))
    for body in (b"hello", b"again"):
        head, data, end = (client.hears() for _ in range(3))
        assert isinstance(head, Head)
        assert (head.http_version, data, end) == ("2", Data(body), End())
    client.leaves()


def test_a_real_server_takes_and_gives_more_than_a_window_holds(over: Callable[..., HTTP2]) -> None:
    client, body = over(), b"0123456789" * 100_000
    client.sends(request.post("/", body=body))
    assert isinstance(client.hears(), Head)
    got = bytearray()
    while isinstance(answer := client.hears(), Data):
        got += answer.data
    assert (bytes(got), answer) == (body, End())
    client.leaves()


def test_a_real_server_speaks_websocket_on_a_stream(over: Callable[..., HTTP2]) -> None:
    client = over()
    client.sends(websocket.handshake("/"))
    assert isinstance(client.hears(), Accepted)
    client.sends(websocket.text("hello", fragments=2))
    assert [client.hears(), client.hears()] == [Message(text="hello"), Close(4001)]
    client.leaves()


def test_a_real_server_refuses_what_is_malformed(over: Callable[..., HTTP2]) -> None:
    client = over()
    client.sends(http2.heading([(":method", "GET"), (":path", "/"), ("X-UPPER", "1")]))
    assert client.hears() == Closed(complete=False, why="GOAWAY PROTOCOL_ERROR")
    client.leaves()


def test_a_server_that_agrees_on_something_else_is_told(over: Callable[..., HTTP2]) -> None:
    client = over("http/1.1")
    client.sends(request.get("/"))
    answer = client.hears()
    client.leaves()
    assert isinstance(answer, Garbage if client.scheme == "https" else Head)
    if isinstance(answer, Garbage):
        assert answer.why == "the server agreed on http/1.1, not on h2"
