"""What can be read is told as soon as there is something, or has ended."""

import fcntl
import resource
import socket
import threading
from collections.abc import Iterator

import pytest

from asgi_conformance.wire.readiness import readable

HIGH = 1500
"""A descriptor that `select` does not know."""


@pytest.fixture
def many() -> Iterator[None]:
    """There may be more open files than usual."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_what_has_something_to_read_is_told_and_nothing_else() -> None:
    (one, other), (idle, quiet) = socket.socketpair(), socket.socketpair()
    with one, other, idle, quiet:
        assert readable(one.fileno(), idle.fileno()) == []
        other.send(b"x")
        assert readable(one.fileno(), idle.fileno(), wait=None) == [one.fileno()]


def test_an_end_can_be_read() -> None:
    one, other = socket.socketpair()
    with one:
        threading.Thread(target=other.close).start()
        assert readable(one.fileno(), wait=None) == [one.fileno()]


def test_a_time_that_is_over_waits_no_more() -> None:
    one, other = socket.socketpair()
    with one, other:
        assert readable(one.fileno(), wait=-1) == []


@pytest.mark.usefixtures("many")
def test_any_number_of_files_may_be_open() -> None:
    one, other = socket.socketpair()
    with one, other:
        high = fcntl.fcntl(one.fileno(), fcntl.F_DUPFD, HIGH)
        with socket.socket(fileno=high):
            other.send(b"x")
            assert readable(high) == [high]


def test_what_is_closed_is_no_file() -> None:
    with pytest.raises(ValueError, match="file descriptor"):
        readable(-1)
