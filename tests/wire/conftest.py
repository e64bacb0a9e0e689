"""Who meets in the tests of the wire: a client, and a peer that does what it is told."""

import socket
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

import pytest

from asgi_conformance.wire import certificates
from asgi_conformance.wire.connection import Connection

if TYPE_CHECKING:
    from pathlib import Path

    from .h2_server import H2Server, Meets
    from .h3_server import H3Server, Responds, Serves


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


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> "Mapping[str, Path]":
    """The certificate and the key of a server."""
    pytest.importorskip("trustme")
    return certificates.made().write(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def serves(files: "Mapping[str, Path]") -> "Iterator[Serves]":
    """A function that gives a client in HTTP/3 and a server that answers each request so."""
    pytest.importorskip("aioquic")
    from asgi_conformance.wire import quic
    from asgi_conformance.wire.http3 import HTTP3

    from .h3_server import PATIENCE, H3Server

    ends: list[Callable[[], None]] = []

    def serve(responds: "Responds" = lambda *_: None) -> "tuple[HTTP3, H3Server]":
        server = H3Server(files, responds)
        server.start()
        client = HTTP3(quic.connect(server.address, PATIENCE))
        ends.extend((client.leaves, server.ends))
        return client, server

    yield serve
    for each in ends:
        each()
