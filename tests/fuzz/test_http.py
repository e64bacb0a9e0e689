"""The machine of HTTP: what it has the application send is legal, and a good server is found to be one."""

import pytest
from drawn import FEW, MANY, Staged
from hypothesis import find, given
from hypothesis.strategies import SearchStrategy

from asgi_conformance.fuzz.http import whatever_is_said_over_http_the_server_serves_on as machine
from asgi_conformance.fuzz.machine import Ground
from asgi_conformance.fuzz.playing import play
from asgi_conformance.fuzz.script import Line, Script
from asgi_conformance.spec.conversation import Conversation
from asgi_conformance.spec.model import APPLICATION
from asgi_conformance.spec.requirement import requirement

GROUND = Ground("http/1.1", websocket=True, extensions={})
SCOPE = {"type": "http", "asgi": {"version": "3.0"}}
KNOWN = {"http.response.start.trailers.wrong_type.raises", "http.response.body.more_body.wrong_type.raises"}
"""What h11's uvicorn takes that no application should send."""


def drawn() -> SearchStrategy[Script]:
    return machine.strategy(GROUND)


@FEW
@given(drawn())
def test_what_is_to_be_taken_is_legal(script: Script) -> None:
    conversations: dict[str, Conversation] = {}
    for line in script:
        conversation = conversations.setdefault(line.actor, Conversation(SCOPE))
        for message in line.arguments if line.actor.startswith("app") else ():
            if isinstance(message, dict) and line.verb in ("sends", "cannot_send"):
                assert conversation.may_say(APPLICATION, message) or line.verb == "cannot_send"
                conversation.says(APPLICATION, message if line.verb == "sends" else {})


@FEW
@given(drawn())
def test_every_line_is_about_a_requirement(script: Script) -> None:
    assert all(requirement(line.blame) for line in script)


@FEW
@given(drawn())
def test_a_script_begins_with_the_client_and_ends(script: Script) -> None:
    assert script[0].verb == "sends"
    assert any(line.verb in ("returns", "raises", "ends") for line in script)


@pytest.mark.parametrize(
    "verb", ["resets", "raises", "cannot_send", "listens", "receives_part", "receives_no_whole_body"]
)
def test_there_is_a_script_in_which_somebody(verb: str) -> None:
    def says_so(line: Line) -> bool:
        return line.verb == verb

    assert find(drawn(), lambda script: any(map(says_so, script)), settings=MANY)


@pytest.mark.parametrize(("server", "version"), [("uvicorn:h11", "http/1.1"), ("hypercorn", "http/1.1")])
def test_a_good_server(server: str, version: str, staged: Staged) -> None:
    stage = staged(server)

    @FEW
    @given(machine.strategy(Ground.of(stage.facts, version)))
    def is_found(script: Script) -> None:
        found = play(script, stage, version, survival=machine.requirement.id, known=KNOWN)
        assert found is None or found.requirement.endswith("wrong_type.raises")

    is_found()
