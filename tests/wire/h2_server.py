"""h2 as the server of a client in HTTP/2: a real peer, which does what it is told."""

import socket
from collections.abc import Callable
from typing import TypeVar

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import DataReceived, Event, RequestReceived
from h2.settings import SettingCodes

from asgi_conformance.wire import request
from asgi_conformance.wire.answer import Answer, Head
from asgi_conformance.wire.connection import Patience
from asgi_conformance.wire.http2 import HTTP2
from asgi_conformance.wire.http2_spelling import RawFrame
from asgi_conformance.wire.request import Request

Kind = TypeVar("Kind", bound=Event)
PATIENCE = Patience(2.0, 0.02)
OK = Head(200, (), "2")


class H2Server:
    """It says no more than a test wants, and takes whatever comes."""

    def __init__(self, sock: socket.socket, **settings: int) -> None:
        configuration = H2Configuration(client_side=False, validate_inbound_headers=False)
        self.sock = sock
        self.h2 = H2Connection(configuration)
        self.h2.local_settings.update({SettingCodes[name.upper()]: value for name, value in settings.items()})
        self.h2.local_settings.acknowledge()
        self.heard: list[Event] = []
        self.h2.initiate_connection()
        self.speaks()

    def speaks(self) -> None:
        """Send what h2 was told to say."""
        self.sock.sendall(self.h2.data_to_send())

    def sends(self, *frames: RawFrame) -> None:
        """Send these frames, which h2 does not know of."""
        self.sock.sendall(b"".join(each.spelled() for each in frames))

    def listens(self) -> None:
        """Take what has come, which is something."""
        self.heard += self.h2.receive_data(self.sock.recv(1 << 20))
        self.speaks()

    def hears(self, kind: type[Kind]) -> Kind:
        """The next event of this kind; what comes before it is dropped."""
        while True:
            while self.heard:
                event = self.heard.pop(0)
                if isinstance(event, kind):
                    return event
            self.listens()

    def is_asked(self) -> RequestReceived:
        """The next request."""
        return self.hears(RequestReceived)

    def takes(self, stream: int) -> bytes:
        """The next data on this stream, which was heard and need not be read to the end."""
        event = self.hears(DataReceived)
        assert event.stream_id == stream
        return event.data

    def responds(
        self, stream: int, body: bytes | None = b"", *fields: tuple[str, str], status: int = 200
    ) -> None:
        """Answer; a body of None is still to come."""
        self.h2.send_headers(stream, [(":status", str(status)), *fields])
        if body is not None:
            self.h2.send_data(stream, body, end_stream=True)
        self.speaks()


Meets = Callable[..., tuple[HTTP2, H2Server]]


def heard(client: HTTP2, count: int) -> list[Answer]:
    """So many answers."""
    return [client.hears() for _ in range(count)]


def asked(client: HTTP2, server: H2Server, *what: Request) -> None:
    """Ask for this, or for anything, and let the server hear it."""
    for each in what or (request.get("/"),):
        client.sends(each)
        server.is_asked()
