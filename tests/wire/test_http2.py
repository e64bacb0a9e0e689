"""What a client in HTTP/2 says, and how a server understands it."""

import pytest

pytest.importorskip("h2")

import select

from h2.errors import ErrorCodes
from h2.events import (
    ConnectionTerminated,
    PingReceived,
    RemoteSettingsChanged,
    StreamEnded,
    StreamReset,
    TrailersReceived,
    WindowUpdated,
)

from asgi_conformance.wire import http2, request
from asgi_conformance.wire.answer import Data, End, Head, Reset
from asgi_conformance.wire.connection import Patience, Silence

from .h2_server import OK, Meets, asked, heard


def test_a_request_has_pseudo_headers_and_names_in_lower_case(meets: Meets) -> None:
    client, server = meets()
    client.sends(request.get("/a?b", headers=[("X-A", "1"), ("Host", "there"), ("Connection", "close")]))
    control = [(b":method", b"GET"), (b":scheme", b"http"), (b":authority", b"there"), (b":path", b"/a?b")]
    event = server.is_asked()
    assert event.headers == [*control, (b"x-a", b"1"), (b"connection", b"close")]
    assert event.stream_ended


def test_a_body_of_known_length_says_it(meets: Meets) -> None:
    client, server = meets()
    client.sends(request.post("/", body=b"hello"))
    assert (b"content-length", b"5") in server.is_asked().headers
    assert server.takes(1) == b"hello"
    server.hears(StreamEnded)


def test_a_chunk_is_a_frame_and_a_part_goes_on(meets: Meets) -> None:
    client, server = meets()
    client.sends(request.post("/", chunks=[b"one", b"two"], more=True))
    client.sends(request.part(b"three"))
    client.sends(request.part(b"four", last=True, trailers=[("x-t", "1")]))
    assert b"content-length" not in dict(server.is_asked().headers)
    assert [server.takes(1) for _ in range(4)] == [b"one", b"two", b"three", b"four"]
    assert server.hears(TrailersReceived).headers == [(b"x-t", b"1")]


def test_every_request_has_its_stream(meets: Meets) -> None:
    client, server = meets()
    for number in range(3):
        client.sends(request.get(f"/{number}"))
        assert server.is_asked().stream_id == client.stream == 2 * number + 1


def test_a_malformed_heading_goes_out_and_spoils_nothing(meets: Meets) -> None:
    client, server = meets()
    fields = [(":path", "/"), ("X-UPPER", "a\nb"), (":method", "GET"), ("", "nameless")]
    client.sends(http2.heading(fields, continuations=2))
    assert server.is_asked().headers == [(name.encode(), value.encode()) for name, value in fields]
    asked(client, server, request.get("/next"))
    server.responds(1)
    server.responds(3)
    assert heard(client, 4) == [OK, End(), OK, End()]


def test_a_long_heading_is_cut_into_frames(meets: Meets) -> None:
    client, server = meets()
    client.sends(request.get("/", headers=[("x-long", "|" * 20_000)]))
    assert dict(server.is_asked().headers)[b"x-long"] == b"|" * 20_000


def test_more_streams_than_allowed_are_opened(meets: Meets) -> None:
    client, server = meets(max_concurrent_streams=0)
    assert client.settings["max_concurrent_streams"] == 0
    client.sends(request.get("/"))
    server.h2.local_settings.max_concurrent_streams = 1
    server.h2.local_settings.acknowledge()
    assert server.is_asked().stream_id == 1


def test_loose_frames_go_out(meets: Meets) -> None:
    client, server = meets()
    client.sends(http2.heading([(":method", "POST"), (":path", "/")], end=False))
    client.sends(http2.data(b"padded", padding=3))
    client.sends(http2.settings(max_frame_size=20_000))
    client.sends(http2.ping(b"12345678"))
    client.sends(http2.frame(77, payload=b"unknown"))
    client.sends(http2.reset())
    server.is_asked()
    assert server.takes(1) == b"padded"
    assert server.hears(RemoteSettingsChanged).changed_settings[5].new_value == 20_000
    assert server.hears(PingReceived).ping_data == b"12345678"
    assert server.hears(StreamReset).error_code == ErrorCodes.CANCEL


