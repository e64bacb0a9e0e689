"""The machine of raw HTTP/1.1: requests in bytes, with faults of a known kind, or with any there may be."""

from collections.abc import Callable
from functools import cache

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from asgi_conformance.fuzz import strategies
from asgi_conformance.fuzz.machine import Ground, machine
from asgi_conformance.fuzz.raw_faults import faults
from asgi_conformance.fuzz.script import Actor, Line, Script
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
    return st.one_of(mutated(), mutated(), faults())


@cache
def mutated() -> SearchStrategy[Script]:
    """Requests, one behind another, whose bytes are changed; the client says no more, or leaves."""
    return _mutated()


@st.composite
def _mutated(draw: DrawFn) -> Script:
    said = b"".join(draw(st.lists(requests(), min_size=1, max_size=REQUESTS)))
    for change in draw(st.lists(st.sampled_from(CHANGES), max_size=MUTATIONS)):
        said = change(draw, said)
    client = Actor("client")
    cuts = sorted(draw(st.lists(_place(said), max_size=PIECES - 1)))
    lines: list[Line] = [client.says(said, *cuts)]
    lines += draw(st.sampled_from([[client.finishes()], [client.finishes()], [client.leaves()]]))
    lines.append(client.is_understood_or_refused())
    return tuple(line.blames("fuzz.raw_http") for line in lines)


@cache
def requests() -> SearchStrategy[bytes]:
    """Ordinary requests, as they are spelled."""
    return strategies.requests(large=False).map(spelled)


def _place(said: bytes) -> SearchStrategy[int]:
    return st.integers(0, len(said))


# What may happen to bytes


def overwrites(draw: DrawFn, said: bytes) -> bytes:
    """Something odd takes the place of a few bytes."""
    place, length = draw(_place(said)), draw(st.integers(0, 3))
    return said[:place] + draw(st.sampled_from(ODD)) + said[place + length :]


def deletes(draw: DrawFn, said: bytes) -> bytes:
    """A few bytes are lost."""
    place = draw(_place(said))
    return said[:place] + said[place + draw(st.integers(1, 8)) :]


def cuts_off(draw: DrawFn, said: bytes) -> bytes:
    """The end is lost."""
    return said[: draw(_place(said))]


def inserts_a_line(draw: DrawFn, said: bytes) -> bytes:
    """A line more, which changes what others mean."""
    lines = said.split(b"\r\n")
    lines.insert(draw(st.integers(1, len(lines))), draw(st.sampled_from(LINES)))
    return b"\r\n".join(lines)


def doubles_a_line(draw: DrawFn, said: bytes) -> bytes:
    """A line comes twice."""
    lines = said.split(b"\r\n")
    place = draw(st.integers(0, len(lines) - 1))
    return b"\r\n".join([*lines[:place], lines[place], *lines[place:]])


def moves_a_line(draw: DrawFn, said: bytes) -> bytes:
    """A line comes elsewhere."""
    lines = said.split(b"\r\n")
    line = lines.pop(draw(st.integers(0, len(lines) - 1)))
    lines.insert(draw(st.integers(0, len(lines))), line)
    return b"\r\n".join(lines)


def breaks_a_line_end(draw: DrawFn, said: bytes) -> bytes:
    """A line ends in another way."""
    lines = said.split(b"\r\n")
    place = draw(st.integers(0, len(lines) - 1))
    end = draw(st.sampled_from([b"\n", b"\r", b"\n\r", b"\r\r\n", b" \r\n", b""]))
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
