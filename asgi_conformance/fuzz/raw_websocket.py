"""The machine of broken frames: an open WebSocket, and bytes that no well-behaved client sends."""

from collections.abc import Iterator
from functools import cache

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from asgi_conformance.fuzz import frame_reader, frames
from asgi_conformance.fuzz.frame_reader import Binary, Broken, Close, Free, Meaning, Ping, Text
from asgi_conformance.fuzz.machine import Ground, machine
from asgi_conformance.fuzz.plot import Move, Plot, any_bytes, up_to
from asgi_conformance.fuzz.script import Actor, Script
from asgi_conformance.spec import websocket
from asgi_conformance.wire import websocket as ws
from asgi_conformance.wire.answer import Accepted, Pong
from asgi_conformance.wire.websocket import Frame

NOT_UTF_8 = (b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"half \xe2\x82", b"\xff")
"""An overlong form, a surrogate, more than there is, an end that is missing, and what never is."""
CLOSES = (b"", b"\x03", b"\x03\xe8", b"\x03\xe8bye", b"\x03\xe8\xff", b"\x03\xed", b"\x03\xe7", b"\x13\x88")
"""What close frames hold: nothing, half a code, codes and reasons, some of them wrong."""

LENGTHS = (1 << 16, 1 << 40, 1 << 62, 1 << 63 | 1)
"""Lengths of what does not follow; the last one is none."""
ODD = (
    *(ws.frame(8, payload, mask=frames.MASKS[0]) for payload in CLOSES),
    *(ws.frame(1, payload, mask=frames.MASKS[0]) for payload in NOT_UTF_8 * 2),
    *(ws.frame(2, b"x", mask=frames.MASKS[0], length=length, length_bits=64) for length in LENGTHS * 2),
)
LATE = ws.frame(1, b"too late", mask=frames.MASKS[0])


@machine("fuzz.raw_websocket", needs_websocket=True)
def whatever_bytes_come_the_websocket_ends_or_goes_on(_: Ground) -> SearchStrategy[Script]:
    """Bytes on an open WebSocket mean what they stand for, or end it; the next client is served."""
    return scripts()


@cache
def scripts() -> SearchStrategy[Script]:
    """A WebSocket on which these bytes come, and another one behind it."""
    return drawn_scripts()


@st.composite
def drawn_scripts(draw: DrawFn) -> Script:
    """One script."""
    return tuple(Trial(draw, stream(draw)).lines())


def stream(draw: DrawFn) -> bytes:
    """Bytes of frames, good and bad, some of them changed on their way; or any bytes."""
    kind = draw(up_to(2))
    if kind > 1:
        return draw(any_bytes(max_size=40))
    octets = b"".join(each.spelled() for each in some_frames(draw))
    return mutated(draw, octets) if kind else octets


def some_frames(draw: DrawFn) -> Iterator[Frame]:
    """Frames one behind the other, at least one of them odd."""
    for _ in range(draw(up_to(2))):
        yield from good_frames(draw)
    yield odd_frame(draw)
    for _ in range(draw(up_to(2))):
        if draw(up_to(1)):
            yield odd_frame(draw)
        else:
            yield from good_frames(draw)


def good_frames(draw: DrawFn) -> tuple[Frame, ...]:
    """The frames of a message, or a ping."""
    if draw(up_to(2)) > 1:
        return (frames.ping(draw(frames.pings())),)
    return frames.fragments(draw, frames.small(draw))


