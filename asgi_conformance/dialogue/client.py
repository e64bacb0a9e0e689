"""The client: the wire end of a dialogue, as an actor that says requests and hears responses and frames."""

from dataclasses import replace
from typing import TYPE_CHECKING

from asgi_conformance.dialogue.accompanied import Accompanied
from asgi_conformance.dialogue.encrypted import Encrypted
from asgi_conformance.dialogue.expectation import Broken, Quiet, Unsupported, differences
from asgi_conformance.dialogue.multiplexing import Multiplexing
from asgi_conformance.dialogue.rough import Rough
from asgi_conformance.dialogue.stage import SIGNATURE
from asgi_conformance.dialogue.streaming import Streaming
from asgi_conformance.spec import websocket
from asgi_conformance.spec.kinds import shortened
from asgi_conformance.wire import connection
from asgi_conformance.wire import websocket as ws
from asgi_conformance.wire.answer import Accepted, Answer, Close, Closed, Data, End, Garbage, Head, Message
from asgi_conformance.wire.request import Headers, Request
from asgi_conformance.wire.websocket import Handshake

if TYPE_CHECKING:
    from asgi_conformance.dialogue.app import App


class Client(Streaming, Accompanied, Encrypted, Multiplexing, Rough):
    """One connection to the server, opened by the first line that needs it."""

    # Saying

    def sends(self, *what: object, method: str = "GET", expecting: int | None = None) -> None:
        """Put requests, frames or raw bytes on the wire.

        For raw bytes `method` tells whose response will follow, and `expecting` how many responses.
        """
        for each in what:
            self.dialogue.transcript.says("client", shortened(each) if isinstance(each, bytes) else each)
            try:
                if isinstance(each, bytes):
                    self.wire.sends(each, method=method, expecting=1 if expecting is None else expecting)
                else:
                    self.wire.sends(self._signed(each))  # type: ignore[arg-type]
            except connection.Silence as silence:
                raise Quiet(f"the server took nothing more from the client: {silence}") from silence
            except connection.Unavailable as reason:
                raise Unsupported(str(reason)) from reason

    def may_send(self, *what: object) -> bool:
        """Put this on the wire as far as the server takes it; returns False when it reads no more."""
        try:
            self.sends(*what)
        except Quiet:
            return False
        return True

    def sends_until_answered(self, *what: object) -> None:
        """Put one of these after another on the wire, while the server takes it and says nothing final."""
        for each in what:
            if self.was_answered() or not self.may_send(each):
                return

    def _signed(self, what: object) -> object:
        if isinstance(what, Request | Handshake):
            return replace(what, headers=(*what.headers, (SIGNATURE, self.signature)))
        return what

    def is_accepted_by(self, app: "App", target: str = "/", offering: str = "", **said: object) -> None:
        """Open a WebSocket, which the app accepts and the server with it, saying at least this.

        Raises Unsupported when the server serves none, or declines the extension that is offered.
        """
        self.dialogue.needs_websocket()
        self.sends(ws.handshake(target, extensions=offering or None))
        app.receives(websocket.connect())
        app.sends(websocket.accept(subprotocol=None, headers=[]))
        answer = self._next()
        if offering and isinstance(answer, Accepted) and answer.extensions is None:
            raise Unsupported(f"the server declines {offering}")
        self._compares_frame(Accepted, said, answer)

    def closes(self, code: int | None = None, reason: str = "") -> None:
        """Close the WebSocket: a close frame, and the end of TCP as soon as the server has answered."""
        self.sends(ws.close(code, reason))
        # Some answer only when the application has returned: an answer is waited for, but not needed.
        self._heard_early()
        self.leaves()

    def finishes(self) -> None:
        """Say that nothing more will come (a half-close), and go on listening."""
        self.dialogue.transcript.says("client", "half-closes")
        try:
            self.wire.finishes()
        except connection.Unavailable as reason:
            raise Unsupported(str(reason)) from reason

    def leaves(self) -> None:
        """Close the connection."""
        self.dialogue.transcript.says("client", "leaves")
        self.wire.leaves()

    def resets(self) -> None:
        """Close the connection with a reset."""
        self.dialogue.transcript.says("client", "resets the connection")
        self.wire.resets()

    # Hearing

    def receives(self, answer: Answer | None = None, **said: object) -> None:
        """What comes next says at least this.

        `status`, `headers`, `body`, `order` (how these names of headers follow each other): a whole response;
        `text`, `data`: a WebSocket message; `code`, `reason`: a close frame; `subprotocol`, `extensions`:
        that the handshake is accepted, None being none at all; or an answer as an example,
        of which the fields that are not None count.
        """
        if answer is not None:
            self._compares(answer, self._next())
        elif said.keys() & {"code", "reason"}:
            self._compares_frame(Close, said)
            self._answers_the_close()
        elif said.keys() & {"text", "data"}:
            self._compares_frame(Message, said)
        elif said.keys() & {"subprotocol", "extensions"}:
            self._compares_frame(Accepted, said)
        else:
            self._receives_response(**said)

    def receives_head(self, **said: object) -> None:
        """A response begins, and its head says at least this."""
        self._compares_response(said, self._head())

    def receives_part(self, part: bytes) -> None:
        """These bytes of the body come, and the response is not over."""
        got = bytearray()
        while len(got) < len(part):
            got += self._data("the rest of a part of the body")
        if got != part:
            raise Broken(f"the client received {shortened(bytes(got))}, not {shortened(part)}")

    def receives_end(self, trailers: Headers | None = None) -> None:
        """The response ends as it should, with just these trailers if any are named."""
        answer = self._next()
        if not isinstance(answer, End):
            raise Broken(f"the client received {answer}, not the end of the response")
        if trailers is not None and answer.trailers != trailers:
            raise Broken(f"the trailers are {shortened(answer.trailers)}, not {shortened(trailers)}")

    def may_be_accepted(self, *, soon: bool = False, **said: object) -> bool:
        """The handshake is completed, saying at least this, or the client is refused; returns which.

        With `soon` it is not waited for long, and nothing need come.
        """
        answer = self._heard_early() if soon else self._final(self.termination)
        if answer is None:
            return False
        self._heard.appendleft(answer)
        if not isinstance(answer, Closed | Head) or (isinstance(answer, Head) and answer.status < 400):
            self._compares_frame(Accepted, said)
        return isinstance(answer, Accepted)

    def is_refused(self) -> None:
        """The server itself answers with 4xx or 5xx, or closes; the application is not called."""
        if not self.dialogue.refuses(self, self.termination):
            raise Broken(f"the application was called for {self.dialogue.path_called!r}, no request to serve")
        self.receives_refusal()
        if self.dialogue.is_called_before_others():
            raise Broken(f"the application was called for {self.dialogue.path_called!r}, which was refused")

    def receives_refusal(self) -> None:
        """A response with 4xx or 5xx comes, or the connection ends, whatever the application was told."""
        answer = self._final(self.termination)
        if isinstance(answer, Accepted) or (isinstance(answer, Head) and answer.status < 400):
            raise Broken(f"the client received {answer}, not a refusal")
        if isinstance(answer, Head):
            self.is_not_left_waiting()

    def is_blamed(self) -> None:
        """A response with 4xx comes, or a reset, in which it may have been lost, or an end that says why."""
        answer = self._final(self.termination)
        is_told = isinstance(answer, Head) and 400 <= answer.status < 500
        if not is_told and not (isinstance(answer, Closed) and (answer.reset or answer.why)):
            raise Broken(f"the client received {answer}, not a response with 4xx")

    def receives_error(self) -> None:
        """A response with 5xx comes, or the connection ends: something went wrong."""
        answer = self._final(self.termination)
        if isinstance(answer, Head) and answer.status < 500:
            raise Broken(f"the client received {answer}, as if nothing had gone wrong")
        if isinstance(answer, Accepted):
            raise Broken("the handshake was completed")

    def may_receive_head(self, **said: object) -> None:
        """A response begins whose head says at least this, or the connection ends without one."""
        answer = self._final()
        if not isinstance(answer, Head | Closed):
            raise Broken(f"the client received {answer}, not a response")
        if isinstance(answer, Head):
            self._compares_response(said, answer)

    def may_receive(self, *, body: bytes = b"", **said: object) -> None:
        """A response with this body comes that says at least this; or what went wrong is not kept from us.

        Then it is 5xx, or the connection ends before all of the body has come.
        """
        answer = self._final(self.termination)
        if isinstance(answer, Closed):
            return
        self._heard.appendleft(answer)
        head, got, end = self._response()
        if head.status >= 500:
            return
        if isinstance(end, Garbage):
            raise Broken(f"the client received {end}, not the end of the response")
        whole = isinstance(end, End) or not body.startswith(got)
        self._compares_response({**said, "body": body} if whole else said, head, got)

    def is_not_left_waiting(self) -> None:
        """The response comes to an end, whole or not."""
        while not isinstance(self._next(self.termination), End | Closed | Garbage):
            pass

    def receives_no_content(self) -> None:
        """The response ends, whole or not, without content that is told apart from what follows."""
        answer = self._next(self.termination)
        while isinstance(answer, Data) and not answer.data:
            answer = self._next(self.termination)
        if isinstance(answer, Data | Garbage):
            raise Broken(f"the client received {answer}, where there was to be no content")

    def is_cut_off(self) -> None:
        """The response does not end as if it were whole: the connection ends, or an error comes instead."""
        answer = self._final(self.termination)
        if isinstance(answer, Closed) or (isinstance(answer, Head) and answer.status >= 500):
            return
        while not isinstance(answer, Closed | Garbage):
            if isinstance(answer, End):
                raise Broken("the response was ended as if it were whole")
            answer = self._next(self.termination)
        if isinstance(answer, Closed) and answer.complete:
            raise Broken("the response looks whole")

    def is_closed(self) -> None:
        """The server closes the connection or the stream, and says nothing before that but a close frame."""
        if self.has_heard_out_its_stream:
            return
        answer = self._next(self.termination)
        while isinstance(answer, Close):
            self._answers_the_close()
            answer = self._at_the_end()
        if not isinstance(answer, Closed):
            raise Broken(f"the client received {answer}, not the end of the connection")
        self.leaves()

    def is_ended_with(self, app: "App", **said: object) -> None:
        """The server ends the WebSocket: at once, or when the app has heard of it and returned.

        It says nothing before that but a close frame; one that says at least this when anything is given.
        """
        app.listens()
        close = end = self._end(app)
        if isinstance(close, Close) and self.has_streams:
            end = Closed()
        elif isinstance(close, Close):
            self._answers_the_close()
            end = self._end(app)
        if not isinstance(end, Closed):
            raise Broken(f"the client received {end}, not the end of the connection")
        # Some servers wait for the client's side of TCP, and the application with them.
        self.leaves()
        found = differences(said, vars(close))
        if found:
            raise Broken(f"the close: {'; '.join(found)}")

    def is_failed_with(self, app: "App", *, unless: str = "") -> None:
        """The server fails the WebSocket, as above, but it may wait for our side of TCP (RFC 6455 §7.1.7).

        Raises Unsupported when the app hears something of another type instead.
        """
        app.listens()
        answer = self._end(app, unless)
        if not isinstance(answer, Close | Closed):
            raise Broken(f"the client received {answer}, not the end of the WebSocket")

    def may_be_closed(self, **said: object) -> None:
        """A close frame comes that says at least this, or the end of the connection, or nothing."""
        answer = self._heard_early()
        if not isinstance(answer, Close | Closed | None):
            raise Broken(f"the client received {answer}, not the end of the WebSocket")
        if isinstance(answer, Close) and (found := differences(said, vars(answer))):
            raise Broken(f"the close: {'; '.join(found)}")
        if not self.has_streams:
            self._answers_the_close()
        self.leaves()

    def _answers_the_close(self) -> None:
        # RFC 6455 §5.5.1 asks every peer to answer; a server may wait for that.
        self.sends(ws.close(1000))
