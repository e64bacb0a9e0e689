"""What a campaign finds: each requirement once, shrunk, again on a fresh server, and first the next time."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis.database import DirectoryBasedExampleDatabase
from lying import Lie
from spoiled import through_a_proxy

from asgi_conformance.dialogue.introduction import introduce
from asgi_conformance.dialogue.stage import Play, Stage
from asgi_conformance.fuzz.http import whatever_is_said_over_http_the_server_serves_on as machine
from asgi_conformance.fuzz.running import Campaign
from asgi_conformance.fuzz.script import Script
from asgi_conformance.servers import resolve
from asgi_conformance.wire.connection import Patience

DECODED = "http.scope.path.percent_decoded"
OTHERS = ("encoded_slash", "encoded_question_mark", "utf8_decoded", "decoded_once")
PATHS = {f"http.scope.path.{what}" for what in OTHERS}
PATHS |= {"http.scope.raw_path.unmodified", "http.scope.query_string.raw"}
WRONG = {f"http.response.{key}.wrong_type.raises" for key in ("start.trailers", "body.more_body")}
ONCE, LATE = (Path(__file__).with_name(f"{name}.py") for name in ("once", "late"))


class Servers:
    """Servers behind a play, one after another."""

    def __init__(self, play: Play) -> None:
        self.play = play
        self.stage = self.new()

    def new(self) -> Stage:
        """One that has been introduced."""
        stage = Stage(resolve("uvicorn:h11"), Patience(), self.play)
        introduce(stage)
        return stage

    def ready(self) -> Stage:
        """The one that runs."""
        return self.stage

    def renewed(self) -> Stage:
        """Another one."""
        self.stage.close(1.0)
        self.stage = self.new()
        return self.stage


class Listening(Campaign):
    """A campaign that writes down what is drawn, and plays nothing."""

    heard: list[Script]

    def _plays(self, script: Script) -> None:
        self.heard = [*getattr(self, "heard", []), script]


Hire = Callable[[Play], Servers]


class LeavesThePathEncoded(Lie):
    """Encodes what the client has encoded once more."""

    def to_server(self, data: bytes) -> bytes:
        """What the client said, with a sign for the server to leave alone."""
        return data.replace(b"%20", b"%2520")


@pytest.fixture
def hire() -> Iterator[Hire]:
    """Servers that are stopped in the end."""
    hired: list[Servers] = []

    def make(play: Play) -> Servers:
        hired.append(Servers(play))
        return hired[-1]

    yield make
    for each in hired:
        each.stage.close(1.0)


def campaign(servers: Servers, examples: int = 300, folder: Path | None = None) -> Campaign:
    return Campaign(machine, servers, "http/1.1", "here", examples, 0, {*WRONG, *PATHS}, folder)


@pytest.fixture(autouse=True)
def database(tmp_path: Path) -> Iterator[None]:
    """Examples are kept here."""
    settings.register_profile("here", database=DirectoryBasedExampleDatabase(tmp_path / "examples"))
    settings.load_profile("here")
    yield
    settings.load_profile("default")


def test_a_fault_is_shrunk_told_once_and_reproduced(hire: Hire, tmp_path: Path) -> None:
    found = list(campaign(hire(through_a_proxy(LeavesThePathEncoded)), folder=tmp_path).found())
    (fault,) = found
    assert (fault.deviation.requirement, fault.is_flaky) == (DECODED, False)
    assert str(fault.script[0]) == 'client.sends(request.get("/%20"))'
    assert fault.reproducer is not None
    assert {each.name for each in fault.reproducer.iterdir()} >= {"app.py", "client.py"}


def test_what_was_found_before_is_tried_first(hire: Hire) -> None:
    servers = hire(through_a_proxy(LeavesThePathEncoded))
    assert len(list(campaign(servers).found())) == 1
    again = campaign(servers, examples=1)
    assert [each.deviation.requirement for each in again.found()] == [DECODED]


def test_what_does_not_repeat_on_a_fresh_server_is_flaky(hire: Hire, tmp_path: Path) -> None:
    play = Play("once:app", (ONCE,), {"ONCE": str(tmp_path / "first")})
    found = list(campaign(hire(play)).found())
    assert [(each.deviation.requirement, each.is_flaky) for each in found] == [(DECODED, True)]


def test_a_server_that_ends_after_all_was_said_is_found_by_what_was_said(hire: Hire) -> None:
    (fault,) = campaign(hire(Play("late:app", (LATE,))), examples=40).found()
    assert (fault.deviation.requirement, fault.is_flaky) == (machine.requirement.id, False)
    assert any(method in str(fault.script) for method in ("PATCH", "PUT", "DELETE", "OPTIONS"))


def test_the_seed_decides_what_is_drawn(hire: Hire) -> None:
    settings.load_profile("default")
    servers = hire(Play())
    first, second = (Listening(machine, servers, "http/1.1", "here", 20, seed) for seed in (0, 1))
    assert [*first.found(), *second.found()] == []
    assert first.heard != second.heard
    assert len(first.heard) == len(second.heard) == 20
