"""Who stands in front waits for who is behind."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from asgi_conformance.servers import _front


@pytest.fixture
def path(folder: Path) -> str:
    """Where somebody will listen."""
    return str(folder / "behind.sock")


@pytest.fixture
def behind(path: str) -> Iterator[socket.socket]:
    """Who has a socket there, and does not listen yet."""
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(path)
        yield bound


def test_a_file_alone_takes_no_connections(path: str, behind: socket.socket) -> None:
    assert not _front.is_taken_care_of(path)
    behind.listen()
    assert _front.is_taken_care_of(path)


def test_the_program_is_run_when_somebody_listens(path: str, behind: socket.socket) -> None:
    command = [sys.executable, "-I", "-S", _front.__file__, path, "/bin/echo", "in front"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as front:
        with pytest.raises(subprocess.TimeoutExpired):
            front.wait(0.3)
        behind.listen()
        assert front.stdout is not None
        assert front.stdout.read() == b"in front\n"
