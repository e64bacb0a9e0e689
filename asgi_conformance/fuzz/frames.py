"""Strategies for what is said on an open WebSocket: messages, and the frames that they are cut into."""

from functools import cache
from itertools import pairwise

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy
from websockets.frames import Opcode

from asgi_conformance.fuzz.strategies import LARGE, headers, in_ascii
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
SIZES = (125, 126, LARGE - 1, LARGE, LARGE * 3)
"""On both sides of where a frame tells its length in another way, and what takes several reads."""


@cache
def texts() -> SearchStrategy[str]:
    """Texts of any characters that have a form in UTF-8."""
    return st.text(max_size=16)


@cache
def small() -> SearchStrategy[Content]:
    """Contents that any buffer holds."""
    return st.one_of(texts(), st.binary(max_size=32))


@cache
def large() -> SearchStrategy[Content]:
    """Contents that take a longer head, or several reads."""
    return st.builds(
        lambda size, letter: letter * (size // len(letter.encode() if isinstance(letter, str) else letter)),
        st.sampled_from(SIZES),
        st.sampled_from((b"x", "x", "é", "😀")),
    )


@cache
def pings() -> SearchStrategy[bytes]:
    """What a ping may hold (RFC 6455 §5.5)."""
    return st.one_of(st.binary(max_size=8), st.just(b"x" * 125))


@cache
def reasons() -> SearchStrategy[str]:
    """Reasons that fit a close frame."""
    long = st.sampled_from(("x" * REASON, "é" * (REASON // 2)))
    return st.one_of(texts().filter(lambda text: len(text.encode()) <= REASON), long)


@cache
def subprotocols() -> SearchStrategy[list[str]]:
    """Names of subprotocols, each one once (RFC 6455 §4.1)."""
    return st.lists(st.text("abcz019-._", min_size=1, max_size=6), max_size=3, unique=True)


@cache
def handshake_headers() -> SearchStrategy[Headers]:
    """Headers in ASCII: a server may refuse a handshake with others (RFC 9110 §5.5)."""
    return headers(3).map(in_ascii)


@st.composite
def fragments(draw: DrawFn, content: Content) -> tuple[Frame, ...]:
    """The frames of a message, cut anywhere, even inside a character; some of them may be empty."""
    payload = content.encode() if isinstance(content, str) else content
    cuts = sorted(draw(st.lists(st.integers(0, len(payload)), max_size=3)))
    parts = [payload[start:end] for start, end in pairwise((0, *cuts, len(payload)))]
    mask = draw(st.sampled_from(MASKS))
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


@st.composite
def pieces(draw: DrawFn, octets: bytes) -> tuple[ws.Octets, ...]:
    """Bytes of frames, cut anywhere."""
    cuts = sorted(draw(st.lists(st.integers(0, len(octets)), max_size=3, unique=True)))
    borders = [0, *cuts, len(octets)]
    return tuple(ws.Octets(octets[start:end]) for start, end in pairwise(borders) if start < end)
