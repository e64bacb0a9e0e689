"""One dialogue: the actors of a check on a stage, and what they said."""

import time

from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.client import SIGNATURE, WIRES, Client
from asgi_conformance.dialogue.expectation import Broken, Crash, Quiet, bare
from asgi_conformance.dialogue.server import Server
from asgi_conformance.dialogue.stage import Stage, readable
from asgi_conformance.dialogue.transcript import Transcript
from asgi_conformance.probe.remote import Call
from asgi_conformance.spec.conversation import Conversation
from asgi_conformance.spec.kinds import items
from asgi_conformance.spec.model import Complaint
from asgi_conformance.spec.requirement import requirement
from asgi_conformance.wire.connection import Connection, Patience
from asgi_conformance.wire.http1 import HTTP1


class Dialogue:
    """The actors take their stage and their patience from here, and tell here what they said and heard."""

    def __init__(self, stage: Stage, version: str) -> None:
        self.stage = stage
        self.version = version
        self.transcript = Transcript()
        self.complaints: list[Complaint] = []
        self.signature = stage.signature()
        self._clients: list[Client] = []
        self._apps: list[App] = []
        self._unclaimed: list[Call] = []

    @property
    def patience(self) -> Patience:
        """How long to wait."""
        return self.stage.patience

    # The cast

    def actor(self, name: str) -> App | Client | Server:
        """The actor that a parameter of this name asks for. Raises LookupError for an unknown role."""
        if name == "app":
            return self.app()
        if name in ("server", "new_server"):
            return Server(self)
        if name == "client" or name.endswith("_client"):
            return self.client()
        raise LookupError(
            f"there is no actor named {name!r}: app, client, another_client, server, new_server"
        )

    def app(self) -> App:
        """An actor for one more call of the application."""
        self._apps.append(App(self))
        return self._apps[-1]

    def client(self) -> Client:
        """An actor for one more connection, over this dialogue's version of HTTP."""
        self._clients.append(Client(self, self.version if self.version in WIRES else HTTP1.version))
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
            app.leaves_the_stage()
        for call in self._unclaimed:
            call.close()

    # What the actors need

    def connects(self) -> Connection:
        """A connection to the server."""
        return self.stage.connect()

    def next_call(self) -> Call:
        """The next call of the application. Raises Quiet, Crash, or Broken when the server refused."""
        call = self.next_call_or_refusal()
        if call is None:
            raise Broken("the server answered by itself, and did not call the application")
        return call

    def next_call_or_refusal(self) -> Call | None:
        """The next call for this dialogue, or None when the server gave a client an answer of its own."""
        if self._unclaimed:
            return self._unclaimed.pop(0)
        deadline = time.monotonic() + self.patience.must
        # Once an application has been called, what a client finds may be that application's answer.
        listening = [] if any(app.has_a_call() for app in self._apps) else list(self._clients)
        while True:
            descriptors = {number: each for each in listening if (number := each.fileno()) is not None}
            call = self.stage.next_call(deadline, *descriptors)
            if call is not None and self._is_ours(call):
                return call
            if call is not None:
                call.close()
                continue
            if any(client.was_answered() for client in descriptors.values()):
                return None if not self.has_a_call_waiting() else self._unclaimed.pop(0)
            listening = [client for client in listening if not readable_client(client)]

    def has_a_call_waiting(self) -> bool:
        """Was the application called for this dialogue by now, without anybody having asked for it?"""
        while not self._unclaimed and readable(self.stage.remote.fileno()):
            try:
                call = self.stage.next_call(time.monotonic())
            except (Quiet, Crash):
                break
            if call is not None and self._is_ours(call):
                self._unclaimed.append(call)
            elif call is not None:
                call.close()
        return bool(self._unclaimed)

    def hears_no_call(self, signature: bytes | None = None) -> None:
        """Raises Broken when the application is called within the short wait."""
        try:
            call = self.stage.next_call(time.monotonic() + self.patience.silence)
        except Quiet:
            return
        if call is not None and self._is_ours(call, signature):
            self._unclaimed.append(call)
            path = bare(Conversation(call.scope).scope.get("path"))
            raise Broken(f"the application was called for {path!r}")

    def _is_ours(self, call: Call, signature: bytes | None = None) -> bool:
        for pair in items(Conversation(call.scope).scope.get("headers")) or []:
            halves = [bare(half) for half in items(pair) or []]
            if len(halves) == 2 and isinstance(halves[0], bytes) and halves[0].lower() == SIGNATURE:
                return halves[1] == (signature or self.signature)
        return True

    def overhears(self, conversation: Conversation, complaints: list[Complaint]) -> None:
        """Keep what was wrong in a conversation, as far as the server claims to know the rule."""
        if conversation.chapter is not None and conversation.states.keys():
            self.stage.facts.learn(conversation)
        for complaint in complaints:
            if requirement(complaint.requirement).is_claimed_by(conversation.spec_version):
                self.complaints.append(complaint)

    def raises_if_the_server_died(self) -> None:
        """Raises Crash when the process is gone."""
        self.stage.raises_if_the_server_died()


def readable_client(client: Client) -> bool:
    """Has this client anything that it has not looked at?"""
    number = client.fileno()
    return number is not None and readable(number)
