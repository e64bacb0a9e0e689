"""What extensions add to a drawn response: said where it is offered, in its place, as a server takes it."""

import pytest
from drawn import FEW, MANY, Staged, reported
from hypothesis import find, given

from asgi_conformance.extensions import early_hint, pathsend, trailers, zerocopysend
from asgi_conformance.fuzz.code import code
from asgi_conformance.fuzz.http import scripts
from asgi_conformance.fuzz.machine import Ground
from asgi_conformance.fuzz.playing import play
from asgi_conformance.fuzz.script import File, Script
from asgi_conformance.spec.conversation import Conversation
from asgi_conformance.spec.model import APPLICATION

EXTENSIONS = (early_hint.NAME, pathsend.NAME, trailers.NAME, zerocopysend.NAME)
GROUND = Ground("http/2", websocket=False, extensions={"http": EXTENSIONS})
SCOPE = {"type": "http", "asgi": {"version": "3.0"}, "extensions": {name: {} for name in EXTENSIONS}}


def types(script: Script) -> list[object]:
    """The types of all that is sent."""
    messages = [message for line in script for message in line.arguments if line.verb == "sends"]
    return [message.get("type") for message in messages if isinstance(message, dict)]


@pytest.mark.parametrize("name", EXTENSIONS)
def test_an_application_makes_use_of(name: str) -> None:
    assert find(scripts(GROUND), lambda script: name in types(script), settings=MANY)


@FEW
@given(scripts(Ground("http/2", websocket=False, extensions={})))
def test_what_is_not_offered_is_not_sent(script: Script) -> None:
    assert not {*types(script)} & {*EXTENSIONS}


@FEW
@given(scripts(GROUND))
def test_what_is_to_be_taken_is_legal(script: Script) -> None:
    conversations: dict[str, Conversation] = {}
    for line in script:
        conversation = conversations.setdefault(line.actor, Conversation(SCOPE))
        for message in line.arguments if line.verb == "sends" else ():
            if isinstance(message, dict):
                assert conversation.may_say(APPLICATION, message)
                conversation.says(APPLICATION, message)


@pytest.mark.parametrize("server", ["hypercorn", "anycorn"])
def test_a_server_that_offers_them(server: str, staged: Staged) -> None:
    stage = staged(server)
    known = reported(server)

    @FEW
    @given(scripts(Ground.of(stage.facts, "http/2")))
    def is_found(script: Script) -> None:
        assert play(script, stage, "http/2", survival="fuzz.http", known=known) is None

    is_found()


def test_a_file_is_told_as_a_check_would_make_it() -> None:
    assert code(File("app", b"ok")) == 'app.has_a_file("79dcdd47.bin", b"ok")'
    assert code(File("app", b"", is_open=True)) == 'app.opens(app.has_a_file("00000000.bin", b""))'
