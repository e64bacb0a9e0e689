"""The wire end of a dialogue: one connection, what is found on it, and how that is compared."""

import contextlib
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from asgi_conformance.dialogue.expectation import Broken, Quiet, Unsupported, differences
from asgi_conformance.dialogue.flood import Gauge
from asgi_conformance.spec import websocket
from asgi_conformance.spec.kinds import items
from asgi_conformance.wire import connection
from asgi_conformance.wire.answer import (
    Accepted,
    Answer,
    Close,
    Closed,
    Data,
    End,
    Garbage,
    Head,
    Interim,
    Message,
)
from asgi_conformance.wire.http1 import HTTP1
from asgi_conformance.wire.http2 import HTTP2
from asgi_conformance.wire.multiplexed import Multiplexed
from asgi_conformance.wire.one_stream import OneStream
from asgi_conformance.wire.tls import Hello

if TYPE_CHECKING:
    from asgi_conformance.dialogue.app import App
    from asgi_conformance.dialogue.dialogue import Dialogue

Wire = HTTP1 | Multiplexed | OneStream
WIRES: dict[str, Callable[[Any], HTTP1 | Multiplexed]] = {HTTP1.version: HTTP1, HTTP2.version: HTTP2}
"""For each version of HTTP what makes a client of a connection; the last only with its extra."""
with contextlib.suppress(ImportError):
    from asgi_conformance.wire.http3 import HTTP3

    WIRES[HTTP3.version] = HTTP3


def on_tcp(address: object) -> tuple[str, int]:
    """The host and port of an address. Raises Unsupported when it is that of a Unix socket."""
    if not isinstance(address, tuple):
        raise Unsupported("the server listens on a Unix socket")
    return address[0], address[1]


