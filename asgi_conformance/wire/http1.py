"""HTTP/1 as a client speaks it: every byte we send is ours, every byte we find is judged by h11."""

import contextlib
import time
from collections import deque
from collections.abc import Iterable, Iterator

import h11
from websockets.exceptions import ProtocolError

from .answer import Accepted, Answer, Closed, Data, End, Garbage, Head, Interim
from .compression import Compression, agreed
from .connection import Connection, Lost, Silence
from .frames import Frames
from .http1_spelling import is_chunked, spelled, spelled_part
from .request import Headers, Part, Request
from .websocket import Compressed, Fragments, Frame, Handshake, Octets

# h11 has a limit for heads, as it should; ours must not be the first limit that a server meets.
LONGEST_HEAD = 1 << 24

# With an Upgrade h11 takes a 101 for what it is; who asked for it is our business.
ASKING = {
    method: h11.Request(method=method, target="/", headers=[("Host", "localhost"), ("Upgrade", "anything")])
    for method in ("GET", "HEAD", "CONNECT")
}

Asked = str | Handshake
Sendable = Request | Part | Handshake | Frame | Fragments | Compressed | Octets | bytes


class HTTP1:
    """A client on one connection. Answers belong to the requests in their order, as in RFC 9112 §9.3."""

    version = "http/1.1"

    def __init__(self, connection: Connection, *, authority: str = "localhost") -> None:
        self.connection = connection
        self.authority = authority
        self._asked: deque[Asked] = deque()
        self._chunked = False
        self._compression: Compression | None = None
        self._reader: Responses | Frames = Responses(self._asked)
        self._reset = False

    def sends(self, what: Sendable, *, method: Asked | tuple[Asked, ...] = "GET", expecting: int = 1) -> None:
        """Put it on the wire; of raw bytes say what they ask: a method or a Handshake, or a tuple of them.

        `expecting=0` when the bytes ask nothing new. What a server that is gone does not take is no error:
        `hears` tells of the end. Raises Silence when the server is there and takes nothing.
        """
        data, asked = self._spelled(what), _asked(what, method, expecting)
        self._asked.extend(asked)
        with self._until_lost():
            self.connection.write(data)

    def offers(self, what: Part | Fragments | bytes, wait: float) -> bytes:
        """Put it on the wire until the server takes nothing for `wait` seconds; returns what is left."""
        with self._until_lost():
            return self.connection.offers(self._spelled(what), wait)
        return b""

    @contextlib.contextmanager
    def _until_lost(self) -> Iterator[None]:
        try:
            yield
        except Lost as lost:
            # The system tells of a reset only once, be it to a writer or to a reader.
            self._reset = self._reset or isinstance(lost.__cause__, ConnectionResetError)

    def hears(self, wait: float | None = None) -> Answer:
        """The next thing on the wire. Raises Silence when after `wait` seconds nothing whole has come."""
        left = self.connection.patience.must if wait is None else wait
        deadline = time.monotonic() + left
        answer = self._reader.next()
        while answer is None:
            if left < 0:
                raise Silence("something began and did not end")
            answer = self._reads(left) or self._reader.next()
            left = deadline - time.monotonic()
        if isinstance(answer, Accepted) and isinstance(self._reader, Responses):
            self._compression = agreed(answer.extensions)
            rest, self._reader = self._reader.rest, Frames(self._compression)
            self._reader.takes(rest)
        return answer

    def finishes(self) -> None:
        """Say no more (FIN), and go on listening."""
        self.connection.finish()

    def leaves(self) -> None:
        """Close the connection."""
        self.connection.close()

    def resets(self) -> None:
        """Close the connection with a reset."""
        self.connection.reset()

    def fileno(self) -> int:
        """The file descriptor, for select; -1 when we have closed the connection."""
        return self.connection.fileno()

    def _reads(self, wait: float) -> Answer | None:
        """Read once; the end of the connection is an answer."""
        try:
            data = self.connection.read(wait)
        except Lost:
            self._reset, data = True, b""
        if not data:
            return self._reader.ends(reset=self._reset)
        self._reader.takes(data)
        return None

    def _spelled(self, what: Sendable) -> bytes:
        match what:
            case bytes():
                return what
            case Frame() | Fragments() | Octets():
                return what.spelled()
            case Compressed():
                # Without an agreement it is our word alone, and for the server to refuse.
                return (self._compression or Compression()).compressed(what.message).spelled()
            case Part():
                return spelled_part(what) if self._chunked else what.data
            case _:
                self._chunked = isinstance(what, Request) and is_chunked(what, self.version)
                return spelled(what, authority=self.authority, version=self.version)


class HTTP10(HTTP1):
    """The same client in HTTP/1.0: it has no chunks to send."""

    version = "http/1.0"


