"""How a WebSocket is opened and ended in a dialogue, on a server that is right about it."""

from collections.abc import Callable, Iterator

import pytest

from asgi_conformance.dialogue.dialogue import Dialogue
from asgi_conformance.dialogue.expectation import Broken, Unsupported, like
from asgi_conformance.dialogue.introduction import introduce, introduce_over
from asgi_conformance.dialogue.server import Server
from asgi_conformance.dialogue.stage import Stage
from asgi_conformance.servers import resolve
from asgi_conformance.spec import websocket
from asgi_conformance.wire import websocket as ws
from asgi_conformance.wire.connection import Patience
from asgi_conformance.wire.readiness import readable
from asgi_conformance.wire.stream_spelling import heading

OFFER = "permessage-deflate"


@pytest.fixture
def dialogue(stages: Callable[..., Stage]) -> Iterator[Dialogue]:
    """A dialogue on a server that speaks WebSocket, compressed if it is asked to."""
    stage = stages("uvicorn:h11")
    introduce(stage)
    dialogue = Dialogue(stage, "http/1.1")
    yield dialogue
    dialogue.close()


@pytest.fixture
def over_streams() -> Iterator[Dialogue]:
    """A dialogue on a server that speaks WebSocket over HTTP/2."""
    stage = Stage(resolve("hypercorn"), Patience())
    introduce(stage)
    introduce_over("http/2", stage)
    dialogue = Dialogue(stage, "http/2")
    yield dialogue
    dialogue.close()
    stage.close(1.0)


def test_who_was_answered_says_no_more(dialogue: Dialogue) -> None:
    client, app = dialogue.client(), dialogue.app()
    client.is_accepted_by(app)
    app.sends(websocket.close())
    app.returns()
    client.sends_until_answered(*[ws.text("one more")] * 1000)
    assert str(dialogue.transcript).count("one more") < 1000
    client.receives(code=1000)


def test_a_message_is_more_than_an_answer(dialogue: Dialogue) -> None:
    client, app = dialogue.client(), dialogue.app()
    client.is_accepted_by(app)
    assert (client.was_answered(), client.was_told_more()) == (False, False)
    app.sends(websocket.send(text="hello", bytes=None))
    assert readable(client.fileno() or 0, wait=dialogue.patience.must)
    assert (client.was_answered(), client.was_told_more()) == (False, True)


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


def test_nothing_else_is_told_behind_an_end(dialogue: Dialogue) -> None:
    client, app = dialogue.client(), dialogue.app()
    client.is_accepted_by(app)
    client.leaves()
    app.is_told_only(websocket.disconnect())


def test_a_message_is_something_else_than_an_end(dialogue: Dialogue) -> None:
    client, app = dialogue.client(), dialogue.app()
    client.is_accepted_by(app)
    client.sends(ws.text("hello"))
    with pytest.raises(Broken, match=r"gave websocket\.receive .*, where only websocket\.disconnect"):
        app.is_told_only(websocket.disconnect())


def test_a_call_that_is_ended_is_told_nothing_else(dialogue: Dialogue) -> None:
    client, app = dialogue.client(), dialogue.app()
    client.is_accepted_by(app)
    app.returns()
    app.is_told_only(websocket.disconnect())


def test_who_is_refused_on_a_stream_is_closed_when_that_ends(over_streams: Dialogue) -> None:
    client, app = over_streams.client(), over_streams.app()
    client.sends(ws.handshake())
    app.receives(websocket.connect())
    app.sends(websocket.close())
    client.receives(status=403)
    client.is_closed()
    Server(over_streams).serves_no_more(client)


def test_who_is_failed_on_a_stream_is_told_at_one_end_or_the_other(over_streams: Dialogue) -> None:
    client, app = over_streams.client(), over_streams.app()
    client.is_accepted_by(app)
    client.sends(ws.frame(3))
    client.is_ended_with(app)


def test_the_fields_of_a_handshake_are_ours_to_change(over_streams: Dialogue) -> None:
    client, app = over_streams.client(), over_streams.app()
    asked = client.fields_of(ws.handshake("/changed"))
    client.sends(heading([*asked, ("x-more", "1")], end=False))
    app.is_called(type="websocket", path="/changed", headers=[("x-more", "1")])


def test_a_stream_is_closed_when_nobody_says_more(over_streams: Dialogue) -> None:
    client, app = over_streams.client(), over_streams.app()
    client.is_accepted_by(app)
    app.returns()
    client.is_closed()


def test_a_call_whose_send_has_raised_hears_of_the_end(over_streams: Dialogue) -> None:
    client, app = over_streams.client(), over_streams.app()
    client.sends(ws.handshake())
    app.receives(websocket.connect())
    app.cannot_send(websocket.accept(subprotocol="never offered"))
    client.leaves()
    app.learns_of_the_end()
    assert app.has_heard()


def test_who_is_told_of_the_end_may_be_told_less_before_it_but_not_more(dialogue: Dialogue) -> None:
    for expected in (["one", "two"], ["one", "two", "three"]):
        client, app = dialogue.client(), dialogue.app()
        client.is_accepted_by(app)
        client.sends(ws.text("one"), ws.text("two"))
        client.leaves()
        app.is_told_no_more_than(*(websocket.receive(text=each) for each in expected))
    client, app = dialogue.client(), dialogue.app()
    client.is_accepted_by(app)
    client.sends(ws.text("one"), ws.text("two"))
    client.leaves()
    with pytest.raises(Broken, match=r"text='two', which was not to come"):
        app.is_told_no_more_than(websocket.receive(text="one"))


def test_who_has_gone_need_not_be_told_of_the_end(dialogue: Dialogue) -> None:
    client, app = dialogue.client(), dialogue.app()
    client.is_accepted_by(app)
    client.sends(ws.close(1000))
    app.is_told_of_the_end()
    app.returns()
    app.is_told_of_the_end()
