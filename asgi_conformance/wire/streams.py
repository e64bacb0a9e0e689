"""What a server says on many streams at once, kept for whoever asks for it; without I/O, and without ASGI."""

from collections import deque
from collections.abc import Iterable
from dataclasses import replace

from websockets.exceptions import ProtocolError

from .answer import Accepted, Answer, Closed, Data, End, Garbage, Head
from .compression import Compression, agreed
from .frames import Frames
from .request import Headers
from .websocket import Handshake

Asked = str | Handshake
"""A method, or the wish for a WebSocket."""
EMPTY = {204, 304}
"""What never has a body, whatever its content-length says (RFC 9110 §8.6)."""


class Exchange:
    """One stream: what was asked, and what was said to that and is not heard yet."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.compression: Compression | None = None
        self.is_over = False
        """Heard to its end, or given up."""
        self.is_ended = False
        """The server has said all of it."""
        self.is_cut = False
        """It has ended with an error: nothing more is taken here."""
        self._said: deque[tuple[Answer, int]] = deque()
        self._frames: Frames | None = None
        self._has_begun = self._is_wrong = False
        self._expected: int | None = None
        self._got = self._freed = 0

    def takes(self, answer: Answer, size: int = 0) -> None:
        """The server has said this, which needs so much room until it is heard."""
        if self._is_wrong:
            self._freed += size
            return
        why = self._wrong_in(answer)
        if why is not None:
            self._is_wrong, answer = True, Garbage(why)
        self.is_ended = self.is_ended or isinstance(answer, End | Closed | Garbage)
        self.is_cut = self.is_cut or isinstance(answer, Closed)
        self._said.append((answer, size))

    def next(self) -> Answer | None:
        """The next answer, or None while it is not all there."""
        answer = self._frames.next() if self._frames else None
        while answer is None and self._said:
            said, size = self._said.popleft()
            self._freed += size
            answer = self._meaning(said)
        if isinstance(answer, End | Closed) or (isinstance(answer, Garbage) and not self._frames):
            self.is_over = True
        return answer

    def ends(self, closed: Closed) -> Closed:
        """What the end of the connection means here."""
        self.is_over = True
        return replace(closed, complete=closed.complete and self.is_whole)

    def gives_up(self) -> None:
        """Nobody waits for this any more; what has come may still be heard."""
        self.is_over = self.is_ended = True

    def frees(self) -> int:
        """How much room there is again since the last time: what was heard, or is not kept."""
        unheard = 0
        if self.is_over and self._said:
            unheard = sum(size for _, size in self._said)
            self._said = deque((answer, 0) for answer, _ in self._said)
        freed, self._freed = self._freed + unheard, 0
        return freed

    @property
    def is_whole(self) -> bool:
        """Would nothing be cut off if no more came?"""
        if self._frames is not None and not self.is_ended:
            return self._frames.ends(reset=False).complete
        return self.is_ended or not self._has_begun

    def _meaning(self, said: Answer) -> Answer | None:
        match said:
            case Head() if self._is_accepted(said):
                return self._opens(said.headers)
            case Data() if self._frames is not None:
                self._frames.takes(said.data)
                return self._frames.next()
            case Data(data=b""):
                return None
            case End() if self._frames is not None:
                return self._frames.ends(reset=False)
        return said

    def _is_accepted(self, head: Head) -> bool:
        return isinstance(self.asked, Handshake) and 200 <= head.status < 300

    def _opens(self, headers: Headers) -> Accepted | Garbage:
        extensions = joined(headers, b"sec-websocket-extensions")
        try:
            self.compression = agreed(extensions)
        except ProtocolError as error:
            return Garbage(f"Sec-WebSocket-Extensions makes no sense: {error}")
        self._frames = Frames(self.compression)
        return Accepted(headers, joined(headers, b"sec-websocket-protocol"), extensions)

    def _wrong_in(self, answer: Answer) -> str | None:
        """What makes a response malformed (RFC 9113 §8.1.1): its length, when it has said one."""
        match answer:
            case Head():
                self._has_begun = True
                return self._wrong_in_head(answer)
            case Data():
                self._got += len(answer.data)
                if self._expected is not None and self._got > self._expected:
                    return f"{self._got} bytes of a body that has {self._expected}"
            case End():
                if self._expected is not None and self._got < self._expected:
                    return f"the end after {self._got} bytes of a body that has {self._expected}"
        return None

    def _wrong_in_head(self, head: Head) -> str | None:
        lengths = {value for name, value in head.headers if name == b"content-length"}
        if self._is_accepted(head) or self.asked == "CONNECT":
            return None
        if len(lengths) > 1 or not all(each.isdigit() for each in lengths):
            return f"the content-length {b', '.join(sorted(lengths))!r}"
        if self.asked == "HEAD" or head.status in EMPTY:
            self._expected = 0
        elif lengths:
            self._expected = int(lengths.pop())
        return None


class Exchanges:
    """All streams of a connection, in the order in which they are heard: a promised one behind its parent."""

    def __init__(self) -> None:
        self.connection: deque[Answer] = deque()
        """What the server said of the connection alone, for whoever asks for stream 0."""
        self.end: Closed | None = None
        self.is_broken = False
        self._all: dict[int, Exchange] = {}
        self._order: list[int] = []
        self._touched: set[int] = set()
        """The streams on which something may have been heard since room was made."""
        self._promised: dict[int, list[int]] = {}
        """The streams that the server has opened, by their parents."""
        self._garbage: Garbage | None = None
        self._refused: tuple[int, Closed] | None = None

    def opens(self, stream: int, asked: Asked) -> Exchange:
        """We ask for this on the next stream."""
        self._all[stream] = Exchange(asked)
        self._order.append(stream)
        if self._refused is not None:
            self.refuses(*self._refused)
        return self._all[stream]

    def promises(self, parent: int, stream: int, asked: Asked) -> None:
        """The server opens a stream by itself."""
        self._all[stream] = Exchange(asked)
        family = [parent, *self._promised.get(parent, [])]
        last = max((self._order.index(each) for each in family if each in self._order), default=-1)
        self._order.insert(last + 1, stream)
        self._promised[parent] = [*family[1:], stream]

    def get(self, stream: int | None) -> Exchange | None:
        """The exchange on a stream, if it was ever opened."""
        self._touched.add(stream or 0)
        return self._all.get(stream or 0)

    def next(self) -> Answer | None:
        """The next answer of the oldest exchange that is not over, or what there is to say to all."""
        while self._order and self._all[self._order[0]].is_over:
            self._order.pop(0)
        waiting = (stream for stream in self._order if not self._all[stream].is_over)
        return self.next_of(next(waiting, None))

    def next_of(self, stream: int | None) -> Answer | None:
        """The next answer on this stream, heard in any order; stream 0 is the connection itself."""
        exchange = self.get(stream)
        if stream == 0 and self.connection:
            return self.connection.popleft()
        answer = exchange.next() if exchange else None
        if answer is None and self._garbage is not None:
            answer, self._garbage = self._garbage, None
        if answer is None and self.end is not None:
            answer = exchange.ends(self.end) if exchange else self._ends(self.end)
        return answer

    def breaks(self, garbage: Garbage) -> None:
        """The server said something that makes no sense; all that follows is ignored up to the end."""
        self._garbage, self.is_broken = garbage, True

    def refuses(self, first: int, closed: Closed) -> None:
        """The server answers nothing that we ask on this stream or a later one (RFC 9113 §6.8)."""
        self._refused = first, closed
        for stream, exchange in self._all.items():
            if stream >= first and not exchange.is_ended and not self._is_promised(stream):
                exchange.takes(closed)

    def frees(self) -> Iterable[tuple[int, int, bool]]:
        """The room there is again: on which stream, how much, and whether more can come there."""
        touched, self._touched = self._touched & self._all.keys(), set()
        for stream in sorted(touched):
            freed = self._all[stream].frees()
            if freed:
                yield stream, freed, not self._all[stream].is_ended

    def _is_promised(self, stream: int) -> bool:
        return any(stream in promised for promised in self._promised.values())

    def _ends(self, closed: Closed) -> Closed:
        return replace(closed, complete=closed.complete and all(each.is_whole for each in self._all.values()))


def joined(headers: Headers, name: bytes) -> str | None:
    """All lines of a header in one, None when there is none."""
    return b", ".join(value for each, value in headers if each == name).decode("latin-1") or None
