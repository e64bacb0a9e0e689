"""The introduction of a server."""

import signal
from collections.abc import Callable

import pytest

from asgi_conformance.dialogue.introduction import NeverServed, introduce, introduce_over, is_well
from asgi_conformance.dialogue.stage import Stage
from asgi_conformance.wire.connection import Patience

Stages = Callable[..., Stage]


def test_a_server_tells_what_it_offers(stages: Stages) -> None:
    stage = stages("uvicorn:h11")
    introduce(stage)
    assert (stage.facts.lifespan, stage.facts.websocket) == (True, {"http/1.1": True})
    assert stage.facts.spec_versions.keys() == {
        ("http", "http/1.1"),
        ("websocket", "http/1.1"),
        ("lifespan", "server"),
    }
    assert stage.facts.start > 0
    assert stage.overheard == []


def test_what_a_server_offers_may_depend_on_the_version(stages: Stages) -> None:
    stage = stages("hypercorn")
    introduce(stage)
    introduce_over("http/2", stage)
    assert stage.facts.websocket == {"http/1.1": True, "http/2": True}
    announced = {over: stage.facts.extensions["http", over] for over in ("http/1.1", "http/2")}
    assert "http.response.push" in announced["http/2"]
    assert "http.response.push" not in announced["http/1.1"]


def test_a_server_that_does_not_speak_a_version_never_serves_over_it(stages: Stages) -> None:
    stage = stages("uvicorn:h11")
    introduce(stage)
    with pytest.raises(NeverServed, match="the server never served over http/2: "):
        introduce_over("http/2", stage)


def test_a_server_may_offer_http_only(minimal: Stage) -> None:
    assert (minimal.facts.lifespan, minimal.facts.websocket) == (False, {"http/1.1": False})
    assert minimal.facts.spec_versions == {("http", "http/1.1"): "2.3"}


def test_what_was_wrong_with_the_first_request_is_overheard(stages: Stages) -> None:
    stage = stages("says_a_wrong_type")
    introduce(stage)
    heard = stage.overheard[0]
    assert (heard.requirement, heard.scene) == ("http.scope.client.type", "the first request to the server")
    assert "client → GET /" in heard.transcript


@pytest.mark.parametrize(
    ("server", "why", "said"),
    [
        ("exits", "the server never served: the server ended with exit status 3", "no database"),
        (
            "dies_in_the_middle",
            "the server never served: the server ended with exit status 9",
            "out of memory",
        ),
        ("never_answers", "the server never served in 0.4 s: the application was not called", ""),
    ],
)
def test_a_server_that_never_serves(server: str, why: str, said: str, stages: Stages) -> None:
    patience = Patience(0.1, 0.3) if server == "never_answers" else Patience()
    with pytest.raises(NeverServed) as raised:
        introduce(stages(server, patience))
    assert str(raised.value) == why
    assert raised.value.log == said
    assert "client → GET /" in raised.value.transcript


def test_a_server_is_well_until_it_is_not(minimal: Stage) -> None:
    assert is_well(minimal, minimal.patience.must)
    minimal.running.process.signals(signal.SIGSTOP)
    assert not is_well(minimal, 0.1)
    minimal.running.process.signals(signal.SIGKILL)
    minimal.running.process.ends(minimal.patience.must)
    assert not is_well(minimal, minimal.patience.must)


def test_the_patience_is_as_it_was(minimal: Stage) -> None:
    assert minimal.patience == Patience()
