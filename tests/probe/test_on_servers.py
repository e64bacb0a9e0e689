"""The same dialogues through every server, and through the oldest Python that the probe runs on."""

import ast
import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from asgi_conformance.probe import app
from asgi_conformance.probe.remote import Call, Outcome, Remote, install
from asgi_conformance.servers import Running, launch, resolve
from asgi_conformance.spec.kinds import Foreign
from asgi_conformance.wire.connection import Connection, Patience, connect

SERVERS = [
    "uvicorn --loop asyncio",
    "uvicorn --loop uvloop --workers 2",
    "hypercorn",
    "hypercorn:trio",
    "daphne",
    "granian",
    "granian:rust",
    "gunicorn:asgi",
    "gunicorn:uvicorn",
    "anycorn:asyncio",
    "anycorn:trio",
]
PATIENCE = Patience(must=15)
REQUEST = b"GET /path HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n"
START = {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]}
BODY = {"type": "http.response.body", "body": b"ok"}
COMPLETE = {"type": "lifespan.startup.complete"}


def old_python() -> str | None:
    """A Python 3.8 that starts: on the path, or among those of pyenv."""
    installed = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")).glob("versions/3.8.*/bin/python")
    for name in ("python3.8", *map(str, installed)):
        if (found := shutil.which(name)) and not subprocess.run(
            [found, "-V"], capture_output=True
        ).returncode:
            return found
    return None


OLD_PYTHON = old_python()


class Stage:
    """A server with the probe in it; its lifespan calls are answered."""

    def __init__(self, remote: Remote, running: Running) -> None:
        self.remote = remote
        self.running = running
        self.lifespans: list[Call] = []

    def next_call(self) -> Call:
        while True:
            call = self.remote.accept(watch=self.running.process.exited)
            if isinstance(call.scope, dict) and call.scope["type"] != "lifespan":
                return call
            call.orders(("receive", None), ("send", COMPLETE))
            self.lifespans.append(call)

    def client(self) -> Connection:
        """A client that has sent its request, as soon as the server listens."""
        while not self.running.process.ends(0.005):
            with contextlib.suppress(ConnectionRefusedError, FileNotFoundError):
                client = connect(self.running.address, PATIENCE)
                client.write(REQUEST)
                return client
            self.next_lifespan()
        raise AssertionError(self.running.process.log.tail())

    def next_lifespan(self) -> None:
        if self.remote.waiting():
            self.lifespans.append(call := self.remote.accept())
            call.orders(("receive", None), ("send", COMPLETE))

    def close(self) -> None:
        for call in self.lifespans:
            call.close()
        self.running.stop(0)


@pytest.fixture(scope="module", params=SERVERS)
def stage(request: pytest.FixtureRequest) -> Iterator[Stage]:
    """Each of the servers, started once."""
    with tempfile.TemporaryDirectory() as name, contextlib.closing(Remote(Path(name), PATIENCE)) as remote:
        running = launch(resolve(request.param), remote, Path(name))
        with contextlib.closing(Stage(remote, running)) as stage:
            yield stage


@pytest.fixture
def client(stage: Stage) -> Iterator[Connection]:
    """A client that asks for /path."""
    with contextlib.closing(stage.client()) as client:
        yield client


@pytest.fixture
def call(stage: Stage, client: Connection) -> Iterator[Call]:
    """The call of the application for that client."""
    assert client.fileno() >= 0
    with contextlib.closing(stage.next_call()) as call:
        yield call


def heard(client: Connection) -> bytes:
    """All that the client finds."""
    return b"".join(iter(client.read, b""))


def test_a_request_is_answered(client: Connection, call: Call) -> None:
    (receiving,) = call.orders(("receive", None))
    assert call.hears(receiving).value == {"type": "http.request", "body": b"", "more_body": False}
    sending = call.orders(("send", START), ("send", BODY))
    assert [call.hears(number).error for number in sending] == [None, None]
    call.orders(("return", None))
    assert call.ending() == ("returned", "")
    assert heard(client).endswith(b"\r\n\r\nok")


def test_receives_and_sends_overlap(client: Connection, call: Call) -> None:
    numbers = call.orders(("receive", None), ("send", START), ("receive", None), ("send", BODY))
    assert [call.hears(number).error for number in (numbers[0], numbers[1], numbers[3])] == [None] * 3
    (evaluation,) = call.orders(("evaluate", "scope['path']"))
    assert call.hears(evaluation).value == "/path"
    call.orders(("return", None))
    assert call.ending() == ("returned", "")
    assert heard(client).endswith(b"ok")


def test_an_application_that_raises_is_the_servers_affair(client: Connection, call: Call) -> None:
    call.orders(("receive", None), ("raise", ("RuntimeError", "boom")))
    assert call.ending() == ("raised", "builtins.RuntimeError: boom")
    assert b" 500 " in heard(client)


def test_a_client_that_leaves_is_told_of(client: Connection, call: Call) -> None:
    first, second = call.orders(("receive", None), ("receive", None))
    call.hears(first)
    client.close()
    assert call.hears(second).value == {"type": "http.disconnect"}


IN_THE_SERVER = [path for path in Path(app.__file__).parent.glob("*.py") if path.name != "remote.py"]
BY_HAND = """
import asyncio
from asgi_conformance_probe import app

async def receive():
    return {"type": "http.request", "body": b"abc"}

async def send(message):
    assert type(message["headers"]).__name__ == "generator", message
    assert list(message["headers"]) == [(b"a", b"b")], message

asyncio.run(app({"type": "http", "path": "/"}, receive, send))
"""


@pytest.mark.parametrize("path", IN_THE_SERVER, ids=lambda path: path.name)
def test_what_runs_in_the_server_is_old_python(path: Path) -> None:
    ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 8))


@pytest.mark.skipif(OLD_PYTHON is None, reason="there is no Python 3.8 here")
def test_the_probe_runs_on_the_oldest_python() -> None:
    with tempfile.TemporaryDirectory() as name, contextlib.closing(Remote(Path(name), PATIENCE)) as remote:
        install(Path(name))
        environment = {**os.environ, "ASGI_CONFORMANCE_PROBE": remote.address}
        with subprocess.Popen([str(OLD_PYTHON), "-c", BY_HAND], cwd=name, env=environment) as process:
            call = remote.accept()
            message = {"type": "a", "headers": Foreign("generator", [(b"a", b"b")])}
            receiving, sending = call.orders(("receive", None), ("send", message))
            assert call.hears(receiving).value == {"type": "http.request", "body": b"abc"}
            assert call.hears(sending) == Outcome()
            call.orders(("return", None))
            assert call.ending() == ("returned", "")
        call.close()
        assert process.returncode == 0