class WireEnd:
    """A connection that is opened when it is needed; what it says and expects is the client's business."""

    def __init__(self, dialogue: "Dialogue", version: str) -> None:
        self.dialogue = dialogue
        self.version = version
        self.signature = dialogue.signature
        self.hello: Hello | None = None
        """What it offers to a server that speaks TLS."""
        self._wire: Wire | None = None
        self._found: list[Answer] = []
        self._heard: deque[Answer] = deque()
        self._gauge = Gauge("the client")

    @property
    def wire(self) -> Wire:
        """The connection."""
        if self._wire is None:
            self._wire = WIRES[self.version](self.dialogue.connects(self.version, self.hello))
        return self._wire

    @property
    def has_streams(self) -> bool:
        """Is what ends with an exchange a stream, and not the connection?"""
        return not isinstance(self.wire, HTTP1)

    @property
    def has_heard_out_its_stream(self) -> bool:
        """Where there are streams: was the last one heard to its end?"""
        return not isinstance(self.wire, HTTP1) and self.wire.is_heard_out

    @property
    def found(self) -> list[Answer]:
        """All that was found on the wire and looked at, and not only heard while others were waited for."""
        return [each for each in self._found if not any(each is other for other in self._heard)]

    def was_answered(self) -> bool:
        """Has the server said anything final by now, such as an error of its own? Does not wait."""
        heard: list[Answer] = []
        with contextlib.suppress(Quiet):
            while not heard or isinstance(heard[-1], Interim):
                heard.append(self._next(0))
        self._heard.extendleft(reversed(heard))
        return bool(heard) and isinstance(heard[-1], Head | Close | Closed | Garbage)

    def was_told_more(self) -> bool:
        """Has anything come, as far as it was heard by now, that is neither interim nor asked for yet?"""
        return not all(isinstance(each, Interim) for each in self._heard)

    def listens_to_the_end(self) -> None:
        """Hear all that has come by now, up to the end of the connection, and keep it for whoever asks."""
        heard: list[Answer] = []
        with contextlib.suppress(Quiet):
            while self.fileno() is not None and not (heard and isinstance(heard[-1], Closed | Garbage)):
                heard.append(self._next(0))
        self._heard.extendleft(reversed(heard))

    def fileno(self) -> int | None:
        """The file descriptor, for select; None before the connection is open or after it has gone."""
        number = self._wire.connection.fileno() if self._wire is not None else -1
        return number if number >= 0 else None

    def address(self) -> tuple[str, int]:
        """Our end of the connection: host and port. Raises Unsupported on a Unix socket."""
        return on_tcp(self.wire.connection.sock.getsockname())

    def leaves_the_stage(self) -> None:
        """Close the connection, whatever it is waiting for."""
        if self._wire is not None:
            self._wire.leaves()

    def hears_nothing(self) -> None:
        """Nothing comes."""
        try:
            answer = self._next(self.dialogue.patience.silence)
        except Quiet:
            return
        raise Broken(f"the client received {answer}, where nothing was to come")

    def hears_nothing_more(self) -> None:
        """Nothing comes but, perhaps, the end of the connection: no server need keep it."""
        try:
            answer = self._next(self.dialogue.patience.silence)
        except Quiet:
            return
        if not (isinstance(answer, Closed) and answer.complete):
            raise Broken(f"the client received {answer}, where nothing more was to come")

    def _next(self, wait: float | None = None) -> Answer:
        if self._heard:
            return self._heard.popleft()
        try:
            answer = self.wire.hears(wait)
        except connection.Silence as silence:
            self.dialogue.raises_if_the_server_died()
            raise Quiet(f"the client received nothing: {silence}") from silence
        self.dialogue.transcript.hears("client", answer)
        self._found.append(answer)
        self._gauge.takes(vars(answer).values())
        return answer

    def _heard_early(self) -> Answer | None:
        try:
            return self._next(self.dialogue.patience.silence)
        except Quiet:
            return None

    def _end(self, app: "App", unless: str = "") -> Answer:
        """What comes next on a WebSocket: by itself, or when the app has heard of its end and returned."""
        for _ in range(round(self.dialogue.patience.must / self.dialogue.patience.silence)):
            answer = self._heard_early()
            if answer is not None:
                return answer
            if app.has_heard():
                app.hears(websocket.disconnect(), unless=unless)
                app.returns()
                return self._at_the_end()
        raise Quiet("neither the client nor the application was told of an end")

    def _at_the_end(self) -> Answer:
        """What comes when nobody has anything to say any more."""
        if self.has_streams:
            # Whether the stream is ended, too, is judged once, by h2ws.end_stream.
            return self._heard_early() or Closed()
        return self._next(self.termination)

    @property
    def termination(self) -> float:
        """How long a server may take to end something: twice the patience of a message."""
        return self.dialogue.patience.must * 2

    def _final(self, wait: float | None = None) -> Answer:
        answer = self._next(wait)
        while isinstance(answer, Interim):
            answer = self._next(wait)
        return answer

    def _head(self) -> Head:
        answer = self._final()
        if isinstance(answer, Closed):
            self.dialogue.raises_if_the_server_died()
        if not isinstance(answer, Head):
            raise Broken(f"the client received {answer}, not a response")
        return answer

    def _data(self, what: str) -> bytes:
        answer = self._next()
        if not isinstance(answer, Data):
            raise Broken(f"the client received {answer}, not {what}")
        return answer.data

    def _response(self) -> tuple[Head, bytes, Answer]:
        """Head and body of what comes, and what is found behind the body."""
        head = self._head()
        body = bytearray()
        answer = self._next()
        while isinstance(answer, Data):
            body += answer.data
            answer = self._next()
        return head, bytes(body), answer

    def _receives_response(self, **said: object) -> None:
        head, body, answer = self._response()
        if not isinstance(answer, End):
            raise Broken(f"the client received {answer}, not the end of the response")
        self._compares_response(said, head, body)

    def _compares_response(self, said: dict[str, object], head: Head, body: bytes | None = None) -> None:
        actual = {
            "status": head.status,
            "headers": head.headers,
            "http_version": head.http_version,
            "body": body,
            "order": [name for name, _ in head.headers if name in (items(said.get("order")) or [])],
        }
        found = differences(said, actual)
        if found:
            raise Broken(f"the response: {'; '.join(found)}")

    def _compares_frame(
        self, kind: type[Accepted | Message | Close], said: dict[str, object], answer: Answer | None = None
    ) -> None:
        answer = answer or self._next()
        if not isinstance(answer, kind):
            raise Broken(f"the client received {answer}, where {kind.__name__} was to come")
        found = differences(said, vars(answer))
        if found:
            raise Broken(f"{kind.__name__}: {'; '.join(found)}")

    def _compares(self, example: Answer, answer: Answer) -> None:
        if type(answer) is not type(example):
            raise Broken(f"the client received {answer}, not {example}")
        said = {key: value for key, value in vars(example).items() if value is not None}
        found = differences(said, vars(answer))
        if found:
            raise Broken(f"the client received {answer}: {'; '.join(found)}")
