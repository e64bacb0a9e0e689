"""Strategies for what clients, servers and applications say to each other, for anybody's own tests.

All of them draw what the specification allows, but `strangers`, which draws what it does not.
"""

from collections.abc import Mapping
from functools import cache

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from asgi_conformance.spec import http
from asgi_conformance.spec.model import Event, Message
from asgi_conformance.wire.request import Headers, Request

METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD")
STATUSES = (200, 201, 202, 206, 301, 400, 403, 404, 418, 500, 503, 204, 304)
VALUE = 'ab,;= "' + "".join(map(chr, (*range(0x21, 0x7F), *range(0xA0, 0x100))))
"""The characters of a header's value."""
ENCODED = ("%20", "%2F", "%3F", "%25", "%C3%A9", "%E2%82%AC", "%F0%9F%98%80", "%23")
"""Characters that stand in a path as their bytes, each in two digits."""
LARGE = 1 << 14
"""What takes several reads, in bytes; of four of them a window of HTTP/2 is full, so nobody says as much."""
BODILESS = (204, 304)
"""Statuses of responses that have no content (RFC 9110 §6.4.1)."""


@cache
def header_names() -> SearchStrategy[bytes]:
    """Names of headers in lower case that mean nothing to anybody (RFC 9110 §5.1)."""
    return st.sampled_from([b"x-a", b"x-b", b"x-long-name-of-a-header", b"x-1", b"x-a-b"])


@cache
def header_values() -> SearchStrategy[bytes]:
    """Values of headers, with inner spaces and bytes beyond ASCII (RFC 9110 §5.5)."""
    odd = st.text(VALUE, max_size=12).map(lambda text: text.strip(" ").encode("latin-1"))
    return st.one_of(st.sampled_from([b"a", b"", b"a, b", b"caf\xe9", b'"q;=,"', b"a  b"]), odd)


@cache
def headers(max_size: int = 4) -> SearchStrategy[Headers]:
    """Pairs of names and values, some of the names more than once."""
    return st.lists(st.tuples(header_names(), header_values()), max_size=max_size).map(tuple)


@cache
def bodies(max_size: int = 64, *, large: bool = True) -> SearchStrategy[bytes]:
    """Contents of requests and responses; now and then a large one, if it may be."""
    small = st.binary(max_size=max_size)
    return st.one_of(small, st.just(b"0123456789abcdef" * (LARGE // 16))) if large else small


@cache
def paths() -> SearchStrategy[str]:
    """Paths as they stand in a request, percent-encoded where they have to be (RFC 3986 §3.3)."""
    pieces = ["a", "B", "0", "-._~", "!$&'()*,;=:@", "+", "/", *ENCODED]
    # Where two slashes meet, or dots are alone, some servers tidy up, which no text forbids.
    tidy = st.lists(st.sampled_from(pieces), max_size=5).map(lambda parts: f"/{''.join(parts)}")
    return tidy.map(lambda path: "/" + "/".join(filter(None, path.split("/"))))


@cache
def query_strings() -> SearchStrategy[bytes]:
    """What stands behind the question mark, or nothing (RFC 3986 §3.4)."""
    pieces = [b"a=1", b"&", b"=", b"+", b"%20", b"/", b"?", b"b"]
    return st.lists(st.sampled_from(pieces), max_size=4).map(b"".join)


@cache
def requests(max_headers: int = 4, *, large: bool = True) -> SearchStrategy[Request]:
    """Whole requests of any method, with or without a body, which may be large."""
    body = bodies(large=large)
    return st.builds(
        _request,
        st.sampled_from(METHODS),
        paths(),
        query_strings(),
        headers(max_headers),
        st.one_of(st.none(), body, st.lists(body, max_size=3)),
    )


def _request(
    method: str, path: str, query: bytes, fields: Headers, body: bytes | list[bytes] | None
) -> Request:
    target = path.encode() + (b"?" + query if query else b"")
    if method in ("GET", "HEAD", "OPTIONS", "DELETE"):
        body = None
    if isinstance(body, list):
        return Request(method, target, fields, chunks=tuple(body))
    return Request(method, target, fields, body=body)


@cache
def response_starts() -> SearchStrategy[Message]:
    """`http.response.start` of final responses."""
    return st.builds(
        lambda status, fields: http.response_start(status=status, headers=list(fields)),
        st.sampled_from(STATUSES),
        headers(),
    )


def strangers(event: Event, keys: Mapping[str, object]) -> SearchStrategy[tuple[str, Message]]:
    """The event with a value of a wrong type under one of its keys, and which; `keys` are right values."""
    wrong = [
        (key, event(**{**keys, key: stranger}))
        for key, field in event.fields.items()
        for stranger in field.kind.strangers(keys[key])
    ]
    return st.sampled_from(wrong)
