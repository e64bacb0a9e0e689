"""One dialogue: the actors of a check on a stage, and what they said."""

import time
from collections.abc import Sequence

from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.arrival import START
from asgi_conformance.dialogue.check import VERSIONED, WITHOUT_VERSION
from asgi_conformance.dialogue.client import Client
from asgi_conformance.dialogue.expectation import Broken, Crash, Quiet, Unsupported, agrees, bare
from asgi_conformance.dialogue.overheard import Overheard, overheard
from asgi_conformance.dialogue.server import Server
from asgi_conformance.dialogue.stage import SIGNATURE, Stage
from asgi_conformance.dialogue.transcript import Transcript
from asgi_conformance.dialogue.wire_end import WIRES, WireEnd
from asgi_conformance.probe.remote import Call
from asgi_conformance.servers import DEPLOYED, WORKERS
from asgi_conformance.spec.conversation import Conversation
from asgi_conformance.spec.core import unwrapped
from asgi_conformance.spec.kinds import items
from asgi_conformance.spec.model import Complaint
from asgi_conformance.wire import request
from asgi_conformance.wire import websocket as ws
from asgi_conformance.wire.connection import Connection, Patience
from asgi_conformance.wire.http1 import HTTP1
from asgi_conformance.wire.request import Request
from asgi_conformance.wire.tls import Hello

ROLES = "app, client (or any name that ends with _client), server, new_server"

OF_TCP = (
    *("http.scope.client.type", "http.scope.client.is_address", "http.scope.server.type"),
    *("websocket.scope.client.type", "websocket.scope.server.tcp"),
)
"""What is not overheard on a Unix socket, where other requirements hold for the two ends."""


def is_role(name: str) -> bool:
    """May a check have a parameter of this name?"""
    return name in ("app", "client", "server", "new_server") or name.endswith("_client")


