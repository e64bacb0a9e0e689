"""How HTTP/2 is spelled, frame by frame: pure functions to bytes, right or wrong as asked."""

import itertools
from dataclasses import dataclass

from h2.errors import ErrorCodes
from h2.settings import SettingCodes

from .request import shown

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
NAMES = (
    *("DATA", "HEADERS", "PRIORITY", "RST_STREAM", "SETTINGS"),
    *("PUSH_PROMISE", "PING", "GOAWAY", "WINDOW_UPDATE", "CONTINUATION"),
)
DATA, HEADERS, _, RST_STREAM, SETTINGS, _, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = range(len(NAMES))
END_STREAM = ACK = 0x1
END_HEADERS = 0x4
PADDED = 0x8
HEAD_SIZE = 9
"""The bytes of a frame before its payload (RFC 9113 §4.1)."""


@dataclass(frozen=True)
class RawFrame:
    """One frame of any type; its fields are what they should be, or not."""

    type: int
    flags: int = 0
    stream: int = 0
    payload: bytes = b""

    def spelled(self) -> bytes:
        """The frame in bytes (RFC 9113 §4.1)."""
        head = len(self.payload).to_bytes(3, "big") + bytes([self.type, self.flags])
        return head + self.stream.to_bytes(4, "big") + self.payload

    def __str__(self) -> str:
        name = NAMES[self.type] if self.type < len(NAMES) else f"frame of type {self.type}"
        flags = f" with flags {self.flags:#x}" if self.flags else ""
        stream = f" on stream {self.stream}" if self.stream else ""
        return f"{name}{flags}{stream}{f' {shown(self.payload)}' if self.payload else ''}"


def frame(type: int | str, flags: int = 0, stream: int = 0, payload: bytes = b"") -> RawFrame:  # noqa: A002
    """Any frame; a type has a number, or a name as in the RFC."""
    return RawFrame(NAMES.index(type) if isinstance(type, str) else type, flags, stream, payload)


def settings(**values: int) -> RawFrame:
    """SETTINGS, named as in RFC 9113 §6.5.2 but in lower case."""
    pairs = ((numbered(name), value) for name, value in values.items())
    payload = b"".join(number.to_bytes(2, "big") + value.to_bytes(4, "big") for number, value in pairs)
    return RawFrame(SETTINGS, payload=payload)


def window(increment: int, stream: int = 0) -> RawFrame:
    """WINDOW_UPDATE for a stream, or for the connection."""
    return RawFrame(WINDOW_UPDATE, stream=stream, payload=increment.to_bytes(4, "big"))


def goaway(last_stream: int = 0, code: int = ErrorCodes.NO_ERROR, debug: bytes = b"") -> RawFrame:
    """GOAWAY: of the server's streams, those up to the last one were served."""
    return RawFrame(GOAWAY, payload=last_stream.to_bytes(4, "big") + code.to_bytes(4, "big") + debug)


def ping(payload: bytes = bytes(8)) -> RawFrame:
    """PING; a right one has 8 bytes."""
    return RawFrame(PING, payload=payload)


def rst_stream(stream: int, code: int = ErrorCodes.CANCEL) -> RawFrame:
    """RST_STREAM for a stream, whether there is one or not."""
    return RawFrame(RST_STREAM, stream=stream, payload=code.to_bytes(4, "big"))


def data_frame(stream: int, data: bytes, *, end: bool = False, padding: int | None = None) -> RawFrame:
    """One DATA frame."""
    flags = END_STREAM if end else 0
    if padding is None:
        return RawFrame(DATA, flags, stream, data)
    return RawFrame(DATA, flags | PADDED, stream, bytes([padding]) + data + bytes(padding))


def field_block(
    stream: int, block: bytes, limit: int, *, end: bool, continuations: int = 0
) -> list[RawFrame]:
    """HEADERS and so many CONTINUATION frames, or as many more as the limit of a frame asks for."""
    count = max(continuations + 1, -(-len(block) // limit))
    cuts = [len(block) * number // count for number in range(count + 1)]
    parts = [block[start:stop] for start, stop in itertools.pairwise(cuts)]
    flags = [END_STREAM if end and not number else 0 for number in range(count)]
    flags[-1] |= END_HEADERS
    types = [HEADERS] + [CONTINUATION] * (count - 1)
    return [RawFrame(*each) for each in zip(types, flags, [stream] * count, parts, strict=True)]


def numbered(name: str) -> int:
    """The number of a setting. Raises ValueError for one that there is not."""
    try:
        return int(SettingCodes[name.upper()])
    except KeyError as error:
        raise ValueError(f"no setting is named {name!r}") from error


def code_name(code: int) -> str:
    """The name of an error code, or its number."""
    return ErrorCodes(code).name if code in set(ErrorCodes) else f"code {code}"
