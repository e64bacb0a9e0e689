"""The client in HTTP/3 against a real server, which nobody has scripted."""

import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

pytest.importorskip("aioquic")

from asgi_conformance.wire import http3, quic, request, websocket
from asgi_conformance.wire.answer import Accepted, Close, Closed, Data, End, Head, Message
from asgi_conformance.wire.connection import Patience
from asgi_conformance.wire.http3 import HTTP3

from .test_http2_and_a_server import ECHO

PATIENCE = Patience(must=30.0)


@pytest.fixture(scope="module")
def echo(files: Mapping[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    """A real server with an application that says everything once more."""
    pytest.importorskip("hypercorn")
    folder: Path = tmp_path_factory.mktemp("echo")
    (folder / "echo.py").write_text(ECHO)
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams,
    ):
        datagrams.bind(("127.0.0.1", 0))
        numbers = listener.fileno(), datagrams.fileno()
        binds = ["--bind", f"fd://{numbers[0]}", "--quic-bind", f"fd://{numbers[1]}"]
        options = ["--certfile", str(files["cert"]), "--keyfile", str(files["key"])]
        command = [sys.executable, "-m", "hypercorn", "echo:app", *binds, *options]
        server = subprocess.Popen(command, cwd=folder, pass_fds=numbers, stderr=subprocess.DEVNULL)
        address: tuple[str, int] = datagrams.getsockname()
    yield address
    server.terminate()
    server.wait()


def test_a_real_server_answers_several_requests_at_once(echo: tuple[str, int]) -> None:
    client = HTTP3(quic.connect(echo, PATIENCE))
    for body in (b"hello", b"again"):
        client.sends(request.post("/", body=body))
    for body in (b"hello", b"again"):
        head, data, end = (client.hears() for _ in range(3))
        assert isinstance(head, Head)
        assert (head.http_version, data, end) == ("3", Data(body), End())
    client.leaves()


def test_a_real_server_takes_and_gives_more_than_one_flight(echo: tuple[str, int]) -> None:
    client, body = HTTP3(quic.connect(echo, PATIENCE)), b"0123456789" * 10_000
    client.sends(request.post("/", body=body))
    assert isinstance(client.hears(), Head)
    got = bytearray()
    while isinstance(answer := client.hears(), Data):
        got += answer.data
    assert (bytes(got), answer) == (body, End())
    client.leaves()


def test_a_real_server_speaks_websocket_on_a_stream(echo: tuple[str, int]) -> None:
    client = HTTP3(quic.connect(echo, PATIENCE))
    client.sends(websocket.handshake("/"))
    assert isinstance(client.hears(), Accepted)
    client.sends(websocket.text("hello", fragments=2))
    assert [client.hears(), client.hears()] == [Message(text="hello"), Close(4001)]
    client.leaves()


def test_a_real_server_refuses_what_is_malformed(echo: tuple[str, int]) -> None:
    client = HTTP3(quic.connect(echo, PATIENCE))
    client.sends(http3.heading([(":method", "GET"), (":path", "/"), ("X-UPPER", "1")]))
    answer = client.hears()
    client.leaves()
    assert isinstance(answer, Closed)
    assert answer.why.startswith("H3_MESSAGE_ERROR")
