"""Bytes that are hardly frames: they mean what they mean to websockets, and no server gets by with less."""

from collections.abc import Callable, Iterator

import pytest
from drawn import drawn, found
from lying import Lie
from spoiled import PROXIES, through_a_proxy

from asgi_conformance.dialogue.introduction import introduce
from asgi_conformance.dialogue.stage import Stage
from asgi_conformance.fuzz.frame_reader import Binary, Broken, Close, Free, Meaning, Nothing, Ping, Text, read
from asgi_conformance.fuzz.raw_websocket import whatever_bytes_come_the_websocket_ends_or_goes_on
from asgi_conformance.servers import resolve
from asgi_conformance.spec.requirement import requirements
from asgi_conformance.wire import websocket as ws
from asgi_conformance.wire.connection import Patience

MACHINE = whatever_bytes_come_the_websocket_ends_or_goes_on
HELLO = ws.text("hello")


class Endless(Lie):
    """Keeps the ends of connections."""

    def to_client(self, data: bytes) -> bytes:
        return b"" if data[:1] == b"\x88" else data

    def server_ended(self) -> None:
        return None


@pytest.fixture
def endless() -> Iterator[Stage]:
    """A good server whose clients do not learn that it has ended something."""
    stage = Stage(resolve("uvicorn:h11"), Patience(must=1.0), through_a_proxy(Endless))
    introduce(stage)
    yield stage
    stage.close(0)
    while PROXIES:
        PROXIES.pop().close()


@pytest.mark.parametrize(
    ("said", "meanings"),
    [
        (ws.together(HELLO, ws.data(b"")), [Text("hello"), Binary(b"")]),
        (
            ws.together(ws.frame(1, b"\xc3", fin=False), ws.ping(b"p"), ws.frame(0, b"\xa9")),
            [Nothing, Ping(b"p"), Text("é")],
        ),
        (ws.together(HELLO, ws.close(1000), HELLO), [Text("hello"), Close]),
        (ws.together(ws.frame(1, b"a", fin=False), ws.close(4001)), [Nothing, Close]),
        (ws.frame(1, b"x", rsv2=True), [Broken("ws.frame.reserved_bits")]),
        (ws.frame(3), [Broken("ws.frame.reserved_opcode")]),
        (ws.frame(1, b"x", masked=False), [Broken("ws.frame.unmasked")]),
        (ws.ping(b"x" * 126), [Broken("ws.control.limits")]),
        (ws.frame(0, b"x"), [Broken("ws.fragments.sequence_errors")]),
        (ws.frame(1, b"\xff"), [Broken("ws.text.utf8")]),
        (ws.frame(1, b"\xff", fin=False), [Free]),
        (ws.frame(8, b"\x03"), [Broken("ws.close.payload_invalid")]),
        (ws.close(999), [Broken("ws.close.code_invalid")]),
        (ws.frame(2, b"x", length=1 << 63, length_bits=64), [Broken("ws.frame.length_encoding")]),
        (ws.frame(2, b"x", length=1, length_bits=16), [Free]),
        (ws.Octets(b"\x81"), [Free]),
    ],
    ids=str,
)
def test_bytes_mean_what_they_mean_to_a_strict_server(said: ws.Frame, meanings: list[Meaning | type]) -> None:
    read_ = [meaning for _, meaning in read(said.spelled())]
    assert [each if each in meanings else type(each) for each in read_] == meanings


def test_nothing_of_the_bytes_is_lost() -> None:
    octets = ws.together(HELLO, ws.close(1000), HELLO).spelled()
    assert b"".join(part for part, _ in read(octets)) == octets


def test_every_line_is_about_a_requirement() -> None:
    blamed = {line.blame for script in drawn(MACHINE, examples=50) for line in script}
    assert blamed <= requirements().keys()


def test_a_good_server_shows_nothing_new(staged: Callable[[str], Stage]) -> None:
    assert not [*found(MACHINE, staged("uvicorn:h11"), examples=30)]


def test_a_server_that_ends_nothing_is_convicted(endless: Stage) -> None:
    assert next(found(MACHINE, endless, examples=30)).startswith("ws.")
