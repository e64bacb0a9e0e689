"""A client that asks many things at once on one connection, as HTTP/2 and HTTP/3 let it."""

import time
from abc import ABC, abstractmethod

from .answer import Answer
from .compression import Compression
from .connection import Connection, Silence, Unavailable
from .request import Headers, Part, Request
from .stream_spelling import Cancel, Heading, Loose, Payload, asked_in, spelled
from .streams import Asked, Exchange, Exchanges
from .websocket import Compressed, Fragments, Frame, Handshake, Octets

GoingOn = Part | Frame | Fragments | Compressed | Octets | bytes
Sendable = Request | Handshake | GoingOn | Loose


class Multiplexed(ABC):
    """What does not depend on how streams are spelled: which one is meant, and whose answer is heard.

    Each request has its stream; a Part, a frame or a message of a WebSocket goes on with the last one.
    """

    version: str
    scheme = "https"

    def __init__(self, connection: Connection, *, authority: str = "localhost") -> None:
        self.connection = connection
        self.authority = authority
        self.stream = 0
        """The stream that is meant where none is named: the one that was opened last."""
        self.exchanges = Exchanges()
        self.newest = 0
        """The highest number of a stream that we have opened, 0 before the first."""
        self._tails: dict[int, Part] = {}
        """How what was offered last on a stream ends when the rest of it is taken."""

    def sends(self, what: Sendable, *, method: Asked | tuple[Asked, ...] = "GET", expecting: int = 1) -> None:
        """Put it on the wire; of raw bytes say what they ask: a method or a Handshake, or a tuple of them.

        `expecting=0` when the bytes open no stream. What a server that is gone does not take is no error:
        `hears` tells of the end. Raises Silence when the server is there and takes nothing, Unavailable for
        a Handshake when it does not offer WebSocket.
        """
        self.greets()
        patience, rest = self.connection.patience.must, b""
        match what:
            case bytes():
                for each in method if isinstance(method, tuple) else (method,) * expecting:
                    self.opens(each)
                self.puts(what, patience)
            case Request():
                rest = self._asks(what, patience)
            case Handshake():
                self._awaits_websocket()
                self.opens(what)
                self.heads(self.stream, spelled(what, authority=self.authority, scheme=self.scheme))
            case Heading() | Payload() | Cancel():
                self._says(what)
            case _:
                rest = self._goes_on(what, patience)
        if rest or self.is_underway:
            raise Silence(f"the server took nothing for {patience:g} s")

    def offers(self, what: Part | Fragments | bytes, wait: float) -> bytes:
        """Put it on the wire until the server takes nothing for `wait` seconds; returns what is left.

        That may be offered again: bytes go on with what was offered before.
        """
        self.greets()
        return self._goes_on(what, wait)

    def hears(self, wait: float | None = None) -> Answer:
        """The next answer to the oldest request that is not answered to its end. Raises Silence."""
        return self._hears(None, wait)

    def hears_of(self, stream: int, wait: float | None = None) -> Answer:
        """The next answer on just this stream, in any order; stream 0 is the connection. Raises Silence."""
        return self._hears(stream, wait)

    @property
    def settings(self) -> dict[str, int]:
        """What the server has set so far; the first settings are waited for. Raises Silence."""
        self.greets()
        deadline = time.monotonic() + self.connection.patience.must
        while (said := self.settings_heard()) is None and self.exchanges.end is None:
            self.reads(max(deadline - time.monotonic(), 0))
        return said or {}

    @property
    def is_heard_out(self) -> bool:
        """Was what the server says on the stream that was opened last heard to its end?"""
        exchange = self.exchanges.get(self.stream)
        return exchange is not None and exchange.is_over

    def finishes(self) -> None:
        """Say no more on this connection, and go on listening."""
        self.connection.finish()

    def leaves(self) -> None:
        """Close the connection."""
        self.connection.close()

    def resets(self) -> None:
        """Close the connection with a reset."""
        self.connection.reset()

    def fileno(self) -> int:
        """The file descriptor, for select; -1 when we have closed the connection."""
        return self.connection.fileno()

    # How it is spelled

    @abstractmethod
    def greets(self) -> None:
        """Say what comes before all else, once."""

    @property
    @abstractmethod
    def is_underway(self) -> bool:
        """Is there something that we have said and the server has not taken yet?"""

    @abstractmethod
    def next_stream(self) -> int:
        """The number of the stream that a client opens next."""

    @abstractmethod
    def opened(self, stream: int, asked: Asked) -> None:
        """This was or is about to be asked on a stream."""

    @abstractmethod
    def heads(self, stream: int, fields: Headers, *, end: bool = False, continuations: int = 0) -> None:
        """Say a list of fields on a stream."""

    @abstractmethod
    def says(self, stream: int, payload: Payload) -> None:
        """Say this DATA frame on a stream."""

    @abstractmethod
    def cancels(self, stream: int, code: int | None) -> None:
        """End a stream with an error."""

    @abstractmethod
    def flows(self, stream: int, data: bytes, wait: float, *, end: bool = False) -> bytes:
        """Say this, in one piece if it fits, as far as the server takes it; returns the rest."""

    @abstractmethod
    def puts(self, data: bytes, wait: float) -> None:
        """Bytes on the connection itself; what is not taken is under way."""

    @abstractmethod
    def reads(self, wait: float) -> None:
        """Read once; the end of the connection is an answer. Raises Silence when nothing comes."""

    @abstractmethod
    def makes_room(self) -> None:
        """What was heard makes room for more: let the server know."""

    @abstractmethod
    def settings_heard(self) -> dict[str, int] | None:
        """What the server has set by now, None before it has said that."""

    # What is common

    def opens(self, asked: Asked, stream: int | None = None) -> Exchange:
        """The next stream is for this."""
        self.stream = self.next_stream() if stream is None else stream
        self.newest = max(self.newest, self.stream)
        self.opened(self.stream, asked)
        return self.exchanges.opens(self.stream, asked)

    def _says(self, what: Loose) -> None:
        stream = what.stream or self.stream
        match what:
            case Heading():
                if not what.trailing and self.exchanges.get(what.stream) is None:
                    self.opens(asked_in(what.fields), what.stream)
                    stream = self.stream
                self.heads(stream, what.fields, end=what.end, continuations=what.continuations)
            case Payload():
                self.says(stream, what)
            case Cancel():
                self.cancels(stream, what.code)
                exchange = self.exchanges.get(stream)
                if exchange is not None:
                    exchange.gives_up()

    def _asks(self, request: Request, wait: float) -> bytes:
        self.opens(request.method)
        pieces = request.chunks if request.chunks is not None else tuple(filter(None, [request.body]))
        fields = spelled(request, authority=self.authority, scheme=self.scheme)
        self.heads(self.stream, fields, end=not pieces and not request.more)
        for number, piece in enumerate(pieces, 1):
            rest = self.flows(self.stream, piece, wait, end=number == len(pieces) and not request.more)
            if rest:
                return rest
        return b""

    def _goes_on(self, what: GoingOn, wait: float) -> bytes:
        if not isinstance(what, bytes):
            self._tails[self.stream] = what if isinstance(what, Part) else Part()
        data, tail = self._payload(what), self._tails.get(self.stream, Part())
        is_last = tail.last and not tail.trailers
        rest = self.flows(self.stream, data, wait, end=is_last) if data or is_last else b""
        if not rest and tail.last and tail.trailers:
            self.heads(self.stream, tail.trailers, end=True)
        return rest

    def _payload(self, what: GoingOn) -> bytes:
        match what:
            case bytes():
                return what
            case Part():
                return what.data
            case Compressed():
                # Without an agreement it is our word alone, and for the server to refuse.
                exchange = self.exchanges.get(self.stream)
                agreed = exchange.compression if exchange else None
                return (agreed or Compression()).compressed(what.message).spelled()
            case _:
                return what.spelled()

    def _awaits_websocket(self) -> None:
        if not self.settings.get("enable_connect_protocol") and self.exchanges.end is None:
            raise Unavailable(f"the server offers no WebSocket over {self.version.upper()}")

    def _hears(self, stream: int | None, wait: float | None) -> Answer:
        self.greets()
        patience = self.connection.patience.must
        whole = patience if wait is None else wait
        deadline = time.monotonic() + whole
        while (answer := self._next(stream)) is None:
            left = deadline - time.monotonic()
            if left < -patience:
                raise Silence("much came, but not what was waited for")
            try:
                # What has come by now is read even when there is no time left.
                self.reads(max(left, 0))
            except Silence as silence:
                raise Silence(f"nothing for {whole:g} s") from silence
        return answer

    def _next(self, stream: int | None) -> Answer | None:
        answer = self.exchanges.next() if stream is None else self.exchanges.next_of(stream)
        self.makes_room()
        return answer
