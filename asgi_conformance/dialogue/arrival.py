"""How a client comes to a server that may still be starting: by TCP or a Unix socket, and TLS where it is."""

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from asgi_conformance.dialogue.expectation import Quiet
from asgi_conformance.servers import MUTUAL
from asgi_conformance.wire import certificates, tls
from asgi_conformance.wire.connection import Connection, Lost, Silence, connect

if TYPE_CHECKING:
    from asgi_conformance.dialogue.stage import Stage

START = 4
"""A start has this many times the patience of a message: interpreters and workers take their time."""
OVER_QUIC = "http/3"
ALPN = {"http/1.1": "http/1.1", "http/2": "h2"}
"""What a client offers over TLS (RFC 7301) for each version of HTTP."""


def arrives(stage: "Stage", hello: tls.Hello | None, version: str) -> Connection:
    """A connection to the server of this stage. Raises Quiet, or Crash when the server ends meanwhile.

    `hello` is what the client offers to a server that speaks TLS, with this `version` of HTTP. If the
    handshake fails, whoever goes on with the connection finds that it is lost.
    """
    if version == OVER_QUIC:
        return _arrives_over_quic(stage, hello)
    deadline = time.monotonic() + stage.patience.must * (START if stage.by_hand else 1)
    plain = _connects(stage, deadline)
    if not stage.choice.is_encrypted:
        return plain
    return _greets(stage, plain, replace(hello or _plain_hello(stage), alpn=(ALPN[version],)), deadline)


def _arrives_over_quic(stage: "Stage", hello: tls.Hello | None) -> Connection:
    """The server has served over TCP before; it is said hello when the client says something."""
    from asgi_conformance.wire import quic

    where = stage.running.place.datagrams
    assert where is not None
    return quic.opened(where, stage.patience, replace(hello or _plain_hello(stage), alpn=quic.ALPN))


def _connects(stage: "Stage", deadline: float) -> Connection:
    address = stage.address
    for pause in _growing_pauses():
        try:
            return connect(address, stage.patience)
        except OSError as error:
            if time.monotonic() >= deadline:
                why = error.strerror or error
                raise Quiet(f"nobody listens where the server should: {why}") from error
        # No event tells that another process begins to listen: look again, sooner if something happens.
        stage.meanwhile(pause)
    raise AssertionError("unreachable")


def _growing_pauses() -> Iterator[float]:
    pause = 0.002
    while True:
        yield pause
        pause = min(pause * 1.5, 0.05)


def _greets(stage: "Stage", plain: Connection, hello: tls.Hello, deadline: float) -> Connection:
    over = tls.Connection(plain.sock, stage.patience, hello)
    try:
        while not _has_greeted(over):
            if time.monotonic() >= deadline:
                raise Quiet("the server does not shake hands over TLS")
            stage.meanwhile(deadline - time.monotonic(), over.fileno())
    except BaseException:
        over.close()
        raise
    return over


def _has_greeted(over: tls.Connection) -> bool:
    """Is the handshake over, well or not?"""
    try:
        over.greets(0)
    except Silence:
        return False
    except Lost:
        pass
    return True


def _plain_hello(stage: "Stage") -> tls.Hello:
    """What a client offers that has no wishes: where one may be asked for, a certificate in good order."""
    is_asked = MUTUAL in stage.choice.settings
    return tls.Hello(identity=certificates.made().clients[certificates.CHAINED] if is_asked else None)
