"""Dialogues over WebSocket: what is drawn is legal where it says so, and tells bad servers from good ones."""

from collections.abc import Callable, Iterator

import pytest
from drawn import drawn, found
from lying import Lie
from spoiled import PROXIES, through_a_proxy

from asgi_conformance.dialogue.introduction import introduce
from asgi_conformance.dialogue.stage import Stage
from asgi_conformance.fuzz.script import Line, Script
from asgi_conformance.fuzz.websocket import whatever_is_said_over_websocket_the_server_serves_on
from asgi_conformance.servers import resolve
from asgi_conformance.spec.conversation import Conversation
from asgi_conformance.spec.model import APPLICATION
from asgi_conformance.spec.requirement import requirements
from asgi_conformance.wire.connection import Patience

MACHINE = whatever_is_said_over_websocket_the_server_serves_on
SCOPE = {"type": "websocket", "extensions": {"websocket.http.response": {}}}


class Mute(Lie):
    """Keeps the pongs."""

    def to_client(self, data: bytes) -> bytes:
        return b"" if data[:1] == b"\x8a" else data


@pytest.fixture
def muted() -> Iterator[Stage]:
    """A good server that is not heard when it answers a ping."""
    stage = Stage(resolve("uvicorn:h11"), Patience(must=1.0), through_a_proxy(Mute))
    introduce(stage)
    yield stage
    stage.close(0)
    while PROXIES:
        PROXIES.pop().close()


@pytest.fixture(scope="module")
def scripts() -> list[Script]:
    return drawn(MACHINE, examples=50)


def said(script: Script, app: str) -> Iterator[Line]:
    return (line for line in script if line.actor == app and line.verb == "sends")


def test_what_an_application_sends_is_legal(scripts: list[Script]) -> None:
    for script in scripts:
        for app in ("app", "app2"):
            conversation = Conversation(SCOPE)
            for line in said(script, app):
                for message in line.arguments:
                    assert isinstance(message, dict)
                    assert conversation.may_say(APPLICATION, message)
                    assert not conversation.says(APPLICATION, message)


def test_every_line_is_about_a_requirement(scripts: list[Script]) -> None:
    assert {line.blame for script in scripts for line in script} <= requirements().keys()


def test_a_good_server_shows_nothing_new(staged: Callable[[str], Stage]) -> None:
    assert not [*found(MACHINE, staged("uvicorn:h11"), examples=30)]


def test_a_server_that_answers_no_ping_is_convicted(muted: Stage) -> None:
    assert next(found(MACHINE, muted, examples=60)) == "websocket.ping.answered"
