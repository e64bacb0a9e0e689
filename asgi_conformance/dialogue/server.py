"""The server as an actor: started, stopped and asked whether it still serves."""

import contextlib
import re
import signal
from typing import TYPE_CHECKING

from asgi_conformance.dialogue.comparing import Comparing
from asgi_conformance.dialogue.expectation import Broken, Crash, Quiet, Unsupported
from asgi_conformance.dialogue.keeping import Keeping
from asgi_conformance.dialogue.stopping import Stopping
from asgi_conformance.dialogue.wire_end import on_tcp
from asgi_conformance.probe.remote import RemoteError
from asgi_conformance.spec import http, lifespan
from asgi_conformance.wire import request

if TYPE_CHECKING:
    from asgi_conformance.dialogue.app import App
    from asgi_conformance.dialogue.client import Client


class Server(Keeping, Stopping, Comparing):
    """The process on the dialogue's stage."""

    def starts(self) -> None:
        """Start the server, unless it was started; its lifespan is for the app to play."""
        if self.dialogue.stage.is_open():
            return
        self.dialogue.transcript.says("server", "starts")
        self.dialogue.stage.open()

    def stops(self) -> None:
        """Ask the server to stop, as an operator does: SIGTERM. Does not wait."""
        self.dialogue.transcript.says("server", "is told to stop")
        self.dialogue.is_ending = True
        self.dialogue.stage.running.process.signals(signal.SIGTERM)

    def exits(self, *, saying: str = "") -> None:
        """The server ends, and has printed this. Termination has twice the patience of a message."""
        process = self.dialogue.stage.running.process
        seconds = self.dialogue.patience.must * 2
        if not process.ends(seconds):
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

    def has_not_logged(self, error: RemoteError) -> None:
        """By now the server has not logged this as an error: with a traceback, or where it says ERROR."""
        printed = self.has_printed()
        if printed is None:
            raise Unsupported("what the application prints is not to be seen")
        name = error.type.rpartition(".")[2]
        if name in printed and re.search(r"Traceback|\b(ERROR|CRITICAL)\b", printed, re.IGNORECASE):
            raise Broken(f"the server logged its own error: {error}")

    def comes_up(self, app: "App", path: str = "/serves") -> None:
        """Start the server, let the app complete its startup, and serve a first request."""
        self.starts()
        app.receives(lifespan.startup())
        app.sends(lifespan.startup_complete())
        self.serves(path)

    def goes_down(self, app: "App") -> None:
        """Ask the server to stop; the app is told of the shutdown."""
        self.stops()
        app.receives(lifespan.shutdown())

    def keeps_running(self) -> None:
        """The server does not end."""
        if self.dialogue.stage.running.process.ends(self.dialogue.patience.silence):
            raise Broken("the server ended")

    def serves(self, path: str = "/serves") -> None:
        """An ordinary request of a client of its own is answered."""
        client, app = self.dialogue.client(), self.dialogue.app()
        client.sends(request.get(self.dialogue.stage.target(path)))
        app.is_called(path=self.dialogue.stage.told(path))
        app.receives(http.request())
        app.answers(client)
        app.returns()
        client.leaves()

    def serves_or_ends(self, path: str) -> None:
        """An ordinary request is answered, or else the server ends by itself."""
        try:
            self.serves(path)
        except Broken as broken:
            if not self.dialogue.stage.running.process.ends(self.dialogue.patience.must):
                raise Broken(f"the server does not end, and does not serve: {broken}") from broken

    def address(self) -> tuple[str, int]:
        """The host and port where the server listens. Raises Unsupported when that is a Unix socket."""
        return on_tcp(self.dialogue.stage.address_over(self.dialogue.http_version))

    def path(self) -> str:
        """The path of the Unix socket where the server listens. Raises Unsupported when it is none."""
        address = self.dialogue.stage.running.address
        if not isinstance(address, str):
            raise Unsupported("the server does not listen on a Unix socket")
        return address

    def is_visited(self) -> "Client":
        """One more client comes."""
        return self.dialogue.client()

    def is_to_call(self) -> "App":
        """One more call of the application is to come."""
        return self.dialogue.app()

    def may_serve(
        self,
        client: "Client",
        body: bytes | None = None,
        *,
        status: int = 200,
        refusal: object = None,
        **scope: object,
    ) -> None:
        """What this client asked is served with this status, or it is refused, with that one if it is told.

        The application gets this body unless it is None, and a scope that says at least this.
        """
        if self.dialogue.refuses(client, self.dialogue.patience.must):
            return client.receives_refusal() if refusal is None else client.receives_head(status=refusal)
        app = self.dialogue.app().is_called(**scope)
        if body is not None:
            app.receives_body(body)
        app.answers(client, status=status)
        return app.returns()

    def may_find_too_large(self, client: "Client", **scope: object) -> None:
        """The application gets a scope that says at least this, or the client is blamed for asking it."""
        if self.dialogue.refuses(client, self.dialogue.patience.must):
            return client.is_blamed()
        app = self.dialogue.app().is_called(**scope)
        app.answers(client)
        return app.returns()

    def may_wait_for_the_rest(self, client: "Client") -> None:
        """The body of what this client asked is not over with what has come, or the client is refused."""
        self.catches_up()
        if self.dialogue.has_a_call_waiting():
            app = self.dialogue.app()
            app.listens()
            app.evaluates("None")  # by now the server has told what there was, or waits for more
            client.finishes()
            app.receives_no_whole_body()
        else:
            client.finishes()
            self.may_break_off(client)

    def may_give_up(self, client: "Client", body: bytes) -> None:
        """What this client asked is served with this body, or refused, be it in the middle of the body."""
        if self.dialogue.refuses(client, self.dialogue.patience.must):
            return client.receives_refusal()
        app = self.dialogue.app().is_called()
        try:
            is_whole = app.may_receive_body(body)
        except Broken:
            # Who has refused it owes the application no event, and may cancel the call.
            if not client.was_answered():
                raise
            return client.receives_refusal()
        if is_whole:
            app.answers(client)
        return app.returns()

    def catches_up(self) -> None:
        """The server has read what was sent until now: it has served a client that came later."""
        self.dialogue.is_called_before_others()

    def may_break_off(self, client: "Client") -> bool:
        """What this client asked is refused, or the application is told that the body has no end, or both.

        Returns whether it is refused.
        """
        refused = self.dialogue.refuses(client, self.dialogue.patience.must)
        if refused:
            client.receives_refusal()
        if refused and not self.dialogue.is_called_before_others():
            return True
        app = self.dialogue.app().is_called()
        try:
            said = app.hears_out_the_body()
        except (Quiet, Crash):
            raise
        except Broken:
            # Who refuses it owes the application no event, and may cancel the call.
            if not refused:
                client.receives_refusal()
            return True
        if said.get("type") != "http.disconnect":
            raise Broken("the body was ended as if it were whole")
        return refused

    def refuses(self, client: "Client") -> None:
        """What this client asked is refused, be it when the application has been told that it has no end."""
        if not self.may_break_off(client):
            client.receives_refusal()

    def takes_for_one_request(self, client: "Client") -> None:
        """What this client said is one call of the application or none; the next one is for its next request.

        Nothing is asked of the answer: of a faulty request it may be an error, and the end of the connection.
        """
        refused = self.dialogue.refuses(client, self.dialogue.patience.must)
        if not refused or self.dialogue.is_called_before_others():
            app = self.dialogue.app().is_called()
            app.hears_out_the_body()
            app.may_respond(200, [(b"content-length", b"2")], b"ok")
            app.ends()
        client.is_not_left_waiting()
        client.sends(request.get("/next"))
        if not self.dialogue.refuses(client, self.dialogue.patience.must):
            self.dialogue.app().is_called(path="/next").responds(200, [(b"content-length", b"4")], b"next")

    def goes_on_with(self, client: "Client", path: str = "/next") -> None:
        """The next request of this client is the next that is served, or the server closes the connection.

        What is left over from the request or the response before it is found here.
        """
        client.sends(request.get(path))
        if self.dialogue.refuses(client, self.dialogue.patience.must):
            return client.is_closed()
        app = self.dialogue.app().is_called(path=path)
        app.receives(http.request())
        app.responds(200, [(b"content-length", b"4")], b"next")
        client.receives(status=200, body=b"next")
        return app.returns()

    def serves_no_more(self, client: "Client") -> None:
        """The connection of this client is closed; a next request on it is not served.

        To wait for the end would not tell: any server closes a connection that is idle for long.
        Where there are streams, the one that was opened last is closed, and others may follow.
        """
        if not client.has_streams:
            client.sends(request.get("/too-late"))
            if not self.dialogue.refuses(client, self.dialogue.patience.must):
                raise Broken("one more request was served on the connection")
        client.is_closed()

    def calls_before_the_body_ends(self, app: "App") -> None:
        """The application is called while the body is on its way; Unsupported if the server waits for all."""
        try:
            app.is_called()
        except Quiet as quiet:
            raise Unsupported("the server calls the application for a whole request only") from quiet

    def does_not_serve(self, path: str) -> None:
        """Neither a request nor a handshake reaches the application, be it because the server has ended."""
        if not self.dialogue.stage.listens():
            return
        # Its call may come later, when nobody asks for it any more.
        signature = self.dialogue.stage.signature()
        asked = self.dialogue.asks_for(path)
        clients = [self.dialogue.client() for _ in asked]
        # Who does not even shake hands serves nobody.
        with self.dialogue.stage.waiting(self.dialogue.patience.silence), contextlib.suppress(Crash, Quiet):
            for client, what in zip(clients, asked, strict=True):
                client.signature = signature
                client.sends(what)
            self.dialogue.hears_no_call(signature)
        for client in clients:
            client.leaves_the_stage()

    def turns_calls_away(self) -> None:
        """Nobody is there for the calls that have come by now."""
        while self.dialogue.has_a_call_waiting():
            self.is_to_call().is_called().leaves_the_stage()

    def has_not_called_again(self) -> None:
        """The application has not been called again by now, for whatever protocol."""
        if self.dialogue.has_a_call_waiting():
            raise Broken("the application was called again")
