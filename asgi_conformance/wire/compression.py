"""permessage-deflate (RFC 7692) on one connection: what was agreed, and the messages in both directions."""

import zlib
from collections.abc import Mapping, Sequence

from websockets.exceptions import InvalidHeader, ProtocolError
from websockets.headers import parse_extension

from .websocket import Fragments, fragmented

NAME = "permessage-deflate"
FLAGS = ("server_no_context_takeover", "client_no_context_takeover")
WINDOWS = ("server_max_window_bits", "client_max_window_bits")
SIZES = {str(bits): bits for bits in range(8, 16)}
LARGEST = 15

TAIL = b"\0\0\xff\xff"
"""The end of what a compressor flushes, which does not travel (RFC 7692 §7.2.1)."""
NOTHING = b"\0"
"""An empty message (RFC 7692 §7.2.3.6); a compressor has nothing to flush twice."""


class Compression:
    """Deflates what the client says and inflates what the server says, each with its context.

    What was sent ready-made in frames of one's own is not part of the context.
    """

    def __init__(self, agreed: Mapping[str, int] | None = None) -> None:
        self._agreed = agreed or {}
        self._deflater = self._new_deflater()
        self._inflater = self._new_inflater()
        self._history = b""

    def compressed(self, message: Fragments) -> Fragments:
        """The message, deflated as a whole, in as many fragments as before."""
        payload = b"".join(each.payload for each in message.frames)
        count, opcode = len(message.frames), message.frames[0].opcode
        return fragmented(opcode, self.deflates(payload), count, rsv1=True)

    def deflates(self, payload: bytes) -> bytes:
        """The payload of a compressed message (RFC 7692 §7.2.1)."""
        if "client_no_context_takeover" in self._agreed:
            self._deflater = self._new_deflater()
        if not payload:
            return NOTHING
        return (self._deflater.compress(payload) + self._deflater.flush(zlib.Z_SYNC_FLUSH)).removesuffix(TAIL)

    def inflates(self, payload: bytes) -> bytes:
        """The content of a compressed message (RFC 7692 §7.2.2). Raises zlib.error."""
        if "server_no_context_takeover" in self._agreed:
            self._inflater, self._history = self._new_inflater(), b""
        content, rest = b"", payload + TAIL
        while rest:
            content += self._inflater.decompress(rest)
            rest = b""
            if self._inflater.eof:
                # For zlib the last block ends the stream, but not for the RFC (§7.2.3.4).
                rest = self._inflater.unused_data
                self._inflater = self._new_inflater(self._history + content)
        self._history = (self._history + content)[-(1 << self._window("server_max_window_bits")) :]
        return content

    def _window(self, name: str) -> int:
        return self._agreed.get(name, LARGEST)

    def _new_deflater(self) -> "zlib._Compress":
        bits = self._window("client_max_window_bits")
        # zlib has no such compressor for the smallest window: what is only stored looks back at nothing.
        return zlib.compressobj(0 if bits == min(SIZES.values()) else -1, wbits=-max(bits, 9))

    def _new_inflater(self, history: bytes = b"") -> "zlib._Decompress":
        bits = self._window("server_max_window_bits")
        return zlib.decompressobj(-bits, zdict=history[-(1 << bits) :])


def agreed(extensions: str | None) -> Compression | None:
    """What the answer to an offer means; None when it is not about this extension.

    Raises ProtocolError for one that makes no sense (RFC 7692 §7.1).
    """
    try:
        answers = parse_extension(extensions) if extensions else []
    except InvalidHeader as error:
        raise ProtocolError(str(error)) from error
    ours = [parameters for name, parameters in answers if name == NAME]
    if len(ours) > 1:
        raise ProtocolError(f"{NAME} is agreed on twice")
    return Compression(_read(ours[0])) if ours else None


def _read(parameters: Sequence[tuple[str, str | None]]) -> dict[str, int]:
    read: dict[str, int] = {}
    for name, value in parameters:
        is_known = (name in FLAGS and value is None) or (name in WINDOWS and value in SIZES)
        if not is_known or name in read:
            raise ProtocolError(f"{NAME} with {name}={value}")
        read[name] = SIZES.get(value or "", 0)
    return read
