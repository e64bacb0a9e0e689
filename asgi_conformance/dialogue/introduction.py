"""The introduction: the server serves for the first time, and tells what it offers."""

import contextlib
import time
from collections.abc import Iterator

from asgi_conformance.dialogue.dialogue import Dialogue
from asgi_conformance.dialogue.expectation import Broken, Crash, Quiet, bare
from asgi_conformance.dialogue.server import Server
from asgi_conformance.dialogue.stage import Stage
from asgi_conformance.spec import http, websocket
from asgi_conformance.wire import websocket as ws
from asgi_conformance.wire.connection import Patience

START = 4
"""A start has this many times the patience of a message: interpreters and workers take their time."""


class NeverServed(Exception):
    """The server did not come to answer a first request; `log` is the end of what it printed."""

    def __init__(self, text: str, log: str) -> None:
        super().__init__(text)
        self.log = log


def introduce(stage: Stage) -> None:
    """Wait until the server answers, and learn what it offers. Raises NeverServed."""
    stage.open()
    try:
        _is_served(stage)
        _learns_of_websocket(stage)
    except (Broken, OSError) as error:
        raise NeverServed(f"the server never served: {error}", stage.log()) from error


def _is_served(stage: Stage) -> None:
    deadline = time.monotonic() + stage.patience.must * START
    usual, stage.patience = stage.patience, Patience(stage.patience.must * START, stage.patience.silence)
    try:
        while True:
            # A worker that is still loading may reset the first connections: ask again while it lives.
            with _dialogue(stage) as dialogue:
                try:
                    Server(dialogue).serves()
                except Crash:
                    raise
                except Broken:
                    stage.raises_if_the_server_died()
                    if time.monotonic() >= deadline or not _was_cut(dialogue):
                        raise
                else:
                    stage.overheard += dialogue.complaints
                    return
    finally:
        stage.patience = usual


def _was_cut(dialogue: Dialogue) -> bool:
    return dialogue.transcript.lines[-1].endswith(("reset", "closed", "in the middle"))


def _learns_of_websocket(stage: Stage) -> None:
    with _dialogue(stage) as dialogue, contextlib.suppress(Quiet):
        client, app = dialogue.client(), dialogue.app()
        client.sends(ws.handshake("/introduction"))
        if not app.may_be_called():
            return
        stage.facts.websocket = bare(app.scope["type"]) == "websocket"
        if stage.facts.websocket:
            app.receives(websocket.connect())
            app.may_send(websocket.close())
        else:
            app.may_send(http.response_start(status=404))
            app.may_send(http.response_body())
        stage.overheard += dialogue.complaints


@contextlib.contextmanager
def _dialogue(stage: Stage) -> Iterator[Dialogue]:
    dialogue = Dialogue(stage, "http/1.1")
    try:
        yield dialogue
    finally:
        dialogue.close()


def is_well(stage: Stage) -> bool:
    """Does the server still answer an ordinary request?"""
    if not stage.is_open():
        return False
    with _dialogue(stage) as dialogue:
        try:
            Server(dialogue).serves()
        except (Broken, OSError):
            return False
    return True
