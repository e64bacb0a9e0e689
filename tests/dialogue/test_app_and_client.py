"""What an application and a client say, hear and allow each other, on a server that is right about it."""

from collections.abc import Callable, Iterator

import pytest

from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.client import Client
from asgi_conformance.dialogue.dialogue import Dialogue
from asgi_conformance.dialogue.expectation import Broken
from asgi_conformance.dialogue.introduction import introduce
from asgi_conformance.dialogue.stage import Stage
from asgi_conformance.spec import http, websocket
from asgi_conformance.spec.kinds import Foreign
from asgi_conformance.wire import request
from asgi_conformance.wire import websocket as ws
from asgi_conformance.wire.connection import Patience

START = http.response_start(status=200, headers=[(b"content-length", b"4")])
MEBIBYTE = http.response_body(body=Foreign("bytes", 1 << 20), more_body=True)
NOTHING = http.response_body(body=b"", more_body=True)


@pytest.fixture
def dialogue(stages: Callable[..., Stage]) -> Iterator[Dialogue]:
    """A dialogue on a server that has been asked something, and waits for what the application responds."""
    stage = stages("uvicorn:h11")
    introduce(stage)
    dialogue = Dialogue(stage, "http/1.1")
    yield dialogue
    dialogue.close()


@pytest.fixture
def client(dialogue: Dialogue) -> Client:
    """Who has asked."""
    client = dialogue.client()
    client.sends(request.get("/"))
    return client


@pytest.fixture
def app(client: Client) -> App:
    """Who was called."""
    return client.dialogue.app().is_called()


def test_an_application_is_held_up_by_a_client_that_does_not_read(app: App) -> None:
    app.sends(http.response_start(status=200, headers=[]))
    app.is_held_up(MEBIBYTE, 64)


def test_an_application_that_never_waits_is_not_held_up(app: App) -> None:
    app.sends(http.response_start(status=200, headers=[]))
    with pytest.raises(Broken, match=r"send took http.+ 3 times, and never waited"):
        app.is_held_up(NOTHING, 3)


def test_sends_at_once_come_in_any_order(client: Client, app: App) -> None:
    app.sends(START)
    app.sends_at_once(*(http.response_body(body=part, more_body=True) for part in (b"ab", b"cd")))
    client.receives_head(status=200)
    client.receives_part(b"abcd")


@pytest.mark.parametrize("status", [500, 200])
def test_a_response_is_what_may_be_received_or_an_error(client: Client, app: App, status: int) -> None:
    app.responds(status, [], b"okay" if status == 200 else b"sorry")
    client.may_receive(status=200, body=b"okay")


def test_a_beginning_is_what_may_be_received(client: Client, app: App) -> None:
    app.sends(START, http.response_body(body=b"ok", more_body=True))
    app.returns()
    client.may_receive(status=200, body=b"okay")


@pytest.mark.parametrize("body", [b"", b"no"])
def test_neither_another_body_nor_its_beginning_may_be_received(
    client: Client, app: App, body: bytes
) -> None:
    app.sends(START, http.response_body(body=b"ok", more_body=True))
    app.returns()
    with pytest.raises(Broken, match="the response: body is b'ok'"):
        client.may_receive(status=200, body=body)


def test_a_client_may_send_more_than_the_server_takes(dialogue: Dialogue) -> None:
    dialogue.stage.patience = Patience(0.5, 0.1)
    eager = dialogue.client()
    assert eager.may_send(request.post("/", body=b"a little"))
    assert not eager.may_send(request.post("/", body=bytes(1 << 25)))


def test_an_application_may_fail_to_send_with_one_kind_of_error_alone(app: App) -> None:
    assert not app.may_fail_to_send(START, error="OSError")
    assert app.may_fail_to_send(START, error="RuntimeError")
    with pytest.raises(Broken, match=r"send raised RuntimeError.+, which is no OSError"):
        app.may_fail_to_send(START, error="OSError")


def test_a_client_is_held_up_by_an_application_that_does_not_read_messages(dialogue: Dialogue) -> None:
    client, app = dialogue.client(), dialogue.app()
    client.is_accepted_by(app, "/")
    client.is_held_up([ws.data(bytes(1 << 16))] * 1024)


def test_a_client_need_not_be_accepted_soon(dialogue: Dialogue) -> None:
    client, app = dialogue.client(), dialogue.app()
    client.sends(ws.handshake("/"))
    app.receives(websocket.connect())
    assert not client.may_be_accepted(soon=True)
    app.sends(websocket.accept(subprotocol=None, headers=[]))
    assert client.may_be_accepted(soon=True, subprotocol=None)


def test_a_close_that_may_come_says_what_it_should(dialogue: Dialogue) -> None:
    client, app = dialogue.client(), dialogue.app()
    client.is_accepted_by(app, "/")
    app.sends(websocket.close(code=4001, reason=""))
    with pytest.raises(Broken, match="the close: code is 4001, not 1000"):
        client.may_be_closed(code=1000)
