"""What a client does with a connection that has many streams, as in HTTP/2 and HTTP/3."""

from abc import abstractmethod
from typing import TYPE_CHECKING

from asgi_conformance.dialogue.expectation import Broken, Quiet, Unsupported
from asgi_conformance.dialogue.wire_end import WireEnd
from asgi_conformance.wire import connection
from asgi_conformance.wire.http2 import HTTP2
from asgi_conformance.wire.multiplexed import Multiplexed
from asgi_conformance.wire.one_stream import OneStream
from asgi_conformance.wire.request import Headers, Request
from asgi_conformance.wire.stream_spelling import spelled
from asgi_conformance.wire.websocket import Handshake

if TYPE_CHECKING:
    from asgi_conformance.dialogue.client import Client

MOST_STREAMS = 512
"""A limit that is higher than this is not tried."""


class Multiplexing(WireEnd):
    """A wire end with many streams, each of which can be a client of its own."""

    def on_stream(self, number: int | None = None) -> "Client":
        """One stream of this connection, as a client of its own; the next one unless it has a number.

        From now on, what is heard here is of the connection alone.
        """
        other = self.dialogue.client(self.version)
        other._wire = OneStream(self._shared, number)
        self._wire = OneStream(self._shared, 0)
        return other

    def comes_on_a_stream_of(self, other: "Client") -> None:
        """Be the next stream of another client's connection, which is heard of the connection alone."""
        self._wire = OneStream(other._shared)
        other._wire = OneStream(other._shared, 0)

    def fields_of(self, what: Request | Handshake) -> Headers:
        """All fields of what would be sent, pseudo headers first: to be changed and sent."""
        signed = self._signed(what)
        assert isinstance(signed, Request | Handshake)
        if isinstance(signed, Handshake):
            _ = self._settings  # No server need know the extended CONNECT before it has said so.
        return spelled(signed, authority=self._shared.authority, scheme=self._shared.scheme)

    def makes_no_room(self) -> None:
        """From now on no window is opened by what was heard, but only by this client's word."""
        self.dialogue.transcript.says("client", "opens no windows")
        self._http2.reopens = False

    def limit_of_streams(self) -> int:
        """How many streams the server allows at once. Raises Unsupported where it is too many to be tried."""
        limit = self._settings.get("max_concurrent_streams")
        if limit is None or limit > MOST_STREAMS:
            raise Unsupported(f"the server allows {limit or 'any number of'} streams at once")
        return limit

    def was_told_goodbye(self) -> None:
        """By now the server has said GOAWAY, and no error with it."""
        goodbye = self._http2.goaway
        if goodbye is None:
            raise Broken("the server said no GOAWAY")
        if goodbye.code:
            raise Broken(f"the server said {goodbye}")

    @property
    def _settings(self) -> dict[str, int]:
        try:
            return self._shared.settings
        except connection.Silence as silence:
            raise Quiet("the server says no settings") from silence

    @property
    def _shared(self) -> Multiplexed:
        wire = self.wire
        shared = wire.shared if isinstance(wire, OneStream) else wire
        assert isinstance(shared, Multiplexed)
        return shared

    @property
    def _http2(self) -> HTTP2:
        shared = self._shared
        assert isinstance(shared, HTTP2)
        return shared

    @abstractmethod
    def _signed(self, what: object) -> object:
        """The same with what tells whose it is."""
