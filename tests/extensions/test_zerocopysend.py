"""What is copied from a file is a part of a body, where the extension is announced."""

import pytest

from asgi_conformance.extensions.zerocopysend import NAME, zerocopysend
from asgi_conformance.spec import http
from asgi_conformance.spec.conversation import Conversation
from asgi_conformance.spec.kinds import Foreign
from asgi_conformance.spec.model import APPLICATION

SCOPE = {"type": "http", "asgi": {"version": "3.0"}, "path": "/", "headers": []}
FILE = Foreign("named", "file")


@pytest.fixture
def conversation() -> Conversation:
    """A response has begun where the extension is announced."""
    conversation = Conversation(SCOPE | {"extensions": {NAME: {}}})
    conversation.says(APPLICATION, http.response_start(status=200, headers=[]))
    return conversation


def test_copied_parts_go_with_others_up_to_the_last(conversation: Conversation) -> None:
    parts = (
        zerocopysend(file=FILE, more_body=True),
        http.response_body(body=b"and", more_body=True),
        zerocopysend(file=FILE, offset=5, count=5),
    )
    for part in parts:
        assert conversation.may_say(APPLICATION, part)
        conversation.says(APPLICATION, part)
    assert not conversation.steps(APPLICATION)


def test_nothing_is_copied_before_the_start() -> None:
    conversation = Conversation(SCOPE | {"extensions": {NAME: {}}})
    assert not conversation.may_say(APPLICATION, zerocopysend(file=FILE))


def test_nothing_is_copied_where_nobody_announced_it() -> None:
    conversation = Conversation(SCOPE)
    conversation.says(APPLICATION, http.response_start(status=200, headers=[]))
    assert not conversation.may_say(APPLICATION, zerocopysend(file=FILE))
