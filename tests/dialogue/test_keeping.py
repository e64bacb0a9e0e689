"""What is kept of a server that somebody keeps: what arrives there, and what it cannot do."""

import subprocess
import sys
from collections.abc import Callable

import pytest

from asgi_conformance.dialogue.client import Client
from asgi_conformance.dialogue.dialogue import Dialogue
from asgi_conformance.dialogue.expectation import Unsupported
from asgi_conformance.dialogue.introduction import introduce
from asgi_conformance.dialogue.keeping import _standing_still, _state
from asgi_conformance.dialogue.server import Server
from asgi_conformance.dialogue.stage import Stage
from asgi_conformance.wire import request


def test_what_arrives_is_kept_and_what_does_not(dialogue: Dialogue, server: Server, client: Client) -> None:
    client.sends(request.get("/a"))
    server.records_of(dialogue.app(), "path", "raw_path", "nothing")
    assert dialogue.recorded == ["path '/a'", "raw_path b'/a'", "no nothing"]


def test_there_is_no_other_worker_where_there_are_none(minimal: Stage) -> None:
    dialogue = Dialogue(minimal, "http/1.1")
    with pytest.raises(Unsupported, match="the server has no workers"):
        Server(dialogue).other_worker_serves(dialogue.app())


def test_a_process_stands_still_and_goes_on() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        with _standing_still(process.pid):
            assert _state(process.pid) == "T"
        process.communicate(b"\n")
    assert process.returncode == 0


def test_it_is_known_how_far_lifespans_came(stages: Callable[..., Stage]) -> None:
    stage = stages("uvicorn:h11")
    introduce(stage)
    (life,) = stage.lifespans.lives
    assert (life.process, life.is_started, life.was_told) == (stage.running.process.pid, True, False)
    stage.close(5.0)
    assert (life.was_told, life.has_ended) == (True, True)
