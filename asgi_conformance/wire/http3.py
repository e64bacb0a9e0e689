"""HTTP/3 as a client speaks it, over QUIC: what we say is ours, what we find is judged by aioquic."""

import contextlib
import time

from aioquic.h3.connection import ErrorCode, FrameType, H3Connection, H3Stream, Setting, encode_frame
from aioquic.h3.events import DataReceived, H3Event, HeadersReceived, PushPromiseReceived
from aioquic.h3.events import Headers as Fields
from aioquic.quic.events import QuicEvent, StopSendingReceived, StreamReset

from . import quic
from .answer import Answer, Closed, Data, End, Garbage, Head, Interim, Promise, Reset
from .connection import Lost, Silence, Unavailable
from .multiplexed import Multiplexed
from .request import Headers
from .stream_spelling import Payload, data, heading, reset, trailers
from .streams import Asked

__all__ = ["HTTP3", "data", "heading", "reset", "trailers"]

PIECE = 1 << 14
"""So much of a body goes into one frame, unless it is said as one."""
FRAME_HEAD = 9
"""The most that the head of such a frame needs (RFC 9114 §7.1)."""


class Judge(H3Connection):
    """aioquic as a client. How long a body is, it does not judge: it forgets that HEAD and 304 have none."""

    unjudged: tuple[int, Fields] | None = None
    """The last fields that were decoded, and on which stream, before it is said what is wrong with them."""

    def _decode_headers(self, stream_id: int, frame_data: bytes | None) -> Fields:
        fields = super()._decode_headers(stream_id, frame_data)
        self.unjudged = stream_id, fields
        return fields

    def _check_content_length(self, stream: H3Stream) -> None:
        pass


