"""A connection to a peer that reads only when it is told to."""

import socket
from collections.abc import Iterator

import pytest

from asgi_conformance.wire.connection import Connection, Lost, Patience, Silence

MUCH = bytes(range(256)) * 65_536


@pytest.fixture
def ends() -> Iterator[tuple[Connection, socket.socket]]:
    """A connection with little patience, and the other end of it."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield Connection(ours, Patience(0.05, 0.05)), theirs


def test_what_is_offered_is_taken_or_left(ends: tuple[Connection, socket.socket]) -> None:
    connection, peer = ends
    left = connection.offers(MUCH, 0.01)
    taken = len(MUCH) - len(left)
    assert peer.recv(taken, socket.MSG_WAITALL) + left == MUCH


def test_who_takes_nothing_is_not_written_to_for_ever(ends: tuple[Connection, socket.socket]) -> None:
    connection, _ = ends
    with pytest.raises(Silence, match="the peer took nothing"):
        connection.write(MUCH)


def test_nothing_is_offered_to_who_has_gone(ends: tuple[Connection, socket.socket]) -> None:
    connection, peer = ends
    peer.close()
    with pytest.raises(Lost):
        connection.offers(MUCH, 0.01)
