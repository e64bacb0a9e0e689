"""Who meets in the tests of the wire: a client, and a peer that does what it is told."""

import socket
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from asgi_conformance.wire.connection import Connection

if TYPE_CHECKING:
    from .h2_server import H2Server, Meets


@pytest.fixture
def meets() -> "Iterator[Meets]":
    """A function that gives both ends of a connection in HTTP/2; takes the settings of each."""
    pytest.importorskip("h2")
    from asgi_conformance.wire.http2 import HTTP2

    from .h2_server import PATIENCE, H2Server

    sockets: list[socket.socket] = []

    def meet(
        ours: dict[str, int] | None = None, *, reopens: bool = True, **theirs: int
    ) -> "tuple[HTTP2, H2Server]":
        pair = socket.socketpair()
        sockets.extend(pair)
        pair[1].settimeout(5)
        return HTTP2(Connection(pair[0], PATIENCE), settings=ours, reopens=reopens), H2Server(
            pair[1], **theirs
        )

    yield meet
    for each in sockets:
        each.close()
