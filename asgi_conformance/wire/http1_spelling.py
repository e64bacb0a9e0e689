"""How requests are spelled in HTTP/1: pure functions from what is asked to bytes, right or wrong as asked."""

from .request import Headers, Part, Request, octets
from .websocket import Handshake

LAST_CHUNK = b"0\r\n"


def spelled(what: Request | Handshake, *, authority: str = "localhost", version: str = "http/1.1") -> bytes:
    """A request in bytes: Host unless given, the headers as given, and what the body needs to be found.

    Raises ValueError for HTTP/1.0 when the length of a body is not known.
    """
    if isinstance(what, Handshake):
        what = Request("GET", what.target, _handshake_headers(what))
    given = _names(what.headers)
    host = () if b"host" in given else ((b"Host", authority.encode()),)
    framing, body = _framed(what, given, version)
    lines = [b" ".join([octets(what.method), octets(what.target), version.upper().encode()])]
    lines += [name + b": " + value for name, value in (*host, *what.headers, *framing)]
    return b"\r\n".join([*lines, b"", body])


def is_chunked(request: Request, version: str = "http/1.1") -> bool:
    """Whether the body goes out in chunks: it was given so, or its length is not known yet."""
    open_end = request.more and b"content-length" not in _names(request.headers)
    if version == "http/1.0":
        if open_end:
            raise ValueError("HTTP/1.0 has no chunks: say how long the body is")
        return False
    return request.chunks is not None or open_end


def _framed(request: Request, given: set[bytes], version: str) -> tuple[Headers, bytes]:
    pieces = request.chunks if request.chunks is not None else (request.body or b"",)
    if is_chunked(request, version):
        framing = () if b"transfer-encoding" in given else ((b"Transfer-Encoding", b"chunked"),)
        end = b"" if request.more else LAST_CHUNK + b"\r\n"
        return framing, b"".join(_chunk(piece) for piece in pieces) + end
    body = b"".join(pieces)
    has_none = request.body is None and request.chunks is None
    if has_none or given & {b"content-length", b"transfer-encoding"}:
        return (), body
    return ((b"Content-Length", str(len(body)).encode()),), body


def _chunk(data: bytes) -> bytes:
    # An empty chunk would be the last one.
    return b"%x\r\n%s\r\n" % (len(data), data) if data else b""


def spelled_part(part: Part) -> bytes:
    """A piece of a body in chunks, with the trailers behind the last one."""
    trailers = b"".join(name + b": " + value + b"\r\n" for name, value in part.trailers)
    return _chunk(part.data) + (LAST_CHUNK + trailers + b"\r\n" if part.last else b"")


def _handshake_headers(handshake: Handshake) -> Headers:
    ours = [(b"Upgrade", b"websocket"), (b"Connection", b"Upgrade")]
    ours.append((b"Sec-WebSocket-Key", handshake.key.encode()))
    if handshake.version is not None:
        ours.append((b"Sec-WebSocket-Version", handshake.version.encode()))
    if handshake.subprotocols:
        ours.append((b"Sec-WebSocket-Protocol", ", ".join(handshake.subprotocols).encode()))
    if handshake.extensions is not None:
        ours.append((b"Sec-WebSocket-Extensions", handshake.extensions.encode()))
    given = _names(handshake.headers)
    return (*(field for field in ours if field[0].lower() not in given), *handshake.headers)


def _names(headers: Headers) -> set[bytes]:
    return {name.lower() for name, _ in headers}
