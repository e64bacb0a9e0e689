"""One connection with many streams, each of them a client of its own."""

from collections.abc import Iterator

import pytest

from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.client import Client
from asgi_conformance.dialogue.dialogue import Dialogue
from asgi_conformance.dialogue.expectation import Broken, Unsupported
from asgi_conformance.dialogue.introduction import introduce
from asgi_conformance.dialogue.server import Server
from asgi_conformance.dialogue.stage import Stage
from asgi_conformance.servers import resolve
from asgi_conformance.spec import http
from asgi_conformance.wire import http2, request
from asgi_conformance.wire.connection import Patience


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    """A server that speaks HTTP/2 in the clear."""
    stage = Stage(resolve("hypercorn"), Patience())
    introduce(stage)
    yield stage
    stage.close(1.0)


@pytest.fixture
def dialogue(stage: Stage) -> Iterator[Dialogue]:
    """A dialogue over HTTP/2."""
    dialogue = Dialogue(stage, "http/2")
    yield dialogue
    dialogue.close()


@pytest.fixture
def client(dialogue: Dialogue) -> Client:
    """Who asks."""
    return dialogue.client()


def asked(client: Client, path: str) -> App:
    """What was called for this path."""
    client.sends(request.get(path))
    app = client.dialogue.app().is_called(path=path)
    app.receives(http.request())
    return app


def test_streams_are_heard_in_any_order(client: Client) -> None:
    first, second = client.on_stream(), client.on_stream()
    one, two = asked(first, "/1"), asked(second, "/2")
    two.responds(200, [], b"two")
    second.receives(body=b"two")
    one.responds(200, [], b"one")
    first.receives(body=b"one")


def test_a_stream_is_gone_on_with_though_others_were_opened(client: Client) -> None:
    first, second = client.on_stream(), client.on_stream()
    first.sends(request.post("/upload", chunks=[b"hel"], more=True))
    app = client.dialogue.app().is_called(path="/upload")
    asked(second, "/2").answers(second)
    first.sends(request.part(b"lo", last=True))
    app.receives_body(b"hello")


def test_who_resets_a_stream_closes_no_other(client: Client) -> None:
    first, second = client.on_stream(), client.on_stream()
    one, two = asked(first, "/1"), asked(second, "/2")
    first.resets()
    one.receives(http.disconnect())
    two.answers(second)


def test_who_leaves_a_stream_closes_nothing_but_who_leaves_the_connection_does(client: Client) -> None:
    stream = client.on_stream()
    app = asked(stream, "/1")
    stream.leaves()
    assert stream.fileno() is not None
    client.leaves()
    assert stream.fileno() is None
    app.receives(http.disconnect())


def test_the_fields_of_a_request_tell_whose_it_is(client: Client) -> None:
    fields = client.fields_of(request.get("/changed", headers=[("x-a", "1")]))
    client.sends(http2.heading([*fields, ("x-b", "2")]))
    app = client.dialogue.app().is_called(path="/changed", headers=[("x-a", "1"), ("x-b", "2")])
    app.is_called(headers=[("x-dialogue", client.signature)])


def test_a_window_stays_closed_if_nobody_opens_it(client: Client) -> None:
    client.sends(http2.settings(initial_window_size=3))
    client.makes_no_room()
    app = asked(client, "/window")
    app.responds(200, [], b"hello")
    client.receives_head(status=200)
    client.receives_part(b"hel")
    client.hears_nothing()
    client.sends(http2.window(2, stream=1))
    client.receives_part(b"lo")


def test_a_limit_of_streams_that_is_too_high_is_not_tried(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client.limit_of_streams() == 100
    monkeypatch.setattr("asgi_conformance.dialogue.multiplexing.MOST_STREAMS", 99)
    with pytest.raises(Unsupported, match="the server allows 100 streams at once"):
        client.limit_of_streams()


def test_a_server_that_says_no_goodbye_is_told_of(client: Client) -> None:
    asked(client, "/1").answers(client)
    with pytest.raises(Broken, match="the server said no GOAWAY"):
        client.was_told_goodbye()


def test_a_goodbye_with_an_error_is_none(client: Client) -> None:
    client.sends(http2.data(b"nobody asked", stream=1))
    client.receives_refusal()
    with pytest.raises(Broken, match="goaway after stream 0, code 1"):
        client.was_told_goodbye()


def test_calls_that_nobody_waits_for_are_turned_away(dialogue: Dialogue, client: Client) -> None:
    for _ in range(3):
        client.sends(request.get("/in-vain"), http2.reset())
    server = Server(dialogue)
    server.catches_up()
    server.turns_calls_away()
    assert not dialogue.has_a_call_waiting()


def test_what_was_held_up_is_gone_on_with(client: Client) -> None:
    body = request.pieces(2)
    client.sends(request.post("/held-up", chunks=[], more=True))
    client.is_held_up(body)
    app = client.dialogue.app()
    app.reads_on(app.receives(http.request(more_body=True)))
    client.streams(body)
    app.has_read(request.pieces(2))
