"""How a client in HTTP/2 understands what a server says."""

import pytest

pytest.importorskip("h2")


from h2.errors import ErrorCodes

from asgi_conformance.wire import http2, request
from asgi_conformance.wire.answer import Closed, Data, End, Goaway, Head, Interim, Promise, Reset
from asgi_conformance.wire.connection import Silence

from .h2_server import OK, Meets, asked, heard


def test_answers_belong_to_the_requests_in_their_order(meets: Meets) -> None:
    client, server = meets()
    asked(client, server, request.get("/1"), request.get("/2"))
    server.responds(3, b"second")
    with pytest.raises(Silence):
        client.hears(0)
    server.responds(1, b"first")
    assert heard(client, 6) == [OK, Data(b"first"), End(), OK, Data(b"second"), End()]


def test_a_stream_may_be_heard_before_an_older_one(meets: Meets) -> None:
    client, server = meets()
    asked(client, server, request.get("/1"), request.get("/2"))
    server.responds(3, b"second")
    assert [client.hears_of(3) for _ in range(3)] == [OK, Data(b"second"), End()]
    server.responds(1)
    assert heard(client, 2) == [OK, End()]


def test_what_comes_before_a_response_and_behind_it(meets: Meets) -> None:
    client, server = meets()
    asked(client, server)
    server.h2.send_headers(1, [(":status", "103"), ("link", "</a>")])
    server.responds(1, None, ("x-a", "b"))
    server.h2.send_data(1, b"body")
    server.h2.send_headers(1, [("x-t", "1")], end_stream=True)
    server.speaks()
    head = Head(200, ((b"x-a", b"b"),), "2")
    early = Interim(103, ((b"link", b"</a>"),))
    assert heard(client, 4) == [early, head, Data(b"body"), End(((b"x-t", b"1"),))]


def test_a_stream_that_is_reset_is_told_and_the_next_one_goes_on(meets: Meets) -> None:
    client, server = meets()
    asked(client, server, request.get("/1"), request.get("/2"))
    server.responds(1, None)
    server.h2.reset_stream(1, ErrorCodes.INTERNAL_ERROR)
    server.responds(3)
    cut = Reset(why="INTERNAL_ERROR", code=2)
    assert heard(client, 4) == [OK, cut, OK, End()]
    assert isinstance(cut, Closed)
    assert str(cut) == "reset in the middle (INTERNAL_ERROR)"


def test_what_we_have_reset_is_not_waited_for(meets: Meets) -> None:
    client, server = meets()
    asked(client, server, request.get("/1"), request.get("/2"))
    server.responds(1, None)
    client.sends(http2.reset(1))
    server.responds(3)
    assert heard(client, 2) == [OK, End()]
    assert client.hears_of(1) == OK


def test_a_goodbye_is_kept_and_ends_what_is_not_served(meets: Meets) -> None:
    client, server = meets()
    asked(client, server, request.get("/1"), request.get("/2"))
    server.sends(http2.goaway(1, debug=b"restart"))
    server.responds(1)
    assert heard(client, 3) == [OK, End(), Closed(why="GOAWAY NO_ERROR b'restart'")]
    assert client.hears_of(0) == client.goaway == Goaway(1, 0, b"restart")


def test_an_end_with_an_error_says_which(meets: Meets) -> None:
    client, server = meets()
    asked(client, server)
    server.responds(1, None)
    server.h2.close_connection(ErrorCodes.ENHANCE_YOUR_CALM, b"too many")
    server.speaks()
    server.sock.close()
    assert heard(client, 2) == [OK, Closed(complete=False, why="GOAWAY ENHANCE_YOUR_CALM b'too many'")]


def test_a_goodbye_with_an_error_is_the_end_though_the_server_does_not_close(meets: Meets) -> None:
    client, server = meets()
    asked(client, server, request.get("/1"), request.get("/2"))
    server.sends(http2.goaway(3, ErrorCodes.PROTOCOL_ERROR))
    assert heard(client, 3) == [Closed(complete=False, why="GOAWAY PROTOCOL_ERROR")] * 3


def test_an_end_is_complete_if_nothing_was_cut_off(meets: Meets) -> None:
    client, server = meets()
    asked(client, server, request.get("/1"), request.get("/2"))
    server.responds(1)
    server.sock.close()
    assert heard(client, 4) == [OK, End(), Closed(), Closed()]


def test_an_end_in_a_response_cuts_off_that_one_alone(meets: Meets) -> None:
    client, server = meets()
    cut = Closed(complete=False)
    asked(client, server, request.get("/1"), request.get("/2"))
    server.responds(1, None)
    server.responds(3)
    server.sock.close()
    assert heard(client, 5) == [OK, cut, OK, End(), cut]


def test_a_promise_is_heard_in_its_place_and_its_response_behind_that_of_the_parent(meets: Meets) -> None:
    client, server = meets()
    asked(client, server, request.get("/1"), request.get("/2"))
    fields = [(":method", "GET"), (":scheme", "http"), (":authority", "localhost"), (":path", "/pushed")]
    server.responds(1, None)
    server.h2.push_stream(1, 2, fields)
    server.responds(2, b"pushed")
    server.h2.send_data(1, b"", end_stream=True)
    server.responds(3)
    promise = Promise(b"/pushed", tuple((name.encode(), value.encode()) for name, value in fields), 2)
    assert heard(client, 3) == [OK, promise, End()]
    assert heard(client, 5) == [OK, Data(b"pushed"), End(), OK, End()]


def test_the_settings_of_the_server_are_waited_for(meets: Meets) -> None:
    client, _ = meets(max_concurrent_streams=7, initial_window_size=5)
    assert client.settings["max_concurrent_streams"] == 7
    assert client.settings["initial_window_size"] == 5
