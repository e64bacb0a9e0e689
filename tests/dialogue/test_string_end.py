"""What is found out inside the server, through the string."""

import tracemalloc
from collections.abc import Callable, Iterator

import pytest

from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.dialogue import Dialogue
from asgi_conformance.dialogue.expectation import Broken, Quiet, Unsupported
from asgi_conformance.dialogue.introduction import introduce
from asgi_conformance.dialogue.stage import Stage
from asgi_conformance.spec import http
from asgi_conformance.wire import request
from asgi_conformance.wire.connection import Patience


@pytest.fixture
def dialogue(stages: Callable[..., Stage]) -> Iterator[Dialogue]:
    """A dialogue on a server that announces an old version."""
    stage = stages("uvicorn:h11")
    introduce(stage)
    dialogue = Dialogue(stage, "http/1.1")
    yield dialogue
    dialogue.close()


@pytest.fixture
def app(dialogue: Dialogue) -> App:
    """Who reads a body of two MiB inside the server."""
    body, client, app = request.pieces(2), dialogue.client(), dialogue.app()
    client.sends(request.post("/", chunks=[next(body)], more=True))
    app.reads_on(app.receives(http.request(more_body=True)))
    client.streams(body)
    return app


def test_a_body_is_read_inside_the_server(app: App) -> None:
    app.has_read(request.pieces(2))


def test_another_body_was_not_read_inside_the_server(app: App) -> None:
    with pytest.raises(Broken, match=r"digest.+ is \[2097152, .+\], not \[1048576, "):
        app.has_read(request.pieces(1))


def test_what_is_promised_depends_on_the_version(app: App) -> None:
    app.is_not_promised("http.send.after_disconnect.raises")
    with pytest.raises(Unsupported, match="the server claims to keep"):
        app.is_not_promised("http.request.type")
    app.is_promised("http.request.type")
    with pytest.raises(Unsupported, match=r"the server announces 2\.3, without http\.send"):
        app.is_promised("http.send.after_disconnect.raises")


def test_a_body_that_stops_coming_is_not_waited_for(dialogue: Dialogue) -> None:
    dialogue.stage.patience = Patience(0.5, 0.1)
    client, app = dialogue.client(), dialogue.app()
    client.sends(request.post("/", chunks=[b"hello"], more=True))
    app.reads_on(app.receives(http.request(more_body=True)))
    with pytest.raises(Quiet, match="receive gave nothing more after 5 bytes"):
        app.has_read([b"hello", b"world"])


def test_a_long_body_is_held_by_nobody_here(dialogue: Dialogue) -> None:
    body, client, app = request.pieces(16), dialogue.client(), dialogue.app()
    client.sends(request.post("/", chunks=[next(body)], more=True))
    app.reads_on(app.receives(http.request(more_body=True)))
    tracemalloc.start()
    client.streams(body)
    app.has_read(request.pieces(16))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 2**20


def test_a_busy_server_finds_all_at_once_that_was_said_meanwhile(app: App, dialogue: Dialogue) -> None:
    client, body = dialogue.client(), request.pieces(64)
    with app.keeps_the_loop_busy():
        client.sends(request.post("/meanwhile", chunks=[], more=True))
        client.fills_the_connection(body)
        dialogue.hears_no_call()
    dialogue.app().is_called(path="/meanwhile")
    client.is_held_up(body)