class Dialogue:
    """The actors take their stage and their patience from here, and tell here what they said and heard."""

    def __init__(self, stage: Stage, version: str, *, path: str | None = None) -> None:
        """`path` is the only one for which a call is taken for ours."""
        self.stage = stage
        self.version = version
        self.path = path
        self.transcript = Transcript()
        self.complaints: list[Overheard] = []
        self.signature = stage.signature()
        self.printed = stage.printed()
        """Where in the output of the server this dialogue began."""
        self.is_ending = False
        """Was the server told to stop, so that its end is no crash?"""
        self.recorded: list[str] = []
        """What is worth telling whatever the verdict: what a server does where no text says what to do."""
        self.blames_nobody = False
        """Is what is found told only?"""
        self._clients: list[Client] = []
        self._apps: list[App] = []
        self._unclaimed: list[Call] = []
        self._others: list[Call] = []
        self.others: Sequence[Dialogue] = ()
        """Dialogues that are held at the same time, whose calls may come while this one waits for its own."""

    @property
    def patience(self) -> Patience:
        """How long to wait."""
        return self.stage.patience

    @property
    def http_version(self) -> str:
        """What the clients speak."""
        return self.version if self.version in WIRES else HTTP1.version

    @property
    def serves_websocket(self) -> bool:
        """Does the server serve WebSocket over what the clients speak?"""
        return self.stage.facts.websocket.get(self.http_version, False)

    def needs_websocket(self) -> None:
        """Raises Unsupported when the server does not serve WebSocket over what the clients speak."""
        if not self.serves_websocket:
            raise Unsupported("the server does not serve WebSocket")

    def asks_for(self, path: str) -> list[Request | ws.Handshake]:
        """What clients may ask for this path: a request, and a WebSocket if that is served."""
        return [request.get(path), *([ws.handshake(path)] if self.serves_websocket else [])]

    # The cast

    def actor(self, name: str) -> App | Client | Server:
        """The actor that a parameter of this name asks for. Raises LookupError for an unknown role."""
        if not is_role(name):
            raise LookupError(f"there is no actor named {name!r}, but {ROLES}")
        if name == "app":
            return self.app()
        return Server(self) if name.endswith("server") else self.client(VERSIONED.get(name))

    def app(self) -> App:
        """An actor for one more call of the application."""
        self._apps.append(App(self))
        return self._apps[-1]

    def client(self, version: str | None = None) -> Client:
        """An actor for one more connection, over this version of HTTP or else that of the dialogue."""
        self._clients.append(Client(self, version or self.http_version))
        return self._clients[-1]

    def settles(self) -> None:
        """What the application began to send has been taken by the last line."""
        for app in self._apps:
            app.settles()

    def close(self) -> None:
        """Everybody leaves."""
        for client in self._clients:
            client.leaves_the_stage()
        for app in self._apps:
            if self.http_version != HTTP1.version:
                app.learns_of_the_end()
            app.leaves_the_stage()
        for call in (*self._unclaimed, *self._others):
            call.close()

    # What the actors need

    def connects(self, version: str, hello: Hello | None = None) -> Connection:
        """A connection to the server for this version of HTTP, with this offer where it speaks TLS."""
        return self.stage.connect(hello, version)

    def next_call(self) -> Call:
        """The next call of the application. Raises Quiet, Crash, or Broken when the server refused."""
        call = self.next_call_or_refusal()
        if call is None:
            # The end of a connection may be the first sign of a death.
            self.stage.raises_if_the_server_died(self.patience.silence)
            raise Broken("the server answered by itself, and did not call the application")
        return call

    def next_call_or_refusal(self, *clients: WireEnd, wait: float | None = None) -> Call | None:
        """The next call for this dialogue, or None when the server gave a client an answer of its own.

        `clients` are those whose answers can only be the server's own; otherwise all, before the first call.
        """
        if self._unclaimed:
            return self._unclaimed.pop(0)
        was_called = any(app.has_a_call() for app in self._apps)
        # Until somebody asks for something, the call of a server that has just been started is waited for.
        starts = self.stage.by_hand and all(client.fileno() is None for client in self._clients)
        usual = self.patience.must * (START if starts else 1)
        deadline = time.monotonic() + (usual if wait is None else wait)
        # Once an application has been called, what a client finds may be that application's answer.
        anybody = [] if was_called else self._clients
        listening = [client for client in clients or anybody if client.fileno() is not None]
        while not any(client.was_answered() for client in listening):
            call = self.stage.next_call(deadline, *(client.fileno() or 0 for client in listening))
            if call is not None and self._takes(call):
                return call
            if call is not None and time.monotonic() >= deadline:
                raise Quiet("the application was called, but only for others")
            # Who has been told something else would be heard at once, time and again.
            listening = [each for each in listening if each.was_answered() or not each.was_told_more()]
        return None if not self.has_a_call_waiting() else self._unclaimed.pop(0)

    def refuses(self, client: WireEnd, wait: float) -> bool:
        """Does the server answer this client by itself, and not call the application? Raises Quiet."""
        try:
            call = self.next_call_or_refusal(client, wait=wait)
        except Quiet as quiet:
            raise Quiet(f"nothing happened for {wait:g} s: no answer, no call") from quiet
        if call is not None:
            self._unclaimed.append(call)
        return call is None

    def has_a_call_waiting(self) -> bool:
        """Was the application called for this dialogue by now, without anybody having asked for it?"""
        while not self._unclaimed and self.stage.has_a_call():
            try:
                call = self.stage.next_call(time.monotonic())
            except (Quiet, Crash):
                break
            if call is not None and self._takes(call):
                self._unclaimed.append(call)
        return bool(self._unclaimed)

    def hears_no_call(self, signature: bytes | None = None) -> None:
        """Raises Broken when the application is called within the short wait."""
        deadline = time.monotonic() + self.patience.silence
        call = None
        while call is None:
            try:
                call = self.stage.next_call(deadline)
            except Quiet:
                return
            if call is not None and not self._takes(call, signature):
                call = None
        self._unclaimed.append(call)
        raise Broken(f"the application was called for {self.path_called!r}")

    @property
    def path_called(self) -> object:
        """The path in the last call that nobody has asked for yet."""
        return bare(unwrapped(self._unclaimed[-1].scope).get("path"))

    def is_called_before_others(self) -> bool:
        """Is the application called for this dialogue before it is for a request that only now comes?"""
        # Over HTTP/1.1: what comes now has no part in what is judged.
        later = Dialogue(self.stage, HTTP1.version, path="/later")
        try:
            Server(later).serves("/later")
        finally:
            ours = [call for call in later._others if self._is_ours(call)]
            self._unclaimed += ours
            later._others = [call for call in later._others if call not in ours]
            later.close()
        if not ours and WORKERS in self.stage.choice.settings:
            raise Unsupported("one of several workers may serve who came later before the others have begun")
        return bool(ours)

    def _takes(self, call: Call, signature: bytes | None = None) -> bool:
        if self._is_ours(call, signature):
            return True
        owner = next((each for each in self.others if each._is_ours(call)), None)
        (self._others if owner is None else owner._unclaimed).append(call)
        return False

    def _is_ours(self, call: Call, signature: bytes | None = None) -> bool:
        scope = unwrapped(call.scope)
        if self.path is not None and not agrees(self.stage.told(self.path), scope.get("path")):
            return False
        for pair in items(scope.get("headers")) or []:
            halves = [bare(half) for half in items(pair) or []]
            if len(halves) == 2 and isinstance(halves[0], bytes) and halves[0].lower() == SIGNATURE:
                return halves[1] == (signature or self.signature)
        return True

    def overhears(self, conversation: Conversation, complaints: list[Complaint]) -> None:
        """Keep what was wrong in a conversation, as far as the server claims to know the rule."""
        if conversation.chapter is not None and conversation.states.keys():
            is_lifespan = conversation.chapter.name == "lifespan"
            self.stage.facts.learn(conversation, WITHOUT_VERSION if is_lifespan else self.http_version)
        if isinstance(self.stage.address, str) or DEPLOYED in self.stage.choice.settings:
            complaints = [each for each in complaints if each.requirement not in OF_TCP]
        self.complaints += overheard(conversation, complaints, self.http_version)

    def lets_clients_hang_up(self) -> None:
        """All that has come by now is read, and whoever finds the end of his connection there, hangs up."""
        for client in self._clients:
            client.listens_to_the_end()

    def raises_if_the_server_died(self) -> None:
        """Raises Crash when the process is gone."""
        self.stage.raises_if_the_server_died()
