"""The server as an actor: started, stopped and asked whether it still serves."""

import select
import signal
from typing import TYPE_CHECKING

from asgi_conformance.dialogue.expectation import Broken, Quiet
from asgi_conformance.spec import http, lifespan
from asgi_conformance.wire import request

if TYPE_CHECKING:
    from asgi_conformance.dialogue.app import App
    from asgi_conformance.dialogue.dialogue import Dialogue


class Server:
    """The process on the dialogue's stage."""

    def __init__(self, dialogue: "Dialogue") -> None:
        self.dialogue = dialogue

    def starts(self) -> None:
        """Start the server; its lifespan is for the app to play."""
        self.dialogue.transcript.says("server", "starts")
        self.dialogue.stage.open()

    def stops(self) -> None:
        """Ask the server to stop, as an operator does: SIGTERM. Does not wait."""
        self.dialogue.transcript.says("server", "is told to stop")
        self.dialogue.stage.running.process.signals(signal.SIGTERM)

    def exits(self, *, saying: str = "") -> None:
        """The server ends, and has printed this. Termination has twice the patience of a message."""
        process = self.dialogue.stage.running.process
        seconds = self.dialogue.patience.must * 2
        if not select.select([process.exited], [], [], seconds)[0]:
            raise Quiet(f"the server did not end within {seconds:g} s")
        self.dialogue.transcript.hears("server", f"exited with status {process.returncode}")
        self.has_said(saying)

    def has_said(self, text: str) -> None:
        """The server printed this."""
        if text not in self.dialogue.stage.running.process.log.text:
            raise Broken(f"the server did not print {text!r}")

    def has_not_said(self, text: str) -> None:
        """The server did not print this."""
        if text in self.dialogue.stage.running.process.log.text:
            raise Broken(f"the server printed {text!r}")

    def comes_up(self, app: "App") -> None:
        """Start the server, let the app complete its startup, and serve a first request."""
        self.starts()
        app.receives(lifespan.startup())
        app.sends(lifespan.startup_complete())
        self.serves()

    def goes_down(self, app: "App") -> None:
        """Ask the server to stop; the app is told of the shutdown."""
        self.stops()
        app.receives(lifespan.shutdown())

    def keeps_running(self) -> None:
        """The server does not end."""
        exited = self.dialogue.stage.running.process.exited
        if select.select([exited], [], [], self.dialogue.patience.silence)[0]:
            raise Broken("the server ended")

    def serves(self) -> None:
        """An ordinary request of a client of its own is answered."""
        client, app = self.dialogue.client(), self.dialogue.app()
        client.sends(request.get("/serves"))
        app.is_called(path="/serves")
        app.receives(http.request())
        app.responds(200, [(b"content-length", b"2")], b"ok")
        client.receives(status=200, body=b"ok")
        app.returns()
        client.leaves()

    def does_not_serve(self) -> None:
        """A request does not reach the application."""
        if not self.dialogue.stage.listens():
            return
        client = self.dialogue.client()
        # Its call may come later, when nobody asks for it any more.
        client.signature = self.dialogue.stage.signature()
        client.sends(request.get("/too-early"))
        self.dialogue.hears_no_call(client.signature)
        client.leaves()
