"""A server that a supervisor keeps: its workers, what becomes of it after a kill, how it is stopped."""

import contextlib
import os
import re
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from asgi_conformance.dialogue.arrival import START
from asgi_conformance.dialogue.expectation import Broken, Crash, Quiet, Unsupported, bare
from asgi_conformance.dialogue.watching import Watching
from asgi_conformance.spec import http
from asgi_conformance.wire import request

if TYPE_CHECKING:
    from asgi_conformance.dialogue.app import App
    from asgi_conformance.dialogue.client import Client

LOOK = 0.05
"""No event tells of the processes of others: so often it is looked what became of them, in seconds."""
VAIN = 2
"""So many starts in vain are enough: of one, what was left of the server before may be the reason."""
CLEAN = ("exit status 0", "terminated by SIGTERM")


class Keeping(Watching):
    """A server in the setting `deployed`: our process is its supervisor, and its lifespans are kept."""

    def records_of(self, app: "App", *keys: str) -> None:
        """Keep what the scope says under these keys."""
        for key in keys:
            self.records(f"{key} {bare(app.scope[key])!r}" if key in app.scope else f"no {key}")

    def is_deployed(self, client: "Client") -> None:
        """Start it, answer its lifespans as a good application does, and serve a client when all are up."""
        self.dialogue.transcript.says("server", "is started by its supervisor")
        stage = self.dialogue.stage
        stage.by_hand = False
        stage.open()
        if not self._comes_about(lambda: len(self._workers()) >= self._wanted and stage.listens()):
            raise Quiet(f"of {self._wanted} workers {len(self._workers())} came up")
        self._serves(client, "/deployed")

    # Workers

    def other_worker_serves(self, app: "App") -> None:
        """While the process in which this application was called stands still, another one serves.

        And while that one does, the first.
        """
        if not self._has_workers:
            raise Unsupported("the server has no workers")
        first = _process_of(app)
        with _standing_still(first):
            other = self._serves_at_last("/other-worker")
        with _standing_still(other):
            again = self._serves_at_last("/first-worker")
        if again != first:
            raise Broken("there are more than two workers")

    def loses_a_worker(self) -> None:
        """A worker is killed, and for it comes another one; keeps who has started that."""
        before = self._workers()
        if len(before) < 2:
            raise Unsupported("the server has no workers")
        self.dialogue.transcript.says("server", "loses a worker, which is killed")
        os.kill(before[0], signal.SIGKILL)
        self._is_whole_again(before)
        self._serves_at_last("/another-worker")
        ended = self._supervisor_says(r"exited: (server)")
        self.records("the server ends, and is started again" if ended else "the server starts another worker")

    # Supervisors

    def is_killed(self) -> None:
        """What the supervisor has started is killed, and started again; keeps what becomes of its workers."""
        started = self._supervisor_says(r"spawned: 'server' with pid (\d+)")[-1]
        before = self._workers()
        self.dialogue.transcript.says("server", "is killed")
        os.kill(int(started), signal.SIGKILL)
        try:
            self._is_whole_again(before)
            self._serves_at_last("/started-again", but=(*before, int(started)))
            self.records("serves again")
        finally:
            self._is_left_by(before)

    def is_stopped(self) -> None:
        """The supervisor is told to end, stops the server, and ends; keeps who was told, and the status."""
        process, lives = self.dialogue.stage.running.process, self.dialogue.stage.lifespans.lives
        self.dialogue.transcript.says("server", "is stopped by its supervisor")
        self.dialogue.is_ending = True
        process.signals(signal.SIGTERM)
        if not self._comes_about(lambda: process.ends(0)):
            raise Quiet("the supervisor did not end")
        told = sum(life.was_told for life in lives)
        if lives:
            self.records(f"{told} of {len(lives)} lifespans are told")
        ending = (self._supervisor_says(r"stopped: server \((.*?)\)") or ["not stopped"])[-1]
        self.records(ending)
        # A server that does not wait for its last worker tells that one by chance: this is only told.
        if (lives and not told) or ending not in CLEAN:
            raise Broken(f"{told} of {len(lives)} lifespans were told; {ending}")

    # How that is seen

    @property
    def _has_workers(self) -> bool:
        choice = self.dialogue.stage.choice
        return bool(choice.adapter.workers) and choice.adapter.workers in choice.command

    @property
    def _wanted(self) -> int:
        """How many lifespans there will be."""
        return self.dialogue.stage.facts.lifespan * (2 if self._has_workers else 1)

    def _workers(self) -> list[int]:
        """The processes with a lifespan that has started, and goes on."""
        lives = self.dialogue.stage.lifespans.lives
        return [life.process for life in lives if life.is_started and not life.has_ended]

    def _is_whole_again(self, before: Sequence[int]) -> None:
        def is_whole() -> bool:
            workers = self._workers()
            return len(workers) >= self._wanted and not (workers and {*workers} <= {*before})

        def is_in_vain() -> bool:
            return len(self._supervisor_says("exited: server")) > VAIN

        if not self._comes_about(lambda: is_whole() or is_in_vain()):
            self.records("nobody comes in its place")
            raise Quiet("nobody came in its place")
        if is_in_vain():
            self.records("is started again in vain")
            raise Broken("it was started again in vain")

    def _is_left_by(self, before: Sequence[int]) -> None:
        """Keep whether these processes of a server that was killed end by themselves, and kill them."""
        process = self.dialogue.stage.running.process

        def left() -> set[int]:
            return {*before} & {*process.family()}

        ended = self._comes_about(lambda: not left(), 1)
        if before:
            self.records("its workers end by themselves" if ended else "its workers live on")
        for each in left():
            os.kill(each, signal.SIGKILL)
        if not ended:
            raise Broken("the workers of the server that was killed live on")

    def _supervisor_says(self, pattern: str) -> list[str]:
        return re.findall(pattern, self.dialogue.stage.running.process.log.text)

    def _comes_about(self, holds: Callable[[], bool], times: int = START) -> bool:
        """Wait until this holds, for so many times the patience of a message. Returns whether it does."""
        deadline = time.monotonic() + self.dialogue.patience.must * times
        while not (held := holds()) and time.monotonic() < deadline:
            self._looks_around()
        return held

    def _looks_around(self) -> None:
        """Lifespans are answered for a moment; of other calls, nobody asks for those that come now."""
        try:
            late = self.dialogue.stage.next_call(time.monotonic() + LOOK)
        except Quiet:
            return
        except Crash:
            if not self.dialogue.is_ending:
                raise
        else:
            if late is not None:
                late.close()

    def _serves_at_last(self, path: str, *, but: Sequence[int] = ()) -> int:
        """A request is served, before long, by a process that is none of these; returns by which."""
        deadline = time.monotonic() + self.dialogue.patience.must * START
        while True:
            client = self.dialogue.client()
            with contextlib.suppress(Broken, OSError):
                served = self._serves(client, path)
                if served not in but:
                    return served
            client.leaves_the_stage()
            if time.monotonic() >= deadline:
                self.records("serves nobody")
                raise Quiet("nobody was served any more")
            self._looks_around()

    def _serves(self, client: "Client", path: str) -> int:
        client.sends(request.get(self.dialogue.stage.target(path)))
        if self.dialogue.refuses(client, self.dialogue.patience.must):
            raise Broken("the request was not answered by the application")
        app = self.dialogue.app().is_called(path=self.dialogue.stage.told(path))
        app.receives(http.request())
        app.answers(client)
        app.returns()
        client.leaves()
        return _process_of(app)


def _process_of(app: "App") -> int:
    pid = app.call.about["pid"]
    assert isinstance(pid, int)
    return pid


@contextlib.contextmanager
def _standing_still(process: int) -> Iterator[None]:
    os.kill(process, signal.SIGSTOP)
    try:
        while _state(process) not in "TZX":
            time.sleep(LOOK / 10)
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGCONT)


def _state(process: int) -> str:
    try:
        return Path(f"/proc/{process}/stat").read_bytes().rpartition(b")")[2].split()[0].decode()
    except OSError:
        return "X"
