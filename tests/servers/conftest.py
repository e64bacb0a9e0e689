"""What the tests of servers share: how one is started and asked, with a folder and a remote."""

import contextlib
import os
import shlex
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from asgi_conformance.probe.remote import Remote
from asgi_conformance.servers import Choice, Running, launch, resolve
from asgi_conformance.wire.connection import Connection, Patience, connect

PATIENCE = Patience(must=15.0)
FAULTY = Path(__file__).parent / "faulty"
HELLO = Path(__file__).parent / "hello.py"


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder whose path is short enough for a Unix socket."""
    with tempfile.TemporaryDirectory() as path:
        yield Path(path)


@pytest.fixture
def remote(folder: Path) -> Iterator[Remote]:
    """Where the probe would report to."""
    listening = Remote(folder, PATIENCE)
    yield listening
    listening.close()


@pytest.fixture
def starts(folder: Path, remote: Remote) -> Iterator[Callable[..., Running]]:
    """Launches what `--asgi-server` would mean, or a choice, with the application of hello.py."""
    started: list[Running] = []

    def start(server: str | Choice, **options: Any) -> Running:
        choice = resolve(server) if isinstance(server, str) else server
        settings = {"application": "hello:app", "files": [HELLO]} | options
        started.append(launch(choice, remote, folder, **settings))
        return started[-1]

    yield start
    for running in started:
        running.stop(0)
    started.clear()


@pytest.fixture
def starts_faulty(starts: Callable[..., Running]) -> Callable[..., Running]:
    """Launches one of the servers in the folder `faulty`, by name."""
    command = f"{shlex.quote(sys.executable)} {shlex.quote(str(FAULTY))}"
    return lambda name, place="--fd {fd}", **options: starts(
        f"{command}/{name}.py {{app}} {place}", **options
    )


@pytest.fixture
def asks() -> Callable[..., bytes]:
    """Sends a request on a connection of its own, once the server listens, and returns all that comes."""

    def ask(running: Running, path: str = "/") -> bytes:
        with contextlib.closing(_connection(running)) as connection:
            connection.write(f"GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n".encode())
            return b"".join(iter(connection.read, b""))

    return ask


def _connection(running: Running) -> Connection:
    while not running.process.ends(0.005):
        with contextlib.suppress(ConnectionRefusedError, FileNotFoundError):
            return connect(running.address, PATIENCE)
    raise AssertionError(running.process.log.tail())


@pytest.fixture
def nothing_leaks() -> Iterator[None]:
    """No file descriptor is open after the test that was not before it."""
    before = os.listdir("/dev/fd")
    yield
    assert os.listdir("/dev/fd") == before
