"""How a client says what is too large to be held: a piece at a time, as far as the server takes it."""

from collections.abc import Iterable, Iterator

from asgi_conformance.dialogue.expectation import Broken, Quiet
from asgi_conformance.dialogue.wire_end import WireEnd
from asgi_conformance.wire import connection
from asgi_conformance.wire.request import part
from asgi_conformance.wire.websocket import Fragments

OTHERS = 5
"""So many others are served, one after another, while a server takes nothing, before it counts as held up.

To wait would not tell such a server from one that is slow. Whoever serves others has looked around.
"""


class Streaming(WireEnd):
    """A wire end that goes on with what was begun; the pieces are made when they are needed."""

    _rest = b""
    """What the connection did not hold."""

    def streams(self, body: Iterable[bytes]) -> None:
        """Send the rest of a body, a piece of it at a time, and end it."""
        self.dialogue.transcript.says("client", "a long body")
        rest, self._rest = self._rest, b""
        try:
            if rest and self.wire.offers(rest, self.dialogue.patience.must):
                raise connection.Silence("not even what was begun")
            for piece in body:
                self.wire.sends(part(piece))
            self.wire.sends(part(last=True))
        except connection.Silence as silence:
            raise Quiet(f"the server took nothing more of the body: {silence}") from silence

    def fills_the_connection(self, pieces: Iterator[bytes]) -> None:
        """Say as much of a body as the connection holds, without waiting for anybody."""
        self.dialogue.transcript.says("client", "as much as the connection holds")
        rest = b""
        while not rest:
            rest = self.wire.offers(part(next(pieces)), 0)
        self._rest = rest

    def is_held_up(self, pieces: Iterable[bytes | Fragments]) -> None:
        """The server does not take the rest of a body, or all messages: the client waits, or is refused.

        Of a body, `streams` goes on with what is left.
        """
        self.dialogue.transcript.says("client", "more and more, as far as the server takes it")
        self._rest, rest = b"", self._rest
        if rest and not self._is_taken(rest):
            return
        for each in pieces:
            what = part(each) if isinstance(each, bytes) else each
            rest = self.wire.offers(what, self.dialogue.patience.silence)
            if rest and not self._is_taken(rest):
                return
        if not self.was_answered():
            raise Broken("the server took everything, although nobody read it")

    def _is_taken(self, rest: bytes) -> bool:
        """Does the server take all of this, little by little, while it serves others?"""
        others = 0
        while rest and others < OTHERS:
            self.dialogue.is_called_before_others()
            left = self.wire.offers(rest, self.dialogue.patience.silence)
            others = others + 1 if len(left) == len(rest) else 0
            rest = self._rest = left
        return not rest
