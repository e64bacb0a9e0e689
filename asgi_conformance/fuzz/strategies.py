"""Strategies for what clients, servers and applications say to each other, for anybody's own tests.

All of them draw what the specification allows, but `strangers`, which draws what it does not. What is drawn
costs by the choice, however much it holds: so most of it is spelled by one string, letter by letter.
"""

from collections.abc import Mapping
from functools import cache, partial
from itertools import product
from urllib.parse import unquote

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from asgi_conformance.spec import http, kinds, websocket
from asgi_conformance.spec.model import Event, Message
from asgi_conformance.wire import websocket as ws
from asgi_conformance.wire.request import Headers, Request
from asgi_conformance.wire.websocket import Fragments, Frame

METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD")
STATUSES = (200, 201, 202, 206, 301, 400, 403, 404, 418, 500, 503, 204, 304)
NAMES = (b"x-a", b"x-b", b"x-long-name-of-a-header", b"x-1", b"x-a-b")
"""Names of headers in lower case that mean nothing to anybody (RFC 9110 §5.1)."""
VALUES = (b"a", b"", b"a, b", b"caf\xe9", b'"q;=,"', b"a  b")
OCTETS = bytes(dict.fromkeys((*b'ab,;= "', *range(0x21, 0x7F), *range(0xA0, 0x100, 3))))
"""What a header's value is made of, with inner spaces and bytes beyond ASCII (RFC 9110 §5.5)."""
FIELDS = tuple((name, value) for value, name in product(VALUES, NAMES))
BEGINNING = 0x100 - len(OCTETS)
"""From this one on, the bytes that spell headers go on with a value; those below begin a header."""
PIECES = (
    *("a", "B", "0", "-._~", "!$&'()*,;=:@", "+", "/"),
    *("%20", "%2F", "%3F", "%25", "%C3%A9", "%E2%82%AC", "%F0%9F%98%80", "%23"),
)
"""What paths are made of: also characters that stand there as their bytes, each in two digits."""
QUERIES = ("a=1", "&", "=", "+", "%20", "/", "?", "b")
"""What stands behind question marks is made of these."""
LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
"""What spells a choice among as many things."""
LARGE = 1 << 14
"""What takes several reads, in bytes; of four of them a window of HTTP/2 is full, so nobody says as much."""
CODES = (1000, 1001, 3000, 4999)
"""Codes with which a WebSocket may be closed by anybody (RFC 6455 §7.4)."""
BODILESS = (204, 304)
"""Statuses of responses that have no content (RFC 9110 §6.4.1)."""


@cache
def header_names() -> SearchStrategy[bytes]:
    """Names of headers in lower case that mean nothing to anybody (RFC 9110 §5.1)."""
    return st.sampled_from(NAMES)


@cache
def headers(max_size: int = 4) -> SearchStrategy[Headers]:
    """Pairs of names and values, some of the names more than once."""
    return st.binary(max_size=3 * max_size).map(partial(_fields, max_size))


def _fields(most: int, spelled: bytes) -> Headers:
    fields: list[tuple[bytes, bytes]] = []
    for each in spelled:
        if each < BEGINNING:
            fields.append(FIELDS[each % len(FIELDS)])
        else:
            name, value = fields.pop() if fields else (NAMES[0], b"")
            fields.append((name, value + OCTETS[each - BEGINNING :][:1]))
    return tuple((name, value.strip(b" ")) for name, value in fields[:most])


def is_ascii(fields: Headers) -> bool:
    """Is there nothing in these fields that a server may refuse (RFC 9110 §5.5)?"""
    return all(value.isascii() for _, value in fields)


def in_ascii(fields: Headers) -> Headers:
    """The same fields without the bytes that a server may refuse (RFC 9110 §5.5)."""
    return tuple((name, bytes(each for each in value if each < 0x80).strip()) for name, value in fields)


