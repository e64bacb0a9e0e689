"""Somebody who changes frames passes on all the rest as it was meant."""

from dataclasses import replace

import pytest
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import DataReceived, RequestReceived, ResponseReceived
from lying_frames import Block, FrameLie, Said

from asgi_conformance.wire.http2_spelling import DATA, RawFrame, frame

GET = [(b":method", b"GET"), (b":scheme", b"http"), (b":authority", b"a"), (b":path", b"/lie")]


class Shouts(FrameLie):
    """Says everything about one path in upper case."""

    asked = b"/lie"

    def client_says(self, said: Said) -> list[Said]:
        """The values."""
        return [said.changed(b"x-a", b"LOUD") if isinstance(said, Block) and self.is_about(said) else said]

    def server_says(self, said: Said) -> list[Said]:
        """The body."""
        if isinstance(said, RawFrame) and said.type == DATA and self.is_about(said):
            return [replace(said, payload=said.payload.upper())]
        return [said]


class Talk:
    """Two who speak HTTP/2 with somebody in the middle."""

    def __init__(self, lie: FrameLie, step: int) -> None:
        self.lie, self.step = lie, step
        self.client = H2Connection(H2Configuration(header_encoding=None))
        self.server = H2Connection(H2Configuration(client_side=False, header_encoding=None))
        self.client.initiate_connection()
        self.server.initiate_connection()

    def heard_by_server(self) -> list[object]:
        """What the client says by now, in pieces."""
        events: list[object] = []
        data = self.client.data_to_send()
        for start in range(0, len(data), self.step):
            events += self.server.receive_data(self.lie.to_server(data[start : start + self.step]))
        return events

    def heard_by_client(self) -> list[object]:
        """What the server says by now, in pieces."""
        events: list[object] = []
        data = self.server.data_to_send()
        for start in range(0, len(data), self.step):
            events += self.client.receive_data(self.lie.to_client(data[start : start + self.step]))
        return events


@pytest.mark.parametrize("step", [1, 7, 1 << 20])
def test_what_is_asked_for_is_changed_and_nothing_else(step: int) -> None:
    talk = Talk(Shouts(), step)
    long = b"x" * 40_000
    talk.client.send_headers(1, [*GET, (b"x-a", b"1"), (b"x-long", long)], end_stream=True)
    talk.client.send_headers(3, [*GET[:3], (b":path", b"/other"), (b"x-a", b"1")], end_stream=True)
    asked = [event for event in talk.heard_by_server() if isinstance(event, RequestReceived)]
    assert [dict(each.headers)[b"x-a"] for each in asked] == [b"LOUD", b"1"]
    assert dict(asked[0].headers)[b"x-long"] == long
    for stream in (1, 3):
        talk.server.send_headers(stream, [(b":status", b"200"), (b"x-b", b"2")])
        talk.server.send_data(stream, b"hello", end_stream=True)
    answers = talk.heard_by_client()
    heads = [dict(each.headers)[b"x-b"] for each in answers if isinstance(each, ResponseReceived)]
    assert heads == [b"2", b"2"]
    assert [each.data for each in answers if isinstance(each, DataReceived)] == [b"HELLO", b"hello"]


def test_what_is_not_http_2_is_passed_on() -> None:
    lie = Shouts()
    assert lie.to_server(b"PRI") == b""
    assert lie.to_server(b"VATE /lie HTTP/1.1\r\n\r\n") == b"PRIVATE /lie HTTP/1.1\r\n\r\n"
    assert lie.to_client(b"HTTP/1.1 200 OK\r\n\r\n") == b"HTTP/1.1 200 OK\r\n\r\n"


def test_fields_that_make_no_sense_are_passed_on_as_they_are() -> None:
    talk = Talk(Shouts(), 1 << 20)
    talk.lie.to_server(talk.client.data_to_send())
    wrong = frame("HEADERS", 5, 1, b"\xff\xff\xff").spelled()
    assert talk.lie.to_server(wrong) == wrong
