"""Our end of the probe's string: calls of the application are accepted here, told what to do, and heard."""

import contextlib
import shutil
import socket
import time
from dataclasses import dataclass
from pathlib import Path

from asgi_conformance.probe import literals
from asgi_conformance.spec.kinds import Foreign
from asgi_conformance.wire.connection import Connection, Lost, Patience, Silence
from asgi_conformance.wire.readiness import readable

PACKAGE = "asgi_conformance_probe"
BACKLOG = 1024


class Gone(Exception):
    """The server exited."""


class Ended(Exception):
    """The call is over; `how` is "returned", "raised", "cancelled", or "lost" if it ended without a word."""

    def __init__(self, how: str, text: str) -> None:
        super().__init__(f"{how} {text}".rstrip())
        self.how = how
        self.text = text


@dataclass(frozen=True)
class RemoteError:
    """An exception inside the server: the name of its type, those of the whole mro, and its text."""

    type: str
    bases: tuple[str, ...]
    text: str

    def __str__(self) -> str:
        return f"{self.type.removeprefix('builtins.')}: {self.text}".removesuffix(": ")


@dataclass(frozen=True)
class Outcome:
    """What became of one order: a value, or an error, or it was cancelled."""

    value: object = None
    error: RemoteError | None = None
    cancelled: bool = False


def install(folder: Path) -> None:
    """Put the probe where a server finds it as `asgi_conformance_probe:app`: into its working directory."""
    package = folder / PACKAGE
    package.mkdir()
    for name in ("app.py", "literals.py", "loops.py"):
        shutil.copy(Path(__file__).with_name(name), package / name)
    (package / "__init__.py").write_text("from .app import app as app, legacy as legacy\n")


def encode(value: object) -> object:
    """As `literals.encode`; a Foreign becomes an order to build the real thing."""
    if isinstance(value, Foreign):
        return (literals.MARK, value.type, encode(value.value))
    if type(value) is dict:
        return {encode(key): encode(item) for key, item in value.items()}
    if type(value) is list:
        return [encode(item) for item in value]
    if type(value) is tuple:
        return tuple(encode(item) for item in value)
    return literals.encode(value)


def decode(literal: object) -> object:
    """As `literals.decode`; what is no literal becomes a Foreign."""
    return literals.decode(literal, _foreign)


def _foreign(name: str, payload: object) -> Foreign:
    if isinstance(payload, tuple) and payload[:1] == ("repr",):
        return Foreign(name, None, str(payload[1]))
    return Foreign(name, payload)


class Remote:
    """Listens for calls, on a Unix socket in the folder if its path is short enough, or else on loopback."""

    def __init__(self, folder: Path, patience: Patience) -> None:
        self.patience = patience
        self._listener, self.address = _listener(folder / "probe")
        self._listener.setblocking(False)

    def accept(self, wait: float | None = None, watch: int | None = None) -> "Call":
        """The next call, with its first message.

        Raises Silence when none comes within `wait` seconds, Gone when the descriptor `watch` is readable and
        no call is there, Lost when the call goes away before it has said what it is.
        """
        seconds = self.patience.must if wait is None else wait
        ready = readable(*(each for each in (self.fileno(), watch) if each is not None), wait=seconds)
        if not ready:
            raise Silence(f"the application was not called for {seconds:g} s")
        if self.fileno() not in ready:
            raise Gone("the server exited")
        sock, _ = self._listener.accept()
        if sock.family == socket.AF_INET:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return Call(Connection(sock, self.patience))

    def waiting(self) -> bool:
        """Is there a call to accept?"""
        return bool(readable(self.fileno()))

    def fileno(self) -> int:
        """The file descriptor of the listener, for select."""
        return self._listener.fileno()

    def close(self) -> None:
        """Accept no more calls: from now on the application raises when it is called."""
        self._listener.close()
        if self.address.startswith("unix:"):
            Path(self.address.removeprefix("unix:")).unlink(missing_ok=True)


class Call:
    """One call of the application, from our side. It ends when we close it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rest = bytearray()
        self._outcomes: dict[int, Outcome] = {}
        self._ended: tuple[str, str] | None = None
        self._orders = 0
        try:
            opening = literals.read(self._message(None))
        except BaseException:
            connection.close()
            raise
        self.scope = decode(opening["scope"])
        self.about: dict[str, object] = opening["call"]

    def orders(self, *commands: tuple[str, object]) -> list[int]:
        """Order pairs of verb and argument, all in one write; returns their numbers.

        A call that is over says so when it is heard. Raises Silence when the server takes nothing.
        """
        numbers = [self._orders + index for index in range(1, len(commands) + 1)]
        self._orders += len(commands)
        told = zip(numbers, commands, strict=True)
        orders = [(number, verb, encode(argument)) for number, (verb, argument) in told]
        with contextlib.suppress(Lost):
            self._connection.write(literals.spelled(orders))
        return numbers

    def hears(self, number: int, wait: float | None = None) -> Outcome:
        """What became of an order. Raises Silence while that is open, Ended when it never will be told."""
        seconds = self._connection.patience.must if wait is None else wait
        deadline = time.monotonic() + seconds
        while number not in self._outcomes:
            if self._ended is not None:
                raise Ended(*self._ended)
            self._hear(deadline, seconds)
        return self._outcomes[number]

    def settled(self, number: int) -> Outcome | None:
        """What has become of an order by now, or None. Raises Ended when it never will be told."""
        try:
            return self.hears(number, 0)
        except Silence:
            return None

    def ending(self, wait: float | None = None) -> tuple[str, str]:
        """How the call ended, as the `how` and `text` of Ended. Raises Silence while it has not."""
        seconds = self._connection.patience.must if wait is None else wait
        deadline = time.monotonic() + seconds
        while self._ended is None:
            self._hear(deadline, seconds)
        return self._ended

    def close(self) -> None:
        """Let go: the application cancels what it is at, and returns."""
        self._connection.close()

    def fileno(self) -> int:
        """The file descriptor, for select; -1 once closed."""
        return self._connection.fileno()

    def _hear(self, deadline: float, seconds: float) -> None:
        try:
            said = literals.read(self._message(deadline))
        except Silence as silence:
            # What is told is how long we were asked to wait, the same in every run.
            raise Silence(f"nothing for {seconds:g} s") from silence
        except Lost as lost:
            self._ended = "lost", str(lost)
            return
        number, how, value = said
        if number == "ended":
            self._ended = how, value
        elif how == "raised":
            error = RemoteError(value["type"], tuple(value["bases"]), value["text"])
            self._outcomes[number] = Outcome(error=error)
        else:
            self._outcomes[number] = Outcome(decode(value), cancelled=how == "cancelled")

    def _message(self, deadline: float | None) -> bytes:
        """The next message. Raises Silence at the deadline, Lost when there is none any more."""
        while not (message := literals.taken(self._rest)):
            wait = None if deadline is None else max(deadline - time.monotonic(), 0)
            data = self._connection.read(wait)
            if not data:
                raise Lost("the connection of the call ended")
            self._rest += data
        return message


def _listener(path: Path) -> tuple[socket.socket, str]:
    if hasattr(socket, "AF_UNIX"):
        listener = socket.socket(socket.AF_UNIX)
        try:
            listener.bind(str(path))
            listener.listen(BACKLOG)
        except OSError:
            listener.close()
        else:
            return listener, f"unix:{path}"
    listener = socket.create_server(("127.0.0.1", 0), backlog=BACKLOG)
    return listener, f"tcp:127.0.0.1:{listener.getsockname()[1]}"
