"""How a client connects, and what it agrees on with a server that speaks TLS."""

from asgi_conformance.dialogue.expectation import Quiet, Unsupported
from asgi_conformance.dialogue.wire_end import WireEnd
from asgi_conformance.wire.connection import Lost, Silence, Unavailable
from asgi_conformance.wire.tls import Hello, Secured


class Encrypted(WireEnd):
    """A wire end that may be over TLS: the setting of its server says whether it is."""

    def connects(self, hello: Hello | None = None) -> None:
        """Open the connection and offer this over TLS, no more. Raises Unsupported if that is refused."""
        if not self.may_connect(hello):
            raise Unsupported(f"the server refuses {hello or 'the handshake over TLS'}")

    def may_connect(self, hello: Hello | None = None) -> bool:
        """The same, and returns whether the server takes the offer.

        In TLS 1.3 it may still refuse the certificate in it: a client hears of that when it listens.
        """
        self.dialogue.transcript.says("client", f"connects{f' over {hello}' if hello else ''}")
        self.hello = hello
        try:
            with_tls = self.wire.connection
            return not isinstance(with_tls, Secured) or bool(with_tls.agreed)
        except (Lost, Unavailable) as reason:
            self.dialogue.transcript.hears("client", reason)
            return False
        except Silence as silence:
            raise Quiet(f"the server does not shake hands: {silence}") from silence

    def shakes_hands(self) -> None:
        """Connect now where a server has to do something for it; elsewhere the first thing said does that."""
        if self.dialogue.stage.choice.is_encrypted:
            self.connects()

    def is_in_the_clear(self) -> None:
        """The server does not speak TLS; where it does, the check does not apply."""
        if self.dialogue.stage.choice.is_encrypted:
            raise Unsupported("the server speaks TLS")

    @property
    def tls(self) -> Secured:
        """The connection over TLS. Raises Unsupported where there is none."""
        with_tls = self.wire.connection
        if not isinstance(with_tls, Secured):
            raise Unsupported("the server does not speak TLS here")
        return with_tls
