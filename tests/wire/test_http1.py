"""A client on one end of a socket, and on the other end exactly the bytes that a test needs."""

import contextlib
import socket
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from asgi_conformance.wire import request, websocket
from asgi_conformance.wire.answer import (
    Accepted,
    Answer,
    Close,
    Closed,
    Data,
    End,
    Garbage,
    Head,
    Interim,
    Message,
)
from asgi_conformance.wire.connection import Connection, Patience, Silence, connect
from asgi_conformance.wire.http1 import HTTP1, HTTP10
from asgi_conformance.wire.http1_spelling import spelled

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
OK_HEAD = Head(200, ((b"content-length", b"2"),), "1.1", b"OK")
PATIENCE = Patience(must=5.0, silence=0.01)
KEY = "dGhlIHNhbXBsZSBub25jZQ=="
SWITCHING = (
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: WebSocket\r\nConnection: keep-alive, Upgrade\r\n"
    b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
)


class Wire(NamedTuple):
    client: HTTP1
    server: socket.socket

    def answers(self, data: bytes) -> list[Answer]:
        """What the client hears when the server says this and leaves."""
        self.server.sendall(data)
        self.server.shutdown(socket.SHUT_WR)
        heard = [self.client.hears()]
        while not isinstance(heard[-1], Closed):
            heard.append(self.client.hears())
        return heard

    def received(self) -> bytes:
        return self.server.recv(65536)


@contextlib.contextmanager
def wire_of(kind: type[HTTP1]) -> Iterator[Wire]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        connection = connect(listener.getsockname()[:2], PATIENCE)
        server = listener.accept()[0]
    with server, contextlib.closing(connection):
        yield Wire(kind(connection), server)


@pytest.fixture
def wire() -> Iterator[Wire]:
    with wire_of(HTTP1) as both:
        yield both


def test_a_response_is_a_head_its_body_and_its_end(wire: Wire) -> None:
    wire.client.sends(request.get("/"))
    assert wire.received() == b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
    assert wire.answers(OK) == [OK_HEAD, Data(b"hi"), End(), Closed()]


def test_http_1_0_says_so() -> None:
    with wire_of(HTTP10) as wire:
        wire.client.sends(request.get("/"))
        assert wire.received().startswith(b"GET / HTTP/1.0\r\n")


def test_the_next_response_belongs_to_the_next_request(wire: Wire) -> None:
    wire.client.sends(request.head("/"))
    wire.client.sends(request.get("/"))
    head = OK.removesuffix(b"hi")
    assert wire.answers(head + OK) == [OK_HEAD, End(), OK_HEAD, Data(b"hi"), End(), Closed()]


def test_raw_bytes_say_which_methods_are_in_them(wire: Wire) -> None:
    wire.client.sends(b"HEAD and GET, more or less", method=("HEAD", "GET"))
    assert wire.received() == b"HEAD and GET, more or less"
    assert wire.answers(OK.removesuffix(b"hi") + OK)[2] == OK_HEAD


def test_raw_bytes_may_ask_several_times_or_nothing(wire: Wire) -> None:
    wire.client.sends(b"twice", expecting=2)
    wire.client.sends(b"the rest", expecting=0)
    assert wire.answers(OK + OK + OK)[-2:] == [
        Garbage("a response that nobody asked for", OK),
        Closed(complete=False),
    ]


def test_interim_responses_come_before_the_response(wire: Wire) -> None:
    wire.client.sends(request.get("/"))
    hints = b"HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n"
    assert wire.answers(hints + OK)[:2] == [Interim(103, ((b"link", b"a"),)), OK_HEAD]


def test_chunks_lose_their_framing_and_trailers_come_with_the_end(wire: Wire) -> None:
    wire.client.sends(request.get("/"))
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    heard = wire.answers(head + b"2\r\nhi\r\n0\r\na: b\r\n\r\n")
    assert heard[1:] == [Data(b"hi"), End(((b"a", b"b"),)), Closed()]


