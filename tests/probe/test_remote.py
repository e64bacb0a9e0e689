"""Our end of the string: it waits for calls, keeps what it hears, and says when there is nothing to hear."""

import contextlib
import os
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from asgi_conformance.probe.literals import read, spelled, taken
from asgi_conformance.probe.remote import Call, Ended, Gone, Outcome, Remote, RemoteError, install
from asgi_conformance.wire.connection import Lost, Patience, Silence

HELLO = spelled({"scope": {"type": "http"}, "call": {"pid": 1}})


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


@pytest.fixture
def remote(folder: Path) -> Iterator[Remote]:
    with contextlib.closing(Remote(folder, Patience())) as remote:
        yield remote


@pytest.fixture
def probe(remote: Remote) -> Iterator[socket.socket]:
    """The probe's end of the string, played by hand."""
    with socket.socket(socket.AF_UNIX) as probe:
        probe.connect(remote.address.removeprefix("unix:"))
        yield probe


@pytest.fixture
def call(probe: socket.socket, remote: Remote) -> Iterator[Call]:
    probe.sendall(HELLO)
    with contextlib.closing(remote.accept()) as call:
        yield call


def test_the_address_is_a_unix_socket_in_the_folder(folder: Path, remote: Remote) -> None:
    assert remote.address == f"unix:{folder}/probe"
    assert (folder / "probe").is_socket()


def test_a_folder_with_a_long_name_makes_it_listen_on_loopback(folder: Path) -> None:
    with contextlib.closing(Remote(folder / ("long" * 50), Patience())) as remote:
        host, port = remote.address.removeprefix("tcp:").split(":")
        with socket.create_connection((host, int(port))) as probe:
            probe.sendall(HELLO)
            with contextlib.closing(remote.accept()) as call:
                assert call.scope == {"type": "http"}


def test_a_call_is_accepted_with_its_first_message(call: Call) -> None:
    assert (call.scope, call.about) == ({"type": "http"}, {"pid": 1})


def test_no_call_is_silence(remote: Remote) -> None:
    assert remote.waiting() is False
    with pytest.raises(Silence):
        remote.accept(0)


def test_a_server_that_is_gone_ends_the_wait(remote: Remote) -> None:
    reading, writing = os.pipe()
    os.close(writing)
    with pytest.raises(Gone):
        remote.accept(watch=reading)
    os.close(reading)


def test_a_call_counts_more_than_the_end_of_the_server(remote: Remote, probe: socket.socket) -> None:
    probe.sendall(HELLO)
    reading, writing = os.pipe()
    os.close(writing)
    assert remote.waiting() is True
    remote.accept(watch=reading).close()
    os.close(reading)


def test_a_call_that_goes_away_before_its_first_message_is_lost(remote: Remote, probe: socket.socket) -> None:
    probe.sendall(HELLO[:9])
    probe.close()
    with pytest.raises(Lost):
        remote.accept()


def test_orders_are_numbered_and_go_in_one_message(call: Call, probe: socket.socket) -> None:
    assert call.orders(("receive", None), ("send", {"type": "a"})) == [1, 2]
    assert call.orders(("return", None)) == [3]
    told = bytearray(probe.recv(999))
    assert read(taken(told)) == [(1, "receive", None), (2, "send", {"type": "a"})]
    assert read(taken(told)) == [(3, "return", None)]


def test_what_is_heard_early_is_kept(call: Call, probe: socket.socket) -> None:
    probe.sendall(spelled((2, "done", "b")) + spelled((1, "cancelled", None)))
    assert call.hears(1) == Outcome(cancelled=True)
    assert call.settled(2) == call.hears(2) == Outcome("b")


def test_a_message_may_come_in_pieces(call: Call, probe: socket.socket) -> None:
    message = spelled((1, "done", None))
    probe.sendall(message[:9])
    assert call.settled(1) is None
    probe.sendall(message[9:] + message[:1])
    assert call.hears(1) == Outcome()


def test_an_error_is_told_with_its_types(call: Call, probe: socket.socket) -> None:
    error = {"type": "a.B", "bases": ["a.B", "builtins.OSError"], "text": "gone"}
    probe.sendall(spelled((1, "raised", error)))
    assert call.hears(1).error == RemoteError("a.B", ("a.B", "builtins.OSError"), "gone")
    assert str(RemoteError("builtins.OSError", (), "")) == "OSError"


def test_an_open_order_is_silence(call: Call) -> None:
    with pytest.raises(Silence):
        call.hears(1, 0)
    with pytest.raises(Silence):
        call.ending(0)


def test_the_end_answers_every_open_order(call: Call, probe: socket.socket) -> None:
    probe.sendall(spelled((1, "done", None)) + spelled(("ended", "raised", "ValueError: boom")))
    assert call.ending() == ("raised", "ValueError: boom")
    assert call.hears(1) == Outcome()
    with pytest.raises(Ended, match="raised ValueError: boom") as ended:
        call.settled(2)
    assert (ended.value.how, ended.value.text) == ("raised", "ValueError: boom")


def test_a_call_that_ends_without_a_word_is_lost(call: Call, probe: socket.socket) -> None:
    probe.close()
    assert call.orders(("receive", None)) == [1]
    assert call.ending()[0] == "lost"


def test_the_probe_is_installed_as_a_package_of_its_own(folder: Path) -> None:
    install(folder)
    names = {path.name for path in (folder / "asgi_conformance_probe").iterdir()}
    assert names == {"__init__.py", "app.py", "literals.py", "loops.py"}
