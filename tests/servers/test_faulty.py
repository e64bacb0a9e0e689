"""The faulty servers have the faults that their names promise."""

import contextlib
from collections.abc import Callable

import pytest

from asgi_conformance.servers import Running
from asgi_conformance.wire.connection import Patience, Silence, connect

Starts = Callable[..., Running]
Asks = Callable[..., bytes]


@pytest.mark.parametrize("name", ["never_starts", "never_answers"])
def test_silence(name: str, starts_faulty: Starts) -> None:
    with contextlib.closing(connect(starts_faulty(name).address, Patience())) as connection:
        connection.write(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
        with pytest.raises(Silence):
            connection.read(0.3)


def test_death_in_the_middle(starts_faulty: Starts, asks: Asks) -> None:
    running = starts_faulty("dies_in_the_middle")
    assert asks(running).startswith(b"HTTP/1.1 200 ")
    assert running.process.ends(15)
    assert (running.process.returncode, running.process.log.text) == (9, "called\nout of memory\n")


def test_nonsense(starts_faulty: Starts, asks: Asks) -> None:
    assert asks(starts_faulty("talks_nonsense")) == b"\x00\x01\x02 what is HTTP?\r\n\r\n"


def test_the_application_is_called_twice(starts_faulty: Starts, asks: Asks) -> None:
    running = starts_faulty("calls_twice")
    assert asks(running).count(b"HTTP/1.1 200") == 1
    running.stop(15)
    assert running.process.log.text.count("called") == 2


def test_the_application_is_never_called(starts_faulty: Starts, asks: Asks) -> None:
    running = starts_faulty("never_calls")
    assert asks(running).endswith(b"ok")
    running.stop(15)
    assert "called" not in running.process.log.text
