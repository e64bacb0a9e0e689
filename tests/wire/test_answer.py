"""How a transcript names what was found on the wire."""

import pytest

from asgi_conformance.wire.answer import (
    Accepted,
    Answer,
    Close,
    Closed,
    Data,
    End,
    Garbage,
    Head,
    Interim,
    Message,
    Ping,
    Pong,
)


@pytest.mark.parametrize(
    ("answer", "name"),
    [
        (Interim(103), "interim 103"),
        (Head(200, reason=b"OK"), "200 OK"),
        (Head(403), "403"),
        (Data(b"hello"), "body b'hello'"),
        (End(), "end of the response"),
        (End(((b"a", b"b"),)), "end of the response with trailers"),
        (Accepted(), "accepted"),
        (Accepted(subprotocol="chat"), "accepted with subprotocol 'chat'"),
        (Message(text="enough?"), "text 'enough?'"),
        (Message(data=b"\0"), "data b'\\x00'"),
        (Ping(b"a"), "ping b'a'"),
        (Pong(), "pong b''"),
        (Close(), "close without a code"),
        (Close(4001), "close 4001"),
        (Close(1000, "bye"), "close 1000 'bye'"),
        (Closed(), "closed"),
        (Closed(reset=True, complete=False), "reset in the middle"),
        (Garbage("no header", b"x"), "garbage (no header): b'x'"),
        (Garbage("bad", b"a: 1\r\nDate: now\r\nb: 2\r\n"), "garbage (bad): b'a: 1\\r\\nb: 2\\r\\n'"),
    ],
)
def test_a_transcript_names_it(answer: Answer, name: str) -> None:
    assert str(answer) == name


def test_long_data_is_cut_in_the_middle() -> None:
    assert len(str(Data(b"x" * 100_000))) < 100
