"""WebSocket as a client speaks it, over any version of HTTP; it does no I/O and does not know ASGI."""

import base64
import hashlib
import itertools
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from websockets.frames import Opcode

from .request import Fields, Headers, cut, header_fields, octets, shown

KINDS = {0: "continuation", 1: "text", 2: "data", 8: "close", 9: "ping", 10: "pong"}


@dataclass(frozen=True)
class Handshake:
    """The wish for a WebSocket. A header that is given replaces ours of the same name.

    `key` counts in HTTP/1.1 only; `version` and `extensions` None leave these headers out.
    """

    target: str | bytes
    subprotocols: tuple[str, ...]
    headers: Headers
    key: str
    version: str | None
    extensions: str | None = None

    @property
    def accept(self) -> bytes:
        """The value of Sec-WebSocket-Accept that belongs to the key (RFC 6455 §4.2.2)."""
        digest = hashlib.sha1(self.key.encode() + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest()
        return base64.b64encode(digest)

    def __str__(self) -> str:
        target = octets(self.target).decode("ascii", "backslashreplace")
        offers = ", ".join((*self.subprotocols, *filter(None, [self.extensions])))
        return f"handshake {target}{f' offering {offers}' if offers else ''}"


def handshake(
    target: str | bytes = "/",
    *,
    subprotocols: Iterable[str] = (),
    headers: Fields = (),
    key: str | None = None,
    version: str | None = "13",
    extensions: str | None = None,
) -> Handshake:
    """A handshake with a random key, unless one is given; `extensions` is an offer as in RFC 6455 §9.1."""
    if key is None:
        key = base64.b64encode(secrets.token_bytes(16)).decode()
    return Handshake(target, tuple(subprotocols), header_fields(headers), key, version, extensions)


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


@dataclass(frozen=True)
class Compressed:
    """A message that the connection compresses, as was agreed there, before it cuts it into fragments."""

    message: Fragments

    def __str__(self) -> str:
        return f"{self.message}, compressed"


@dataclass(frozen=True)
class Octets:
    """Some bytes of frames, which may end in the middle of one, and what they mean if that is known."""

    data: bytes
    meaning: str = ""

    def spelled(self) -> bytes:
        """The bytes."""
        return self.data

    def __str__(self) -> str:
        return self.meaning or f"bytes of frames {shown(self.data)}"


def text(content: str, *, fragments: int = 1) -> Fragments:
    """A text message; fragments are cut by bytes, so a character may be cut too."""
    return fragmented(Opcode.TEXT, content.encode(), fragments)


def data(content: bytes, *, fragments: int = 1) -> Fragments:
    """A binary message."""
    return fragmented(Opcode.BINARY, content, fragments)


def compressed(message: Fragments) -> Compressed:
    """The same message, compressed."""
    return Compressed(message)


def together(*frames: Frame | Fragments | Octets) -> Octets:
    """The bytes of all these, one behind the other, to be sent at once."""
    meaning = cut(", ".join(map(str, frames)))
    return Octets(b"".join(each.spelled() for each in frames), f"at once {meaning}")


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


def fragmented(opcode: int, payload: bytes, count: int, *, rsv1: bool = False) -> Fragments:
    """A message of any kind in so many frames; RSV1 marks the first one."""
    cuts = [len(payload) * number // count for number in range(count + 1)]
    return Fragments(
        tuple(
            Frame(
                Opcode.CONT if number else opcode,
                payload[start:end],
                fin=number == count - 1,
                rsv1=rsv1 and number == 0,
            )
            for number, (start, end) in enumerate(itertools.pairwise(cuts))
        )
    )


def _masked(payload: bytes, mask: bytes) -> bytes:
    if not mask or not payload:
        return payload
    pad = (mask * (len(payload) // 4 + 1))[: len(payload)]
    number = int.from_bytes(payload, "big") ^ int.from_bytes(pad, "big")
    return number.to_bytes(len(payload), "big")
