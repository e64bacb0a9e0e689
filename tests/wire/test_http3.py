"""A client in HTTP/3 and a server that does what it is told."""

import socket
import threading

import pytest

pytest.importorskip("aioquic")

from aioquic.h3.connection import ErrorCode, H3Connection
from aioquic.h3.events import DataReceived, HeadersReceived
from aioquic.quic.connection import QuicConnection
from aioquic.quic.events import ConnectionTerminated, StopSendingReceived, StreamReset

from asgi_conformance.wire import http3, quic, request, tls, websocket
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
    Promise,
    Reset,
)
from asgi_conformance.wire.connection import Lost, Patience, Silence, Unavailable

from .h3_server import OK, Serves, heard

STATUS = (b":status", b"200")


def well(h3: H3Connection, _: QuicConnection, stream: int) -> None:
    """Answer as one should: with the number of the stream."""
    h3.send_headers(stream, [STATUS])
    h3.send_data(stream, b"%d" % stream, end_stream=True)


def badly_at_first(h3: H3Connection, connection: QuicConnection, stream: int) -> None:
    """Break the first response off."""
    if stream:
        return well(h3, connection, stream)
    h3.send_headers(stream, [STATUS])
    h3.send_data(stream, b"half", end_stream=False)
    return connection.reset_stream(stream, ErrorCode.H3_INTERNAL_ERROR)


# What goes out


def test_a_request_has_pseudo_headers_and_its_body(serves: Serves) -> None:
    client, server = serves()
    client.sends(request.post("/a?b", body=b"hello", headers=[("Host", "there"), ("X-A", "1")]))
    control = [(b":method", b"POST"), (b":scheme", b"https"), (b":authority", b"there"), (b":path", b"/a?b")]
    head, body = server.hears(HeadersReceived), server.hears(DataReceived)
    assert isinstance(head, HeadersReceived)
    assert isinstance(body, DataReceived)
    assert head.headers == [*control, (b"x-a", b"1"), (b"content-length", b"5")]
    assert (body.data, body.stream_ended) == (b"hello", True)


def test_a_heading_may_be_more_than_what_is_sent_at_once(serves: Serves) -> None:
    client, server = serves()
    client.sends(request.get("/" + "a" * 40_000))
    head = server.hears(HeadersReceived)
    assert isinstance(head, HeadersReceived)
    assert len(dict(head.headers)[b":path"]) == 40_001


def test_parts_go_on_and_trailers_end(serves: Serves) -> None:
    client, server = serves()
    client.sends(request.post("/", chunks=[b"one"], more=True))
    client.sends(request.part(b"two", last=True, trailers=[("x-t", "1")]))
    server.hears(HeadersReceived)
    end = server.hears(HeadersReceived)
    assert isinstance(end, HeadersReceived)
    assert (end.headers, end.stream_ended) == ([(b"x-t", b"1")], True)


def test_what_the_client_resets_is_not_waited_for(serves: Serves) -> None:
    client, server = serves()
    client.sends(request.post("/", more=True))
    client.sends(http3.reset())
    assert client.stream == 1
    events = [server.hears(StreamReset, StopSendingReceived) for _ in range(2)]
    assert {type(each) for each in events} == {StreamReset, StopSendingReceived}
    server.responds = well
    client.sends(request.get("/"))
    assert heard(client, 3) == [OK, Data(b"4"), End()]


def test_a_malformed_heading_goes_out(serves: Serves) -> None:
    client, _ = serves()
    client.sends(http3.heading([(":method", "GET"), ("X-UPPER", "1")]))
    answer = client.hears()
    assert isinstance(answer, Closed)
    assert not answer.complete
    assert answer.why.startswith("H3_MESSAGE_ERROR")


def test_who_leaves_says_so(serves: Serves) -> None:
    client, server = serves()
    client.leaves()
    client.leaves()
    end = server.hears(ConnectionTerminated)
    assert isinstance(end, ConnectionTerminated)
    assert end.error_code == ErrorCode.H3_NO_ERROR


def test_a_body_waits_for_a_server_that_takes_nothing(serves: Serves) -> None:
    goes_on = threading.Event()
    client, server = serves(lambda *_: goes_on.wait(5) and None)
    client.sends(request.post("/", more=True))
    server.hears(HeadersReceived)
    rest = client.offers(request.part(bytes(1 << 20), last=True), 0.05)
    assert rest
    goes_on.set()
    server.responds = well
    while rest:
        rest = client.offers(rest, 5)
    size, is_over = 0, False
    while not is_over:
        event = server.hears(DataReceived)
        assert isinstance(event, DataReceived)
        size, is_over = size + len(event.data), event.stream_ended
    assert size == 1 << 20


def test_quic_has_no_half_close(serves: Serves) -> None:
    client, _ = serves()
    with pytest.raises(Unavailable):
        client.finishes()


# What comes in


def test_answers_belong_to_the_requests_in_their_order(serves: Serves) -> None:
    client, _ = serves(well)
    for _ in range(2):
        client.sends(request.get("/"))
    assert [client.hears_of(5) for _ in range(3)] == [OK, Data(b"4"), End()]
    assert heard(client, 3) == [OK, Data(b"0"), End()]


def test_what_comes_before_a_response_and_behind_it(serves: Serves) -> None:
    def responds(h3: H3Connection, _: QuicConnection, stream: int) -> None:
        h3.send_headers(stream, [(b":status", b"103"), (b"link", b"</a>")])
        h3.send_headers(stream, [STATUS])
        h3.send_headers(stream, [(b"x-t", b"1")], end_stream=True)

    client, _ = serves(responds)
    client.sends(request.get("/"))
    assert heard(client, 3) == [Interim(103, ((b"link", b"</a>"),)), OK, End(((b"x-t", b"1"),))]


