"""A file is a whole body, where the extension is announced."""

from asgi_conformance.extensions.pathsend import NAME, pathsend
from asgi_conformance.spec import http
from asgi_conformance.spec.conversation import Conversation
from asgi_conformance.spec.model import APPLICATION

SCOPE = {"type": "http", "asgi": {"version": "3.0"}, "path": "/", "headers": []}
ANNOUNCED = SCOPE | {"extensions": {NAME: {}}}
START = http.response_start(status=200, headers=[])


def test_an_application_may_send_a_file_after_the_start_and_nothing_then() -> None:
    conversation = Conversation(ANNOUNCED)
    assert not conversation.may_say(APPLICATION, pathsend(path="/poem.txt"))
    conversation.says(APPLICATION, START)
    assert conversation.may_say(APPLICATION, pathsend(path="/poem.txt"))
    conversation.says(APPLICATION, pathsend(path="/poem.txt"))
    assert not conversation.steps(APPLICATION)


def test_trailers_may_follow_a_file_as_they_follow_a_body() -> None:
    after_a_file, after_a_body = Conversation(ANNOUNCED), Conversation(ANNOUNCED)
    for conversation, body in ((after_a_file, pathsend(path="/a")), (after_a_body, http.response_body())):
        conversation.says(APPLICATION, http.response_start(status=200, trailers=True))
        conversation.says(APPLICATION, body)
    assert after_a_file.states == after_a_body.states


def test_a_file_is_unknown_where_nobody_announced_it() -> None:
    conversation = Conversation(SCOPE)
    conversation.says(APPLICATION, START)
    assert not conversation.may_say(APPLICATION, pathsend(path="/poem.txt"))
