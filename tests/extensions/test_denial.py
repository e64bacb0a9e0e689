"""A denial is a word of WebSocket only where it is announced."""

from asgi_conformance.extensions import denial
from asgi_conformance.spec import websocket
from asgi_conformance.spec.conversation import Conversation
from asgi_conformance.spec.model import APPLICATION

SCOPE = {"type": "websocket", "asgi": {"version": "3.0"}, "path": "/", "headers": []}
ANNOUNCED = SCOPE | {"extensions": {denial.NAME: {}}}


def test_an_application_may_deny_where_the_extension_is_announced() -> None:
    conversation = Conversation(ANNOUNCED)
    for message in (denial.START, denial.body(body=b"not ", more_body=True), denial.BODY):
        assert conversation.may_say(APPLICATION, message)
        conversation.says(APPLICATION, message)
    assert not conversation.steps(APPLICATION)


def test_an_application_that_denies_says_nothing_else() -> None:
    conversation = Conversation(ANNOUNCED)
    conversation.says(APPLICATION, denial.START)
    assert not conversation.may_say(APPLICATION, websocket.accept())


def test_a_denial_is_unknown_where_nobody_announced_it() -> None:
    assert not Conversation(SCOPE).may_say(APPLICATION, denial.START)
