"""A strict reader of requests finds what was spelled, and stops where others might read on differently."""

import pytest

from asgi_conformance.wire import request
from asgi_conformance.wire.http1_reading import requests_in
from asgi_conformance.wire.http1_spelling import spelled

HOST = ("Host", "localhost")
GET = spelled(request.get("/next"))


@pytest.mark.parametrize(
    "said",
    [
        request.get(b"/a?b", headers=[HOST, ("x-a", "1"), ("x-a", "2")]),
        request.post(b"/a", headers=[HOST, ("Content-Length", "5")], body=b"GET /"),
        request.post(b"/a", headers=[HOST, ("Transfer-Encoding", "chunked")], chunks=[b"one", b"two"]),
        request.post(b"/a", headers=[HOST]),
    ],
    ids=str,
)
def test_what_was_spelled_is_read(said: request.Request) -> None:
    assert next(requests_in(spelled(said))) == said


def test_requests_are_read_one_behind_another() -> None:
    assert [each.target for each in requests_in(GET * 3)] == [b"/next"] * 3


@pytest.mark.parametrize(
    "said",
    [
        b"GET / HTTP/1.0\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nx-a: 1\r\n 2\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nx-a:1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5, 5\r\n\r\nhello",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 999\r\n\r\nhell",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n05\r\nhello\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5;a\r\nhello\r\n0\r\n\r\n",
        b"CONNECT a:1 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"\x16\x03\x01",
    ],
)
def test_what_is_doubtful_ends_the_reading(said: bytes) -> None:
    assert [each.target for each in requests_in(GET + said + GET)] == [b"/next"]