def test_a_goodbye_of_the_client_ends_nothing_for_it(meets: Meets) -> None:
    client, server = meets()
    asked(client, server)
    client.sends(http2.goaway(debug=b"bye"))
    assert server.hears(ConnectionTerminated).additional_data == b"bye"
    server.h2.state_machine.state = type(server.h2.state_machine.state).SERVER_OPEN
    server.responds(1)
    assert heard(client, 2) == [OK, End()]


def test_raw_bytes_may_open_a_stream(meets: Meets) -> None:
    client, server = meets()
    block = server.h2.encoder.encode([(b":method", b"HEAD"), (b":path", b"/")])
    client.sends(http2.frame("HEADERS", 5, 1, block).spelled(), method="HEAD")
    server.is_asked()
    server.responds(1, None, ("content-length", "5"))
    server.h2.end_stream(1)
    server.speaks()
    assert heard(client, 2) == [Head(200, ((b"content-length", b"5"),), "2"), End()]


def test_a_body_waits_for_both_windows(meets: Meets) -> None:
    client, server = meets(initial_window_size=10)
    assert client.settings
    client.sends(request.post("/", more=True))
    rest = client.offers(request.part(b"0123456789abcdef"), 0.01)
    assert rest == b"abcdef"
    server.is_asked()
    server.h2.increment_flow_control_window(4, 1)
    server.speaks()
    assert client.offers(rest, 0.01) == b"ef"
    server.h2.increment_flow_control_window(2, 1)
    server.speaks()
    client.sends(request.part(b"ef", last=True))
    assert b"".join(server.takes(1) for _ in range(3)) == b"0123456789abcdef"


def test_who_opens_no_window_is_silent(meets: Meets) -> None:
    client, _ = meets(initial_window_size=0)
    client.connection.patience = Patience(0.05, 0.05)
    assert client.settings
    with pytest.raises(Silence, match="took nothing"):
        client.sends(request.post("/", body=b"hello"))


def test_a_stream_that_was_reset_takes_the_rest_of_a_body_to_nowhere(meets: Meets) -> None:
    client, server = meets(initial_window_size=2)
    assert client.settings
    client.sends(request.post("/", more=True))
    server.is_asked()
    server.h2.reset_stream(1, ErrorCodes.REFUSED_STREAM)
    server.speaks()
    client.sends(request.part(b"more than fits", last=True))
    assert client.hears() == Reset(why="REFUSED_STREAM", code=7)


def test_windows_are_opened_again_by_what_is_heard(meets: Meets) -> None:
    client, server = meets({"initial_window_size": 4})
    asked(client, server)
    server.responds(1, None)
    server.h2.send_data(1, b"1234")
    server.speaks()
    assert client.hears() == OK
    assert not select.select([server.sock], [], [], 0)[0]
    assert client.hears() == Data(b"1234")
    updates = [server.hears(WindowUpdated) for _ in range(2)]
    assert [(each.stream_id, each.delta) for each in updates] == [(0, 4), (1, 4)]


def test_windows_are_opened_by_the_check_alone_if_it_says_so(meets: Meets) -> None:
    client, server = meets({"initial_window_size": 4}, reopens=False)
    asked(client, server)
    server.responds(1, None)
    server.h2.send_data(1, b"1234")
    server.speaks()
    assert heard(client, 2) == [OK, Data(b"1234")]
    client.sends(http2.window(2, stream=1))
    assert server.hears(WindowUpdated).stream_id == 1
    server.h2.send_data(1, b"56")
    server.speaks()
    assert client.hears() == Data(b"56")


def test_what_the_socket_does_not_hold_is_left_and_goes_on_later(meets: Meets) -> None:
    client, server = meets(initial_window_size=1 << 30)
    server.h2.increment_flow_control_window(1 << 30)
    server.speaks()
    assert client.settings
    client.sends(request.post("/", more=True))
    server.is_asked()
    body = b"0123456789abcdef" * (1 << 18)
    rest = client.offers(request.part(body, last=True), 0.01)
    assert 0 < len(rest) < len(body)
    got = bytearray()
    while rest:
        got += server.takes(1)
        rest = client.offers(rest, 0.01)
    while len(got) < len(body):
        got += server.takes(1)
    assert got == body
    server.hears(StreamEnded)
