"""Dialogues at the same time: a good server keeps them apart, and who does not is convicted."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from drawn import FEW, Staged
from hypothesis import Phase, find, given, settings

from asgi_conformance.dialogue.introduction import introduce, introduce_over
from asgi_conformance.dialogue.stage import Play, Stage
from asgi_conformance.fuzz.interleaved import merged, orders, scripts
from asgi_conformance.fuzz.machine import Ground
from asgi_conformance.fuzz.playing import play
from asgi_conformance.fuzz.script import Actor, Line, Script
from asgi_conformance.servers import resolve
from asgi_conformance.wire import request
from asgi_conformance.wire.connection import Patience

OWN = "fuzz.interleaved"
LEAK = "lifespan.state.no_leak_between_requests"
GROUND = Ground("http/1.1", websocket=False, extensions={})
SOME = settings(FEW, max_examples=10, phases=(Phase.generate, Phase.shrink))
client, app = Actor("client"), Actor("app")


def exchange(number: int, *before: Line) -> list[Line]:
    """An ordinary exchange of a dialogue."""
    path, body = f"/{number}", b"%d" % number
    lines = (
        *before,
        client.sends(request.post(path, body=body)),
        app.is_called(path=path),
        app.receives_body(body),
        app.responds(200, [], body),
        client.receives(status=200, body=body),
        app.returns(),
    )
    return [replace(line, blame=OWN, dialogue=number) for line in lines]


@pytest.fixture(scope="module")
def leaking() -> Iterator[Stage]:
    """A server whose requests have one state."""
    layer = Path(__file__).with_name("crossing.py")
    stage = Stage(resolve("uvicorn:h11"), Patience(), Play("crossing:shares_one_state", files=(layer,)))
    introduce(stage)
    yield stage
    stage.close(1.0)


@SOME
@given(order=orders())
def test_the_lines_of_each_dialogue_keep_their_order(order: bytes) -> None:
    dialogues = [exchange(0), exchange(1), exchange(2)]
    script = merged(order, dialogues)
    assert [[line for line in script if line.dialogue == number] for number in range(3)] == dialogues


@pytest.mark.parametrize("server", ["uvicorn:h11", "hypercorn"])
def test_dialogues_that_take_turns_go_on(server: str, staged: Staged) -> None:
    script = tuple(line for lines in zip(exchange(0), exchange(1), strict=True) for line in lines)
    assert play(script, staged(server), "http/1.1", survival=OWN) is None


def test_dialogues_take_turns_on_one_connection(staged: Staged) -> None:
    stage = staged("hypercorn")
    introduce_over("http/2", stage)
    comes = client.comes_on_a_stream_of(Actor("connection_client"))
    each = exchange(0, comes), exchange(1, comes)
    script = tuple(line for lines in zip(*each, strict=True) for line in lines)
    assert play(script, stage, "http/2", survival=OWN) is None


@SOME
@given(script=scripts(GROUND))
def test_a_good_server_keeps_whatever_is_drawn_apart(script: Script, staged: Staged) -> None:
    assert play(script, staged("uvicorn:h11"), "http/1.1", survival=OWN) is None


def test_the_machine_convicts_who_lets_a_state_leak(leaking: Stage) -> None:
    def leaks(script: Script) -> bool:
        found = play(script, leaking, "http/1.1", survival=OWN)
        return found is not None and found.requirement == LEAK

    quick = settings(FEW, phases=(Phase.generate,))
    shortest = find(scripts(GROUND), leaks, settings=quick, random=Random(0))
    assert {line.dialogue for line in shortest} >= {0, 1}


def test_what_comes_late_is_for_its_own_dialogue(staged: Staged) -> None:
    first, second = exchange(0), exchange(1)
    script = (first[0], second[0], *second[1:], *first[1:])
    assert play(script, staged("uvicorn:h11"), "http/1.1", survival=OWN) is None
