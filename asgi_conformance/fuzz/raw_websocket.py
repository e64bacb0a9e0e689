"""The machine of broken frames: an open WebSocket, and bytes that no well-behaved client sends."""

from functools import cache

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from asgi_conformance.fuzz import frame_reader, frames
from asgi_conformance.fuzz.frame_reader import Binary, Broken, Close, Free, Meaning, Ping, Text
from asgi_conformance.fuzz.machine import Ground, machine
from asgi_conformance.fuzz.plot import Move, Plot
from asgi_conformance.fuzz.script import Actor, Script
from asgi_conformance.spec import websocket
from asgi_conformance.wire import websocket as ws
from asgi_conformance.wire.answer import Accepted, Pong
from asgi_conformance.wire.websocket import Frame

NOT_UTF_8 = (b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"half \xe2\x82", b"\xff")
"""An overlong form, a surrogate, more than there is, an end that is missing, and what never is."""
CLOSES = (b"", b"\x03", b"\x03\xe8", b"\x03\xe8bye", b"\x03\xe8\xff", b"\x03\xed", b"\x03\xe7", b"\x13\x88")
"""What close frames hold: nothing, half a code, codes and reasons, some of them wrong."""


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
    return tuple(Trial(draw, draw(streams())).lines())


@cache
def streams() -> SearchStrategy[bytes]:
    """Bytes of frames, good and bad, some of them changed on their way."""
    return st.one_of(whole_streams(), whole_streams().flatmap(mutated), st.binary(max_size=40))


@cache
def whole_streams() -> SearchStrategy[bytes]:
    """Frames one behind the other, at least one of them odd."""
    good = st.one_of(
        frames.small().flatmap(frames.fragments),
        frames.pings().map(lambda payload: (frames.ping(payload),)),
    )
    odd = odd_frames().map(lambda frame: (frame,))
    return st.tuples(st.lists(good, max_size=2), odd, st.lists(st.one_of(good, odd), max_size=2)).map(
        lambda parts: b"".join(each.spelled() for some in (*parts[0], parts[1], *parts[2]) for each in some)
    )


@cache
def odd_frames() -> SearchStrategy[Frame]:
    """Frames with any fields, of which one or another is mostly wrong."""
    payloads = st.one_of(st.binary(max_size=130), st.sampled_from(NOT_UTF_8), st.sampled_from(CLOSES))
    seldom = st.integers(0, 7).map(lambda number: number == 7)
    any_frame = st.builds(
        ws.frame,
        st.integers(0, 15),
        payloads,
        fin=seldom.map(lambda is_so: not is_so),
        rsv1=seldom,
        rsv2=seldom,
        rsv3=seldom,
        masked=seldom.map(lambda is_so: not is_so),
        mask=st.sampled_from(frames.MASKS),
    )
    closes = st.sampled_from(CLOSES).map(lambda payload: ws.frame(8, payload, mask=frames.MASKS[0]))
    texts = st.sampled_from(NOT_UTF_8).map(lambda payload: ws.frame(1, payload, mask=frames.MASKS[0]))
    lengths = st.sampled_from([1 << 63 | 1, 1 << 62, 1 << 40, 1 << 16]).map(
        lambda length: ws.frame(2, b"x", mask=frames.MASKS[0], length=length, length_bits=64)
    )
    return st.one_of(any_frame, closes, texts, lengths)


@st.composite
def mutated(draw: DrawFn, octets: bytes) -> bytes:
    """The same bytes with one changed, lost or doubled, or cut off somewhere."""
    place = draw(st.integers(0, len(octets) - 1))
    byte = draw(st.binary(min_size=1, max_size=1))
    changed = [
        octets[:place] + each + octets[place + 1 :] for each in (byte, b"", octets[place : place + 1] * 2)
    ]
    return draw(st.sampled_from([*changed, octets[:place]]))


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
        self.say("fuzz.raw_websocket", sends(*self.draw(frames.pieces(part))))
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
            case Free():
                self._leaves("websocket.disconnect.socket_loss")

    def _leaves(self, about: str = "websocket.disconnect.socket_loss") -> None:
        """The client goes, of which the application hears, and of nothing else."""
        self.say("fuzz.raw_websocket", self.client.leaves())
        self.say(about, self.app.is_told_of_the_end())
        self._serves_the_next()
        self.is_over = True

    def _serves_the_next(self) -> None:
        client, app = Actor("client2"), Actor("app2")
        self.say("fuzz.raw_websocket", client.sends(ws.handshake("/", key=frames.KEY)))
        self.say("fuzz.raw_websocket", app.is_called(), app.receives(websocket.connect()))
        self.say("fuzz.raw_websocket", app.sends(websocket.accept(subprotocol=None, headers=[])))
        self.say("fuzz.raw_websocket", client.receives(Accepted()))
