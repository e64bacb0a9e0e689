"""The end of a server while somebody is still there, followed until all is over, and told in a few words.

What the application is told comes from one process, but over the string of each call; what the client finds
comes over the wire. So each party has a course of its own, and nothing is said of the order between them.
"""

import contextlib
import signal
from typing import TYPE_CHECKING

from asgi_conformance.dialogue.expectation import Broken, agrees
from asgi_conformance.spec import lifespan
from asgi_conformance.spec.model import Message
from asgi_conformance.wire import websocket as ws
from asgi_conformance.wire.answer import Answer, Close, Closed, Data, End, Garbage, Head
from asgi_conformance.wire.connection import Silence
from asgi_conformance.wire.readiness import readable

if TYPE_CHECKING:
    from asgi_conformance.dialogue.app import App
    from asgi_conformance.dialogue.client import Client
    from asgi_conformance.dialogue.dialogue import Dialogue

SHUTDOWN = "lifespan.shutdown"
UNANNOUNCED = f"no {SHUTDOWN}"
OK = 200
ENDS = {"cancelled": "call cancelled", "lost": "call dropped without a word"}


class Farewell:
    """One client, the call that is open for it (None if there is none), and the lifespan (None likewise)."""

    def __init__(
        self, dialogue: "Dialogue", client: "Client", app: "App | None", lifespan_app: "App | None"
    ) -> None:
        self.dialogue = dialogue
        self.client, self.app, self.lifespan = client, app, lifespan_app
        self.process = dialogue.stage.running.process
        self.told: list[str] = []
        self.found: list[Answer] = []
        self._over: set[App | Client] = set()

    def follows(self, *messages: Message) -> None:
        """Answer everybody as good applications and clients do, until nobody is left or nothing happens."""
        if self.app is not None and messages and (became := self.app.answers_late(*messages)):
            self.told.append(became)
        patience = self.dialogue.patience
        while descriptors := self._descriptors():
            # When the process has gone, what it has left to say is there.
            seconds = patience.silence if self.process.ends(0) else patience.must
            if not readable(*descriptors, wait=seconds):
                break
            self._hears_the_call()
            self._hears_the_lifespan()
            self._hears_the_client()
        if self.app is not None and self.app not in self._over and not self.app.is_leaving:
            self.told.append("call left open")
        if self.lifespan is not None and not any(each.startswith(SHUTDOWN) for each in self.told):
            self.told.append(UNANNOUNCED)
        self.dialogue.recorded.append(str(self))

    def _descriptors(self) -> list[int]:
        calls = [each for each in (self.app, self.lifespan) if each is not None and each not in self._over]
        own = self.client.fileno()
        return [
            *(each.call.fileno() for each in calls),
            *([own] if own is not None and self.client not in self._over else []),
            *([] if self.process.ends(0) else [self.process.exited]),
        ]

    def _hears_the_call(self) -> None:
        app = self.app
        if app is None or app in self._over:
            return
        # To look for an end reads all that has come: what was told before that is looked for afterwards.
        how, message = app.is_ended(), app.is_told()
        if message is not None:
            self.told.append(f"{message.get('type')} {message.get('code', '')}".rstrip())
            app.leaves()
        if how:
            self._over.add(app)
        if how and not app.is_leaving:
            self.told.append(ENDS.get(how, f"call {how}"))

    def _hears_the_lifespan(self) -> None:
        own, app = self.lifespan, self.app
        if own is None or own in self._over:
            return
        how, message = own.is_ended(), own.is_told()
        if message is not None:
            is_open = app is not None and app not in self._over and app.is_still_open()
            # What came to the call before this is told before it.
            self._hears_the_call()
            is_early = is_open and app is not None and not app.is_leaving
            self.told.append(f"{message.get('type')}{' while the call is open' if is_early else ''}")
            own.is_leaving = True
            own.call.orders(("send_and_return", lifespan.shutdown_complete()))
        if how:
            self._over.add(own)

    def _hears_the_client(self) -> None:
        if self.client in self._over or self.client.fileno() is None:
            return
        with contextlib.suppress(Silence):
            while self.client not in self._over:
                answer = self.client.wire.hears(0)
                self.dialogue.transcript.hears("client", answer)
                self.found.append(answer)
                if isinstance(answer, Close):
                    self.client.sends(ws.close(1000))
                if isinstance(answer, Closed):
                    self._over.add(self.client)
                    self.client.leaves()

    # What is told of it

    def shows(self, *, told: str = "", client: object = None, announced: bool = False) -> None:
        """The server has ended, and before that the application was told this, and the client found this.

        `announced` asks for the shutdown in the lifespan, if there is one. Raises Broken.
        """
        if self.process.returncode is None:
            raise Broken("the server did not end")
        if not any(each.startswith(told) for each in self.told or [""]):
            raise Broken(f"the application was not told {told}: {self.application}")
        if announced and UNANNOUNCED in self.told:
            raise Broken("the shutdown was not announced")
        if client is not None and not agrees(client, self.seen):
            raise Broken(f"the client found {self.seen}, not {client}")

    def __str__(self) -> str:
        return f"application: {self.application}; client: {self.seen}; process: {self.exit}"

    @property
    def application(self) -> str:
        """What the application was told, and what became of its call, in this order."""
        return ", ".join(self.told) or "told nothing"

    @property
    def exit(self) -> str:
        """How the process has ended."""
        status = self.process.returncode
        if status is None:
            return "does not end"
        return f"exit {status}" if status >= 0 else f"ended by {signal.Signals(-status).name}"

    @property
    def seen(self) -> str:
        """What the client found."""
        if closes := [each for each in self.found if isinstance(each, Close)]:
            return f"close frame {closes[0].code or 'without a code'}"
        if any(isinstance(each, Garbage) for each in self.found):
            return "garbage"
        heads = [each.status for each in self.found if isinstance(each, Head)]
        if any(isinstance(each, End) for each in self.found):
            return f"response {heads[0]}" if heads and heads[0] != OK else "whole response"
        ends = [each for each in self.found if isinstance(each, Closed)]
        if not ends:
            return "left open"
        if heads or not ends[0].complete or any(isinstance(each, Data) for each in self.found):
            return "response cut off"
        return f"{'reset' if ends[0].reset else 'closed'}{self._without()}"

    def _without(self) -> str:
        if self.app is None:
            return ""
        return f" without a {'close frame' if self.app.scope['type'] == 'websocket' else 'response'}"
