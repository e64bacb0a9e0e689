"""What a server says on a WebSocket, frame by frame; strict, without I/O, and it does not know ASGI."""

import zlib
from collections.abc import Generator
from dataclasses import replace

from websockets import frames
from websockets.exceptions import ProtocolError
from websockets.extensions import Extension
from websockets.frames import Opcode
from websockets.streams import StreamReader
from websockets.typing import ExtensionName

from .answer import Answer, Close, Closed, Garbage, Message, Ping, Pong
from .compression import Compression

NEVER_SENT = {1005, 1006, 1015}


class Frames:
    """Takes bytes, gives answers; messages are inflated where this was agreed."""

    def __init__(self, compression: Compression | None = None) -> None:
        self._stream = StreamReader()
        self._compression = compression
        self._mark = _Mark()
        self._is_compressed = False
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
        extensions = [self._mark] if self._compression else []
        received = yield from frames.Frame.parse(self._takes_exactly, mask=False, extensions=extensions)
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
        if self._kind is None:
            self._kind, self._is_compressed = opcode, self._mark.is_set
        self._payload += payload
        if not fin:
            return None
        kind, whole = self._kind, self._inflated(bytes(self._payload))
        self._kind = None
        self._payload.clear()
        return Message(text=_utf8(whole, "a text")) if kind is Opcode.TEXT else Message(data=whole)

    def _inflated(self, payload: bytes) -> bytes:
        if self._compression is None or not self._is_compressed:
            return payload
        try:
            return self._compression.inflates(payload)
        except zlib.error as error:
            raise ProtocolError(f"a message that cannot be inflated: {error}") from error


class _Mark(Extension):
    """Takes RSV1 off the first frame of a compressed message, where alone it may be (RFC 7692 §6)."""

    name = ExtensionName("permessage-deflate")
    is_set = False

    def decode(self, frame: frames.Frame, *, max_size: int | None = None) -> frames.Frame:  # noqa: ARG002
        self.is_set = frame.rsv1 and frame.opcode in (Opcode.TEXT, Opcode.BINARY)
        return replace(frame, rsv1=False) if self.is_set else frame


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
