"""The machine of raw HTTP/1.1: requests in bytes, with faults of a known kind, or with any there may be."""

from collections.abc import Callable
from functools import cache

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from asgi_conformance.fuzz import strategies
from asgi_conformance.fuzz.machine import Ground, machine
from asgi_conformance.fuzz.plot import any_bytes, one_of, up_to
from asgi_conformance.fuzz.raw_faults import faulty
from asgi_conformance.fuzz.script import Actor, Script
from asgi_conformance.wire.http1_spelling import spelled

MUTATIONS = 4
"""So often are the bytes of some requests changed at most."""
REQUESTS = 3
"""So many requests are said at once at most."""
PIECES = 3
ODD = (
    *(b"\r", b"\n", b"\r\n", b"\n\n", b"\r\n\r\n", b"\0", b" ", b"\t", b"\x0b", b"\x7f", b"\x80", b"\xff"),
    *(b":", b",", b";", b'"', b"%", b"%zz", b"/", b"?", b"#", b"*", b"http://", b"HTTP/1.1", b"HTTP/1.0"),
    *(b"0", b"1", b"-", b"+", b"0x", b"_", b"ffffffff", b"99999999999999999999"),
)
"""What disturbs a reader somewhere."""
LINE_ENDS = (b"\n", b"\r", b"\n\r", b"\r\r\n", b" \r\n", b"")
LINES = (
    *(b"Content-Length: 5", b"Content-Length: 0", b"Content-Length: -1", b"Content-Length: 5, 6"),
    *(b"Transfer-Encoding: chunked", b"Transfer-Encoding: identity", b"Transfer-Encoding: gzip, chunked"),
    *(b"Host: elsewhere", b"Host:", b" folded", b"\tfolded", b"no colon", b": no name", b"x-a : 1", b""),
    *(b"Connection: close", b"Connection: keep-alive", b"Connection: upgrade", b"Upgrade: unknown"),
    *(b"Expect: 100-continue", b"Expect: 999", b"TE: trailers", b"Trailer: x-a", b"0", b"5;a=b", b"x\0y: 1"),
)
Change = Callable[[DrawFn, bytes], bytes]


@machine("fuzz.raw_http")
def whatever_bytes_come_the_server_serves_on(_ground: Ground) -> SearchStrategy[Script]:
    """Bytes on a connection of their own, and what may become of them."""
    return scripts()


@cache
def scripts() -> SearchStrategy[Script]:
    """Two thirds with faults of any kind, one third with one that is known."""
    return drawn_scripts()


@st.composite
def drawn_scripts(draw: DrawFn) -> Script:
    """One script."""
    return faulty(draw) if draw(up_to(2)) > 1 else mutated(draw)


def mutated(draw: DrawFn) -> Script:
    """Requests, one behind another, whose bytes are changed; the client says no more, or leaves."""
    said = b"".join([draw(requests()) for _ in range(1 + draw(up_to(REQUESTS - 1)))])
    for change in draw(any_bytes(max_size=MUTATIONS)):
        said = CHANGES[change % len(CHANGES)](draw, said)
    client = Actor("client")
    ends = one_of(draw, (client.finishes, client.finishes, client.leaves))
    lines = (client.says(said, *_cuts(draw, said)), ends(), client.is_understood_or_refused())
    return tuple(line.blames("fuzz.raw_http") for line in lines)


def _cuts(draw: DrawFn, said: bytes) -> list[int]:
    return sorted(draw(up_to(len(said))) for _ in range(draw(up_to(PIECES - 1))))


@cache
def requests() -> SearchStrategy[bytes]:
    """Ordinary requests, as they are spelled."""
    return strategies.requests(large=False).map(spelled)


# What may happen to bytes


def overwrites(draw: DrawFn, said: bytes) -> bytes:
    """Something odd takes the place of a few bytes."""
    place = draw(up_to(len(said)))
    odd, length = divmod(draw(up_to(4 * len(ODD) - 1)), 4)
    return said[:place] + ODD[odd] + said[place + length :]


def deletes(draw: DrawFn, said: bytes) -> bytes:
    """A few bytes are lost."""
    place = draw(up_to(len(said)))
    return said[:place] + said[place + 1 + draw(up_to(7)) :]


def cuts_off(draw: DrawFn, said: bytes) -> bytes:
    """The end is lost."""
    return said[: draw(up_to(len(said)))]


def inserts_a_line(draw: DrawFn, said: bytes) -> bytes:
    """A line more, which changes what others mean."""
    lines = said.split(b"\r\n")
    lines.insert(1 + draw(up_to(len(lines) - 1)), one_of(draw, LINES))
    return b"\r\n".join(lines)


def doubles_a_line(draw: DrawFn, said: bytes) -> bytes:
    """A line comes twice."""
    lines = said.split(b"\r\n")
    place = draw(up_to(len(lines) - 1))
    return b"\r\n".join([*lines[:place], lines[place], *lines[place:]])


def moves_a_line(draw: DrawFn, said: bytes) -> bytes:
    """A line comes elsewhere."""
    lines = said.split(b"\r\n")
    line = lines.pop(draw(up_to(len(lines) - 1)))
    lines.insert(draw(up_to(len(lines))), line)
    return b"\r\n".join(lines)


def breaks_a_line_end(draw: DrawFn, said: bytes) -> bytes:
    """A line ends in another way."""
    lines = said.split(b"\r\n")
    place = draw(up_to(len(lines) - 1))
    end = one_of(draw, LINE_ENDS)
    return b"\r\n".join(lines[: place + 1]) + end + b"\r\n".join(lines[place + 1 :])


CHANGES: tuple[Change, ...] = (
    overwrites,
    deletes,
    cuts_off,
    inserts_a_line,
    doubles_a_line,
    moves_a_line,
    breaks_a_line_end,
)
