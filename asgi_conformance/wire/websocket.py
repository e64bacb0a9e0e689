"""WebSocket as a client speaks it, over any version of HTTP; it does no I/O and does not know ASGI."""

import base64
import hashlib
import itertools
import secrets
from collections.abc import Generator, Iterable
from dataclasses import dataclass

from websockets import frames
from websockets.exceptions import ProtocolError
from websockets.frames import Opcode
from websockets.streams import StreamReader

from .answer import Answer, Close, Closed, Garbage, Message, Ping, Pong
from .request import Fields, Headers, header_fields, octets, shown

NEVER_SENT = {1005, 1006, 1015}
KINDS = {0: "continuation", 1: "text", 2: "data", 8: "close", 9: "ping", 10: "pong"}


@dataclass(frozen=True)
class Handshake:
    """The wish for a WebSocket. A header that is given replaces ours of the same name.

    `key` counts in HTTP/1.1 only; `version` None leaves that header out.
    """

    target: str | bytes
    subprotocols: tuple[str, ...]
    headers: Headers
    key: str
    version: str | None

    @property
    def accept(self) -> bytes:
        """The value of Sec-WebSocket-Accept that belongs to the key (RFC 6455 §4.2.2)."""
        digest = hashlib.sha1(self.key.encode() + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest()
        return base64.b64encode(digest)

    def __str__(self) -> str:
        target = octets(self.target).decode("ascii", "backslashreplace")
        offer = f" offering {', '.join(self.subprotocols)}" if self.subprotocols else ""
        return f"handshake {target}{offer}"


def handshake(
    target: str | bytes = "/",
    *,
    subprotocols: Iterable[str] = (),
    headers: Fields = (),
    key: str | None = None,
    version: str | None = "13",
) -> Handshake:
    """A handshake with a random key, unless one is given; no extension is offered but by `headers`."""
    if key is None:
        key = base64.b64encode(secrets.token_bytes(16)).decode()
    return Handshake(target, tuple(subprotocols), header_fields(headers), key, version)


@dataclass(frozen=True)
class Frame:
    """One frame, right or wrong.

    `length_bits` (7, 16 or 64) and `length` make it lie about its length, `mask` is a random one if None.
    """

    opcode: int
    payload: bytes = b""
    fin: bool = True
    rsv1: bool = False
    rsv2: bool = False
    rsv3: bool = False
    masked: bool = True
    mask: bytes | None = None
    length: int | None = None
    length_bits: int | None = None

    def spelled(self) -> bytes:
        """The frame in bytes (RFC 6455 §5.2)."""
        first = self.fin << 7 | self.rsv1 << 6 | self.rsv2 << 5 | self.rsv3 << 4 | self.opcode
        mask = (self.mask or secrets.token_bytes(4)) if self.masked else b""
        return bytes([first]) + self._spelled_length() + mask + _masked(self.payload, mask)

    def _spelled_length(self) -> bytes:
        length = len(self.payload) if self.length is None else self.length
        bits = self.length_bits or (7 if length < 126 else 16 if length < 65536 else 64)
        flag = self.masked << 7
        if bits == 7:
            return bytes([flag | length])
        return bytes([flag | (126 if bits == 16 else 127)]) + length.to_bytes(bits // 8, "big")

    def __str__(self) -> str:
        if self.opcode == Opcode.CLOSE and len(self.payload) > 1:
            reason = f" {shown(self.payload[2:])}" if self.payload[2:] else ""
            what = f"close {int.from_bytes(self.payload[:2], 'big')}{reason}"
        else:
            what = f"{KINDS.get(self.opcode, f'opcode {self.opcode}')} {shown(self.payload)}"
        odd = {
            "not final": not self.fin,
            "unmasked": not self.masked,
            "reserved bits": self.rsv1 or self.rsv2 or self.rsv3,
            "strange length": self.length is not None or self.length_bits is not None,
        }
        return ", ".join([what, *(name for name, is_so in odd.items() if is_so)])


@dataclass(frozen=True)
class Fragments:
    """A message in one frame or more."""

    frames: tuple[Frame, ...]

    def spelled(self) -> bytes:
        """The frames in bytes, one behind the other."""
        return b"".join(each.spelled() for each in self.frames)

    def __str__(self) -> str:
        payload = b"".join(each.payload for each in self.frames)
        is_text = self.frames[0].opcode == Opcode.TEXT
        what = f"text {shown(payload.decode())}" if is_text else f"data {shown(payload)}"
        return what if len(self.frames) == 1 else f"{what} in {len(self.frames)} fragments"


def text(content: str, *, fragments: int = 1) -> Fragments:
    """A text message; fragments are cut by bytes, so a character may be cut too."""
    return _fragmented(Opcode.TEXT, content.encode(), fragments)


def data(content: bytes, *, fragments: int = 1) -> Fragments:
    """A binary message."""
    return _fragmented(Opcode.BINARY, content, fragments)


def ping(payload: bytes = b"") -> Frame:
    """A ping."""
    return Frame(Opcode.PING, payload)


def pong(payload: bytes = b"") -> Frame:
    """A pong."""
    return Frame(Opcode.PONG, payload)


def close(code: int | None = None, reason: str = "") -> Frame:
    """A close frame with any code, even a forbidden one; without a code it is empty."""
    return Frame(Opcode.CLOSE, b"" if code is None else code.to_bytes(2, "big") + reason.encode())


def frame(
    opcode: int,
    payload: bytes = b"",
    *,
    fin: bool = True,
    rsv1: bool = False,
    rsv2: bool = False,
    rsv3: bool = False,
    masked: bool = True,
    mask: bytes | None = None,
    length: int | None = None,
    length_bits: int | None = None,
) -> Frame:
    """Any frame, mostly a broken one; the fields are those of `Frame`."""
    return Frame(opcode, payload, fin, rsv1, rsv2, rsv3, masked, mask, length, length_bits)


def _fragmented(opcode: Opcode, payload: bytes, count: int) -> Fragments:
    cuts = [len(payload) * number // count for number in range(count + 1)]
    return Fragments(
        tuple(
            Frame(opcode if number == 0 else Opcode.CONT, payload[start:end], fin=number == count - 1)
            for number, (start, end) in enumerate(itertools.pairwise(cuts))
        )
    )


def _masked(payload: bytes, mask: bytes) -> bytes:
    if not mask or not payload:
        return payload
    pad = (mask * (len(payload) // 4 + 1))[: len(payload)]
    number = int.from_bytes(payload, "big") ^ int.from_bytes(pad, "big")
    return number.to_bytes(len(payload), "big")


class Frames:
    """Reads what a server says on a WebSocket: takes bytes, gives answers, strictly and without I/O."""

    def __init__(self) -> None:
        self._stream = StreamReader()
        self._taken = b""
        self._kind: Opcode | None = None
        self._payload = bytearray()
        self._closing = False
        self._broken = False
        self._answers = self._reading()

    def takes(self, received: bytes) -> None:
        """More bytes have come."""
        self._stream.feed_data(received)

    def next(self) -> Answer | None:
        """The next answer, or None while it is not all there."""
        return next(self._answers)

    def ends(self, *, reset: bool) -> Closed:
        """What the end of the connection means at this point."""
        unfinished = self._taken or self._stream.buffer or self._kind is not None
        return Closed(reset, complete=not unfinished and not self._broken)

    def _reading(self) -> Generator[Answer | None, None, None]:
        try:
            while True:
                received = yield from self._next_frame()
                answer = self._meaning(received)
                if answer is not None:
                    yield answer
        except ProtocolError as error:
            self._broken = True
            yield Garbage(str(error), self._taken + bytes(self._stream.buffer))
        while True:
            self._stream.discard()
            yield None

    def _next_frame(self) -> Generator[None, None, frames.Frame]:
        self._taken = b""
        received = yield from frames.Frame.parse(self._takes_exactly, mask=False)
        size = len(received.data)
        if len(self._taken) - size != (2 if size < 126 else 4 if size < 65536 else 10):
            raise ProtocolError("a length in a longer form than needed")
        return received

    def _takes_exactly(self, count: int) -> Generator[None, None, bytes]:
        piece = bytes((yield from self._stream.read_exact(count)))
        self._taken += piece
        return piece

    def _meaning(self, received: frames.Frame) -> Answer | None:
        payload = bytes(received.data)
        match received.opcode:
            case Opcode.PING:
                return Ping(payload)
            case Opcode.PONG:
                return Pong(payload)
            case Opcode.CLOSE:
                self._closing = True
                return _close(payload)
            case _:
                return self._message(received.opcode, payload, received.fin)

    def _message(self, opcode: Opcode, payload: bytes, fin: bool) -> Message | None:
        if self._closing:
            raise ProtocolError("a data frame after the close frame")
        if opcode is Opcode.CONT and self._kind is None:
            raise ProtocolError("a continuation without a message")
        if opcode is not Opcode.CONT and self._kind is not None:
            raise ProtocolError("a new message before the end of the last one")
        self._kind = self._kind or opcode
        self._payload += payload
        if not fin:
            return None
        kind, whole = self._kind, bytes(self._payload)
        self._kind = None
        self._payload.clear()
        return Message(text=_utf8(whole, "a text")) if kind is Opcode.TEXT else Message(data=whole)


def _close(payload: bytes) -> Close:
    if not payload:
        return Close()
    if len(payload) == 1:
        raise ProtocolError("a close frame with half a code")
    code = int.from_bytes(payload[:2], "big")
    if code < 1000 or code in NEVER_SENT:
        raise ProtocolError(f"a close frame with the code {code}, which is never sent")
    return Close(code, _utf8(payload[2:], "a reason"))


def _utf8(payload: bytes, what: str) -> str:
    try:
        return payload.decode()
    except UnicodeDecodeError as error:
        raise ProtocolError(f"{what} that is not UTF-8") from error
