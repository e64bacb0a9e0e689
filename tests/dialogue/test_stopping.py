"""A server that is told to stop while somebody is still there, followed to its end."""

import signal
from collections.abc import Callable, Iterator

import pytest

from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.client import Client
from asgi_conformance.dialogue.dialogue import Dialogue
from asgi_conformance.dialogue.expectation import Broken
from asgi_conformance.dialogue.server import Server
from asgi_conformance.dialogue.stage import Stage
from asgi_conformance.spec import http
from asgi_conformance.wire import request
from asgi_conformance.wire.connection import Patience

ANSWER = (
    http.response_start(status=200, headers=[(b"content-length", b"2")]),
    http.response_body(body=b"ok"),
)
SIGINT = signal.SIGINT
Stages = Callable[..., Stage]


@pytest.fixture
def dialogue(stages: Stages) -> Iterator[Dialogue]:
    """A dialogue with a server of its own, which is good but has not begun its lifespan."""
    stage = stages("uvicorn:h11")
    stage.by_hand = stage.facts.lifespan = True
    dialogue = Dialogue(stage, "server")
    yield dialogue
    dialogue.close()


@pytest.fixture
def app(dialogue: Dialogue, server: Server, client: Client) -> App:
    """The call for a request in flight."""
    server.opens()
    app = dialogue.app()
    client.sends(request.get("/in-flight"))
    app.receives(http.request())
    return app


def test_what_is_in_flight_is_answered_and_recorded(server: Server, client: Client, app: App) -> None:
    server.begins_to_stop(SIGINT, client, app)
    server.ends_before(client, app, *ANSWER).shows(client="whole response", announced=True)
    told = "application: call answered, lifespan.shutdown; client: whole response; process: exit 0"
    assert server.dialogue.recorded == [told]


def test_who_is_told_nothing_is_cancelled(server: Server, client: Client, app: App) -> None:
    app.listens()
    server.is_told(SIGINT)
    farewell = server.ends_before(client, app)
    assert (farewell.application, farewell.seen) == ("call cancelled, lifespan.shutdown", "response 500")
    with pytest.raises(Broken, match=r"was not told http\.disconnect: call cancelled"):
        farewell.shows(told="http.disconnect")


def test_a_second_signal_is_not_wasted_on_a_call_that_is_over(
    server: Server, client: Client, app: App
) -> None:
    app.responds(200, [(b"content-length", b"2")], b"ok")
    app.returns()
    server.begins_to_stop(SIGINT, client, app)
    server.is_told_again(SIGINT, client, app)
    assert server.dialogue.recorded == ["second signal: not sent, the first was enough"]


def test_a_server_that_does_not_end_is_told_of(stages: Stages) -> None:
    stage = stages("ignores_sigterm", Patience(1.0, 0.3))
    dialogue = Dialogue(stage, "server")
    server, client, app = Server(dialogue), dialogue.client(), dialogue.app()
    server.opens()
    client.sends(request.get("/in-flight"))
    app.receives(http.request())
    server.is_told(signal.SIGTERM)
    farewell = server.ends_before(client, app)
    assert str(farewell) == "application: call left open; client: left open; process: does not end"
    with pytest.raises(Broken, match="the server did not end"):
        farewell.shows()
    dialogue.close()
