"""A server that behaves badly is still heard, ended, and cleared away with its whole family."""

import os
import signal
import sys
from collections.abc import Callable
from multiprocessing.connection import wait
from pathlib import Path

import pytest

from asgi_conformance.servers import Log, Process, Running, stop_everything
from asgi_conformance.servers._process import undisturbed

Starts = Callable[..., Running]
Asks = Callable[..., bytes]

pytestmark = pytest.mark.usefixtures("nothing_leaks")


def lives(pid: int) -> bool:
    try:
        return b") Z " not in Path(f"/proc/{pid}/stat").read_bytes()
    except FileNotFoundError:
        return False


def test_a_server_that_ended_by_itself(starts_faulty: Starts) -> None:
    process = starts_faulty("exits").process
    assert wait([process.exited], 15) == [process.exited]
    assert (process.returncode, process.log.text) == (3, "no database\n")
    assert process.stops(5).how == "by itself"


def test_a_server_that_was_told_to_stop(starts_faulty: Starts, asks: Asks) -> None:
    running = starts_faulty("minimal")
    asks(running)
    assert not running.process.ends(0)
    stopped = running.stop(15)
    assert (stopped.how, stopped.returncode, stopped.survivors) == ("terminated", -signal.SIGTERM, ())


def test_a_server_that_does_not_stop_is_killed(starts_faulty: Starts, asks: Asks) -> None:
    running = starts_faulty("ignores_sigterm")
    asks(running)
    stopped = running.stop(0.1)
    assert (stopped.how, stopped.returncode) == ("killed", -signal.SIGKILL)


@pytest.mark.parametrize("name", ["minimal", "ignores_sigterm"])
def test_elsewhere_than_on_linux_the_group_is_ended(
    name: str, starts_faulty: Starts, asks: Asks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "posix")
    running = starts_faulty(name, "--port {port}" if name == "ignores_sigterm" else "--fd {fd}")
    asks(running)
    assert running.stop(0.3).survivors == ()
    assert not lives(running.process.pid)


@pytest.mark.parametrize("name", ["leaves_a_worker", "leaves_a_daemon"])
def test_who_outlives_the_server_is_counted_and_killed(name: str, starts_faulty: Starts, asks: Asks) -> None:
    running = starts_faulty(name)
    asks(running)
    [survivor] = running.stop(0.5).survivors
    assert not lives(survivor)


def test_stopping_again_tells_the_same(starts_faulty: Starts) -> None:
    running = starts_faulty("never_starts")
    assert running.stop(15) is running.stop(15)
    running.process.signals(signal.SIGTERM)
    assert running.process.ends(0)


def test_a_server_is_told_only_once_to_stop(folder: Path) -> None:
    code = """
import signal
def hears(*_):
    print("told", flush=True)
signal.signal(signal.SIGTERM, hears)
print("ready", flush=True)
while True:
    signal.pause()
"""
    process = Process([sys.executable, "-c", code], os.environ, folder)
    while "ready" not in process.log.text:
        assert not process.ends(0.005)
    process.signals(signal.SIGTERM)
    assert process.stops(0.3).how == "killed"
    assert process.log.text.count("told") == 1


def test_a_stopped_server_is_no_zombie(starts_faulty: Starts) -> None:
    running = starts_faulty("exits")
    running.stop(15)
    assert not Path(f"/proc/{running.process.pid}").exists()


def test_a_flood_does_not_block_the_server_nor_fill_the_memory(starts_faulty: Starts, asks: Asks) -> None:
    running = starts_faulty("floods")
    asks(running)
    running.stop(15)
    log = running.process.log
    assert log.tail(2) == "ready\ncalled"
    assert len(log.text) == log.limit
    assert log.dropped > 10_000_000


def test_a_server_that_closes_its_output_is_still_heard_to_end(folder: Path) -> None:
    process = Process([sys.executable, "-c", "import os; os.close(1); os.close(2)"], os.environ, folder)
    assert process.ends(15)
    assert process.stops(0).returncode == 0


def test_a_command_that_cannot_be_started(folder: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Process(["/no/such/server"], os.environ, folder)


def test_everything_is_stopped_at_once(starts_faulty: Starts) -> None:
    several = [starts_faulty("never_starts") for _ in range(3)]
    stop_everything()
    assert not any(lives(running.process.pid) for running in several)


def test_a_log_keeps_the_end() -> None:
    log = Log(limit=6)
    for line in (b"one\n", b"two\n", b"\xff"):
        log.add(line)
    assert (log.text, log.dropped) == ("e\ntwo\n\N{REPLACEMENT CHARACTER}"[1:], 3)
    assert log.tail(1) == "\N{REPLACEMENT CHARACTER}"


def test_a_log_tells_what_came_later() -> None:
    log = Log(limit=8)
    log.add(b"one\n")
    heard = log.heard
    log.add(b"two\n")
    assert (log.since(heard), log.since(0)) == ("two\n", "one\ntwo\n")
    assert log.shows("two", 0)
    assert not log.shows("three", 0)


def test_a_server_heeds_a_sigint_that_we_ignore(starts_faulty: Starts, asks: Asks) -> None:
    heeded = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        running = starts_faulty("minimal")
    finally:
        signal.signal(signal.SIGINT, heeded)
    asks(running)
    running.process.signals(signal.SIGINT)
    assert wait([running.process.exited], 15) == [running.process.exited]


def test_an_interrupt_waits_until_a_process_is_known() -> None:
    done = []

    def starts() -> None:
        with undisturbed():
            signal.raise_signal(signal.SIGINT)
            done.append("started")

    # Whoever runs this in the background of a shell ignores it.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            starts()
    finally:
        signal.signal(signal.SIGINT, before)
    assert done == ["started"]
