"""How a strict reader finds requests in bytes: h11, as long as there is only one way to read them."""

from collections.abc import Iterator

import h11

from .http1_spelling import spelled
from .request import Request

LONGEST = 1 << 24
TWICE_TOLD = {b"content-length", b"transfer-encoding"}
MEANINGFUL = {b"connection", b"upgrade", b"expect", b"te", b"trailer", b"content-encoding", b"keep-alive"}
"""Headers that may change what a server makes of a request, or of what comes behind it."""


def requests_in(data: bytes) -> Iterator[Request]:
    """The requests at the beginning of these bytes, whole ones, up to where opinions may differ.

    Nobody can read a request in another way if it is in these bytes as we would spell it ourselves.
    """
    while data:
        found = _first(data)
        if found is None:
            return
        request, rest = found
        if not _is_plain(request) or spelled(request) + rest != data:
            return
        yield request
        data = rest


def _first(data: bytes) -> tuple[Request, bytes] | None:
    """The first request with its body, and the bytes behind it; None when it is broken or not all there."""
    reader = h11.Connection(h11.SERVER, max_incomplete_event_size=LONGEST)
    reader.receive_data(data)
    head: h11.Request | None = None
    pieces = [bytearray()]
    try:
        while not isinstance(event := reader.next_event(), h11.EndOfMessage):
            if isinstance(event, h11.Request):
                head = event
            elif isinstance(event, h11.Data):
                pieces[-1] += event.data
                pieces += [bytearray()] if event.chunk_end else []
            else:
                return None
    except h11.RemoteProtocolError:
        return None
    assert head is not None
    return _request(head, pieces), reader.trailing_data[0]


def _request(head: h11.Request, pieces: list[bytearray]) -> Request:
    method, target, fields = head.method.decode(), bytes(head.target), tuple(head.headers.raw_items())
    names = {name.lower() for name, _ in fields}
    if b"transfer-encoding" in names:
        return Request(method, target, fields, chunks=tuple(bytes(each) for each in pieces if each))
    body = b"".join(pieces) if b"content-length" in names else None
    return Request(method, target, fields, body=body)


def _is_plain(request: Request) -> bool:
    """Does it ask for nothing but an answer, and tell its length in one way?"""
    names = {name.lower() for name, _ in request.headers}
    return request.method != "CONNECT" and not names & MEANINGFUL and not names >= TWICE_TOLD
