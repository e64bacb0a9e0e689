"""What a server may do with errors of its own, and with requests that are too large for it."""

import pytest

from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.client import Client
from asgi_conformance.dialogue.expectation import Broken, Unsupported
from asgi_conformance.dialogue.server import Server
from asgi_conformance.probe.remote import RemoteError
from asgi_conformance.spec import http
from asgi_conformance.wire import request

START = http.response_start(status=200, headers=[])
TOO_EARLY = http.response_body(body=b"too early", more_body=False)
FIVE_OCTETS = [("content-length", "5")]


@pytest.fixture
def app(client: Client) -> App:
    """Who was called."""
    client.sends(request.get("/"))
    return client.dialogue.app().is_called()


def test_an_error_of_send_is_looked_at(app: App) -> None:
    assert app.fails_to_send(TOO_EARLY).type == "builtins.RuntimeError"
    with pytest.raises(Broken, match=r"RuntimeError.+, whose class is not derived from OSError"):
        app.fails_to_send(TOO_EARLY, below="OSError")


def test_where_there_is_no_error_of_send_there_is_nothing_to_look_at(app: App) -> None:
    with pytest.raises(Unsupported, match="send takes it without an error"):
        app.fails_to_send(START)


def test_an_error_is_found_in_what_the_server_printed(app: App, server: Server) -> None:
    error = app.fails_to_send(TOO_EARLY)
    app.ends_after("LookupError('while cleaning up')")
    server.has_not_logged(RemoteError("builtins.KeyError", (), ""))
    for each in (error, RemoteError("builtins.LookupError", (), "while cleaning up")):
        with pytest.raises(Broken, match="the server logged its own error"):
            server.has_not_logged(each)


def test_a_header_may_be_too_large(client: Client, server: Server) -> None:
    client.sends(request.get("/", headers=[("x-a", "x" * 200_000)]))
    server.may_find_too_large(client)


def test_a_client_is_not_blamed_where_all_went_well(client: Client, app: App) -> None:
    app.responds(200, FIVE_OCTETS, b"hello")
    with pytest.raises(Broken, match="the client received 200 OK, not a response with 4xx"):
        client.is_blamed()


@pytest.mark.parametrize("length", ["6", "six"])
def test_the_rest_of_a_body_may_be_waited_for(client: Client, server: Server, length: str) -> None:
    client.sends(request.post("/", body=b"hello", headers=[("content-length", length)]))
    server.may_wait_for_the_rest(client)


def test_a_body_that_is_over_has_no_rest(client: Client, server: Server) -> None:
    client.sends(request.post("/", body=b"hello", headers=FIVE_OCTETS))
    with pytest.raises(Broken, match="the body was ended as if it were whole"):
        server.may_wait_for_the_rest(client)