def test_a_body_without_a_length_ends_with_the_connection(wire: Wire) -> None:
    wire.client.sends(request.get("/"))
    assert wire.answers(b"HTTP/1.0 200 OK\r\n\r\nhi")[1:] == [Data(b"hi"), End(), Closed()]


@pytest.mark.parametrize(
    "cut",
    [
        b"HTTP/1.1 200 O",
        b"HTT",
        b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nhi",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n",
    ],
)
def test_a_message_may_be_cut_off(wire: Wire, cut: bytes) -> None:
    wire.client.sends(request.get("/"))
    assert wire.answers(cut)[-1] == Closed(complete=False)
    assert wire.client.hears() == Closed(complete=False)


def test_a_server_may_leave_without_an_answer(wire: Wire) -> None:
    wire.client.sends(request.get("/"))
    assert wire.answers(b"") == [Closed()]


@pytest.mark.parametrize(
    ("said", "complete"), [(OK, True), (b"HTTP/1.0 200 OK\r\n\r\nhi", False), (b"HTTP", False)]
)
def test_a_reset_is_told_from_an_end(wire: Wire, said: bytes, complete: bool) -> None:
    wire.client.sends(request.get("/"))
    wire.server.sendall(said)
    Connection(wire.server, PATIENCE).reset()
    while not isinstance(heard := wire.client.hears(), Closed):
        pass
    assert [heard, wire.client.hears()] == [Closed(reset=True, complete=complete)] * 2


def test_what_a_lost_server_does_not_take_is_no_error(wire: Wire) -> None:
    Connection(wire.server, PATIENCE).reset()
    wire.client.sends(request.get("/"))
    wire.client.sends(request.get("/"))
    assert wire.client.hears() == Closed(reset=True)


@pytest.mark.parametrize("status", [b"204 No Content", b"304 Not Modified"])
def test_a_body_behind_a_response_that_has_none_is_garbage(wire: Wire, status: bytes) -> None:
    wire.client.sends(request.get("/"))
    heard = wire.answers(b"HTTP/1.1 " + status + b"\r\nContent-Length: 2\r\n\r\nhi")
    assert heard[1:] == [End(), Garbage("bytes that nobody asked for", b"hi"), Closed(complete=False)]


def test_a_body_in_the_place_of_the_next_response_is_garbage(wire: Wire) -> None:
    wire.client.sends(request.head("/"))
    wire.client.sends(request.get("/"))
    assert wire.answers(OK)[2:] == [Garbage("no response begins like this", b"hi"), Closed(complete=False)]


def test_what_h11_does_not_take_is_garbage_once(wire: Wire) -> None:
    wire.client.sends(request.get("/"))
    garbage, end = wire.answers(b"HTTP/1.1 200 OK\r\nno header\r\n\r\n" + OK)
    assert isinstance(garbage, Garbage)
    assert "illegal header line" in garbage.why
    assert end == Closed(complete=False)


def test_a_body_that_is_framed_twice_is_garbage(wire: Wire) -> None:
    wire.client.sends(request.get("/"))
    both = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert "Transfer-Encoding" in wire.answers(both + b"2\r\nhi\r\n0\r\n\r\n")[0].why  # type: ignore[union-attr]


def test_bytes_after_garbage_are_ignored(wire: Wire) -> None:
    wire.server.sendall(b"x")
    assert wire.client.hears() == Garbage("bytes that nobody asked for", b"x")
    assert wire.answers(OK) == [Closed(complete=False)]


