"""A test is told before the response, where it has asked for it."""

from asgi_conformance.extensions.debug import NAME, TOLD
from asgi_conformance.spec import http
from asgi_conformance.spec.conversation import Conversation
from asgi_conformance.spec.model import APPLICATION

SCOPE = {"type": "http", "asgi": {"version": "3.0"}, "path": "/", "headers": []}
START = http.response_start(status=200, headers=[])


def test_a_test_is_told_before_the_start_only() -> None:
    conversation = Conversation(SCOPE | {"extensions": {NAME: {}}})
    assert conversation.may_say(APPLICATION, TOLD)
    conversation.says(APPLICATION, TOLD)
    conversation.says(APPLICATION, START)
    assert not conversation.may_say(APPLICATION, TOLD)


def test_nobody_is_told_who_has_not_asked() -> None:
    assert not Conversation(SCOPE).may_say(APPLICATION, TOLD)


def test_it_is_overheard_of_no_harness_that_it_asks() -> None:
    assert Conversation(SCOPE | {"extensions": {NAME: {}}}).opening == Conversation(SCOPE).opening
