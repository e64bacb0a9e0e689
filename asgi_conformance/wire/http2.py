"""HTTP/2 as a client speaks it: every frame we send is ours, every frame we find is judged by h2."""

import contextlib
import time
from collections.abc import Mapping

from h2.errors import ErrorCodes
from hpack import Encoder

from . import tls
from .answer import Garbage, Goaway
from .connection import Connection, Lost, Silence
from .http2_reader import Reader
from .http2_spelling import (
    DATA,
    HEADERS,
    PREFACE,
    SETTINGS,
    WINDOW_UPDATE,
    RawFrame,
    data_frame,
    field_block,
    frame,
    goaway,
    ping,
    rst_stream,
    settings,
    window,
)
from .multiplexed import Multiplexed, Sendable
from .request import Headers
from .stream_spelling import Payload, data, heading, reset, trailers
from .streams import Asked

__all__ = [
    "HTTP2",
    "RawFrame",
    "data",
    "frame",
    "goaway",
    "heading",
    "ping",
    "reset",
    "settings",
    "trailers",
    "window",
]


class HTTP2(Multiplexed):
    """A client on one connection, which is known to speak HTTP/2 or has agreed on it over TLS."""

    version = "http/2"

    def __init__(
        self,
        connection: Connection,
        *,
        authority: str = "localhost",
        settings: Mapping[str, int] | None = None,
        reopens: bool = True,
    ) -> None:
        """`settings` are our first ones, named as for the function of this name. Raises ValueError.

        With `reopens` the windows are opened again by what was heard; without, by nobody but `window`.
        """
        super().__init__(connection, authority=authority)
        self.scheme = "https" if isinstance(connection, tls.Connection) else "http"
        self.reopens = reopens
        self._settings = dict(settings or {})
        self._reader = Reader(self.exchanges, self._settings)
        self._encoder = Encoder()
        self._underway = b""
        self._has_greeted = self._is_lost = self._was_reset = False

    def sends(
        self,
        what: Sendable | RawFrame,
        *,
        method: Asked | tuple[Asked, ...] = "GET",
        expecting: int = 1,
    ) -> None:
        """As for all streams; besides, a frame of any kind goes out as it is."""
        if not isinstance(what, RawFrame):
            super().sends(what, method=method, expecting=expecting)
            return
        self.greets()
        if what.type == HEADERS and self.exchanges.get(what.stream) is None:
            self.opens("GET", what.stream)
        self._sends_frame(what)
        if self.is_underway:
            raise Silence(f"the server took nothing for {self.connection.patience.must:g} s")

    @property
    def goaway(self) -> Goaway | None:
        """What the server has said of its end, as far as was read."""
        return self._reader.goaway

    def greets(self) -> None:
        """The preface (RFC 9113 §3.4), and whether the server has agreed to hear it."""
        if self._has_greeted:
            return
        self._has_greeted = True
        if isinstance(self.connection, tls.Connection):
            # Whoever is lost already says so when he is read.
            with contextlib.suppress(Lost):
                agreed = self.connection.agreed.alpn
                if agreed != "h2":
                    self.exchanges.breaks(
                        Garbage(f"the server agreed on {agreed or 'no protocol'}, not on h2")
                    )
        self.puts(PREFACE + settings(**self._settings).spelled(), self.connection.patience.must)

    @property
    def is_underway(self) -> bool:
        """A piece of a frame, or more."""
        return bool(self._underway)

    def next_stream(self) -> int:
        """The numbers of a client are odd (RFC 9113 §5.1.1)."""
        return self.newest + 1 + self.newest % 2

    def opened(self, stream: int, asked: Asked) -> None:
        """Let the judge know."""
        self._reader.opened(stream, asked)

    def settings_heard(self) -> dict[str, int] | None:
        """As far as was read."""
        return self._reader.settings

    def heads(self, stream: int, fields: Headers, *, end: bool = False, continuations: int = 0) -> None:
        """HEADERS, and CONTINUATION where it is too long or this is asked for."""
        self._drains()
        if self._encoder.header_table_size != self._reader.table_size:
            self._encoder.header_table_size = self._reader.table_size
        limit = self._reader.frame_limit
        frames = field_block(
            stream, self._encoder.encode(fields), limit, end=end, continuations=continuations
        )
        self.puts(b"".join(each.spelled() for each in frames), self.connection.patience.must)

    def says(self, stream: int, payload: Payload) -> None:
        """One DATA frame, whatever the windows say."""
        self._sends_frame(data_frame(stream, payload.data, end=payload.end, padding=payload.padding))

    def cancels(self, stream: int, code: int | None) -> None:
        """RST_STREAM."""
        self._sends_frame(rst_stream(stream, ErrorCodes.CANCEL if code is None else code))

    def flows(self, stream: int, data: bytes, wait: float, *, end: bool = False) -> bytes:
        """DATA frames, as the windows and the limit of a frame let them."""
        deadline = time.monotonic() + wait
        while not self._takes_no_more(stream):
            if self._underway:
                self.puts(b"", wait)
            if self._underway:
                return data
            room = self._reader.room(stream)
            if data and room <= 0:
                try:
                    self.reads(max(deadline - time.monotonic(), 0))
                except Silence:
                    return data
                continue
            piece, data = data[: max(room, 0)], data[max(room, 0) :]
            self._sends_frame(data_frame(stream, piece, end=end and not data), wait)
            if not data:
                return b""
            deadline = time.monotonic() + wait
        return b""

    def puts(self, data: bytes, wait: float) -> None:
        """Bytes behind those that are under way."""
        try:
            self._underway = self.connection.offers(self._underway + data, wait)
        except Lost as lost:
            # The system tells of a reset only once, be it to a writer or to a reader.
            self._was_reset = self._was_reset or isinstance(lost.__cause__, ConnectionResetError)
            self._underway, self._is_lost = b"", True

    def reads(self, wait: float) -> None:
        """Read once, and reply what must be replied."""
        try:
            read = self.connection.read(wait)
        except Lost:
            self._was_reset, read = True, b""
        if not read:
            self._reader.ends(reset=self._was_reset)
            return
        self._reader.takes(read)
        replies, self._reader.replies = self._reader.replies, b""
        self.puts(replies, 0)

    def makes_room(self) -> None:
        """WINDOW_UPDATE for the connection, and for the stream if more comes there."""
        for stream, size, goes_on in self.exchanges.frees():
            if self.reopens:
                self._sends_frame(window(size), 0)
            if self.reopens and goes_on:
                self._sends_frame(window(size, stream), 0)

    def _sends_frame(self, what: RawFrame, wait: float | None = None) -> None:
        """Any frame; what it changes in the state of the connection is not forgotten."""
        size = len(what.payload)
        match what.type:
            case x if x == DATA:
                self._reader.used(what.stream, size)
            case x if x == WINDOW_UPDATE and size == 4:
                self._reader.made_room(int.from_bytes(what.payload, "big"), what.stream)
            case x if x == SETTINGS and not what.flags:
                self._reader.sets(what.payload)
        self.puts(what.spelled(), self.connection.patience.must if wait is None else wait)

    def _takes_no_more(self, stream: int) -> bool:
        """Has the connection or the stream ended by now? What has come is read, and what must be, replied."""
        self._drains()
        exchange = self.exchanges.get(stream)
        is_cut = exchange is not None and exchange.is_cut
        return self._is_lost or self.exchanges.end is not None or is_cut

    def _drains(self) -> None:
        while self.exchanges.end is None and self.connection.is_readable():
            with contextlib.suppress(Silence):
                self.reads(0)
