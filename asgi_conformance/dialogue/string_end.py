"""Our end of the probe's string: one call of the application, its scope, and what it is inside the server."""

import contextlib
import socket
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from typing import TYPE_CHECKING, Self

from asgi_conformance.dialogue.expectation import Broken, Quiet, Unsupported, agrees, bare, differences
from asgi_conformance.dialogue.flood import Gauge
from asgi_conformance.probe.remote import Call, Ended, Outcome
from asgi_conformance.spec.conversation import CHAPTERS, Conversation
from asgi_conformance.spec.kinds import shortened
from asgi_conformance.spec.model import SERVER, Message
from asgi_conformance.spec.requirement import requirement
from asgi_conformance.wire.connection import Silence
from asgi_conformance.wire.request import cut

if TYPE_CHECKING:
    from asgi_conformance.dialogue.dialogue import Dialogue


READING = """
from hashlib import sha256
digest, length, more = sha256(body), len(body), True
while more:
    event = await receive()
    digest.update(event.get("body", b""))
    length += len(event.get("body", b""))
    more = event.get("more_body", False)
"""


SCOPE = "the scope"
UNCALLED = Conversation({})
"""What is said before the call: nobody knows its chapter, and nothing that is said there changes it."""


class StringEnd:
    """A call that we wait for, look into and let go; what it says and hears is the app's business."""

    def __init__(self, dialogue: "Dialogue") -> None:
        self.dialogue = dialogue
        self.conversation = UNCALLED
        self._call: Call | None = None
        self.told: list[Message] = []
        """What `receive` has given."""
        self._gauge = Gauge("the application")
        self._listening: int | None = None
        self._reading: int | None = None

    @property
    def call(self) -> Call:
        """The call of the application; waits for it when there was none yet."""
        if self._call is None:
            self._is_given(self.dialogue.next_call())
        assert self._call is not None
        return self._call

    def _is_given(self, call: Call) -> None:
        self._call = call
        self.conversation = Conversation(call.scope, is_encrypted=self.dialogue.stage.choice.is_encrypted)
        self.dialogue.overhears(self.conversation, self.conversation.opening)
        self.dialogue.transcript.hears("app", f"called with {self._summary()}")

    def _summary(self) -> str:
        scope = self.conversation.scope
        said = [cut(str(bare(scope[key]))) for key in ("type", "method", "path") if key in scope]
        return " ".join(said)

    @property
    def scope(self) -> Mapping[str, object]:
        """The scope of the call, as it came."""
        _ = self.call
        return self.conversation.scope

    def is_called(self, **scope: object) -> Self:
        """The server calls the application with a scope that says at least this."""
        _ = self.call
        self._compares(scope, self.scope, SCOPE)
        return self

    def was_called(self, **how: object) -> None:
        """The call itself was like this: `positional` (how many arguments), `keywords`, `library`, ..."""
        self._compares(how, self.call.about, "the call")

    def is_offered(self, key: str) -> None:
        """The scope has this optional key; where it has not, the check does not apply."""
        if key not in self.scope:
            raise Unsupported(f"the scope has no {key!r}")

    def is_offered_as_to(self, other: "StringEnd", key: str) -> None:
        """Both scopes have this optional key, or neither has, and the check does not apply."""
        mine, others = key in self.scope, key in other.scope
        if mine is not others:
            raise Broken(f"the scope has {'a' if mine else 'no'} {key!r}, which another has{' not' * mine}")
        self.is_offered(key)

    def finds_announced(self, extension: str) -> None:
        """The scope announces this extension."""
        if not self._is_announced(extension):
            raise Broken(f"the extension {extension} is not announced")

    def is_offered_extension(self, extension: str) -> None:
        """The scope announces this extension; where it does not, the check does not apply."""
        if not self._is_announced(extension):
            raise Unsupported(f"the extension {extension} is not announced")

    def is_not_offered(self, extension: str) -> None:
        """The scope announces no such extension; where it does, the check does not apply."""
        if self._is_announced(extension):
            raise Unsupported(f"the extension {extension} is announced")

    def _is_announced(self, extension: str) -> bool:
        announced = bare(self.scope.get("extensions"))
        return isinstance(announced, dict) and extension in announced

    def is_not_promised(self, identifier: str) -> None:
        """The scope announces a version that does not know this requirement; or the check does not apply."""
        if requirement(identifier).is_claimed_by(self.conversation.spec_version):
            raise Unsupported(f"the server claims to keep {identifier}")

    def is_promised(self, identifier: str) -> None:
        """The scope announces a version that knows this requirement; or the check does not apply."""
        announced = self.conversation.spec_version
        if not requirement(identifier).is_claimed_by(announced):
            raise Unsupported(f"the server announces {announced or 'no version'}, without {identifier}")

    def may_be_called(self, **scope: object) -> bool:
        """The application is called with a scope that says at least this, or the client is refused."""
        call = self.dialogue.next_call_or_refusal()
        if call is None:
            return False
        self._is_given(call)
        self._compares(scope, self.scope, SCOPE)
        return True

    def is_called_unless_refused(self, **scope: object) -> None:
        """The same; where the client is refused there is nothing more to see."""
        if not self.may_be_called(**scope):
            raise Unsupported("the server refuses this")

    def is_not_called(self) -> None:
        """The application is not called, or not once more."""
        self.dialogue.hears_no_call()

    def is_over(self) -> None:
        """This call of the application ends, by itself or by the server's will."""
        try:
            how, text = self.call.ending()
        except Silence as silence:
            raise Quiet(f"the call of the application did not end: {silence}") from silence
        self.dialogue.transcript.hears("app", f"{how} {text}".rstrip())

    # Inside the server

    def finds(self, expression: str, value: object) -> None:
        """An expression over `scope`, `receive`, `send` and `memory` has this value inside the server."""
        found = self.evaluates(expression)
        if not agrees(value, found):
            raise Broken(f"{expression} is {shortened(found)}, not {shortened(value)}")

    def evaluates(self, expression: str) -> object:
        """The value of an expression inside the server."""
        (number,) = self.call.orders(("evaluate", expression))
        outcome = self._outcome(number, None)
        assert outcome is not None
        if outcome.error is not None:
            raise Broken(f"{expression} raised {outcome.error}")
        return outcome.value

    def stores(self, key: str, value: object) -> None:
        """Put a literal into the state of the scope, where the server offers one."""
        self.is_offered("state")
        self.does(f"scope['state'][{key!r}] = {value!r}")

    def shares_the_loop_of(self, *others: "StringEnd") -> None:
        """This call runs in the event loop of one of the others, in the same process."""
        loops = [(each.call.about["pid"], each.call.about["loop"]) for each in (self, *others)]
        if loops[0] not in loops[1:]:
            raise Broken("the calls run in different event loops")

    def does(self, statements: str) -> None:
        """Run statements inside the server."""
        (number,) = self.call.orders(("execute", statements))
        outcome = self._outcome(number, None)
        assert outcome is not None
        if outcome.error is not None:
            raise Broken(f"{statements} raised {outcome.error}")

    @contextlib.contextmanager
    def keeps_the_loop_busy(self) -> Iterator[None]:
        """Meanwhile the event loop of this call does nothing, not even accept connections."""
        with socket.create_server(("127.0.0.1", 0)) as gate:
            gate.settimeout(self.dialogue.patience.must)
            blocks = f"__import__('socket').create_connection({gate.getsockname()}).recv(1)"
            (number,) = self.call.orders(("execute", blocks))
            try:
                blocked, _ = gate.accept()
            except TimeoutError as error:
                raise Quiet("the event loop did not do what the application told it") from error
            with blocked:
                yield
        self._outcome(number, None)

    def reads_on(self, begun: Mapping[str, object]) -> None:
        """Begin to read the rest of the body, and keep nothing of it but its length and its digest."""
        body = bare(begun.get("body", b""))
        (self._reading,) = self.call.orders(("execute", f"body = {body!r}\n{READING}"))

    def has_read(self, body: Iterable[bytes]) -> None:
        """What was read inside the server is this body, to its end."""
        digest, length = sha256(), 0
        for piece in body:
            digest.update(piece)
            length += len(piece)
        assert self._reading is not None
        read: object = None
        while self._outcome(self._reading, self.dialogue.patience.must, may_be_quiet=True) is None:
            read, before = self.evaluates("length"), read
            if read == before:
                raise Quiet(f"receive gave nothing more after {read} bytes of the body")
            if isinstance(read, int) and read > length:
                raise Broken(f"receive gave {read} bytes of a body of {length}, and no end of it")
        self.finds("[length, digest.hexdigest()]", [length, digest.hexdigest()])

    # The end

    def listens(self) -> None:
        """Call `receive` and do not wait for it."""
        if self._listening is None:
            (self._listening,) = self.call.orders(("receive", None))

    def has_heard(self) -> bool:
        """Has the `receive` that was called given something by now?"""
        return self._listening is not None and self.call.settled(self._listening) is not None

    def has_a_call(self) -> bool:
        """Has this application been called?"""
        return self._call is not None

    def leaves_the_stage(self) -> None:
        """End the call, whatever it is waiting for."""
        if self._call is not None:
            self._call.close()

    def _outcome(self, number: int, wait: float | None, *, may_be_quiet: bool = False) -> Outcome | None:
        try:
            if self.dialogue.stage.choice.is_encrypted and not may_be_quiet:
                return self._hears_while_clients_hang_up(number, wait)
            return self.call.hears(number, wait)
        except Silence as silence:
            if may_be_quiet:
                return None
            self.dialogue.raises_if_the_server_died()
            what = (
                "receive gave nothing"
                if number == self._listening
                else "the server kept the application waiting"
            )
            raise Quiet(f"{what}: {silence}") from silence
        except Ended as ended:
            self.dialogue.raises_if_the_server_died()
            raise Broken(f"the call of the application is over: {ended}") from ended

    def _hears_while_clients_hang_up(self, number: int, wait: float | None) -> Outcome:
        # Over TLS a connection that the server closes is not closed before the client has said goodbye.
        patience = self.dialogue.patience
        seconds = patience.must if wait is None else wait
        for _ in range(round(seconds / patience.silence)):
            with contextlib.suppress(Silence):
                return self.call.hears(number, patience.silence)
            self.dialogue.lets_clients_hang_up()
        raise Silence(f"nothing for {seconds:g} s")

    def _compares(self, wanted: Mapping[str, object], said: Mapping[str, object], what: str) -> None:
        chapter = CHAPTERS.get(str(self.conversation.scope.get("type")))
        defaults: dict[str, object] = {}
        if chapter is not None:
            events = () if what == SCOPE else chapter.events(SERVER)
            fields = next((each.fields for each in events if each.type == what), chapter.scope)
            optional = [key for key in wanted if key in fields and not fields[key].is_required]
            defaults = {key: fields[key].default for key in optional}
        found = differences(wanted, said, defaults)
        if found:
            raise Broken(f"{what}: {'; '.join(found)}")
