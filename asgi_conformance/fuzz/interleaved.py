"""The machine of dialogues that are held at the same time: each goes on as if it were alone."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import cycle

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from asgi_conformance.fuzz.http import Exchange
from asgi_conformance.fuzz.machine import Ground, machine
from asgi_conformance.fuzz.plot import Move, any_bytes, in_a_row, up_to
from asgi_conformance.fuzz.script import Actor, Line, Script
from asgi_conformance.fuzz.strategies import in_ascii
from asgi_conformance.fuzz.unusual import Ways
from asgi_conformance.wire.request import Request, octets

OWN = "fuzz.interleaved"
DIALOGUES = 4
TURNS = 40
"""So many turns are drawn; then they come in the same order once more."""
EXCHANGES = 2
"""So many exchanges there are at most on one connection."""
SMALL = 64
"""What streams say that share a connection, in bytes: the windows of the connection are shared, too."""
WITH_STREAMS = ("http/2", "http/3")


@machine(OWN)
def dialogues_do_not_disturb_each_other(ground: Ground) -> SearchStrategy[Script]:
    """Some dialogues on connections of their own, or on streams of one, in any order of their lines."""
    return scripts(ground)


@st.composite
def scripts(draw: DrawFn, ground: Ground) -> Script:
    """The lines of some dialogues, merged; those of each are in their order."""
    shares = ground.version in WITH_STREAMS and draw(st.booleans())
    spoken = on_streams if shares else on_a_connection
    count = 2 + draw(up_to(DIALOGUES - 2))
    return merged(draw(orders()), [spoken(draw, ground, number) for number in range(count)])


def orders() -> SearchStrategy[bytes]:
    """Whose turn it is, one time after another."""
    return any_bytes(min_size=TURNS, max_size=TURNS)


def merged(order: bytes, dialogues: Sequence[Sequence[Line]]) -> Script:
    """All lines, in this order, as often as it takes."""
    lines: list[Line] = []
    rest = [list(each) for each in dialogues]
    for turn in cycle(order):
        lines.append(rest[turn % len(rest)].pop(0))
        rest = [each for each in rest if each]
        if not rest:
            break
    return tuple(lines)


def on_a_connection(draw: DrawFn, ground: Ground, number: int) -> list[Line]:
    """Exchanges of one dialogue, one after another."""
    exchanges = (Marked(draw, ground, number, count) for count in range(EXCHANGES))
    return [replace(line, dialogue=number) for line in in_a_row(draw, exchanges)]


def on_streams(draw: DrawFn, ground: Ground, number: int) -> list[Line]:
    """One exchange, on a stream of the connection that all dialogues share."""
    exchange = OnAStream(draw, ground, number)
    comes = exchange.client.comes_on_a_stream_of(Actor("connection_client")).blames(OWN)
    return [replace(line, dialogue=number) for line in (comes, *exchange.lines())]


class Marked(Exchange):
    """An exchange in which everything tells of which dialogue it is."""

    def __init__(self, draw: DrawFn, ground: Ground, dialogue: int, number: int = 0) -> None:
        super().__init__(draw, ground, number)
        self.dialogue = dialogue

    def request_drawn(self) -> Request:
        """Its path is below one of ours."""
        asked = super().request_drawn()
        chunks = None if asked.chunks is None else tuple(map(self.marked, asked.chunks))
        body = None if asked.body is None else self.marked(asked.body)
        return replace(asked, target=b"/%d" % self.dialogue + octets(asked.target), chunks=chunks, body=body)

    def content_drawn(self) -> bytes:
        """It begins with our mark."""
        return self.marked(super().content_drawn())

    def marked(self, content: bytes) -> bytes:
        """The same with a mark, if there is anything."""
        return b"%d" % self.dialogue + content if content else content

    def begins(self) -> None:
        """The call finds nothing in its state that another one has put there."""
        super().begins()
        about = "lifespan.state.no_leak_between_requests"
        self.say(about, self.app.finds("scope.get('state', {}).get('mine')", None))
        self.say(OWN, self.app.does(f"scope.get('state', {{}})['mine'] = {self.dialogue}"))

    def moves(self) -> list[Move]:
        """All that is legal: what is not is tried alone."""
        return [each for each in super().moves() if each != self.misbehaves]

    def completes(self, ways: Ways | None = None) -> None:
        """The call finds what it has put into its state."""
        found = f"scope.get('state', {{'mine': {self.dialogue}}})['mine']"
        self.say("lifespan.state.no_leak_between_requests", self.app.finds(found, self.dialogue))
        super().completes(ways)


class OnAStream(Marked):
    """One on a stream: who has but a stream cannot leave the connection."""

    def request_drawn(self) -> Request:
        """It has nothing that may be refused: the connection may end with that, for all."""
        asked = super().request_drawn()
        return replace(asked, headers=in_ascii(asked.headers))

    def marked(self, content: bytes) -> bytes:
        """What is large is cut off."""
        return super().marked(content[:SMALL])

    def moves(self) -> list[Move]:
        """All but leaving, and what a server may answer by an end of the connection, for all."""
        ends = (self.leaves, self.raises, self.returns_early)
        return [each for each in super().moves() if each not in ends]

    def say(self, blame: str, *lines: Line) -> None:
        """The stream is reset where nobody waits for the rest of it."""
        said = [replace(each, verb="resets") if each.verb == "leaves" else each for each in lines]
        super().say(blame, *said)
