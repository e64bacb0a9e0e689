"""The strategies that anybody may use draw what the specification allows, and strangers what it does not."""

import pytest
from drawn import FEW
from hypothesis import given
from hypothesis import strategies as st

from asgi_conformance.fuzz import strategies
from asgi_conformance.spec import http, lifespan, websocket
from asgi_conformance.spec.conversation import Conversation
from asgi_conformance.spec.model import Event
from asgi_conformance.wire.http1_spelling import spelled
from asgi_conformance.wire.request import Request
from asgi_conformance.wire.websocket import Fragments, Frame

EVENTS = [
    value
    for chapter in (http, websocket, lifespan)
    for value in vars(chapter).values()
    if isinstance(value, Event)
]


@pytest.mark.parametrize("event", EVENTS, ids=str)
def test_events_are_right(event: Event) -> None:
    @FEW
    @given(strategies.events(event))
    def each(message: dict[str, object]) -> None:
        assert event.recognises(message)
        assert [*event.complaints(message)] == []
        assert all(
            not [*field.kind.flaws(message[key])] for key, field in event.fields.items() if key in message
        )

    each()


@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_scopes_are_right(kind: str) -> None:
    @FEW
    @given(strategies.scopes(kind))
    def each(scope: dict[str, object]) -> None:
        assert Conversation(scope).opening == []

    each()


@FEW
@given(st.data())
def test_strangers_have_a_flaw(data: st.DataObject) -> None:
    keys = {"body": b"ok", "more_body": False}
    key, message = data.draw(strategies.strangers(http.response_body, keys))
    assert [*http.response_body.fields[key].kind.flaws(message[key])]


@FEW
@given(strategies.requests())
def test_requests_can_be_spelled(request: Request) -> None:
    assert spelled(request).startswith(request.method.encode())


@FEW
@given(strategies.frames())
def test_frames_can_be_spelled(frame: Fragments | Frame) -> None:
    assert len(frame.spelled()) >= 6
