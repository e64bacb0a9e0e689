"""What a client finds on the wire, in any version of HTTP; it does not know how it was spelled there."""

import re
from dataclasses import dataclass

from .request import Headers, shown

DATE = re.compile(rb"^date:.*\r\n", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True)
class Interim:
    """A response before the response (RFC 9110 §15.2), as 100 or 103."""

    status: int
    headers: Headers = ()

    def __str__(self) -> str:
        return f"interim {self.status}"


@dataclass(frozen=True)
class Head:
    """Status and headers of a response; the names of headers are in lower case, `http_version` is "1.1"."""

    status: int
    headers: Headers = ()
    http_version: str = "1.1"
    reason: bytes = b""

    def __str__(self) -> str:
        return f"{self.status} {self.reason.decode('latin-1')}".rstrip()


@dataclass(frozen=True)
class Data:
    """Some bytes of the body of a response; where one Data ends and the next begins means nothing."""

    data: bytes

    def __str__(self) -> str:
        return f"body {shown(self.data)}"


@dataclass(frozen=True)
class End:
    """The end of a response, with its trailers."""

    trailers: Headers = ()

    def __str__(self) -> str:
        return f"end of the response{' with trailers' if self.trailers else ''}"


@dataclass(frozen=True)
class Accepted:
    """The handshake of a WebSocket was accepted; what follows are messages."""

    headers: Headers = ()
    subprotocol: str | None = None
    extensions: str | None = None

    def __str__(self) -> str:
        return "accepted" if self.subprotocol is None else f"accepted with subprotocol {self.subprotocol!r}"


@dataclass(frozen=True)
class Message:
    """A whole message of a WebSocket: `text` or binary `data`, the other one is None."""

    text: str | None = None
    data: bytes | None = None

    def __str__(self) -> str:
        return f"data {shown(self.data)}" if self.text is None else f"text {shown(self.text)}"


@dataclass(frozen=True)
class Ping:
    """A ping frame; nobody answers it by himself."""

    data: bytes = b""

    def __str__(self) -> str:
        return f"ping {shown(self.data)}"


@dataclass(frozen=True)
class Pong:
    """A pong frame."""

    data: bytes = b""

    def __str__(self) -> str:
        return f"pong {shown(self.data)}"


@dataclass(frozen=True)
class Close:
    """A close frame; the code is None when the frame is empty."""

    code: int | None = None
    reason: str = ""

    def __str__(self) -> str:
        code = "without a code" if self.code is None else str(self.code)
        return f"close {code} {shown(self.reason) if self.reason else ''}".rstrip()


@dataclass(frozen=True)
class Promise:
    """What the server will say unasked (RFC 9113 §8.4): the request that it answers, and on which stream.

    The headers begin with the pseudo headers.
    """

    path: bytes | None = None
    headers: Headers | None = None
    stream: int | None = None

    def __str__(self) -> str:
        return f"promise of {shown(self.path)}"


@dataclass(frozen=True)
class Goaway:
    """The server takes no stream after this one (RFC 9113 §6.8); it is heard beside all exchanges."""

    last_stream: int
    code: int = 0
    debug: bytes = b""

    def __str__(self) -> str:
        return f"goaway after stream {self.last_stream}, code {self.code} {shown(self.debug)}"


@dataclass(frozen=True)
class Closed:
    """The connection has ended.

    `reset` tells a reset from an orderly end. `complete` says that nothing was cut off: the end did not
    fall into a head, a body, a frame or a fragmented message, and everything before it made sense.
    `why` is what the server said of it, in the versions of HTTP that have a word for that.
    """

    reset: bool = False
    complete: bool = True
    why: str = ""

    def __str__(self) -> str:
        reason = f" ({self.why})" if self.why else ""
        return f"{'reset' if self.reset else 'closed'}{'' if self.complete else ' in the middle'}{reason}"


@dataclass(frozen=True)
class Reset(Closed):
    """One stream of several has ended with an error; the connection has not."""

    reset: bool = True
    complete: bool = False
    code: int | None = None


@dataclass(frozen=True)
class Garbage:
    """Bytes that the protocol does not allow here; all that follows them is ignored up to the end."""

    why: str
    data: bytes = b""

    def __str__(self) -> str:
        # The time of day would make each report a new one.
        return f"garbage ({self.why}): {shown(DATE.sub(b'', self.data))}"


InHTTP = Interim | Head | Data | End | Promise | Goaway
Answer = InHTTP | Accepted | Message | Ping | Pong | Close | Closed | Garbage