def odd_frame(draw: DrawFn) -> Frame:
    """A frame that is mostly wrong, in one way or another."""
    number = draw(up_to(len(ODD) * 4 // 3))
    return ODD[number] if number < len(ODD) else any_frame(draw)


def any_frame(draw: DrawFn) -> Frame:
    """A frame with any fields; each of its flags is wrong one time out of eight."""
    kind, look, *flags = draw(any_bytes(min_size=7, max_size=7))
    contents = (*NOT_UTF_8, *CLOSES)
    payload = contents[kind % len(contents)] if kind & 0x80 else draw(any_bytes(max_size=130))
    rsv1, rsv2, rsv3, is_unfinished, is_unmasked = (each >= 0xE0 for each in flags)
    return ws.frame(
        look & 0x0F,
        payload,
        fin=not is_unfinished,
        rsv1=rsv1,
        rsv2=rsv2,
        rsv3=rsv3,
        masked=not is_unmasked,
        mask=frames.MASKS[(look >> 4) % len(frames.MASKS)],
    )


def mutated(draw: DrawFn, octets: bytes) -> bytes:
    """The same bytes with one changed, lost or doubled, or cut off somewhere."""
    place, way = draw(up_to(len(octets) - 1)), draw(up_to(3))
    if way == 3:
        return octets[:place]
    change = (
        draw(any_bytes(min_size=1, max_size=1)) if way == 0 else b"",
        b"",
        octets[place : place + 1] * 2,
    )[way]
    return octets[:place] + change + octets[place + 1 :]


class Trial(Plot):
    """One WebSocket, and what has to come of the bytes."""

    def __init__(self, draw: DrawFn, octets: bytes) -> None:
        super().__init__(draw)
        self.client, self.app = Actor("client"), Actor("app")
        self.left = frame_reader.read(octets)

    def begins(self) -> None:
        """A WebSocket is opened."""
        self.say("websocket.accept.completes_handshake", self.client.is_accepted_by(self.app))

    def moves(self) -> list[Move]:
        """There is nothing to choose: the bytes come in their order."""
        return [self.goes_on]

    def goes_on(self) -> None:
        """The next frame comes, or the end."""
        part, meaning = next(self.left, (b"", None))
        if meaning is None:
            self._leaves()
        else:
            self.shows(part, meaning)

    def shows(self, part: bytes, meaning: Meaning) -> None:
        """The client sends this, and sees what comes of it."""
        self.say("fuzz.raw_websocket", self.app.listens())
        sends = self.client.may_send if isinstance(meaning, Broken | Free | Close) else self.client.sends
        self.say("fuzz.raw_websocket", sends(*frames.pieces(self.draw, part)))
        match meaning:
            case Text(content):
                self.say("websocket.receive.text", self.app.hears(websocket.receive(text=content)))
            case Binary(content):
                self.say("websocket.receive.bytes", self.app.hears(websocket.receive(bytes=content)))
            case Ping(payload):
                self.say("ws.ping.pong", self.client.receives(Pong(payload)))
            case Broken(identifier):
                if self.draw(st.booleans()):
                    self.say("fuzz.raw_websocket", self.client.may_send(LATE))
                self.say(identifier, self.client.is_failed_with(self.app))
                self._leaves("ws.fail.stops_processing")
            case Close():
                self.say("ws.close.echo", self.client.may_be_closed())
                self._leaves("websocket.disconnect.type")
            case Free(may_be_a_message=True):
                self._leaves("")
            case Free():
                self._leaves("websocket.disconnect.socket_loss")

    def _leaves(self, about: str = "websocket.disconnect.socket_loss") -> None:
        """The client goes, of which the application hears, and of nothing else if that is about anything."""
        self.say("fuzz.raw_websocket", self.client.leaves())
        if about:
            self.say(about, self.app.is_told_of_the_end())
        self._serves_the_next()
        self.is_over = True

    def _serves_the_next(self) -> None:
        client, app = Actor("client2"), Actor("app2")
        self.say("fuzz.raw_websocket", client.sends(ws.handshake("/", key=frames.KEY)))
        self.say("fuzz.raw_websocket", app.is_called(), app.receives(websocket.connect()))
        self.say("fuzz.raw_websocket", app.sends(websocket.accept(subprotocol=None, headers=[])))
        self.say("fuzz.raw_websocket", client.receives(Accepted()))
