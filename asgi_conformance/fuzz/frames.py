"""Strategies for what is said on an open WebSocket: messages, and the frames that they are cut into."""

from collections.abc import Iterable
from functools import cache, partial
from itertools import pairwise

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy
from websockets.frames import Opcode

from asgi_conformance.fuzz.plot import any_bytes, up_to
from asgi_conformance.fuzz.strategies import LARGE, headers, in_ascii, swollen
from asgi_conformance.wire import websocket as ws
from asgi_conformance.wire.request import Headers
from asgi_conformance.wire.websocket import Frame

Content = str | bytes
"""What a message holds: a text or binary data."""
KEY = "dGhlIHNhbXBsZSBub25jZQ=="
"""Of every handshake: a script is the same each time that it is drawn."""
MASKS = (b"\x37\xfa\x21\x3d", bytes(4), b"\xff" * 4)
CODES = (1000, 4001, 3000, 4999, 1001)
"""Codes of close frames that anybody may send (RFC 6455 §7.4)."""
REASON = 123
"""So many bytes has the longest reason (RFC 6455 §5.5)."""
LONG = 9
"""Of so many characters on, a text stands for one that is as long as a reason may be."""
SIZES = (125, 126, LARGE - 1, LARGE, LARGE * 3)
"""On both sides of where a frame tells its length in another way, and what takes several reads."""


@cache
def texts() -> SearchStrategy[str]:
    """Texts of any characters that have a form in UTF-8."""
    return st.text(max_size=16)


@cache
def data() -> SearchStrategy[bytes]:
    """Any bytes."""
    return st.binary(max_size=32)


def small(draw: DrawFn) -> Content:
    """Contents that any buffer holds."""
    return draw(texts()) if draw(up_to(1)) else draw(data())


@cache
def large() -> SearchStrategy[Content]:
    """Contents that take a longer head, or several reads."""
    letters: tuple[Content, ...] = (b"x", "x", "é", "😀")
    return st.sampled_from(
        [
            letter * (size // len(letter.encode() if isinstance(letter, str) else letter))
            for size in SIZES
            for letter in letters
        ]
    )


@cache
def pings() -> SearchStrategy[bytes]:
    """What a ping may hold (RFC 6455 §5.5)."""
    return st.binary(max_size=8).map(partial(swollen, b"x" * 125))


@cache
def reasons() -> SearchStrategy[str]:
    """Reasons that fit a close frame; some fill it."""
    return texts().map(lambda text: text if len(text) < LONG else _filling(text))


def _filling(text: str) -> str:
    return (text.encode() * REASON)[:REASON].decode(errors="ignore")


@cache
def subprotocols() -> SearchStrategy[list[str]]:
    """Names of subprotocols, each one once (RFC 6455 §4.1)."""
    return st.text("abz01,-._", max_size=18).map(
        lambda text: [*dict.fromkeys(filter(None, text.split(",")))][:3]
    )


@cache
def handshake_headers() -> SearchStrategy[Headers]:
    """Headers in ASCII: a server may refuse a handshake with others (RFC 9110 §5.5)."""
    return headers(3).map(in_ascii)


def fragments(draw: DrawFn, content: Content) -> tuple[Frame, ...]:
    """The frames of a message, cut anywhere, even inside a character; some of them may be empty."""
    payload = content.encode() if isinstance(content, str) else content
    look, *places = draw(any_bytes(min_size=1, max_size=4))
    parts, mask = _cut(payload, places), MASKS[look % len(MASKS)]
    first = Opcode.TEXT if isinstance(content, str) else Opcode.BINARY
    return tuple(
        ws.frame(0 if number else int(first), part, fin=number == len(parts) - 1, mask=mask)
        for number, part in enumerate(parts)
    )


def ping(payload: bytes) -> Frame:
    """A ping that looks the same each time."""
    return ws.frame(int(Opcode.PING), payload, mask=MASKS[0])


def pong(payload: bytes) -> Frame:
    """A pong that looks the same each time."""
    return ws.frame(int(Opcode.PONG), payload, mask=MASKS[0])


def pieces(draw: DrawFn, octets: bytes) -> tuple[ws.Octets, ...]:
    """Bytes of frames, cut anywhere."""
    return tuple(ws.Octets(each) for each in _cut(octets, draw(any_bytes(max_size=3))) if each)


def _cut(octets: bytes, places: Iterable[int]) -> list[bytes]:
    """The parts between some places, told in 256ths of the way to the end."""
    cuts = sorted(place * (len(octets) + 1) >> 8 for place in places)
    return [octets[start:end] for start, end in pairwise((0, *cuts, len(octets)))]
