"""How a WebSocket is opened and ended in a dialogue, on a server that is right about it."""

from collections.abc import Callable, Iterator

import pytest

from asgi_conformance.dialogue.dialogue import Dialogue
from asgi_conformance.dialogue.expectation import Broken, Unsupported, like
from asgi_conformance.dialogue.introduction import introduce
from asgi_conformance.dialogue.stage import Stage
from asgi_conformance.spec import websocket
from asgi_conformance.wire import websocket as ws

OFFER = "permessage-deflate"


@pytest.fixture
def dialogue(stages: Callable[..., Stage]) -> Iterator[Dialogue]:
    """A dialogue on a server that speaks WebSocket, compressed if it is asked to."""
    stage = stages("uvicorn:h11")
    introduce(stage)
    dialogue = Dialogue(stage, "http/1.1")
    yield dialogue
    dialogue.close()


def test_what_was_agreed_on_is_compared(dialogue: Dialogue) -> None:
    client, app = dialogue.client(), dialogue.app()
    with pytest.raises(Broken, match=r"extensions is 'permessage-deflate', not like foo"):
        client.is_accepted_by(app, "/", OFFER, extensions=like("foo"))


def test_an_offer_may_be_declined(dialogue: Dialogue) -> None:
    client, app = dialogue.client(), dialogue.app()
    with pytest.raises(Unsupported, match="the server declines foo"):
        client.is_accepted_by(app, "/", "foo")


def test_a_message_may_be_compressed(dialogue: Dialogue) -> None:
    client, app = dialogue.client(), dialogue.app()
    client.is_accepted_by(app, "/", OFFER)
    client.sends(ws.compressed(ws.text("hello")))
    app.receives(websocket.receive(text="hello"))


def test_who_is_failed_is_told_at_one_end_or_the_other(dialogue: Dialogue) -> None:
    client, app = dialogue.client(), dialogue.app()
    client.is_accepted_by(app)
    client.sends(ws.frame(3))
    client.is_failed_with(app)


def test_who_is_not_failed_may_have_reached_no_limit(dialogue: Dialogue) -> None:
    client, app = dialogue.client(), dialogue.app()
    client.is_accepted_by(app)
    client.sends(ws.text("not too long"))
    with pytest.raises(Unsupported, match=r"receive gave websocket\.receive"):
        client.is_failed_with(app, unless="websocket.receive")


def test_where_nobody_is_told_of_an_end_there_is_none(dialogue: Dialogue) -> None:
    client, app = dialogue.client(), dialogue.app()
    client.is_accepted_by(app)
    with pytest.raises(Broken, match="neither the client nor the application"):
        client.is_failed_with(app)
