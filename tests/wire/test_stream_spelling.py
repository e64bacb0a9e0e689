"""The fields of requests in HTTP/2 and HTTP/3."""

import pytest

from asgi_conformance.wire import request, websocket
from asgi_conformance.wire.request import Request
from asgi_conformance.wire.stream_spelling import asked_in, spelled
from asgi_conformance.wire.websocket import Handshake


def fields(what: Request | Handshake) -> list[tuple[str, str]]:
    """The fields as text."""
    said = spelled(what, authority="here", scheme="https")
    return [(name.decode(), value.decode()) for name, value in said]


def test_the_first_host_is_the_authority() -> None:
    said = fields(request.get("/", headers=[("Host", "there"), ("host", "again")]))
    assert said[2:] == [(":authority", "there"), (":path", "/"), ("host", "again")]


def test_a_connect_has_an_authority_only() -> None:
    said = fields(request.request("CONNECT", "there:443"))
    assert said == [(":method", "CONNECT"), (":authority", "there:443")]


@pytest.mark.parametrize(
    ("what", "length"),
    [
        (request.post("/", body=b""), "0"),
        (request.post("/", body=b"five!", headers=[("Content-Length", "7")]), "7"),
        (request.post("/", body=b"five!", more=True), None),
        (request.post("/", chunks=[b"five!"]), None),
        (request.get("/"), None),
    ],
)
def test_the_length_of_a_body_is_said_when_it_is_known(what: Request, length: str | None) -> None:
    assert dict(fields(what)).get("content-length") == length


def test_what_is_given_of_a_handshake_replaces_ours() -> None:
    wish = websocket.handshake(
        "/", version=None, headers=[("Sec-WebSocket-Protocol", "x")], subprotocols=["a"]
    )
    assert fields(wish)[5:] == [("sec-websocket-protocol", "x")]


def test_what_is_asked_is_seen_in_the_fields() -> None:
    assert asked_in(((b":method", b"HEAD"),)) == "HEAD"
    assert asked_in(()) == "GET"
    assert isinstance(asked_in(((b":method", b"CONNECT"), (b":protocol", b"websocket"))), Handshake)
