"""How a client says what is too large to be held: a piece at a time, as far as the server takes it."""

from collections.abc import Iterable

from asgi_conformance.dialogue.expectation import Broken, Quiet
from asgi_conformance.dialogue.wire_end import WireEnd
from asgi_conformance.wire import connection
from asgi_conformance.wire.request import part
from asgi_conformance.wire.websocket import Fragments

DOUBTS = 2
"""How many more times something is offered to a server before it is said to take no more."""


class Streaming(WireEnd):
    """A wire end that goes on with what was begun; the pieces are made when they are needed."""

    def streams(self, body: Iterable[bytes]) -> None:
        """Send the rest of a body, a piece of it at a time, and end it."""
        self.dialogue.transcript.says("client", "a long body")
        try:
            for piece in body:
                self.wire.sends(part(piece))
            self.wire.sends(part(last=True))
        except connection.Silence as silence:
            raise Quiet(f"the server took nothing more of the body: {silence}") from silence

    def is_held_up(self, pieces: Iterable[bytes | Fragments]) -> None:
        """The server does not take the rest of a body, or all messages: the client waits, or is refused."""
        self.dialogue.transcript.says("client", "more and more, as far as the server takes it")
        for each in pieces:
            rest = self.wire.offers(
                part(each) if isinstance(each, bytes) else each, self.dialogue.patience.silence
            )
            for _ in range(DOUBTS):
                if rest:
                    # What takes its time on a busy machine has had it when this is done.
                    self.dialogue.is_called_before_others()
                    rest = self.wire.offers(rest, self.dialogue.patience.silence)
            if rest:
                return
        if not self.was_answered():
            raise Broken("the server took everything, although nobody read it")
