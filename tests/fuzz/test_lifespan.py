"""Lifespans that are drawn, each on a server of its own: one that forgives everything is convicted."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from drawn import FEW
from hypothesis import given, settings

from asgi_conformance.dialogue.introduction import introduce
from asgi_conformance.dialogue.stage import Play, Stage
from asgi_conformance.fuzz import lifespan as fuzzed
from asgi_conformance.fuzz.playing import Deviation, play
from asgi_conformance.fuzz.script import Actor, Script
from asgi_conformance.servers import resolve
from asgi_conformance.spec import lifespan
from asgi_conformance.wire.connection import Patience

OWN, UNKNOWN = "fuzz.lifespan", "asgi.send.unknown_type.raises.lifespan"
LENIENT = {f"lifespan.{each}.failed.message.wrong_type.raises" for each in ("startup", "shutdown")}
server, app = Actor("new_server"), Actor("app")
STARTS: Script = (server.starts().blames(OWN), app.receives(lifespan.startup()).blames(OWN))
NONSENSE: Script = (app.cannot_send({"type": "lifespan.nonsense"}).blames(UNKNOWN),)
FAILS: Script = (
    app.ends_with(lifespan.startup_failed(message="no")).blames(OWN),
    server.exits().blames(OWN),
)


@pytest.fixture(scope="module", params=["asgi_conformance_probe:app", "crossing:forgives"])
def stage(request: pytest.FixtureRequest) -> Iterator[Stage]:
    """A server whose application is called directly, and one with somebody before it who forgives all."""
    layer = Path(__file__).with_name("crossing.py")
    stage = Stage(resolve("uvicorn:h11"), Patience(), Play(request.param, files=(layer,)))
    introduce(stage)
    yield stage
    stage.close(1.0)


def played(script: Script, stage: Stage) -> Deviation | None:
    alone = stage.spare()
    try:
        return play(script, alone, "http/1.1", survival=OWN, known=LENIENT)
    finally:
        stage.lets_go(alone)


def test_only_who_forgives_takes_nonsense(stage: Stage) -> None:
    deviation = played(STARTS + NONSENSE, stage)
    is_forgiving = stage.play.application == "crossing:forgives"
    assert (deviation.requirement if deviation else None) == (UNKNOWN if is_forgiving else None)


def test_a_server_that_says_that_it_does_not_serve_may_end(stage: Stage) -> None:
    assert played(STARTS + FAILS, stage) is None


@settings(FEW, max_examples=4)
@given(script=fuzzed.lives())
def test_whatever_is_drawn_is_right_or_has_its_requirement(script: Script, stage: Stage) -> None:
    deviation = played(script, stage)
    assert deviation is None or (deviation.requirement, stage.play.application) == (
        UNKNOWN,
        "crossing:forgives",
    )


def test_each_script_has_a_server_of_its_own() -> None:
    machine = fuzzed.whatever_an_application_does_in_its_lifespan_the_server_serves_or_ends
    assert machine.needs_a_new_server
    assert machine.most == 25
