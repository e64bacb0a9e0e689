"""Trailers conclude a response that has promised them, and no other one."""

import pytest

from asgi_conformance.dialogue.expectation import Broken
from asgi_conformance.extensions import push, trailers
from asgi_conformance.extensions.trailers import BODY, FLAVOUR, PROMISE, SUM, TRAILERS, carries, carries_none
from asgi_conformance.spec import http
from asgi_conformance.spec.conversation import Conversation
from asgi_conformance.spec.model import APPLICATION, Message

SCOPE = {"type": "http", "asgi": {"version": "3.0"}, "extensions": {trailers.NAME: {}, push.NAME: {}}}


def said(*messages: Message) -> Conversation:
    """A response so far, where nothing was out of place."""
    conversation = Conversation(SCOPE)
    for message in messages:
        assert conversation.may_say(APPLICATION, message)
        conversation.says(APPLICATION, message)
    return conversation


def test_trailers_may_come_in_several_events_after_the_body() -> None:
    first = trailers.trailers(headers=[SUM], more_trailers=True)
    assert not said(PROMISE, BODY, first, first, TRAILERS).steps(APPLICATION)


@pytest.mark.parametrize(
    "messages",
    [
        (),
        (PROMISE,),
        (PROMISE, http.response_body(more_body=True)),
        (http.response_start(status=200), BODY),
        (PROMISE, BODY, TRAILERS),
    ],
)
def test_trailers_come_nowhere_else(messages: tuple[Message, ...]) -> None:
    assert not said(*messages).may_say(APPLICATION, TRAILERS)


def test_a_response_that_promises_trailers_may_push() -> None:
    pushed = push.push(path="/", headers=[])
    assert said(PROMISE, pushed).may_say(APPLICATION, BODY)
    assert not said(PROMISE, BODY).may_say(APPLICATION, pushed)


def test_fields_are_found_in_their_order_beside_others() -> None:
    carries((SUM, (b"x-other", b""), FLAVOUR), SUM, FLAVOUR)
    with pytest.raises(Broken, match="the trailers are"):
        carries((FLAVOUR, SUM), SUM, FLAVOUR)


def test_no_trailers_are_none_at_all_or_none_of_a_name() -> None:
    carries_none(())
    carries_none(None)
    carries_none((SUM,), b"host")
    with pytest.raises(Broken, match="has the trailers"):
        carries_none((SUM,))
    with pytest.raises(Broken, match="has the trailers"):
        carries_none((SUM, (b"host", b"")), b"host")