def test_a_stream_that_is_reset_is_told_and_the_next_one_goes_on(serves: Serves) -> None:
    client, _ = serves(badly_at_first)
    for _ in range(2):
        client.sends(request.get("/"))
    answers: list[Answer] = [client.hears()]
    while answers[-1] != End():
        answers.append(client.hears())
    assert answers[-4:] == [Reset(why="H3_INTERNAL_ERROR", code=0x102), OK, Data(b"4"), End()]


def test_an_end_says_why(serves: Serves) -> None:
    client, _ = serves(
        lambda _, connection, __: connection.close(ErrorCode.H3_EXCESSIVE_LOAD, None, "enough")
    )
    client.sends(request.get("/"))
    assert heard(client, 2) == [Closed(complete=False, why="H3_EXCESSIVE_LOAD enough")] * 2


def test_an_orderly_end_is_complete(serves: Serves) -> None:
    client, _ = serves(lambda _, connection, __: connection.close(ErrorCode.H3_NO_ERROR))
    client.sends(request.get("/"))
    assert client.hears() == Closed()


def test_a_promise_is_heard_in_its_place_and_its_response_behind_that_of_the_parent(serves: Serves) -> None:
    fields = [(b":method", b"GET"), (b":scheme", b"https"), (b":authority", b"here"), (b":path", b"/pushed")]

    def responds(h3: H3Connection, _: QuicConnection, stream: int) -> None:
        h3.send_headers(stream, [STATUS])
        well(h3, _, h3.send_push_promise(stream, fields))
        h3.send_data(stream, b"", end_stream=True)

    client, _ = serves(responds)
    client.sends(request.get("/"))
    assert heard(client, 3) == [OK, Promise(b"/pushed", tuple(fields), 2), End()]
    assert heard(client, 3) == [OK, Data(b"15"), End()]


@pytest.mark.parametrize("field", [(b"X-Upper", b"1"), (b"connection", b"close"), (b":path", b"/")])
def test_a_malformed_response_is_garbage_behind_its_head(serves: Serves, field: tuple[bytes, bytes]) -> None:
    client, _ = serves(lambda h3, _, stream: h3.send_headers(stream, [STATUS, field]))
    client.sends(request.get("/"))
    assert client.hears() == Head(200, (field,), "3")
    assert isinstance(client.hears(), Garbage)
    assert isinstance(client.hears(), Closed)


def test_a_response_without_a_status_has_no_head(serves: Serves) -> None:
    client, _ = serves(lambda h3, _, stream: h3.send_headers(stream, [(b"x-a", b"1")]))
    client.sends(request.get("/"))
    assert isinstance(client.hears(), Garbage)


def test_a_body_of_another_length_than_it_says_is_garbage(serves: Serves) -> None:
    def responds(h3: H3Connection, _: QuicConnection, stream: int) -> None:
        h3.send_headers(stream, [STATUS, (b"content-length", b"5")], end_stream=True)

    client, _ = serves(responds)
    client.sends(request.head("/"))
    assert isinstance(client.hears(), Head)
    assert client.hears() == End()
    client.sends(request.get("/"))
    assert isinstance(client.hears(), Head)
    assert client.hears() == Garbage("the end after 0 bytes of a body that has 5")


def test_nobody_listens(serves: Serves) -> None:
    client, server = serves()
    server.ends()
    client.connection.patience = Patience(0.5, 0.05)
    client.sends(request.get("/"))
    end = client.hears()
    assert isinstance(end, Closed)
    assert end.reset
    with pytest.raises(Lost):
        quic.connect(server.address, client.connection.patience)


def test_who_says_nothing_is_silent() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as nobody:
        nobody.bind(("127.0.0.1", 0))
        with pytest.raises(Silence):
            quic.connect(nobody.getsockname(), Patience(0.05, 0.05))


def test_what_was_agreed_on_is_told(serves: Serves) -> None:
    client, _ = serves()
    connection = client.connection
    assert isinstance(connection, quic.Connection)
    agreed = connection.agreed
    assert (agreed.version, agreed.alpn) == (tls.TLS_1_3, "h3")
    assert agreed.cipher_suite in (0x1301, 0x1302, 0x1303)
    assert agreed.certificate


def test_an_older_tls_is_not_offered() -> None:
    with pytest.raises(Unavailable, match=r"TLS 1\.3 only"):
        quic.connect(("127.0.0.1", 9), Patience(), tls.Hello(tls.TLS_1_2))


# WebSocket


def test_a_websocket_goes_on_in_data(serves: Serves) -> None:
    def responds(h3: H3Connection, _: QuicConnection, stream: int) -> None:
        h3.send_headers(stream, [STATUS, (b"sec-websocket-protocol", b"b")])
        h3.send_data(stream, b"\x81\x02", end_stream=False)
        h3.send_data(stream, b"ho\x88\x02\x0f\xa1", end_stream=True)

    client, server = serves(responds)
    client.sends(websocket.handshake("/ws", subprotocols=["a", "b"]))
    assert client.hears() == Accepted(((b"sec-websocket-protocol", b"b"),), "b", None)
    client.sends(websocket.Frame(1, b"hi", mask=b"\0\0\0\0"))
    said = server.hears(DataReceived)
    assert isinstance(said, DataReceived)
    assert said.data == b"\x81\x82\0\0\0\0hi"
    assert heard(client, 3) == [Message(text="ho"), Close(4001), Closed()]


def test_a_handshake_may_be_denied(serves: Serves) -> None:
    client, _ = serves(lambda h3, _, stream: h3.send_headers(stream, [(b":status", b"403")], end_stream=True))
    client.sends(websocket.handshake("/ws"))
    assert heard(client, 2) == [Head(403, (), "3"), End()]