class Responses:
    """Reads responses: takes bytes, gives answers, as strict as h11 and without I/O.

    Each message has an h11 client of its own, which is told about a request only to know its method.
    """

    def __init__(self, asked: deque[Asked]) -> None:
        self._asked = asked
        self._parser = _parser()
        self._broken = False

    @property
    def rest(self) -> bytes:
        """The bytes that are not read yet."""
        return self._parser.trailing_data[0]

    def takes(self, data: bytes) -> None:
        """More bytes have come."""
        if not self._broken:
            self._parser.receive_data(data)

    def next(self) -> Answer | None:
        """The next answer, or None while it is not all there."""
        rest = self.rest
        if self._broken:
            return None
        if self._is_between_messages:
            if not rest:
                return None
            if not self._asked:
                kind = "a response" if rest.startswith(b"HTTP/") else "bytes"
                return self._breaks(f"{kind} that nobody asked for", rest)
            self._begins()
        if self._parser.their_state is h11.SEND_RESPONSE and not b"HTTP/".startswith(rest[:5]):
            return self._breaks("no response begins like this", rest)
        try:
            return self._answer(self._parser.next_event())
        except h11.RemoteProtocolError as error:
            return self._breaks(str(error), rest)

    def ends(self, *, reset: bool) -> End | Closed:
        """What the end of the connection means at this point: it may be the end of a body, too."""
        if self._parser.their_state is h11.SEND_BODY and not self._broken:
            return Closed(reset, complete=False) if reset else self._body_ends()
        return Closed(reset, complete=not self.rest and not self._broken)

    @property
    def _is_between_messages(self) -> bool:
        return self._parser.our_state is h11.IDLE

    def _begins(self) -> None:
        self._parser.send(ASKING.get(str(self._asked[0]), ASKING["GET"]))
        self._parser.send(h11.EndOfMessage())

    def _finishes(self) -> None:
        rest, self._parser = self.rest, _parser()
        if rest:
            self._parser.receive_data(rest)
        self._asked.popleft()

    def _breaks(self, why: str, data: bytes) -> Garbage:
        self._broken = True
        return Garbage(why, data)

    def _answer(self, event: object) -> Answer | None:
        match event:
            case h11.InformationalResponse(status_code=101):
                return self._switches(tuple(event.headers))
            case h11.InformationalResponse():
                return Interim(event.status_code, tuple(event.headers))
            case h11.Response() if _is_framed_twice(tuple(event.headers)):
                return self._breaks("a response with Content-Length and Transfer-Encoding", self.rest)
            case h11.Response():
                version = event.http_version.decode()
                return Head(event.status_code, tuple(event.headers), version, bytes(event.reason))
            case h11.Data():
                return Data(bytes(event.data))
            case h11.EndOfMessage():
                self._finishes()
                return End(tuple(event.headers))
            case h11.PAUSED:
                # The only way here is a success for CONNECT, which has no body.
                self._finishes()
                return End()
        return None

    def _switches(self, headers: Headers) -> Answer:
        asked = self._asked[0]
        self._finishes()
        if not isinstance(asked, Handshake):
            return Interim(101, headers)
        why = _wrong_in_acceptance(asked, headers)
        if why:
            return self._breaks(why, b"\r\n".join(name + b": " + value for name, value in headers))
        subprotocol = _values(headers, b"sec-websocket-protocol")
        extensions = _values(headers, b"sec-websocket-extensions")
        return Accepted(headers, _joined(subprotocol), _joined(extensions))

    def _body_ends(self) -> End | Closed:
        self._parser.receive_data(b"")
        try:
            self._parser.next_event()
        except h11.RemoteProtocolError:
            self._broken = True
            return Closed(complete=False)
        self._finishes()
        return End()


def _wrong_in_acceptance(handshake: Handshake, headers: Headers) -> str | None:
    """What makes a 101 no acceptance of this handshake (RFC 6455 §4.1), if anything does."""
    if [value.lower() for value in _values(headers, b"upgrade")] != [b"websocket"]:
        return "a 101 whose Upgrade is not websocket"
    if b"upgrade" not in (token.lower() for token in _values(headers, b"connection")):
        return "a 101 whose Connection does not say Upgrade"
    if _values(headers, b"sec-websocket-accept") != [handshake.accept]:
        return "a 101 whose Sec-WebSocket-Accept does not belong to the key"
    try:
        agreed(_joined(_values(headers, b"sec-websocket-extensions")))
    except ProtocolError as error:
        return f"a 101 whose Sec-WebSocket-Extensions makes no sense: {error}"
    return None


def _is_framed_twice(headers: Headers) -> bool:
    """Does a head tell the length of its body in two ways (RFC 9112 §6.2)?"""
    return {b"content-length", b"transfer-encoding"} <= {name for name, _ in headers}


def _values(headers: Headers, name: bytes) -> list[bytes]:
    """The members of a comma-separated header, from all its lines."""
    lines = (value for each, value in headers if each == name)
    return [member.strip() for line in lines for member in line.split(b",")]


def _joined(values: Iterable[bytes]) -> str | None:
    return b", ".join(values).decode("latin-1") or None


def _asked(what: Sendable, method: Asked | tuple[Asked, ...], expecting: int) -> tuple[Asked, ...]:
    match what:
        case Request():
            return (what.method,)
        case Handshake():
            return (what,)
        case bytes():
            return method if isinstance(method, tuple) else (method,) * expecting
        case _:
            return ()


def _parser() -> h11.Connection:
    return h11.Connection(h11.CLIENT, LONGEST_HEAD)
