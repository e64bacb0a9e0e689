"""What a strict server makes of bytes on an open WebSocket, frame by frame; the judgement is websockets'."""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass

from websockets.frames import Frame, Opcode
from websockets.protocol import OPEN
from websockets.server import ServerProtocol

EXTENDED = {126: 2, 127: 8}
"""In so many more bytes a length is told that does not fit (RFC 6455 §5.2)."""
LEGAL_CODES = {*range(1000, 1015)} - {1004, 1005, 1006}
"""Codes of close frames that somebody has given a meaning, as websockets knows them."""
CONTROL = 8
"""From this opcode on, frames are about the connection."""


@dataclass(frozen=True)
class Text:
    """A text message has come to its end."""

    content: str


@dataclass(frozen=True)
class Binary:
    """A binary message has come to its end."""

    content: bytes


@dataclass(frozen=True)
class Ping:
    """A ping is to be answered."""

    payload: bytes


class Nothing:
    """Nobody need say anything yet."""


class Close:
    """The client has closed."""


@dataclass(frozen=True)
class Broken:
    """The connection is to be failed; `requirement` is the id of what says so."""

    requirement: str


@dataclass(frozen=True)
class Free:
    """It is left to the server whether it fails the connection now, or reads on, or waits for more."""

    may_be_a_message: bool = False
    """May an application be told of it?"""


Meaning = Text | Binary | Ping | Nothing | Close | Broken | Free


@dataclass(frozen=True)
class Head:
    """The head of a frame, as it stands there."""

    first: int
    is_masked: bool
    size: int
    length: int
    is_long: bool
    """Is the length told in more bytes than it needs?"""

    @property
    def opcode(self) -> int:
        """The kind of the frame."""
        return self.first & 0x0F

    @property
    def end(self) -> int:
        """Where the frame ends, counted from its beginning."""
        return self.size + self.length


def read(octets: bytes) -> Iterator[tuple[bytes, Meaning]]:
    """The frames of these bytes, and what each means; what follows an end comes with that end.

    Nothing follows a broken frame: in whose hands that is, some answer a ping that came with it.
    """
    reader = Reader()
    while octets:
        head = head_of(octets)
        if head is not None and head.length >> 63:
            yield octets, Broken("ws.frame.length_encoding")
            return
        if head is None or head.end > len(octets) or head.is_long:
            yield octets, Free(may_be_a_message=head is not None and head.is_long)
            return
        frame, octets = octets[: head.end], octets[head.end :]
        meaning = reader.takes(head, frame)
        if isinstance(meaning, Close | Free):
            yield frame + octets, meaning
            return
        yield frame, meaning
        if isinstance(meaning, Broken):
            return


def head_of(octets: bytes) -> Head | None:
    """The head of the frame that begins here, None if it is not all there."""
    if len(octets) < 2:
        return None
    is_masked, length = bool(octets[1] & 0x80), octets[1] & 0x7F
    more = EXTENDED.get(length, 0)
    size = 2 + more + 4 * is_masked
    if len(octets) < size:
        return None
    if more:
        length = int.from_bytes(octets[2 : 2 + more], "big")
    return Head(octets[0], is_masked, size, length, bool(more) and length < (126 if more == 2 else 1 << 16))


class Reader:
    """One WebSocket, from the frame after its handshake on."""

    def __init__(self) -> None:
        self._protocol = ServerProtocol(state=OPEN, max_size=None)
        self._is_text = False
        self._payload = b""

    def takes(self, head: Head, octets: bytes) -> Meaning:
        """What a whole frame means."""
        self._protocol.receive_data(octets)
        if head.opcode == Opcode.CLOSE and self._protocol.close_rcvd is not None:
            return Close()
        if self._protocol.parser_exc is not None:
            return Broken(_broken_by(head, octets))
        (frame,) = self._protocol.events_received()
        assert isinstance(frame, Frame)
        return self._meaning(frame)

    def _meaning(self, frame: Frame) -> Meaning:
        payload = bytes(frame.data)
        if frame.opcode is Opcode.PING:
            return Ping(payload)
        if frame.opcode is Opcode.PONG:
            return Nothing()
        if frame.opcode is not Opcode.CONT:
            self._is_text, self._payload = frame.opcode is Opcode.TEXT, b""
        self._payload += payload
        if not self._is_text:
            return Binary(self._payload) if frame.fin else Nothing()
        try:
            content = codecs.getincrementaldecoder("utf-8")().decode(self._payload, frame.fin)
        except UnicodeDecodeError:
            # It may be failed where it is broken, or at its end (RFC 6455 §8.1).
            return Broken("ws.text.utf8") if frame.fin else Free()
        return Text(content) if frame.fin else Nothing()


def _broken_by(head: Head, octets: bytes) -> str:
    """Which rule this frame breaks, the first one of those that a reader meets."""
    rules = {
        "ws.frame.reserved_bits": head.first & 0x70,
        "ws.frame.reserved_opcode": head.opcode not in set(Opcode),
        "ws.frame.unmasked": not head.is_masked,
        "ws.control.limits": head.opcode >= CONTROL and (head.length > 125 or not head.first & 0x80),
        "ws.fragments.sequence_errors": head.opcode < CONTROL,
    }
    broken = next((rule for rule, is_broken in rules.items() if is_broken), None)
    return broken or _broken_close(octets[head.size :], octets[head.size - 4 : head.size])


def _broken_close(masked: bytes, mask: bytes) -> str:
    payload = bytes(each ^ mask[number % 4] for number, each in enumerate(masked))
    code = int.from_bytes(payload[:2], "big")
    is_whole = len(payload) != 1
    is_legal = code in LEGAL_CODES or 3000 <= code < 5000
    return "ws.close.payload_invalid" if not is_whole or is_legal else "ws.close.code_invalid"
