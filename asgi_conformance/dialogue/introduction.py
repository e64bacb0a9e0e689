"""The introduction: the server serves for the first time, and tells what it offers."""

import contextlib
import time
from collections.abc import Iterator
from dataclasses import replace

from asgi_conformance.dialogue.arrival import OVER_QUIC, START
from asgi_conformance.dialogue.dialogue import Dialogue
from asgi_conformance.dialogue.expectation import Broken, Crash, Quiet, Unsupported, bare
from asgi_conformance.dialogue.server import Server
from asgi_conformance.dialogue.stage import Stage
from asgi_conformance.spec import http, websocket
from asgi_conformance.wire import request
from asgi_conformance.wire import websocket as ws
from asgi_conformance.wire.http1 import HTTP1

WELL = "/well"


class NeverServed(Exception):
    """The server did not come to answer a first request; what was said, and what it printed."""

    def __init__(self, text: str, transcript: str, log: str) -> None:
        super().__init__(text)
        self.transcript = transcript
        self.log = log


def introduce(stage: Stage) -> None:
    """Wait until the server answers, and learn what it offers. Raises NeverServed."""
    begun = time.monotonic()
    stage.open()
    with stage.waiting(stage.patience.must * START):
        _is_served(stage)
    stage.facts.start = time.monotonic() - begun
    _learns_of_websocket(stage, HTTP1.version)


def introduce_over(version: str, stage: Stage) -> None:
    """Learn what a server that has served before offers over this version of HTTP. Raises NeverServed."""
    if version in stage.facts.websocket:
        return
    with _dialogue(stage, version) as dialogue:
        client, app = dialogue.client(), dialogue.app()
        try:
            client.sends(request.get("/introduction"))
            app.is_called()
            app.answers(client)
        except (Broken, OSError) as error:
            raise _never_served(dialogue, error) from error
        _overhears(stage, dialogue)
    _learns_of_websocket(stage, version)


def is_well(stage: Stage, seconds: float, version: str = HTTP1.version) -> bool:
    """Does the server still answer an ordinary request, each step of it within so many seconds?

    What listens for QUIC may have ended alone: over HTTP/3 it is asked, and over HTTP/1.1 otherwise.
    """
    if not stage.is_open():
        return False
    waiting = stage.waiting(min(stage.patience.must, seconds))
    over = version if version == OVER_QUIC else HTTP1.version
    with waiting, _dialogue(stage, over, WELL) as dialogue:
        try:
            # Late calls for what the check before had said are not taken for this one.
            Server(dialogue).serves(WELL)
        except (Broken, OSError):
            return False
    return True


def _is_served(stage: Stage) -> None:
    deadline = time.monotonic() + stage.patience.must
    while True:
        # A worker that is still loading may reset the first connections: ask again while it lives.
        with _dialogue(stage, HTTP1.version) as dialogue:
            try:
                Server(dialogue).serves()
            except (Broken, OSError) as error:
                if (
                    stage.is_open()
                    and _was_cut(dialogue)
                    and time.monotonic() < _end_of_loading(stage, deadline)
                ):
                    continue
                raise _never_served(dialogue, error) from error
            _overhears(stage, dialogue)
            return


def _end_of_loading(stage: Stage, deadline: float) -> float:
    """Until when nothing is said by it that connections are reset."""
    completed = stage.lifespans.completed
    if not stage.choice.settings or completed is None:
        return deadline
    # The server is known to serve otherwise, and is through with its startup.
    return min(deadline, completed + stage.patience.silence)


def _was_cut(dialogue: Dialogue) -> bool:
    return dialogue.transcript.lines[-1].endswith(("reset", "closed", "in the middle"))


def _never_served(dialogue: Dialogue, error: Exception) -> NeverServed:
    """The story, with the exit of the server in it if it comes within the short wait."""
    stage = dialogue.stage
    try:
        stage.raises_if_the_server_died(stage.patience.silence)
    except Crash as crash:
        error = crash
    when = f" in {stage.patience.must:g} s" if isinstance(error, Quiet) else ""
    over = "" if dialogue.version == HTTP1.version else f" over {dialogue.version}"
    text = f"the server{stage.choice.circumstances} never served{over}{when}: {error}"
    return NeverServed(text, str(dialogue.transcript), stage.log())


def _learns_of_websocket(stage: Stage, version: str) -> None:
    stage.facts.websocket[version] = False
    with _dialogue(stage, version) as dialogue, contextlib.suppress(Quiet, Unsupported):
        client, app = dialogue.client(), dialogue.app()
        try:
            client.sends(ws.handshake("/introduction"))
            if not app.may_be_called():
                return
            stage.facts.websocket[version] = bare(app.scope["type"]) == "websocket"
            if stage.facts.websocket[version]:
                app.receives(websocket.connect())
                app.may_send(websocket.close())
            else:
                app.may_send(http.response_start(status=404))
                app.may_send(http.response_body())
        except Crash as crash:
            raise _never_served(dialogue, crash) from crash
        finally:
            _overhears(stage, dialogue)


def _overhears(stage: Stage, dialogue: Dialogue) -> None:
    scene = f"the first request to the server{stage.choice.circumstances}"
    said = str(dialogue.transcript)
    stage.overheard += [replace(each, scene=scene, transcript=said) for each in dialogue.complaints]


@contextlib.contextmanager
def _dialogue(stage: Stage, version: str, path: str | None = None) -> Iterator[Dialogue]:
    dialogue = Dialogue(stage, version, path=path)
    try:
        yield dialogue
    finally:
        dialogue.close()