@cache
def bodies(max_size: int = 64, *, large: bool = True) -> SearchStrategy[bytes]:
    """Contents of requests and responses; now and then a large one, if it may be."""
    small = st.binary(max_size=max_size)
    return small.map(partial(swollen, b"0123456789abcdef" * (LARGE // 16))) if large else small


def swollen(large: bytes, small: bytes) -> bytes:
    """The small one, but the large one in the place of a quarter of them."""
    return large if small[:1] >= b"\xc0" else small


@cache
def paths() -> SearchStrategy[str]:
    """Paths as they stand in a request, percent-encoded where they have to be (RFC 3986 §3.3)."""
    return st.text(LETTERS[: len(PIECES)], max_size=5).map(_path)


def _path(letters: str) -> str:
    path = "".join([PIECES[int(each, 36)] for each in letters])
    # Where two slashes meet, or dots are alone, some servers tidy up, which no text forbids.
    return "/" + "/".join(filter(None, path.split("/")))


@cache
def targets() -> SearchStrategy[bytes]:
    """Paths, most of them with a question mark and what stands behind it (RFC 3986 §3.4)."""
    return st.text(LETTERS[: len(PIECES) + 2 * len(QUERIES)], max_size=12).map(_target)


def _target(letters: str) -> bytes:
    """The letters that spell pieces of a path, and those that spell some of a query, wherever they stand."""
    border = LETTERS[len(PIECES)]
    query = "".join(
        [QUERIES[(int(each, 36) - len(PIECES)) % len(QUERIES)] for each in letters if each >= border]
    )
    path = _path("".join([each for each in letters if each < border]))
    return f"{path}?{query}".encode() if query else path.encode()


BODILESS_METHODS = ("GET", "HEAD", "OPTIONS", "DELETE")
ASKED: tuple[tuple[str, int | None], ...] = (
    *product(BODILESS_METHODS, [None] * 4),
    *product([each for each in METHODS if each not in BODILESS_METHODS], [None, *range(-1, 4)]),
)
"""Methods, and in how many chunks the body comes: -1 for one that comes as a whole."""


@cache
def requests(max_headers: int = 4, *, large: bool = True) -> SearchStrategy[Request]:
    """Whole requests of any method, with or without a body, which may be large."""
    return _requests(headers(max_headers), bodies(large=large))


@st.composite
def _requests(draw: DrawFn, headers: SearchStrategy[Headers], bodies: SearchStrategy[bytes]) -> Request:
    method, count = draw(_asked())
    target, fields = draw(targets()), draw(headers)
    if count is None:
        return Request(method, target, fields)
    if count < 0:
        return Request(method, target, fields, body=draw(bodies))
    return Request(method, target, fields, chunks=tuple(draw(bodies) for _ in range(count)))


@cache
def _asked() -> SearchStrategy[tuple[str, int | None]]:
    return st.sampled_from(ASKED)


@cache
def response_starts() -> SearchStrategy[Message]:
    """`http.response.start` of final responses."""
    return st.binary(min_size=1, max_size=13).map(_response_start)


def _response_start(spelled: bytes) -> Message:
    status = STATUSES[spelled[0] % len(STATUSES)]
    return http.response_start(status=status, headers=list(_fields(4, spelled[1:])))


def strangers(event: Event, keys: Mapping[str, object]) -> SearchStrategy[tuple[str, Message]]:
    """The event with a value of a wrong type under one of its keys, and which; `keys` are right values."""
    wrong = [
        (key, event(**{**keys, key: stranger}))
        for key, field in event.fields.items()
        for stranger in field.kind.strangers(keys[key])
    ]
    return st.sampled_from(wrong)


@cache
def frames() -> SearchStrategy[Fragments | Frame]:
    """What a client may say on an open WebSocket: whole messages, pings and pongs, a close (RFC 6455 §5)."""
    payload = st.binary(max_size=125)
    closes = st.builds(ws.close, st.sampled_from(CODES), st.text("a\u00e9", max_size=9))
    messages = st.one_of(st.text(max_size=16).map(ws.text), st.binary(max_size=64).map(ws.data))
    return st.one_of(messages, payload.map(ws.ping), payload.map(ws.pong), closes)


@cache
def events(event: Event) -> SearchStrategy[Message]:
    """Right messages of this event (www, lifespan), with or without the keys that have a default."""
    values = {key: _values(key, field.kind) for key, field in event.fields.items()}
    if event in (websocket.receive, websocket.send):
        # Just one of the two holds a value.
        only = [st.fixed_dictionaries({key: value}) for key, value in values.items()]
        return st.one_of(only).map(lambda message: event(**message))
    required = {key: value for key, value in values.items() if event.fields[key].is_required}
    optional = {key: value for key, value in values.items() if key not in required}
    return st.fixed_dictionaries(required, optional=optional).map(lambda message: event(**message))


@cache
def scopes(kind: str = "http") -> SearchStrategy[dict[str, object]]:
    """Right scopes of "http" or "websocket", with or without the keys that have a default (www)."""
    fields = http.SCOPE if kind == "http" else websocket.SCOPE
    values = {key: _values(key, field.kind) for key, field in fields.items()}
    asgi = st.fixed_dictionaries({"version": st.just("3.0"), "spec_version": st.sampled_from(["2.3", "2.5"])})
    scheme = st.sampled_from(["http", "https"] if kind == "http" else ["ws", "wss"])
    known = {"http_version": st.sampled_from(["1.1", "2"]), "scheme": scheme, "path": paths().map(unquote)}
    values |= known | {"raw_path": paths().map(str.encode), "method": st.sampled_from(METHODS)}
    if kind == "websocket":
        del values["method"]
    required = {key: value for key, value in values.items() if key in fields and fields[key].is_required}
    optional = {key: value for key, value in values.items() if key not in required}
    return st.fixed_dictionaries({"type": st.just(kind), "asgi": asgi, **required}, optional=optional)


SPECIAL = {"status": st.sampled_from(STATUSES), "code": st.sampled_from(CODES)}
"""What is not any value of its kind."""
ADDRESSES = st.tuples(st.sampled_from(["127.0.0.1", "::1"]), st.integers(1, 65535)).map(list)
OF_KINDS: dict[str, SearchStrategy[object]] = {
    kinds.BYTES.name: st.binary(max_size=64),
    kinds.STR.name: st.text("ab\u00e9/", max_size=9),
    kinds.FULL_STR.name: st.text("ab", min_size=1, max_size=9),
    kinds.INT.name: st.integers(0, 1 << 16),
    kinds.BOOL.name: st.booleans(),
    kinds.DICT.name: st.just({}),
    kinds.HEADERS.name: headers().map(list),
    kinds.TEXTS.name: st.lists(st.sampled_from(["chat", "echo"]), max_size=2),
    kinds.CLIENT.name: ADDRESSES,
    kinds.SERVER_ADDRESS.name: ADDRESSES,
}
"""Right values of each kind, by its name."""


def _values(key: str, kind: kinds.Kind) -> SearchStrategy[object]:
    """Right values under a key; None is left to who leaves the key out."""
    return SPECIAL[key] if key in SPECIAL else OF_KINDS[kind.name.removesuffix(" or None")]
