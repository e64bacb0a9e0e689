"""What a client asks for over HTTP, in any version; it does not know how that is spelled on the wire."""

import reprlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

Headers = tuple[tuple[bytes, bytes], ...]
Fields = Iterable[tuple[str | bytes, str | bytes]]

_shortening = reprlib.Repr()
_shortening.maxstring = _shortening.maxother = 60


def shown(value: object) -> str:
    """The repr of a value as a transcript shows it: what is long is cut in the middle."""
    return _shortening.repr(value)


def cut(text: str, limit: int = 200) -> str:
    """A text without its middle when it is long."""
    return text if len(text) <= limit else f"{text[: limit // 4]}…{text[-limit // 4 :]}"


def octets(value: str | bytes) -> bytes:
    """Bytes as they are, text as UTF-8."""
    return value.encode() if isinstance(value, str) else value


def header_fields(fields: Fields) -> Headers:
    """Pairs of str or bytes, as pairs of bytes in the same order."""
    return tuple((octets(name), octets(value)) for name, value in fields)


@dataclass(frozen=True)
class Request:
    """A request; it has a `body` of known length, a body in `chunks`, or none (both None).

    `more` says that the body goes on after this: the rest follows in `Part`s.
    """

    method: str
    target: str | bytes = "/"
    headers: Headers = ()
    body: bytes | None = None
    chunks: tuple[bytes, ...] | None = None
    more: bool = False

    def __post_init__(self) -> None:
        if self.body is not None and self.chunks is not None:
            raise ValueError("a request has a body or chunks, not both")

    def __str__(self) -> str:
        words = [self.method, cut(octets(self.target).decode("ascii", "backslashreplace"))]
        if self.headers:
            lines = ", ".join((name + b": " + value).decode("latin-1") for name, value in self.headers)
            words.append(f"({shown(lines)[1:-1]})")
        if self.body is not None:
            words.append(f"with body {shown(self.body)}")
        if self.chunks is not None:
            words.append(f"with chunks {shown(list(self.chunks))}")
        if self.more:
            words.append("and more to come")
        return " ".join(words)


@dataclass(frozen=True)
class Part:
    """The next piece of the body of a request that was sent with `more=True`; `last` ends it."""

    data: bytes = b""
    last: bool = False
    trailers: Headers = ()

    def __str__(self) -> str:
        return f"{'last ' if self.last else ''}part {shown(self.data)}"


def request(
    method: str,
    target: str | bytes = "/",
    *,
    body: bytes | None = None,
    chunks: Iterable[bytes] | None = None,
    more: bool = False,
    headers: Fields = (),
) -> Request:
    """A request with any method; `target` goes out as given, text as UTF-8.

    Raises ValueError when it is given a body and chunks.
    """
    pieces = None if chunks is None else tuple(chunks)
    return Request(method, target, header_fields(headers), body, pieces, more)


def get(target: str | bytes = "/", *, headers: Fields = ()) -> Request:
    """A GET request without a body."""
    return request("GET", target, headers=headers)


def head(target: str | bytes = "/", *, headers: Fields = ()) -> Request:
    """A HEAD request without a body."""
    return request("HEAD", target, headers=headers)


def post(
    target: str | bytes = "/",
    *,
    body: bytes | None = None,
    chunks: Iterable[bytes] | None = None,
    more: bool = False,
    headers: Fields = (),
) -> Request:
    """A POST request with a body of known length, a body in chunks, or none."""
    return request("POST", target, body=body, chunks=chunks, more=more, headers=headers)


def part(data: bytes = b"", *, last: bool = False, trailers: Fields = ()) -> Part:
    """The next piece of a body; the trailers count only in the last one of a body without a length."""
    return Part(data, last, header_fields(trailers))


def pieces(megabytes: int) -> Iterator[bytes]:
    """A body of so many MiB that is never held as a whole: pieces of 64 KiB, no two of them alike."""
    for number in range(megabytes * 16):
        yield b"%08d" % number * 8192