def test_a_large_head_is_no_garbage(wire: Wire) -> None:
    wire.client.sends(request.get("/"))
    value = b"x" * 100_000
    head = wire.answers(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nA: " + value + b"\r\n\r\n")[0]
    assert isinstance(head, Head)
    assert head.headers[1] == (b"a", value)


def test_a_success_for_connect_has_no_body(wire: Wire) -> None:
    wire.client.sends(request.request("CONNECT", "a:1"))
    assert wire.answers(OK)[1:] == [
        End(),
        Garbage("bytes that nobody asked for", b"hi"),
        Closed(complete=False),
    ]


def test_silence_is_nothing_at_all(wire: Wire) -> None:
    wire.client.sends(request.get("/"))
    with pytest.raises(Silence):
        wire.client.hears(PATIENCE.silence)
    assert wire.answers(OK)[0] == OK_HEAD


def test_an_answer_that_has_begun_is_silence_too(wire: Wire) -> None:
    wire.client.sends(request.get("/"))
    wire.server.sendall(OK[:9])
    with pytest.raises(Silence, match="did not end"):
        wire.client.hears(0)
    assert wire.answers(OK[9:])[0] == OK_HEAD


def test_the_parts_of_a_body_follow_in_chunks(wire: Wire) -> None:
    wire.client.sends(request.post("/", more=True))
    wire.received()
    wire.client.sends(request.part(b"hi"))
    wire.client.sends(request.part(b"!", last=True, trailers=[("a", "b")]))
    wire.client.finishes()
    assert wire.server.makefile("rb").read() == b"2\r\nhi\r\n1\r\n!\r\n0\r\na: b\r\n\r\n"


def test_the_parts_of_a_body_with_a_length_are_bare(wire: Wire) -> None:
    wire.client.sends(request.post("/", more=True, headers=[("Content-Length", "2")]))
    wire.received()
    wire.client.sends(request.part(b"hi", last=True))
    assert wire.received() == b"hi"


def test_a_client_leaves(wire: Wire) -> None:
    assert wire.client.fileno() >= 0
    wire.client.leaves()
    assert wire.received() == b""
    assert wire.client.fileno() == -1


def test_a_client_resets(wire: Wire) -> None:
    wire.client.resets()
    with pytest.raises(ConnectionResetError):
        wire.received()


def test_a_websocket_begins_with_its_acceptance(wire: Wire) -> None:
    wire.client.sends(websocket.handshake("/", key=KEY))
    wire.client.sends(websocket.text("hello"))
    accepted, *messages = wire.answers(SWITCHING + b"Sec-WebSocket-Protocol: chat\r\n\r\n\x81\x02hi\x88\0")
    assert isinstance(accepted, Accepted)
    assert (accepted.subprotocol, accepted.extensions) == ("chat", None)
    assert messages == [Message(text="hi"), Close(), Closed()]


def test_a_handshake_in_raw_bytes_may_be_accepted(wire: Wire) -> None:
    handshake = websocket.handshake("/", key=KEY)
    wire.client.sends(spelled(handshake).lower(), method=handshake)
    accepted = wire.answers(SWITCHING + b"Sec-WebSocket-Extensions: a; b\r\n\r\n")[0]
    assert isinstance(accepted, Accepted)
    assert accepted.extensions == "a; b"


def test_a_refused_handshake_is_a_response(wire: Wire) -> None:
    wire.client.sends(websocket.handshake("/"))
    assert wire.answers(OK) == [OK_HEAD, Data(b"hi"), End(), Closed()]


@pytest.mark.parametrize(
    ("right", "wrong", "why"),
    [
        (b"Upgrade: WebSocket", b"Upgrade: h2c", "Upgrade is not websocket"),
        (b"keep-alive, Upgrade", b"keep-alive", "does not say Upgrade"),
        (b"s3pP", b"S3pP", "does not belong to the key"),
        (b"\r\nUp", b"\r\nSec-WebSocket-Extensions: permessage-deflate; what\r\nUp", "makes no sense"),
    ],
)
def test_a_wrong_acceptance_is_garbage(wire: Wire, right: bytes, wrong: bytes, why: str) -> None:
    wire.client.sends(websocket.handshake("/", key=KEY))
    garbage, end = wire.answers(SWITCHING.replace(right, wrong) + b"\r\n\x81\0")
    assert isinstance(garbage, Garbage)
    assert why in garbage.why
    assert end == Closed(complete=False)


def test_a_101_for_no_handshake_is_interim(wire: Wire) -> None:
    wire.client.sends(request.get("/"))
    interim, garbage, _ = wire.answers(SWITCHING + b"\r\n\x81\0")
    assert isinstance(interim, Interim)
    assert garbage == Garbage("bytes that nobody asked for", b"\x81\0")
