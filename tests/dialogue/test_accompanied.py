"""What comes before, beside and after a response."""

from collections.abc import Iterator

import pytest

from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.client import Client
from asgi_conformance.dialogue.dialogue import Dialogue
from asgi_conformance.dialogue.expectation import Broken, Unsupported
from asgi_conformance.dialogue.introduction import introduce
from asgi_conformance.dialogue.stage import Stage
from asgi_conformance.servers import resolve
from asgi_conformance.spec import http
from asgi_conformance.wire import request
from asgi_conformance.wire.answer import Interim
from asgi_conformance.wire.connection import Patience

CHUNKED = http.response_start(status=200, headers=[(b"transfer-encoding", b"chunked")])


@pytest.fixture
def dialogue(minimal: Stage) -> Iterator[Dialogue]:
    """A dialogue with a server that writes whatever it is told."""
    dialogue = Dialogue(minimal, "http/1.1")
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


def test_interim_responses_are_told_from_the_one_that_follows(app: App, client: Client) -> None:
    for status in (100, 103, 200):
        app.sends(http.response_start(status=status, headers=[(b"x-status", b"%d" % status)]))
    heard = client.hears_interims()
    assert all(isinstance(each, Interim) for each in heard)
    assert [each.status for each in heard] == [100, 103]
    client.receives_head(status=200, headers=[("x-status", "200")])


def test_trailers_come_with_the_end(app: App, client: Client) -> None:
    app.sends(CHUNKED, http.response_body(body=b"2\r\nok\r\n0\r\nx-sum: 5\r\nx-a: b\r\n\r\n"))
    assert client.hears_trailers() == ((b"x-sum", b"5"), (b"x-a", b"b"))


def test_trailers_may_be_heard_when_the_body_was(app: App, client: Client) -> None:
    app.sends(CHUNKED, http.response_body(body=b"2\r\nok\r\n"))
    client.receives_head(status=200)
    client.receives_part(b"ok")
    app.sends(http.response_body(body=b"0\r\n\r\n"))
    assert client.hears_trailers() == ()


def test_what_is_cut_off_has_no_trailers(app: App, client: Client) -> None:
    app.sends(CHUNKED, http.response_body(body=b"2\r\nok\r\n"))
    app.returns()
    with pytest.raises(Broken, match="the response was cut off"):
        client.hears_trailers()


def test_a_response_may_be_cut_off_before_its_trailers(app: App, client: Client) -> None:
    app.sends(CHUNKED, http.response_body(body=b"2\r\nok\r\n"))
    app.returns()
    assert client.may_hear_trailers() is None


@pytest.fixture
def pushing() -> Iterator[Dialogue]:
    """A dialogue with a server that pushes."""
    stage = Stage(resolve("hypercorn"), Patience())
    introduce(stage)
    dialogue = Dialogue(stage, "http/2")
    yield dialogue
    dialogue.close()
    stage.close(1.0)


def test_promises_are_heard_beside_a_whole_response(pushing: Dialogue) -> None:
    client, app = pushing.client(), pushing.app()
    client.sends(request.get("/"))
    app.sends(http.response_start(status=200))
    for path in ("/a", "/b"):
        app.sends({"type": "http.response.push", "path": path, "headers": []})
    app.sends(http.response_body(body=b"ok"))
    assert [each.path for each in client.hears_promises(status=200, body=b"ok")] == [b"/a", b"/b"]


def test_what_a_scope_announces_is_found_there(app: App) -> None:
    with pytest.raises(Broken, match="extension x is not announced"):
        app.finds_announced("x")
    with pytest.raises(Unsupported, match="extension x is not announced"):
        app.is_offered_extension("x")
    app.is_not_offered("x")
