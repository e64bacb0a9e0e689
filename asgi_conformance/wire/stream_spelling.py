"""How requests are spelled where they have streams, in HTTP/2 and HTTP/3: lists of fields, and loose parts.

What is said on a stream is right or wrong as asked; `stream=None` is the one that was opened last.
"""

from dataclasses import dataclass

from .request import Fields, Headers, Request, header_fields, octets, shown
from .websocket import Handshake, handshake


@dataclass(frozen=True)
class Heading:
    """A list of fields as it is given, pseudo headers included; it opens a stream, or goes on with one.

    In HTTP/2 it is cut into so many CONTINUATION frames (RFC 9113 §6.10).
    """

    fields: Headers
    stream: int | None = None
    end: bool = True
    continuations: int = 0
    trailing: bool = False

    def __str__(self) -> str:
        lines = ", ".join((name + b": " + value).decode("latin-1") for name, value in self.fields)
        cut = f" in {self.continuations + 1} frames" if self.continuations else ""
        return f"{'trailers' if self.trailing else 'heading'} ({shown(lines)[1:-1]}){cut}{_where(self)}"


@dataclass(frozen=True)
class Payload:
    """One DATA frame, whatever the state of the stream and of its flow control."""

    data: bytes
    stream: int | None = None
    end: bool = False
    padding: int | None = None

    def __str__(self) -> str:
        padding = "" if self.padding is None else f" with {self.padding} bytes of padding"
        return f"{'last ' if self.end else ''}data {shown(self.data)}{padding}{_where(self)}"


@dataclass(frozen=True)
class Cancel:
    """An end of a stream with an error; with None as its code the client has no use for it any more."""

    stream: int | None = None
    code: int | None = None

    def __str__(self) -> str:
        return f"resets{'' if self.code is None else f' with code {self.code}'}{_where(self, 'the stream')}"


Loose = Heading | Payload | Cancel


def heading(
    fields: Fields, *, stream: int | None = None, end: bool = True, continuations: int = 0
) -> Heading:
    """A request of any fields, which opens the stream: the next one unless a number is given."""
    return Heading(header_fields(fields), stream, end, continuations)


def trailers(fields: Fields, *, stream: int | None = None, end: bool = True) -> Heading:
    """Another list of fields on a stream that was opened before."""
    return Heading(header_fields(fields), stream, end, trailing=True)


def data(
    payload: bytes = b"", *, stream: int | None = None, end: bool = False, padding: int | None = None
) -> Payload:
    """One DATA frame, as it is."""
    return Payload(payload, stream, end, padding)


def reset(stream: int | None = None, code: int | None = None) -> Cancel:
    """RST_STREAM in HTTP/2, RESET_STREAM and STOP_SENDING in HTTP/3."""
    return Cancel(stream, code)


def spelled(what: Request | Handshake, *, authority: str, scheme: str) -> Headers:
    """The fields of a request: pseudo headers, the headers as given in lower case, and the length of a body.

    A host that is given is the authority (RFC 9113 §8.3.1).
    """
    if isinstance(what, Handshake):
        return _extended(what, authority, scheme)
    host, headers = _without_host(what.headers, authority)
    control = [(b":method", octets(what.method))]
    if what.method == "CONNECT":
        control += [(b":authority", octets(what.target))]
    else:
        control += [(b":scheme", scheme.encode()), (b":authority", host), (b":path", octets(what.target))]
    return (*control, *headers, *_framing(what))


def asked_in(fields: Headers) -> str | Handshake:
    """What a list of fields asks for: its method, or a WebSocket."""
    said = dict(fields)
    if said.get(b":method") == b"CONNECT" and said.get(b":protocol") == b"websocket":
        return handshake(said.get(b":path", b""))
    return said.get(b":method", b"GET").decode("latin-1")


def _extended(wish: Handshake, authority: str, scheme: str) -> Headers:
    """The extended CONNECT (RFC 8441 §4, RFC 9220 §3)."""
    host, headers = _without_host(wish.headers, authority)
    control = [(b":method", b"CONNECT"), (b":protocol", b"websocket"), (b":scheme", scheme.encode())]
    control += [(b":authority", host), (b":path", octets(wish.target))]
    ours = {
        b"sec-websocket-version": wish.version,
        b"sec-websocket-protocol": ", ".join(wish.subprotocols) or None,
        b"sec-websocket-extensions": wish.extensions,
    }
    given = {name for name, _ in headers}
    said = [(name, value.encode()) for name, value in ours.items() if value is not None and name not in given]
    return (*control, *said, *headers)


def _without_host(headers: Headers, authority: str) -> tuple[bytes, Headers]:
    lowered = [(name.lower(), value) for name, value in headers]
    first = next((field for field in lowered if field[0] == b"host"), None)
    if first is None:
        return authority.encode(), tuple(lowered)
    lowered.remove(first)
    return first[1], tuple(lowered)


def _framing(request: Request) -> Headers:
    given = {name.lower() for name, _ in request.headers}
    if request.body is None or request.more or given & {b"content-length", b"transfer-encoding"}:
        return ()
    return ((b"content-length", str(len(request.body)).encode()),)


def _where(what: Loose, otherwise: str = "") -> str:
    return f" on stream {what.stream}" if what.stream is not None else f" {otherwise}".rstrip()
