"""A push has its place between the start and the end of a response, and promises a path as URLs have it."""

import pytest

from asgi_conformance.dialogue.expectation import Broken
from asgi_conformance.extensions import push
from asgi_conformance.extensions.push import BODY, IN_A_URL, START, carries
from asgi_conformance.spec import http
from asgi_conformance.spec.conversation import Conversation
from asgi_conformance.spec.model import APPLICATION
from asgi_conformance.wire.answer import Promise

SCOPE = {"type": "http", "asgi": {"version": "3.0"}, "extensions": {push.NAME: {}}}
PUSH = push.push(path="/", headers=[])


def test_pushes_come_while_a_response_goes_on() -> None:
    conversation = Conversation(SCOPE)
    places = []
    for message in (START, http.response_body(more_body=True), BODY):
        places.append(conversation.may_say(APPLICATION, PUSH))
        conversation.says(APPLICATION, PUSH)
        conversation.says(APPLICATION, message)
    assert places == [False, True, True]
    assert not conversation.may_say(APPLICATION, PUSH)


@pytest.mark.parametrize("path", [b"/", b"/a/b;c=d", b"/%C3%A9", b"/~user/@x:y"])
def test_a_path_is_written_as_in_a_url(path: bytes) -> None:
    assert IN_A_URL.fullmatch(path)


@pytest.mark.parametrize("path", [b"", b"/a b", "/é".encode(), b"/100%", b"/a?b"])
def test_anything_else_is_no_path_in_a_url(path: bytes) -> None:
    assert not IN_A_URL.fullmatch(path)


def test_a_promise_is_asked_for_its_headers() -> None:
    promise = Promise(b"/", ((b":authority", b"localhost"), (b"x-a", b"1")))
    carries(promise, ("x-a", "1"), (":authority", "localhost"))
    with pytest.raises(Broken, match="header x-a"):
        carries(promise, ("x-a", "2"))
