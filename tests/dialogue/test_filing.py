"""Files are made where the server runs, and opened, sent and closed inside it."""

from pathlib import Path

import pytest

from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.client import Client
from asgi_conformance.dialogue.dialogue import Dialogue
from asgi_conformance.dialogue.expectation import Broken
from asgi_conformance.spec.kinds import ANY
from asgi_conformance.spec.model import APPLICATION, Event, Field
from asgi_conformance.wire import request

strange = Event("strange", APPLICATION, file=Field(ANY))


@pytest.fixture
def app(dialogue: Dialogue, client: Client) -> App:
    """Who is called for a request."""
    client.sends(request.get("/"))
    return dialogue.app()


def test_a_file_is_there_as_long_as_the_stage(app: App) -> None:
    path = Path(app.has_a_file("größe 1.txt", b"content"))
    assert (path.is_absolute(), path.read_bytes()) == (True, b"content")
    app.finds("__import__('os').path.exists('files/größe 1.txt')", True)
    app.dialogue.stage.close()
    assert not path.exists()


def test_where_there_is_no_file_nothing_is_made(app: App) -> None:
    assert not Path(app.has_no_file("nowhere.txt")).parent.exists()


def test_a_file_is_opened_inside_the_server(app: App) -> None:
    path = app.has_a_file("numbers.txt", b"0123456789")
    app.opens(path)
    app.opens(path, position=5)
    app.finds("[file_1.tell(), file_2.tell(), file_2.read()]", [0, 5, b"56789"])


def test_what_is_refused_is_told_of_a_file_that_was_to_be_closed(app: App) -> None:
    app.sends_and_closes(strange(file=app.opens(app.has_a_file("empty", b""))))
    with pytest.raises(Broken, match="send raised"):
        app.has_closed_it()
    app.finds("file_1.closed", False)


def test_a_file_is_closed_when_it_was_sent(app: App) -> None:
    app.does("send = receive = lambda *_: __import__('asyncio').sleep(0)")
    app.sends_and_closes(strange(file=app.opens(app.has_a_file("empty", b""))))
    app.has_closed_it()
    app.finds("file_1.closed", True)
