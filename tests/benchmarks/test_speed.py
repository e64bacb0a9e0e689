"""What a dialogue costs, beside a plain request of the same client to the same server, in one run.

The ratios are shown, never asserted: machines differ.
"""

import gc
import time
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import mean, median

import pytest
from drawn import Always
from hypothesis import settings

from asgi_conformance.checks.http_scope import the_path_is_percent_decoded
from asgi_conformance.dialogue.introduction import introduce
from asgi_conformance.dialogue.performance import perform
from asgi_conformance.dialogue.stage import Play, Stage
from asgi_conformance.dialogue.verdict import Verdict
from asgi_conformance.fuzz.http import whatever_is_said_over_http_the_server_serves_on as machine
from asgi_conformance.fuzz.playing import Deviation
from asgi_conformance.fuzz.running import Campaign
from asgi_conformance.fuzz.script import Script
from asgi_conformance.servers import resolve
from asgi_conformance.wire import request
from asgi_conformance.wire.answer import End
from asgi_conformance.wire.connection import Patience
from asgi_conformance.wire.http1 import HTTP1

CONSTANT = Path(__file__).parents[2] / "fixtures" / "apps" / "constant.py"
ROUNDS = 300
IN_A_ROW = 30
"""So many of a kind are measured in a row, in turns: whatever else the machine does meets all."""
TAKEN = {"http.response.start.trailers.wrong_type.raises", "http.response.body.more_body.wrong_type.raises"}
"""What uvicorn takes for right: to find it and to shrink it is no part of what is measured."""
FUZZED = machine.requirement.id


@pytest.fixture(scope="module")
def plain() -> Iterator[Stage]:
    """A server with the application that always says the same."""
    stage = Stage(resolve("uvicorn"), Patience(), Play("constant:app", (CONSTANT,))).open()
    yield stage
    stage.close()


@pytest.fixture(scope="module")
def probed() -> Iterator[Stage]:
    """A server with the probe."""
    stage = Stage(resolve("uvicorn"), Patience())
    introduce(stage)
    yield stage
    stage.close()


def seconds(work: Callable[[], object]) -> float:
    """How long a piece of work takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def ask(stage: Stage) -> None:
    client = HTTP1(stage.connect())
    client.sends(request.get("/"))
    while not isinstance(client.hears(), End):
        pass
    client.leaves()


def converse(stage: Stage) -> None:
    assert perform(the_path_is_percent_decoded, stage, "http/1.1").verdict is Verdict.PASS


def test_a_dialogue_beside_a_plain_request(
    plain: Stage, probed: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    asking, talking = list[float](), list[float]()
    for _ in range(ROUNDS // IN_A_ROW):
        asking += [seconds(lambda: ask(plain)) for _ in range(IN_A_ROW)]
        talking += [seconds(lambda: converse(probed)) for _ in range(IN_A_ROW)]
    ratio = median(talking) / median(asking)
    with capsys.disabled():
        print(f"\na dialogue takes {ratio:.1f} times a plain request")


def test_what_many_dialogues_leave_beside_one_at_work(
    probed: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    converse(probed)
    tracemalloc.start()
    converse(probed)
    at_work = tracemalloc.get_traced_memory()[1]
    for _ in range(ROUNDS):
        converse(probed)
    gc.collect()
    left = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    with capsys.disabled():
        print(f"\n{ROUNDS} dialogues leave {left / at_work:.2f} times the memory that one has at work")


def test_examples_beside_plain_requests(
    plain: Stage, probed: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    asking, playing = list[float](), list[float]()

    class Measured(Campaign):
        """Asks plain requests between the examples."""

        def _plays(self, script: Script) -> Deviation | None:
            if len(playing) % IN_A_ROW == 0:
                asking.extend(seconds(lambda: ask(plain)) for _ in range(IN_A_ROW))
            began = time.perf_counter()
            deviation = super()._plays(script)
            playing.append(time.perf_counter() - began)
            return deviation

    campaign = Measured(machine, Always(probed), "http/1.1", "benchmark", ROUNDS, 0, set(TAKEN))
    settings.register_profile("benchmark", database=None)
    settings.load_profile("benchmark")
    began = time.perf_counter()
    assert list(campaign.found()) == []
    whole = time.perf_counter() - began - sum(asking)
    usual = mean(asking) * len(playing)
    settings.load_profile("default")
    with capsys.disabled():
        print(f"\nan example of {FUZZED} takes {whole / usual:.1f} times a plain request,")
        print(f"{sum(playing) / usual:.1f} times to be played, and the rest to be drawn")
