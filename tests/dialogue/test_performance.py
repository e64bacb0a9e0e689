"""What comes of a check on a server."""

from collections.abc import Callable

import pytest

from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.check import Check, check
from asgi_conformance.dialogue.client import Client
from asgi_conformance.dialogue.introduction import introduce
from asgi_conformance.dialogue.performance import Finding, look_after, perform
from asgi_conformance.dialogue.server import Server
from asgi_conformance.dialogue.stage import Stage
from asgi_conformance.spec.requirement import Level
from asgi_conformance.wire import request

Stages = Callable[..., Stage]
MUST, SHOULD, CLIENT = "http.scope.method.present", "http.scope.method.uppercase", "http.scope.client.type"


def calls(client: Client, app: App) -> None:
    client.sends(request.get("/"))
    app.is_called(method="GET")


def calls_for_another_method(client: Client, app: App) -> None:
    client.sends(request.get("/"))
    app.is_called(method="POST")


def calls_for_nothing(client: Client, app: App) -> None:
    client.connects()
    app.is_called()


def calls_with_a_query(client: Client, app: App) -> None:
    client.sends(request.get("/?of=death"))
    app.is_called()


def stumbles(client: Client) -> None:
    client.sends(request.get("/"))
    raise KeyError("ours")


def about(requirement: str, function: Callable[..., None], silence: Level | None = None) -> Check:
    return check(requirement, silence=silence)(function)


@pytest.mark.parametrize(
    ("on_trial", "verdict", "note"),
    [
        (about(MUST, calls), "pass", ""),
        (about(MUST, calls_for_another_method), "fail", "the scope: method is 'GET', not 'POST'"),
        (about(SHOULD, calls_for_another_method), "warn", "the scope: method is 'GET', not 'POST'"),
        (about(MUST, stumbles), "error", "KeyError: 'ours'"),
        (about("websocket.scope.type", calls), "unsupported", "the server does not serve WebSocket"),
        (about("h2ws.unsupported", calls), "pass", ""),
    ],
)
def test_a_verdict_and_its_note(on_trial: Check, verdict: str, note: str, minimal: Stage) -> None:
    found = perform(on_trial, minimal, "http/1.1")
    assert (found.verdict, found.note) == (verdict, note)


@pytest.mark.parametrize(("silence", "verdict"), [(None, "fail"), (Level.MAY, "info")])
def test_silence_may_be_judged_in_another_way(silence: Level | None, verdict: str, minimal: Stage) -> None:
    minimal.patience = type(minimal.patience)(0.1, 0.1)
    found = perform(about(MUST, calls_for_nothing, silence), minimal, "http/1.1")
    assert (found.verdict, found.note) == (verdict, "the application was not called")


def test_our_own_trouble_has_a_traceback(minimal: Stage) -> None:
    assert "in stumbles" in perform(about(MUST, stumbles), minimal, "http/1.1").trouble


def test_what_was_seen_is_told_with_a_verdict_that_blames_nobody(minimal: Stage) -> None:
    def tells_what_it_sees(client: Client, app: App, server: Server) -> None:
        server.records("a first thing")
        server.records("a second one")
        calls(client, app)

    assert perform(about(MUST, tells_what_it_sees), minimal, "http/1.1").note == "a first thing; a second one"


def test_what_is_overheard_of_the_own_requirement_decides(stages: Stages) -> None:
    stage = stages("says_a_wrong_type")
    introduce(stage)
    own, other = (perform(about(each, calls), stage, "http/1.1") for each in (CLIENT, MUST))
    assert (own.verdict, own.overheard) == ("fail", [])
    assert (other.verdict, [each.requirement for each in other.overheard]) == ("pass", [CLIENT])


def looked_after(stage: Stage, function: Callable[..., None]) -> Finding:
    introduce(stage)
    found = perform(about(MUST, function), stage, "http/1.1")
    look_after(stage, found)
    return found


def test_a_death_is_a_failure_that_says_so(stages: Stages) -> None:
    found = looked_after(stages("dies_of_a_query"), calls_with_a_query)
    assert (found.verdict, found.note) == ("fail", "the server ended with exit status 9")
    assert (found.ruined, found.log) == (True, "out of memory")


def test_after_a_check_all_may_be_well(minimal: Stage) -> None:
    found = looked_after(minimal, calls_for_another_method)
    assert (found.verdict, found.ruined) == ("fail", False)


def test_a_hang_after_a_check_is_a_failure_of_that(stages: Stages) -> None:
    stage = stages("hangs_after_a_query")
    stage.patience = type(stage.patience)(1.0, 0.1)
    found = looked_after(stage, calls_with_a_query)
    assert (found.verdict, found.ruined) == ("fail", True)
    assert found.note == "the server did not serve any more afterwards"
