"""Requests of HTTP/1.1 with one fault each that the RFC knows, and what it asks of a server then."""

from collections.abc import Callable
from functools import cache
from itertools import product

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from asgi_conformance.checks.wire_http1_smuggling import CODINGS, HIDDEN, LENGTHS, NOT_CHUNKED_AT_LAST
from asgi_conformance.dialogue.expectation import like
from asgi_conformance.fuzz import strategies
from asgi_conformance.fuzz.plot import any_bytes, one_of, up_to
from asgi_conformance.fuzz.script import Actor, Line, Script
from asgi_conformance.wire.request import Headers, Request, header_fields

Faulty = tuple[str, list[Line]]
LAST_CHUNK = b"0\r\n\r\n"
CHUNKED = (b"Transfer-Encoding", b"chunked")
client, server = Actor("client"), Actor("server")


def faulty(draw: DrawFn) -> Script:
    """A request with one fault, and a next client, which is served."""
    blame, lines = one_of(draw, FAULTS)(draw)
    following = server.catches_up().blames("fuzz.raw_http")
    return (*(line.blames(blame) for line in lines), following)


def _asks(draw: DrawFn, *fault: tuple[bytes, bytes], body: bytes | None = None) -> Line:
    """An ordinary request but for these headers, which stay together."""
    fields = draw(strategies.headers(2))
    place = draw(up_to(len(fields)))
    headers: Headers = (*fields[:place], *fault, *fields[place:])
    return client.sends(Request("POST", draw(strategies.paths()), headers, body=body))


@cache
def _words() -> SearchStrategy[bytes]:
    return st.text("abcXYZ019", min_size=1, max_size=4).map(str.encode)


def _in_chunks(draw: DrawFn) -> tuple[bytes, bytes]:
    """A body in chunks, and the body itself."""
    pieces = [draw(any_bytes(min_size=1, max_size=12)) for _ in range(1 + draw(up_to(1)))]
    return b"".join(b"%x\r\n%s\r\n" % (len(each), each) for each in pieces) + LAST_CHUNK, b"".join(pieces)


def two_framings(draw: DrawFn) -> Faulty:
    """The length is told in two ways: chunks count, if it is served at all."""
    chunks, body = _in_chunks(draw)
    length = (b"Content-Length", b"%d" % draw(up_to(len(chunks))))
    asks = _asks(draw, *one_of(draw, [(CHUNKED, length), (length, CHUNKED)]), body=chunks)
    return "h1.te.and_content_length", [asks, server.may_serve(client, body), server.serves_no_more(client)]


def not_chunked_at_last(draw: DrawFn) -> Faulty:
    """Nothing tells where the body ends."""
    chunks, _ = _in_chunks(draw)
    codings = header_fields(one_of(draw, NOT_CHUNKED_AT_LAST))
    asks = _asks(draw, *codings, body=chunks)
    return "h1.te.not_final_chunked", [asks, server.refuses(client), server.serves_no_more(client)]


def no_length(draw: DrawFn) -> Faulty:
    """The length is no number."""
    body = draw(any_bytes(min_size=1, max_size=12))
    shape = one_of(draw, ["+%d", "-%d", "0x%x", "%d_0", "%d 0", "%d;", "%d.0", "%de0", "x%d", "\x0b%d"])
    asks = _asks(draw, (b"Content-Length", (shape % len(body)).encode()), body=body)
    return "h1.cl.invalid", [asks, client.is_refused(), server.serves_no_more(client)]


def two_lengths(draw: DrawFn) -> Faulty:
    """The length is told twice, and not alike."""
    body = draw(any_bytes(min_size=1, max_size=12))
    right, wrong = b"%d" % len(body), b"%d" % draw(up_to(len(body) - 1))
    lengths, is_one_line = one_of(draw, [*product(((right, wrong), (wrong, right)), (False, True))])
    name = b"Content-Length"
    fields = [(name, b", ".join(lengths))] if is_one_line else [(name, each) for each in lengths]
    asks = _asks(draw, *fields, body=body)
    return "h1.cl.duplicate_differing", [asks, client.is_refused(), server.serves_no_more(client)]


def malformed_chunk(draw: DrawFn) -> Faulty:
    """The size of a chunk is none, or another than that of what follows."""
    body = draw(_words()) * 3
    size = one_of(draw, ["0x%x", "+%x", "-%x", "%x_", "x%x", "%x\x0b", "%x,", "_%x"]) % len(body)
    asks = _asks(draw, CHUNKED, body=size.encode() + b"\r\n" + body + b"\r\n" + LAST_CHUNK)
    return "h1.chunked.malformed", [asks, server.may_break_off(client)]


def hidden_request(draw: DrawFn) -> Faulty:
    """A body that looks like a request, with a length that may be told wrong."""
    choices = [(each, HIDDEN) for each in LENGTHS] + [(each, LAST_CHUNK + HIDDEN) for each in CODINGS]
    fields, body = one_of(draw, choices)
    asks = _asks(draw, *header_fields(fields), body=body)
    return "h1.smuggling.no_second_request", [asks, server.takes_for_one_request(client)]


def wrong_host(draw: DrawFn) -> Faulty:
    """There are two hosts, or none that could be one."""
    hosts = one_of(draw, [[b"a", b"b"], [b"a", b"a"], [b"a b/c"], [b"a/c"], [b"a?b"], [b"a:port"]])
    asks = _asks(draw, *((b"Host", each) for each in hosts))
    return "h1.host.multiple_or_invalid", [asks, client.is_refused()]


def space_before_colon(draw: DrawFn) -> Faulty:
    """A name does not end where the colon is."""
    name = draw(strategies.header_names()) + one_of(draw, [b" ", b"\t"])
    asks = _asks(draw, (name, draw(_words())))
    return "h1.field.space_before_colon", [asks, client.is_refused()]


def folded(draw: DrawFn) -> Faulty:
    """A value goes on in a next line."""
    one, two = draw(_words()), draw(_words())
    asks = _asks(draw, (b"x-folded", one + b"\r\n" + one_of(draw, [b" ", b"\t", b"  "]) + two))
    seen = [(b"x-folded", like(one + rb" +" + two))]
    return "h1.field.obs_fold", [asks, server.may_serve(client, headers=seen)]


def bare_cr(draw: DrawFn) -> Faulty:
    """There is a CR in a value, which is no end of a line."""
    one, two = draw(_words()), draw(_words())
    asks = _asks(draw, (b"x-cr", one + b"\r" + two))
    return "h1.parse.bare_cr", [asks, server.may_serve(client, headers=[(b"x-cr", one + b" " + two)])]


def colonless_line(draw: DrawFn) -> Faulty:
    """A header is none."""
    line = one_of(draw, [(b"", b"1"), (b"x[a]", b"1"), (b"x-\xe9", b"1"), (b"x a", b"1")])
    return "h1.parse.garbage", [_asks(draw, line), client.is_refused(), server.serves_no_more(client)]


FAULTS: tuple[Callable[[DrawFn], Faulty], ...] = (
    two_framings,
    not_chunked_at_last,
    no_length,
    two_lengths,
    malformed_chunk,
    hidden_request,
    wrong_host,
    space_before_colon,
    folded,
    bare_cr,
    colonless_line,
)
