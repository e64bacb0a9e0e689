"""WebSocket over HTTP/2 (RFC 8441), as a client sees it."""

import pytest

pytest.importorskip("h2")


from asgi_conformance.wire import websocket
from asgi_conformance.wire.answer import Accepted, Close, Closed, Data, End, Head, Message
from asgi_conformance.wire.connection import Unavailable
from asgi_conformance.wire.http2 import HTTP2

from .h2_server import H2Server, Meets, heard


def accepted(client: HTTP2, server: H2Server, *fields: tuple[str, str]) -> None:
    """Open a WebSocket."""
    client.sends(websocket.handshake("/ws", subprotocols=["a", "b"]))
    server.is_asked()
    server.responds(1, None, *fields)


def test_a_handshake_is_an_extended_connect(meets: Meets) -> None:
    client, server = meets(enable_connect_protocol=1)
    client.sends(websocket.handshake("/ws", subprotocols=["a", "b"], headers=[("Origin", "x")]))
    control = {b":method": b"CONNECT", b":protocol": b"websocket", b":scheme": b"http"}
    control |= {b":authority": b"localhost", b":path": b"/ws"}
    ours = {b"sec-websocket-version": b"13", b"sec-websocket-protocol": b"a, b", b"origin": b"x"}
    event = server.is_asked()
    assert dict(event.headers) == control | ours
    assert not event.stream_ended


def test_a_websocket_goes_on_in_data(meets: Meets) -> None:
    client, server = meets(enable_connect_protocol=1)
    accepted(client, server, ("sec-websocket-protocol", "b"))
    assert client.hears() == Accepted(((b"sec-websocket-protocol", b"b"),), "b", None)
    client.sends(websocket.Frame(1, b"hi", mask=b"\0\0\0\0"))
    assert server.takes(1) == b"\x81\x82\0\0\0\0hi"
    server.h2.send_data(1, b"\x81\x02")
    server.h2.send_data(1, b"ho\x88\x02\x0f\xa1", end_stream=True)
    server.speaks()
    assert heard(client, 3) == [Message(text="ho"), Close(4001), Closed()]


def test_pieces_of_frames_go_on_with_the_stream(meets: Meets) -> None:
    client, server = meets(enable_connect_protocol=1)
    accepted(client, server)
    client.sends(websocket.Octets(b"\x81\x82\0"))
    client.sends(websocket.together(websocket.Octets(b"\0\0\0hi"), websocket.Frame(9, mask=bytes(4))))
    assert [server.takes(1), server.takes(1)] == [b"\x81\x82\0", b"\0\0\0hi\x89\x80\0\0\0\0"]


def test_what_is_heard_to_its_end_is_known(meets: Meets) -> None:
    client, server = meets(enable_connect_protocol=1)
    accepted(client, server)
    server.h2.end_stream(1)
    server.speaks()
    assert heard(client, 1) == [Accepted()]
    assert not client.is_heard_out
    assert heard(client, 1) == [Closed()]
    assert client.is_heard_out


def test_a_websocket_that_ends_in_a_frame_is_cut_off(meets: Meets) -> None:
    client, server = meets(enable_connect_protocol=1)
    accepted(client, server)
    server.h2.send_data(1, b"\x81\x02", end_stream=True)
    server.speaks()
    assert heard(client, 2) == [Accepted(), Closed(complete=False)]


def test_a_handshake_may_be_denied(meets: Meets) -> None:
    client, server = meets(enable_connect_protocol=1)
    client.sends(websocket.handshake("/ws"))
    server.is_asked()
    server.responds(1, b"no", status=403)
    assert heard(client, 3) == [Head(403, (), "2"), Data(b"no"), End()]


def test_who_offers_no_websocket_is_not_asked(meets: Meets) -> None:
    client, _ = meets()
    with pytest.raises(Unavailable, match="no WebSocket over HTTP/2"):
        client.sends(websocket.handshake("/ws"))