class HTTP3(Multiplexed):
    """A client on one connection in QUIC.

    The number of a stream is by one higher than in QUIC, where the first is 0; what the server promises has
    numbers of its own, all of them even. Room is made for more as soon as something is read, and that is
    only when somebody waits.
    """

    version = "http/3"

    def __init__(self, connection: quic.Connection, *, authority: str = "localhost") -> None:
        super().__init__(connection, authority=authority)
        self._quic = connection
        self._judge: Judge | None = None
        self._headed: set[int] = set()
        self._early: dict[int, list[Answer]] = {}

    def greets(self) -> None:
        """The handshake, if that was not done, and our settings (RFC 9114 §3.3)."""
        if self._judge is not None or self.exchanges.end is not None:
            return
        try:
            agreed = self._quic.agreed.alpn
        except Lost as lost:
            self.exchanges.end = Closed(complete=False, why=str(lost))
            return
        self._judge = Judge(self._quic.quic)
        if agreed not in quic.ALPN:
            self.exchanges.breaks(Garbage(f"the server agreed on {agreed or 'no protocol'}, not on h3"))
        self._quic.transmits()

    @property
    def is_underway(self) -> bool:
        """What the windows or the congestion have not let through, or was lost."""
        return not self._takes_no_more(self.stream) and self._quic.quic.unsent(self.stream - 1) > 0

    def next_stream(self) -> int:
        """Every fourth one is the client's (RFC 9000 §2.1)."""
        return self.newest + 4 if self.newest else 1

    def opened(self, stream: int, asked: Asked) -> None:
        """Nobody has to know."""

    def heads(self, stream: int, fields: Headers, *, end: bool = False, continuations: int = 0) -> None:  # noqa: ARG002
        """HEADERS; there is no CONTINUATION."""
        if self._judge is not None:
            # What aioquic would refuse to send is for the server to refuse.
            block = self._judge._encode_headers(stream - 1, list(fields))
            self._sends(stream, encode_frame(FrameType.HEADERS, block), end=end)
            self._gets_through()

    def says(self, stream: int, payload: Payload) -> None:
        """One DATA frame; there is no padding."""
        self._sends(stream, encode_frame(FrameType.DATA, payload.data), end=payload.end)
        self._gets_through()

    def cancels(self, stream: int, code: int | None) -> None:
        """RESET_STREAM and STOP_SENDING (RFC 9114 §4.1.1)."""
        number = ErrorCode.H3_REQUEST_CANCELLED if code is None else code
        # What is over by now has nothing to be stopped.
        with contextlib.suppress(ValueError):
            self._quic.quic.reset_stream(stream - 1, number)
            self._quic.quic.stop_stream(stream - 1, number)
        self._quic.transmits()

    def flows(self, stream: int, data: bytes, wait: float, *, end: bool = False) -> bytes:
        """DATA frames, as far as the windows and the congestion let them."""
        deadline, is_said = time.monotonic() + wait, False
        while not self._takes_no_more(stream):
            if is_said and not self._quic.quic.untaken(stream - 1):
                return b""
            room = self._quic.quic.room(stream - 1) - FRAME_HEAD
            if not is_said and not self._quic.quic.unsent(stream - 1) and (room > 0 or not data):
                piece, data = data[: min(room, PIECE)], data[min(room, PIECE) :]
                is_said = not data
                frame = encode_frame(FrameType.DATA, piece) if piece else b""
                self._sends(stream, frame, end=end and is_said)
                deadline = time.monotonic() + wait
                continue
            # Nobody else sends again what is lost: it is waited for, until the server says that it has it.
            try:
                self.reads(max(deadline - time.monotonic(), 0))
            except Silence:
                return data
        return b""

    def puts(self, data: bytes, wait: float) -> None:
        """A datagram of ours."""
        self._quic.offers(data, wait)

    def reads(self, wait: float) -> None:
        """Take what comes, and tell."""
        try:
            if not self._quic.events:
                self._quic.turns(wait)
        except Lost as lost:
            self.exchanges.end = Closed(reset=True, complete=False, why=str(lost))
        while self._quic.events:
            self._hears_event(self._quic.events.popleft())
        end = self._quic.quic.terminated
        if end is not None and self.exchanges.end is None:
            is_orderly = end.error_code in (ErrorCode.H3_NO_ERROR, 0)
            is_whole = is_orderly and not self.exchanges.is_broken
            why = "" if is_orderly and not end.reason_phrase else code_name(end.error_code)
            self.exchanges.end = Closed(complete=is_whole, why=f"{why} {end.reason_phrase}".strip())

    def makes_room(self) -> None:
        """What was read has made it."""

    def settings_heard(self) -> dict[str, int] | None:
        """As far as was read."""
        said = self._judge.received_settings if self._judge is not None else None
        return None if said is None else {_setting(number): value for number, value in said.items()}

    def _hears_event(self, event: QuicEvent) -> None:
        if self._judge is None or self.exchanges.is_broken:
            return
        if isinstance(event, StreamReset):
            self._takes(event.stream_id + 1, Reset(why=code_name(event.error_code), code=event.error_code))
        exchange = self.exchanges.get(event.stream_id + 1) if isinstance(event, StopSendingReceived) else None
        if exchange is not None:
            exchange.is_cut = True
        self._judge.unjudged = None
        for said in self._judge.handle_event(event):
            self._tells(said)
        if self._quic.quic.complaint is not None:
            self._tells_what_is_malformed(self._judge.unjudged)
            self.exchanges.breaks(Garbage(self._quic.quic.complaint))

    def _tells_what_is_malformed(self, unjudged: tuple[int, Fields] | None) -> None:
        """The head of a response is told before what is wrong with it: much may be right there."""
        stream, fields = unjudged or (0, [])
        status = dict(fields).get(b":status", b"")
        if unjudged is not None and status.isdigit() and stream + 1 not in self._headed:
            self._takes(stream + 1, *self._headers(stream + 1, tuple(fields), ended=False))

    def _tells(self, said: H3Event) -> None:
        match said:
            case HeadersReceived():
                stream = _number(said)
                self._takes(stream, *self._headers(stream, tuple(said.headers), said.stream_ended))
            case DataReceived():
                self._takes(_number(said), Data(said.data), *([End()] if said.stream_ended else []))
            case PushPromiseReceived():
                fields, stream = tuple(said.headers), 2 + 4 * said.push_id
                self._takes(said.stream_id + 1, Promise(dict(fields).get(b":path"), fields, stream))
                method = dict(fields).get(b":method", b"GET").decode("latin-1")
                self.exchanges.promises(said.stream_id + 1, stream, method)
                self._takes(stream, *self._early.pop(stream, []))

    def _headers(self, stream: int, fields: Headers, ended: bool) -> list[Answer]:
        if stream in self._headed:
            return [End(fields)]
        status = int(dict(fields)[b":status"])
        headers = tuple(field for field in fields if field[0] != b":status")
        if status < 200:
            return [Interim(status, headers)]
        self._headed.add(stream)
        return [Head(status, headers, "3"), *([End()] if ended else [])]

    def _takes(self, stream: int, *answers: Answer) -> None:
        exchange = self.exchanges.get(stream)
        if exchange is None:
            # A promised response may come before the promise (RFC 9114 §4.6).
            self._early.setdefault(stream, []).extend(answers)
            return
        for answer in answers:
            exchange.takes(answer)

    def _gets_through(self) -> None:
        """Wait while what was said is under way: even what has room is sent a little at a time."""
        deadline = time.monotonic() + self._quic.patience.must
        with contextlib.suppress(Silence):
            while self.is_underway and (left := deadline - time.monotonic()) > 0:
                self.reads(left)

    def _takes_no_more(self, stream: int) -> bool:
        exchange = self.exchanges.get(stream)
        return self.exchanges.end is not None or (exchange is not None and exchange.is_cut)

    def _sends(self, stream: int, data: bytes, *, end: bool) -> None:
        if self._takes_no_more(stream):
            return
        try:
            self._quic.quic.send_stream_data(stream - 1, data, end)
        except (RuntimeError, ValueError) as error:
            raise Unavailable(f"QUIC has no way to say this: {error}") from error
        self._quic.transmits()


def code_name(code: int) -> str:
    """The name of an error code of HTTP/3, or its number."""
    return ErrorCode(code).name if code in set(ErrorCode) else f"code {code:#x}"


def _number(said: HeadersReceived | DataReceived) -> int:
    return said.stream_id + 1 if said.push_id is None else 2 + 4 * said.push_id


def _setting(number: int) -> str:
    return Setting(number).name.lower() if number in set(Setting) else str(number)
