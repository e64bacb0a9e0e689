"""A stage: one server, started, asked, and ended with all that belongs to it."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from asgi_conformance.dialogue.expectation import Crash, Quiet
from asgi_conformance.dialogue.introduction import introduce
from asgi_conformance.dialogue.stage import Stage
from asgi_conformance.wire.connection import Patience

Stages = Callable[..., Stage]


def test_closing_ends_the_server_and_removes_its_folder(minimal: Stage) -> None:
    process, folder = minimal.running.process, minimal.running.folder
    minimal.close()
    assert process.returncode is not None
    assert not folder.exists()


def test_a_stage_that_was_never_opened_can_be_closed(stages: Stages) -> None:
    assert stages("minimal").close() is None


def test_a_lifespan_is_answered_while_others_are_waited_for(stages: Stages) -> None:
    stage = stages("uvicorn:h11")
    introduce(stage)
    assert stage.lifespans.are_open()
    stopped = stage.close()
    assert stopped is not None
    assert (stopped.how, stopped.survivors) == ("terminated", ())


def test_who_does_not_listen_is_waited_for_no_longer_than_the_patience(stages: Stages) -> None:
    stage = stages("never_starts", Patience(0.1, 0.1), place="--port {port}")
    with pytest.raises(Quiet, match="nobody listens where the server should: Connection refused"):
        stage.open().connect()


def test_a_death_is_noticed_wherever_one_waits(stages: Stages) -> None:
    stage = stages("exits").open()
    with pytest.raises(Crash, match="the server ended with exit status 3"):
        stage.raises_if_the_server_died(stage.patience.must)
    with pytest.raises(Crash):
        stage.next_call(time.monotonic())
    assert not stage.is_open()


def test_the_log_begins_where_one_wants(stages: Stages) -> None:
    stage = stages("exits").open()
    with pytest.raises(Crash):
        stage.raises_if_the_server_died(stage.patience.must)
    assert stage.log() == "no database"
    assert stage.log(since=3) == "database"
    assert stage.log(since=stage.printed()) == ""


def test_a_spare_is_another_server_in_a_place_of_its_own(minimal: Stage) -> None:
    spare = minimal.spare()
    assert spare.running.process.pid != minimal.running.process.pid
    assert spare.address != minimal.address
    assert spare.facts is minimal.facts
    minimal.lets_go(spare)


def test_spares_that_are_not_wanted_end_with_the_stage(minimal: Stage) -> None:
    minimal.prepares_spares(2)
    folders = list(Path(minimal.running.folder).parent.glob("asgi-*"))
    minimal.close()
    assert [stopped.survivors for stopped in minimal.endings] == [()] * 3
    assert not minimal.running.folder.exists()
    assert sum(folder.exists() for folder in folders) <= len(folders) - 3


def test_no_two_dialogues_have_the_same_signature(stages: Stages) -> None:
    assert stages("minimal").signature() != stages("minimal").signature()
