"""One stream of a connection that others use, too, for whoever speaks and listens on that one alone."""

import contextlib
from collections.abc import Iterator

from .answer import Answer
from .connection import Connection
from .multiplexed import Multiplexed, Sendable
from .request import Part, part
from .stream_spelling import reset
from .streams import Asked
from .websocket import Fragments


class OneStream:
    """It is opened by the first thing that is said, unless it has a number by then.

    Stream 0 is the connection itself: what is said of no stream is heard there.
    """

    def __init__(self, shared: Multiplexed, stream: int | None = None) -> None:
        self.shared = shared
        self.stream = stream

    @property
    def version(self) -> str:
        """What is spoken on the connection."""
        return self.shared.version

    @property
    def connection(self) -> Connection:
        """The connection that is shared."""
        return self.shared.connection

    def sends(self, what: Sendable, *, method: Asked | tuple[Asked, ...] = "GET", expecting: int = 1) -> None:
        """As for all streams; what goes on with something goes on with this stream. Raises Silence."""
        with self._turn():
            self.shared.sends(what, method=method, expecting=expecting)
            self.stream = self.shared.stream if self.stream is None else self.stream

    def offers(self, what: Part | Fragments | bytes, wait: float) -> bytes:
        """As for all streams: say it until nothing is taken for `wait` seconds; returns what is left."""
        with self._turn():
            return self.shared.offers(what, wait)

    def hears(self, wait: float | None = None) -> Answer:
        """The next answer on this stream. Raises Silence."""
        return self.shared.hears_of(self.stream or 0, wait)

    @property
    def is_heard_out(self) -> bool:
        """Was what the server says here heard to its end?"""
        with self._turn():
            return self.shared.is_heard_out

    def finishes(self) -> None:
        """Say no more here."""
        if self.stream == 0:
            self.shared.finishes()
        else:
            self.sends(part(last=True))

    def leaves(self) -> None:
        """Who has but a stream closes nothing: the connection belongs to others, too."""
        if self.stream == 0:
            self.shared.leaves()

    def resets(self) -> None:
        """End it with an error."""
        if self.stream == 0:
            self.shared.resets()
        else:
            self.sends(reset(self.stream))

    def fileno(self) -> int:
        """The file descriptor of the connection, for select; -1 when it is closed."""
        return self.shared.fileno()

    @contextlib.contextmanager
    def _turn(self) -> Iterator[None]:
        """Meanwhile this is the stream that is meant where none is named."""
        if not self.stream:
            yield
            return
        last, self.shared.stream = self.shared.stream, self.stream
        try:
            yield
        finally:
            self.shared.stream = max(last, self.stream)
