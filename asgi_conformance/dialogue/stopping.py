"""A server that is told to stop by a signal while somebody is still there."""

import signal
import time
from typing import TYPE_CHECKING

from asgi_conformance.dialogue.arrival import START
from asgi_conformance.dialogue.farewell import Farewell
from asgi_conformance.spec import lifespan
from asgi_conformance.spec.model import Message

if TYPE_CHECKING:
    from asgi_conformance.dialogue.app import App
    from asgi_conformance.dialogue.client import Client
    from asgi_conformance.dialogue.dialogue import Dialogue

LOOKS = 20
"""In the time that we wait for what must not come, we look so often whether a server still listens."""


class Stopping:
    """What is said to a server to the end of it, and what comes then."""

    dialogue: "Dialogue"
    _lifespan: "App | None" = None

    def opens(self) -> None:
        """Start the server and let it serve; its lifespan, if it has one, is played beside the dialogue."""
        self.dialogue.transcript.says("server", "starts")
        stage = self.dialogue.stage.open()
        with stage.waiting(stage.patience.must * START):
            if stage.facts.lifespan:
                self._lifespan = self.dialogue.app()
                self._lifespan.receives(lifespan.startup())
                self._lifespan.sends(lifespan.startup_complete())
                self._lifespan.listens()
            self.dialogue.is_called_before_others()

    def is_told(self, signum: signal.Signals) -> None:
        """This signal is sent to the process that was started, and to no other. Does not wait."""
        self.dialogue.transcript.says("server", f"is told to stop by {signum.name}")
        self.dialogue.is_ending = True
        self.dialogue.stage.running.process.signals(signum)

    def begins_to_stop(self, signum: signal.Signals, client: "Client", app: "App") -> None:
        """The same, and wait until it has heeded the signal.

        Then it closes a connection beside on which nothing was asked, or listens no more, or turns to those
        who are here, or has ended. Who heeds it otherwise is waited for as long as for a message.
        """
        stage, patience = self.dialogue.stage, self.dialogue.patience
        beside = self.dialogue.client()
        beside.connects()
        # What came before another request has been accepted when that is served.
        self.dialogue.is_called_before_others()
        self.is_told(signum)
        watched = self._ends_of(app, client, beside)
        deadline = time.monotonic() + patience.must
        while not stage.wait(patience.silence / LOOKS, *watched) and time.monotonic() < deadline:
            if not stage.listens():
                break
        beside.leaves()

    def _ends_of(self, app: "App", *clients: "Client") -> list[int]:
        calls = [each.call.fileno() for each in (app, self._lifespan) if each is not None]
        wires = [number for each in clients if (number := each.fileno()) is not None]
        return [*calls, *wires]

    def is_told_again(self, signum: signal.Signals, client: "Client", app: "App") -> None:
        """A second signal comes when nothing happens any more: it finds a server that waits, none at work.

        If the first one has ended the call, a second one has nothing to say.
        """
        stage, silence = self.dialogue.stage, self.dialogue.patience.silence
        if app.is_still_open() and not stage.wait(silence, *self._ends_of(app, client)):
            self.is_told(signum)
        else:
            self.dialogue.recorded.append("second signal: not sent, the first was enough")

    def ends_before(self, client: "Client", app: "App | None" = None, *messages: Message) -> Farewell:
        """The server ends before the eyes of these, or does not; keeps as a note what they have seen.

        The application still has these messages to send, and then returns.
        """
        farewell = Farewell(self.dialogue, client, app, self._lifespan)
        farewell.follows(*messages)
        return farewell
