"""What is seen of a server from beside it: what it asks of the application, what it prints, how it ends."""

import contextlib
import signal
from collections.abc import Iterator
from typing import TYPE_CHECKING

from asgi_conformance.dialogue.expectation import Broken, bare
from asgi_conformance.probe.remote import Ended
from asgi_conformance.spec import http, lifespan, websocket
from asgi_conformance.wire import request
from asgi_conformance.wire import websocket as ws
from asgi_conformance.wire.readiness import readable

if TYPE_CHECKING:
    from asgi_conformance.dialogue.app import App
    from asgi_conformance.dialogue.client import Client
    from asgi_conformance.dialogue.dialogue import Dialogue


class Watching:
    """A server that is watched: much of this is for the record only."""

    def __init__(self, dialogue: "Dialogue") -> None:
        self.dialogue = dialogue

    def records(self, what: str) -> None:
        """Keep this as a note of the verdict, if it blames nobody; several are apart by semicolons."""
        self.dialogue.recorded.append(what)

    def records_its_end(self, of: "App | None" = None) -> None:
        """Keep how the server ended, which it has by now.

        Given an app, only that it did, if that ran in another process: whether a parent hears in time of the
        failure of a worker that it has told to stop can be a matter of chance.
        """
        process = self.dialogue.stage.running.process
        status = process.returncode
        assert status is not None
        if of is not None and of.call.about["pid"] != process.pid:
            return self.records("ends")
        return self.records(
            f"exit status {status}" if status >= 0 else f"ended by {signal.Signals(-status).name}"
        )

    def records_whether_it_serves(self, path: str) -> None:
        """Keep whether the server serves requests and WebSockets, or has ended by itself."""
        try:
            for call in self.is_asked(path):
                call.is_called(path=path)
            self.records("serves")
        except Broken:
            ended = self.dialogue.stage.running.process.ends(self.dialogue.patience.silence)
            self.records("ends by itself" if ended else "serves nobody")

    def records_whether_it_gives_up(self) -> None:
        """Keep whether the server ends by itself, in the patience of a message, and how."""
        if self.dialogue.stage.running.process.ends(self.dialogue.patience.must):
            self.records("gives up")
            self.records_its_end()
        else:
            self.records("waits until it is killed")

    def records_whether_it_says(self, text: str) -> None:
        """Keep whether the server has printed this by now: why the application has failed."""
        said = None
        with contextlib.suppress(Broken):
            said = self.has_printed()
        if said is not None:
            self.records("prints why" if text in said else "does not print why")

    def records_who_is_told(self, *apps: "App") -> None:
        """Keep how many of these lifespans are told of the shutdown; each completes its own at once."""
        told, waiting = 0, {app.call.fileno(): app for app in apps}
        for app in apps:
            app.listens()
        while waiting and (ready := readable(*waiting, wait=self.dialogue.patience.must)):
            for app in map(waiting.pop, ready):
                with contextlib.suppress(Broken):
                    app.hears(lifespan.shutdown())
                    app.begins_to_end_with(lifespan.shutdown_complete())
                    told += 1
        self.records(f"{told} of {len(apps)} lifespans are told of the shutdown")

    def may_insist_on_a_lifespan(self) -> None:
        """Blame nobody, if the server's user has asked for a server that does not run without a lifespan."""
        self.dialogue.blames_nobody = self.dialogue.stage.choice.insists_on_a_lifespan

    def has_printed(self) -> str | None:
        """All that the server has printed since the dialogue began, None if that is not to be seen.

        Of a server that has not ended it takes a request, whose application leaves a mark in the output.
        """
        process = self.dialogue.stage.running.process
        if process.ends(0):
            return process.log.since(self.dialogue.printed)
        mark = f"mark {self.dialogue.signature.decode()}."
        client, app = self.dialogue.client(), self.dialogue.app()
        client.sends(request.get("/marks-the-log"))
        app.is_called(path="/marks-the-log")
        app.does(f"import sys; print({mark!r}, file=sys.stderr, flush=True)")
        app.answers(client)
        if not process.log.shows(mark, self.dialogue.patience.must):
            return None
        return process.log.since(self.dialogue.printed).partition(mark)[0]

    def is_asked(self, path: str, *, times: int = 1, by: "Client | None" = None) -> Iterator["App"]:
        """So often it is asked for this path, on one connection, and over WebSocket if it serves that.

        Gives the call of the application for each, and ends it well.
        """
        client = by or self.dialogue.client()
        for _ in range(times):
            client.sends(request.get(path))
            call = self.dialogue.app().is_called(type="http", path=path)
            yield call
            call.receives(http.request())
            call.answers(client)
            call.returns()
            if self.dialogue.serves_websocket:
                yield from self._is_asked_over_websocket(path)

    def _is_asked_over_websocket(self, path: str) -> Iterator["App"]:
        client = self.dialogue.client()
        client.sends(ws.handshake(path))
        call = self.dialogue.app().is_called(type="websocket", path=path)
        yield call
        call.receives(websocket.connect())
        call.sends(websocket.close(code=1000, reason=""))
        # Some servers refuse the client only then.
        call.returns()
        client.receives_refusal()
        client.leaves()

    def calls_for(self, path: str, client: "Client") -> Iterator["App"]:
        """This client asks for a path, and one for a WebSocket there if it is served: gives both calls."""
        for by, what in zip((client, self.dialogue.client()), self.dialogue.asks_for(path), strict=False):
            by.sends(what)
            yield self.dialogue.app().is_called(path=path)

    def records_version(self, app: "App") -> None:
        """Keep which version the scope announces: `http: 2.3`."""
        announced = app.conversation.spec_version or "none"
        self.records(f"{bare(app.scope['type'])}: {announced}")

    def records_extensions(self, app: "App") -> None:
        """Keep which extensions the scope announces: `http: tls, http.response.push`."""
        announced = bare(app.scope.get("extensions"))
        names = ", ".join(sorted(map(str, announced))) if isinstance(announced, dict) else ""
        self.records(f"{bare(app.scope['type'])}: {names or 'none'}")

    def tells(self, app: "App", *, after: "App", to: "Client", body: bytes) -> None:
        """While the app listens, it is told nothing as long as the last part of a body can still be sent.

        `after` is the call that is to send it, `to` the client that has all the rest of the response. A
        server may cut that short at any time.
        """
        descriptors = app.call.fileno(), after.call.fileno()
        self.dialogue.stage.wait(self.dialogue.patience.must, *descriptors)
        try:
            was_told = app.has_heard()
            after.begins_to_end_with(http.response_body(body=body, more_body=False))
            to.receives_part(body)
        except (Ended, Broken):
            return  # It was not waited for.
        if was_told:
            raise Broken("receive gave an event while a response was under way, which was served to its end")
