"""A server as a process: started in a session of its own, overheard, and ended with all its family."""

import atexit
import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
import uuid
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.connection import wait
from pathlib import Path
from types import FrameType
from typing import Literal

from asgi_conformance.servers._family import Family

MARK = "ASGI_CONFORMANCE_SERVER"
KEPT = 256 * 1024
# What a pipe can hold at most: one read after the exit gets all that was said before it.
PIPE = 1024 * 1024
LAST_RESORT = 5.0
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True)
class Stopped:
    """How a server ended, in how many seconds after the SIGTERM, and who outlived an unforced exit."""

    how: Literal["by itself", "terminated", "killed"]
    seconds: float
    returncode: int
    survivors: tuple[int, ...]


class Log:
    """The last of what a process wrote; `dropped` counts the bytes before that."""

    def __init__(self, limit: int = KEPT) -> None:
        self.limit = limit
        self.dropped = 0
        self._kept = bytearray()
        self._lock = threading.Condition()

    def add(self, data: bytes) -> None:
        """Keep `data`, and let go of the oldest."""
        with self._lock:
            self._kept += data
            excess = max(len(self._kept) - self.limit, 0)
            del self._kept[:excess]
            self.dropped += excess
            self._lock.notify_all()

    def shows(self, text: str, seconds: float) -> bool:
        """Wait until this is among what is kept. Returns whether it is."""
        with self._lock:
            return self._lock.wait_for(lambda: text.encode() in self._kept, seconds)

    def since(self, heard: int) -> str:
        """What is kept of all that came after so many bytes."""
        with self._lock:
            return self._kept[max(heard - self.dropped, 0) :].decode(errors="replace")

    @property
    def text(self) -> str:
        """All that is kept."""
        with self._lock:
            return self._kept.decode(errors="replace")

    @property
    def heard(self) -> int:
        """How many bytes were written so far."""
        with self._lock:
            return self.dropped + len(self._kept)

    def tail(self, lines: int = 20, since: int = 0) -> str:
        """The last lines, of what came after so many bytes."""
        return "\n".join(self.since(since).splitlines()[-lines:])


class Process:
    """A running command. Raises OSError if it cannot be started.

    `exited` is a file descriptor that becomes readable when the process has ended and the log holds all it
    said, and stays open as long as this object lives. `returncode` is None until then. The process stays a
    zombie until `stops`, so that its id remains its own.
    """

    def __init__(
        self, argv: Sequence[str], environment: Mapping[str, str], folder: Path, pass_fds: Sequence[int] = ()
    ) -> None:
        self.log = Log()
        self.returncode: int | None = None
        self._told: float | None = None
        self._ended = 0.0
        self._stopped: Stopped | None = None
        self._stopping = threading.RLock()
        with undisturbed():
            self._begins(argv, environment, folder, pass_fds)

    def _begins(
        self, argv: Sequence[str], environment: Mapping[str, str], folder: Path, pass_fds: Sequence[int]
    ) -> None:
        token = uuid.uuid4().hex
        self._popen = subprocess.Popen(
            argv,
            env={**environment, MARK: token},
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            pass_fds=pass_fds,
            start_new_session=True,
            # A run in the background of a shell ignores SIGINT, and so would a server, who inherits that.
            preexec_fn=_heeds_sigint if signal.getsignal(signal.SIGINT) is signal.SIG_IGN else None,
        )
        self.pid = self._popen.pid
        self._family = Family(self.pid, f"{MARK}={token}")
        self.exited, self._bell = os.pipe()
        weakref.finalize(self, os.close, self.exited)
        # A byte says that the process has ended, the end of the pipe that we are done with it.
        self._news, self._messenger = os.pipe()
        self._threads = [
            threading.Thread(target=work, daemon=True) for work in (self._awaits, self._overhears)
        ]
        _living.add(self)
        for thread in self._threads:
            thread.start()

    def signals(self, signum: int) -> None:
        """Send a signal to the process itself; nothing happens if it has ended."""
        with self._stopping, contextlib.suppress(ProcessLookupError):
            if not self.ends(0):
                os.kill(self.pid, signum)
                if signum == signal.SIGTERM and self._told is None:
                    self._told = time.monotonic()

    def family(self) -> tuple[int, ...]:
        """The ids of all that live and belong to it, until `stops`."""
        return self._family.members()

    def ends(self, seconds: float) -> bool:
        """Wait for the process to end. Returns whether it has."""
        return bool(wait([self.exited], seconds))

    def stops(self, grace: float) -> Stopped:
        """End the process and its whole family: SIGTERM, after `grace` seconds SIGKILL. May be repeated.

        A process that was sent a SIGTERM before is not told again: many take the second for impatience.
        """
        with self._stopping:
            if self._stopped is None:
                self._stopped = self._stop(grace)
            return self._stopped

    def _stop(self, grace: float) -> Stopped:
        if self._told is None:
            self.signals(signal.SIGTERM)
        clean = self.ends(grace)
        # Some, a resource tracker for one, rightly end a little later than the server.
        survivors = self._family.lasts(grace) if clean else ()
        self._family.kill(LAST_RESORT)
        self._lets_go()
        if self._told is None:
            return Stopped("by itself", 0.0, self._popen.returncode, survivors)
        how: Literal["terminated", "killed"] = "terminated" if clean else "killed"
        return Stopped(how, self._ended - self._told, self._popen.returncode, survivors)

    def _lets_go(self) -> None:
        # The waiting thread ends first: it writes to the pipe whose end stops the other.
        self._threads[0].join()
        os.close(self._messenger)
        self._threads[1].join()
        self.returncode = self._popen.wait()
        assert self._popen.stdout is not None
        self._popen.stdout.close()
        os.close(self._news)
        _living.discard(self)

    def _awaits(self) -> None:
        if sys.platform == "linux":
            ending = os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOWAIT)
            assert ending is not None
            self.returncode = ending.si_status if ending.si_code == os.CLD_EXITED else -ending.si_status
        else:
            self.returncode = self._popen.wait()
        self._ended = time.monotonic()
        os.write(self._messenger, b".")

    def _overhears(self) -> None:
        assert self._popen.stdout is not None
        output = self._popen.stdout.fileno()
        sources = [output, self._news]
        while True:
            ready = wait(sources)
            if self._news in ready:
                ended = os.read(self._news, 1)
                if output in sources and wait([output], 0):
                    self.log.add(os.read(output, PIPE))
                if not ended:
                    return
                os.close(self._bell)
            elif data := os.read(output, PIPE):
                self.log.add(data)
            else:
                sources.remove(output)


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """An interrupt waits until this is over: a process that it came upon too early, nobody would know of."""
    came: list[tuple[int, FrameType | None]] = []
    handlers: dict[signal.Signals, Callable[[int, FrameType | None], object]] = {}
    try:
        if threading.current_thread() is threading.main_thread():
            for signum in ENDING:
                handler = signal.getsignal(signum)
                # An ending that is the system's own, or none at all, is not in our hands.
                if callable(handler):
                    signal.signal(signum, lambda *told: came.append(told))
                    handlers[signum] = handler
        yield
    finally:
        for signum, handler in handlers.items():
            signal.signal(signum, handler)
        for number, frame in came[:1]:
            handlers[signal.Signals(number)](number, frame)


def _heeds_sigint() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


_living: set[Process] = set()


def stop_everything(grace: float = 1.0) -> None:
    """End every server that is still running, all at the same time: for an interrupted run."""
    processes = list(_living)
    for process in processes:
        process.signals(signal.SIGTERM)
    for process in processes:
        process.stops(grace)


atexit.register(stop_everything)
