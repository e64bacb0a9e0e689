"""One dialogue: the cast, and whose call is whose."""

from collections.abc import Iterator

import pytest

from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.client import Client
from asgi_conformance.dialogue.dialogue import Dialogue
from asgi_conformance.dialogue.expectation import Broken, Crash, Quiet
from asgi_conformance.dialogue.server import Server
from asgi_conformance.dialogue.stage import Stage
from asgi_conformance.wire import request


@pytest.fixture
def dialogue(minimal: Stage) -> Iterator[Dialogue]:
    """A dialogue on the smallest server."""
    minimal.patience = type(minimal.patience)(2.0, 0.1)
    dialogue = Dialogue(minimal, "http/1.1")
    yield dialogue
    dialogue.close()


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("app", App),
        ("client", Client),
        ("another_client", Client),
        ("server", Server),
        ("new_server", Server),
    ],
)
def test_a_parameter_asks_for_an_actor(name: str, kind: type, dialogue: Dialogue) -> None:
    assert type(dialogue.actor(name)) is kind


@pytest.mark.parametrize("name", ["browser", "clients", "app2", "a_server"])
def test_there_is_no_actor_of_another_name(name: str, dialogue: Dialogue) -> None:
    with pytest.raises(LookupError, match=f"there is no actor named '{name}', but app, client"):
        dialogue.actor(name)


def test_who_was_called_by_whom_is_told_in_order(dialogue: Dialogue) -> None:
    client, app = dialogue.client(), dialogue.app()
    client.sends(request.get("/a"))
    app.is_called(path="/a")
    app.responds(200, [(b"content-length", b"2")], b"ok")
    client.receives(status=200, body=b"ok")
    assert str(dialogue.transcript).splitlines()[:2] == [
        "    client → GET /a",
        "       app ← called with http GET /a",
    ]


def test_a_call_of_an_earlier_dialogue_is_not_taken_for_ours(dialogue: Dialogue) -> None:
    late = Dialogue(dialogue.stage, "http/1.1")
    late.client().sends(request.get("/late"))
    dialogue.client().sends(request.get("/ours"))
    dialogue.app().is_called(path="/ours")
    late.close()


def test_a_call_that_nobody_awaits_is_found(dialogue: Dialogue) -> None:
    dialogue.client().sends(request.get("/a"))
    with pytest.raises(Broken, match="the application was called for '/a'"):
        dialogue.hears_no_call()


def test_silence_ends_with_the_patience(dialogue: Dialogue) -> None:
    dialogue.client().connects()
    with pytest.raises(Quiet, match="the application was not called"):
        dialogue.app().is_called()


def test_a_death_is_told_instead_of_silence(dialogue: Dialogue) -> None:
    dialogue.client().connects()
    dialogue.stage.running.process.signals(9)
    with pytest.raises(Crash, match="the server ended with exit status -9"):
        dialogue.app().is_called()


def test_what_was_wrong_with_a_call_is_kept_with_its_version(dialogue: Dialogue) -> None:
    dialogue.client().sends(request.get("/a"))
    dialogue.app().is_called()
    assert dialogue.complaints == []
    assert dialogue.http_version == "http/1.1"
