"""A stage: one running server with our probe inside, on which dialogues are held one after another."""

import contextlib
import itertools
import re
import signal
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from asgi_conformance.dialogue.arrival import OVER_QUIC, arrives
from asgi_conformance.dialogue.expectation import Broken, Crash, Quiet, either
from asgi_conformance.dialogue.facts import Facts
from asgi_conformance.dialogue.lifespans import Lifespans
from asgi_conformance.dialogue.overheard import Overheard
from asgi_conformance.probe.remote import Call, Remote
from asgi_conformance.servers import DEPLOYED, LEGACY, Choice, Running, Stopped, launch
from asgi_conformance.spec.core import unwrapped
from asgi_conformance.wire.connection import Address, Connection, Lost, Patience, Silence, connect
from asgi_conformance.wire.http1 import HTTP1
from asgi_conformance.wire.readiness import readable
from asgi_conformance.wire.tls import Hello

LOG_LINES = 30
SIGNATURE = b"x-dialogue"
"""The header that tells whose request it is."""


@dataclass(frozen=True)
class Play:
    """What is put on a stage: the application to load, files beside it, and more of the environment."""

    application: str = "asgi_conformance_probe:app"
    files: tuple[Path, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    through: Callable[[Address], Address] | None = None
    """Where the clients of the server at an address are to connect: a place for somebody in the middle."""
    legacy: str = "asgi_conformance_probe:legacy"
    """The application of two steps, where such a one is wanted."""


class Stage:
    """A server that is started by `open` and then answers; nothing here knows what is judged."""

    _numbers = itertools.count(1)

    def __init__(
        self, choice: Choice, patience: Patience, play: Play | None = None, *, by_hand: bool = False
    ) -> None:
        self.choice = choice
        self.patience = patience
        self.play = play or Play()
        self.by_hand = by_hand
        self.facts = Facts()
        self.overheard: list[Overheard] = []
        # A signal interrupts no other thread: what is made there is known, and will be removed.
        with ThreadPoolExecutor(1) as undisturbed:
            made = undisturbed.submit(tempfile.TemporaryDirectory, prefix="asgi-", ignore_cleanup_errors=True)
            self._folder = made.result()
        self.remote = Remote(Path(self._folder.name), patience)
        self.lifespans = Lifespans(self)
        self._running: Running | None = None
        self._address: Address | None = None
        self.endings: list[Stopped] = []
        self._spares: list[Stage] = []
        self._leaving: list[threading.Thread] = []
        self._early: deque[Call] = deque()
        """Calls that came while a client connected."""

    # Start and end

    def open(self) -> "Stage":
        """Start the server and do not wait for it. Does nothing when it was started before."""
        if self._running is None:
            self._running = launch(
                self.choice,
                self.remote,
                Path(self._folder.name),
                application=self.play.legacy if LEGACY in self.choice.settings else self.play.application,
                files=self.play.files,
                environment=self.play.environment,
            )
        return self

    @property
    def running(self) -> Running:
        """The server's process and address."""
        return self.open()._running  # type: ignore[return-value]  # open has set it

    @property
    def address(self) -> Address:
        """Where clients connect."""
        if self._address is None:
            through = self.play.through
            self._address = through(self.running.address) if through else self.running.address
        return self._address

    def address_over(self, version: str) -> Address:
        """Where the server listens for this version of HTTP, whoever stands in the middle."""
        datagrams = self.running.place.datagrams
        return datagrams if version == OVER_QUIC and datagrams is not None else self.running.address

    def target(self, path: str) -> str:
        """What a client asks for to get this path below the mount point."""
        return quote(self.choice.prefix) + path

    def told(self, path: str) -> object:
        """What the scope may say of such a request: servers differ in what they do with the prefix."""
        prefix = self.choice.prefix
        return either(prefix + path, prefix * 2 + path, path) if prefix else path

    def named(self, text: str) -> str:
        """A text with a name for what is another folder, port, descriptor and dialogue each time."""
        named = text.replace(self._folder.name, "<folder>")
        named = re.sub(r"\b(fd=|descriptor )\d+", r"\1<number>", named)
        named = re.sub(rf"({SIGNATURE!r}, b')\d+", r"\1<number>", named)
        for address in (self.running.address, self.running.place.datagrams):
            if isinstance(address, tuple):
                named = re.sub(rf"\b{address[1]}\b", "<port>", named)
        return named

    def is_open(self) -> bool:
        """Was the server started, and is it still there?"""
        return self._running is not None and not self._running.process.ends(0)

    def close(self, grace: float | None = None) -> Stopped | None:
        """Stop the server as an operator would, after `grace` seconds by force; returns how it went."""
        stopped = None
        # A supervisor takes its time to look around, once for each that it stops.
        times = 2 if DEPLOYED in self.choice.settings else 1
        grace = self.patience.must * times if grace is None else grace
        try:
            for call in self._early:
                call.close()
            if self._running is not None:
                self._say_goodbye(grace)
                stopped = self._running.stop(grace)
                self.endings.append(stopped)
        finally:
            self.lifespans.close()
            self.remote.close()
            for spare in self._spares:
                spare.close(0)
            for thread in self._leaving:
                thread.join()
            self._folder.cleanup()
        return stopped

    def _say_goodbye(self, grace: float) -> None:
        # The lifespan calls want an answer to lifespan.shutdown while the server is stopping.
        self.running.process.signals(signal.SIGTERM)
        deadline = time.monotonic() + grace
        while self.lifespans.are_open() and self.is_open() and time.monotonic() < deadline:
            ready = self.wait(deadline - time.monotonic())
            if self.remote.fileno() in ready and (late := self._accepts()) is not None:
                late.close()
        # A worker that begins its life only now is not to wait for an answer.
        self.remote.close()

    def spare(self) -> "Stage":
        """Another server of the same kind, started and untouched: its lifespan is the script's own."""
        with contextlib.suppress(Broken, Lost, Silence):
            # Meanwhile other workers may have begun their lifespans here.
            if (late := self.next_call(time.monotonic())) is not None:
                late.close()
        self.prepares_spares(max(1, len(self._spares)))
        return self._spares.pop(0)

    def prepares_spares(self, number: int) -> None:
        """Have so many servers of the same kind started ahead of their use, and no more."""
        while len(self._spares) > number:
            self.lets_go(self._spares.pop())
        while len(self._spares) < number:
            spare = Stage(self.choice, self.patience, self.play, by_hand=True)
            spare.facts, spare.endings = self.facts, self.endings
            self._spares.append(spare.open())

    def lets_go(self, spare: "Stage") -> None:
        """Close a spare stage while others go on."""
        if spare.by_hand:
            # Calls that nobody asked for end here, or the server would wait for them.
            spare.remote.close()
        thread = threading.Thread(target=spare.close)
        thread.start()
        self._leaving.append(thread)

    # Hearing

    @contextlib.contextmanager
    def waiting(self, seconds: float) -> Iterator[None]:
        """Meanwhile, what must come has so many seconds."""
        usual, self.patience = self.patience, Patience(seconds, self.patience.silence)
        try:
            yield
        finally:
            self.patience = usual

    def log(self, since: int = 0) -> str:
        """The end of what the server printed, as far as it came after so many bytes (see `printed`)."""
        return self._running.process.log.tail(LOG_LINES, since) if self._running is not None else ""

    def printed(self) -> int:
        """How many bytes the server has printed by now."""
        return self._running.process.log.heard if self._running is not None else 0

    def raises_if_the_server_died(self, wait: float = 0) -> None:
        """Raises Crash when the process is gone, or goes within so many seconds."""
        if self.running.process.ends(wait):
            raise Crash(f"the server ended with exit status {self.running.process.returncode}")

    def wait(self, seconds: float, *also: int) -> list[int]:
        """Wait until a call is there, the server is gone or one of the descriptors is readable.

        Returns what is readable, nothing when the time is up. Lifespan calls are answered meanwhile.
        """
        wanted = [self.remote.fileno(), self.running.process.exited, *also]
        kept = self.lifespans.descriptors()
        ready = readable(*wanted, *kept, wait=seconds)
        self.lifespans.hear([each for each in ready if each in kept])
        return [each for each in ready if each in wanted]

    def next_call(self, deadline: float, *also: int) -> Call | None:
        """The next call of the application, or None when a descriptor of `also` was readable first.

        `deadline` is a time of the monotonic clock. Raises Quiet when it is over, Crash when the server died.
        """
        while True:
            if self._early:
                return self._early.popleft()
            ready = self.wait(deadline - time.monotonic(), *also)
            if self.remote.fileno() in ready:
                call = self._accepts()
                if call is not None:
                    return call
                continue
            if any(each in ready for each in also):
                return None
            self.raises_if_the_server_died()
            if time.monotonic() >= deadline:
                raise Quiet("the application was not called")

    def has_a_call(self) -> bool:
        """Is the application called right now, be it for a lifespan?"""
        return bool(self._early or readable(self.remote.fileno()))

    def _accepts(self) -> Call | None:
        """A call that came, or None when it went away at once, or is a lifespan that we keep ourselves."""
        try:
            call = self.remote.accept(self.patience.must)
        except (Lost, Silence):
            return None
        if self.by_hand or unwrapped(call.scope).get("type") != "lifespan":
            return call
        self.lifespans.keep(call)
        return None

    def listens(self) -> bool:
        """Does the server take connections right now?"""
        try:
            connect(self.address, self.patience).close()
        except OSError:
            return False
        return True

    def connect(self, hello: Hello | None = None, version: str = HTTP1.version) -> Connection:
        """A client's connection for this version of HTTP, as soon as the server takes one.

        Raises Crash or Quiet.
        """
        return arrives(self, hello, version)

    def meanwhile(self, seconds: float, *also: int) -> None:
        """Wait for these descriptors, and keep what comes for a dialogue. Raises Crash."""
        exited = self.running.process.exited
        ready = readable(exited, *also, wait=seconds) if self.by_hand else self.wait(seconds, *also)
        if exited in ready:
            self.raises_if_the_server_died()
        if self.remote.fileno() in ready and (call := self._accepts()) is not None:
            self._early.append(call)

    def signature(self) -> bytes:
        """A mark for the requests of one dialogue, so that a late call is not taken for another's."""
        return b"%d" % next(self._numbers)
