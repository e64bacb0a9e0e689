"""Every byte of a request is one that was asked for."""

import pytest

from asgi_conformance.wire import request, websocket
from asgi_conformance.wire.http1_spelling import spelled, spelled_part
from asgi_conformance.wire.request import Request


def lines_of(asked: Request | websocket.Handshake, version: str = "http/1.1") -> list[bytes]:
    """The lines behind the request line and Host, up to the body."""
    return spelled(asked, version=version).partition(b"\r\n\r\n")[0].split(b"\r\n")[2:]


def test_a_get_has_a_host_and_nothing_else() -> None:
    assert spelled(request.get("/a?b")) == b"GET /a?b HTTP/1.1\r\nHost: localhost\r\n\r\n"


def test_the_host_comes_first_and_the_given_headers_follow() -> None:
    asked = request.get("/", headers=[("X-B", "1"), ("x-a", "2")])
    assert spelled(asked, authority="a:1").split(b"\r\n")[1:4] == [b"Host: a:1", b"X-B: 1", b"x-a: 2"]


def test_a_given_host_is_the_only_one() -> None:
    asked = request.get("/", headers=[("A", "b"), ("host", "")])
    assert spelled(asked) == b"GET / HTTP/1.1\r\nA: b\r\nhost: \r\n\r\n"


def test_a_target_in_bytes_goes_out_as_it_is() -> None:
    assert spelled(request.get(b"/\xff \r")).startswith(b"GET /\xff \r HTTP/1.1\r\n")


def test_a_body_gets_a_length() -> None:
    assert lines_of(request.post("/", body=b"hello")) == [b"Content-Length: 5"]
    assert spelled(request.post("/", body=b"hello")).endswith(b"\r\n\r\nhello")


def test_an_empty_body_has_a_length_too_and_no_body_has_none() -> None:
    assert lines_of(request.post("/", body=b"")) == [b"Content-Length: 0"]
    assert lines_of(request.post("/")) == []


@pytest.mark.parametrize("name", ["content-length", "Transfer-Encoding"])
def test_a_given_framing_is_left_alone(name: str) -> None:
    asked = request.post("/", body=b"hello", headers=[(name, "3")])
    assert lines_of(asked) == [f"{name}: 3".encode()]


def test_chunks_are_framed_and_empty_ones_left_out() -> None:
    asked = request.post("/", chunks=[b"hello, ", b"", b"world" * 4])
    assert lines_of(asked) == [b"Transfer-Encoding: chunked"]
    assert spelled(asked).endswith(b"\r\n\r\n7\r\nhello, \r\n14\r\n" + b"world" * 4 + b"\r\n0\r\n\r\n")


def test_chunks_stay_chunks_beside_a_given_length() -> None:
    asked = request.post("/", chunks=[b"a"], headers=[("Content-Length", "1"), ("Transfer-Encoding", "x")])
    assert lines_of(asked) == [b"Content-Length: 1", b"Transfer-Encoding: x"]
    assert spelled(asked).endswith(b"1\r\na\r\n0\r\n\r\n")


def test_a_body_with_more_to_come_is_a_first_chunk() -> None:
    asked = request.post("/", body=b"a", more=True)
    assert spelled(asked).endswith(b"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n")


def test_a_body_with_more_to_come_and_a_length_is_no_chunk() -> None:
    asked = request.post("/", body=b"a", more=True, headers=[("Content-Length", "3")])
    assert spelled(asked).endswith(b"Content-Length: 3\r\n\r\na")


def test_http_1_0_has_no_chunks() -> None:
    asked = request.post("/", chunks=[b"a", b"b"])
    assert spelled(asked, version="http/1.0").startswith(b"POST / HTTP/1.0\r\n")
    assert spelled(asked, version="http/1.0").endswith(b"Content-Length: 2\r\n\r\nab")
    with pytest.raises(ValueError, match="how long"):
        spelled(request.post("/", more=True), version="http/1.0")


def test_the_last_part_carries_the_trailers() -> None:
    assert spelled_part(request.part(b"ab")) == b"2\r\nab\r\n"
    assert spelled_part(request.part(last=True, trailers=[("a", "b")])) == b"0\r\na: b\r\n\r\n"


def test_a_handshake_has_all_that_it_needs() -> None:
    asked = websocket.handshake(
        "/chat", subprotocols=["a", "b"], key="k", headers=[("Origin", "x")], extensions="foo; bar"
    )
    assert spelled(asked).startswith(b"GET /chat HTTP/1.1\r\nHost: localhost\r\n")
    assert lines_of(asked) == [
        b"Upgrade: websocket",
        b"Connection: Upgrade",
        b"Sec-WebSocket-Key: k",
        b"Sec-WebSocket-Version: 13",
        b"Sec-WebSocket-Protocol: a, b",
        b"Sec-WebSocket-Extensions: foo; bar",
        b"Origin: x",
    ]


def test_given_headers_of_a_handshake_replace_ours() -> None:
    headers = [("connection", "keep-alive"), ("connection", "Upgrade"), ("UPGRADE", "WebSocket")]
    asked = websocket.handshake(key="k", version=None, headers=headers)
    assert lines_of(asked) == [
        b"Sec-WebSocket-Key: k",
        b"connection: keep-alive",
        b"connection: Upgrade",
        b"UPGRADE: WebSocket",
    ]
