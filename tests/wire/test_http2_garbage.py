"""What a client in HTTP/2 does not let pass."""

import pytest

pytest.importorskip("h2")

import socket

from asgi_conformance.wire import http2, request
from asgi_conformance.wire.answer import Closed, End, Garbage, Head
from asgi_conformance.wire.connection import Connection
from asgi_conformance.wire.http2 import HTTP2

from .h2_server import OK, PATIENCE, Meets, asked, heard


def test_who_does_not_speak_http2_is_told() -> None:
    ours, theirs = socket.socketpair()
    client = HTTP2(Connection(ours, PATIENCE))
    with ours, theirs:
        client.sends(request.get("/"))
        theirs.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        theirs.shutdown(socket.SHUT_WR)
        garbage = Garbage("the server does not begin with SETTINGS", b"HTTP/1.1 400 Bad Request\r\n\r\n")
        assert heard(client, 2) == [garbage, Closed(complete=False)]


@pytest.mark.parametrize(
    ("field", "why"),
    [
        (("X-Upper", "1"), "uppercase"),
        (("connection", "close"), "Connection-specific"),
        ((":path", "/"), "request-only"),
        (("content-length", "x"), "content-length"),
    ],
)
def test_a_malformed_response_is_garbage(meets: Meets, field: tuple[str, str], why: str) -> None:
    client, server = meets()
    asked(client, server)
    server.sends(http2.frame("HEADERS", 5, 1, server.h2.encoder.encode([(":status", "200"), field])))
    garbage = client.hears()
    assert isinstance(garbage, Garbage)
    assert why in garbage.why


@pytest.mark.parametrize("status", ["99", "abc", "101", "2000"])
def test_a_status_that_there_is_not_is_garbage(meets: Meets, status: str) -> None:
    client, server = meets()
    asked(client, server)
    server.sends(http2.frame("HEADERS", 5, 1, server.h2.encoder.encode([(":status", status)])))
    assert isinstance(client.hears(), Garbage)


@pytest.mark.parametrize("body", [b"", b"hey", b"too much"])
def test_a_body_of_another_length_than_it_says_is_garbage(meets: Meets, body: bytes) -> None:
    client, server = meets()
    asked(client, server, request.get("/1"), request.get("/2"))
    server.responds(1, body, ("content-length", "5"))
    server.responds(3)
    answers = [client.hears()]
    while not isinstance(answers[-1], Garbage):
        answers.append(client.hears())
    assert End() not in answers
    assert heard(client, 2) == [OK, End()]


@pytest.mark.parametrize(("method", "status"), [("HEAD", 200), ("GET", 304)])
def test_what_has_no_body_may_say_how_long_it_would_be(meets: Meets, method: str, status: int) -> None:
    client, server = meets()
    asked(client, server, request.request(method, "/1"), request.request(method, "/2"))
    server.responds(1, b"", ("content-length", "5"), status=status)
    assert heard(client, 2) == [Head(status, ((b"content-length", b"5"),), "2"), End()]
    server.responds(3, b"body", status=status)
    assert isinstance(heard(client, 2)[-1], Garbage)


def test_frames_behind_the_end_of_a_stream_are_garbage(meets: Meets) -> None:
    client, server = meets()
    asked(client, server)
    server.responds(1)
    server.sends(http2.frame("DATA", 0, 1, b"more"))
    assert heard(client, 2) == [OK, End()]
    assert isinstance(client.hears(), Garbage)


def test_more_data_than_the_window_allows_is_garbage(meets: Meets) -> None:
    client, server = meets({"initial_window_size": 3})
    asked(client, server)
    server.responds(1, None)
    server.sends(http2.frame("DATA", 0, 1, b"four"))
    assert client.hears() == OK
    assert isinstance(client.hears(), Garbage)


def test_a_promise_that_nobody_wants_is_garbage(meets: Meets) -> None:
    client, server = meets({"enable_push": 0})
    asked(client, server)
    block = b"\0\0\0\2" + server.h2.encoder.encode([(":method", "GET"), (":path", "/")])
    server.sends(http2.frame("PUSH_PROMISE", 4, 1, block))
    assert isinstance(client.hears(), Garbage)
