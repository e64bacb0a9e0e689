"""Frames we send, and the strictness with which we read those of a server."""

import itertools

import pytest

from asgi_conformance.wire import websocket
from asgi_conformance.wire.answer import Answer, Close, Closed, Garbage, Message, Ping, Pong
from asgi_conformance.wire.websocket import Fragments, Frame, Frames


def from_server(opcode: int, payload: bytes = b"", fin: bool = True, length_bits: int | None = None) -> bytes:
    return websocket.frame(opcode, payload, fin=fin, masked=False, length_bits=length_bits).spelled()


def read(*pieces: bytes) -> list[Answer]:
    """All answers that are in these bytes."""
    frames = Frames()
    for piece in pieces:
        frames.takes(piece)
    return list(iter(frames.next, None))


def the_fault_in(data: bytes) -> str:
    [answer] = read(data)
    assert isinstance(answer, Garbage)
    assert answer.data == data
    return answer.why


def test_the_accept_value_is_that_of_the_rfc() -> None:
    handshake = websocket.handshake(key="dGhlIHNhbXBsZSBub25jZQ==")
    assert handshake.accept == b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo="


def test_each_handshake_has_a_key_of_its_own() -> None:
    assert websocket.handshake().key != websocket.handshake().key


def test_a_frame_is_masked() -> None:
    sent = websocket.frame(1, b"Hello", mask=b"\x37\xfa\x21\x3d").spelled()
    assert sent == bytes.fromhex("818537fa213d7f9f4d5158")


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65535, 65536])
def test_a_length_has_its_shortest_form_and_the_mask_comes_off(size: int) -> None:
    sent = websocket.frame(2, b"\0" * size, mask=b"abcd").spelled()
    header = 6 if size < 126 else 8 if size < 65536 else 14
    assert sent[header:] == (b"abcd" * size)[:size]
    assert read(from_server(2, b"x" * size)) == [Message(data=b"x" * size)]


def test_a_broken_frame_is_as_broken_as_one_asks() -> None:
    assert websocket.frame(3, fin=False, rsv1=True, rsv2=True, rsv3=True, masked=False).spelled() == b"\x73\0"
    assert websocket.frame(2, b"a", masked=False, length_bits=16).spelled() == b"\x82\x7e\0\x01a"
    assert websocket.frame(2, masked=False, length=1 << 40).spelled() == b"\x82\x7f" + (1 << 40).to_bytes(8)


def test_fragments_are_cut_by_bytes() -> None:
    sent = websocket.text("é", fragments=2).frames
    assert [(each.opcode, each.payload, each.fin) for each in sent] == [
        (1, b"\xc3", False),
        (0, b"\xa9", True),
    ]


def test_the_fragments_are_one_message() -> None:
    sent = b"".join(from_server(each.opcode, each.payload, each.fin) for each in fragments_of("héllo", 4))
    assert read(sent) == [Message(text="héllo")]


def fragments_of(text: str, count: int) -> tuple[Frame, ...]:
    return websocket.text(text, fragments=count).frames


def test_a_message_is_its_frames_one_behind_the_other() -> None:
    message = websocket.data(b"abc", fragments=3)
    assert len(message.spelled()) == 3 * (2 + 4 + 1)


def test_a_close_may_have_any_code() -> None:
    assert websocket.close().payload == b""
    assert websocket.close(1005, "é").payload == b"\x03\xed\xc3\xa9"


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        (websocket.handshake("/chat"), "handshake /chat"),
        (websocket.handshake(b"/\xff", subprotocols=["a", "b"]), "handshake /\\xff offering a, b"),
        (websocket.text("enough?"), "text 'enough?'"),
        (websocket.data(b"ab", fragments=2), "data b'ab' in 2 fragments"),
        (websocket.ping(b"a"), "ping b'a'"),
        (websocket.pong(), "pong b''"),
        (websocket.close(), "close b''"),
        (websocket.close(4001), "close 4001"),
        (websocket.close(1000, "bye"), "close 1000 b'bye'"),
        (websocket.frame(3, fin=False, rsv2=True), "opcode 3 b'', not final, reserved bits"),
        (websocket.frame(0, masked=False, length=9), "continuation b'', unmasked, strange length"),
    ],
)
def test_a_transcript_names_it(sent: websocket.Handshake | Frame | Fragments, name: str) -> None:
    assert str(sent) == name


def test_everything_is_reported_in_its_order() -> None:
    sent = from_server(1, b"a", fin=False) + from_server(9, b"?") + from_server(0, b"b")
    closing = from_server(10) + from_server(8, b"\x0f\xa1bye") + from_server(8)
    expected = [Ping(b"?"), Message(text="ab"), Pong(), Close(4001, "bye"), Close()]
    assert read(sent, closing) == expected


def test_a_frame_may_come_byte_by_byte() -> None:
    assert read(*(bytes([each]) for each in from_server(2, b"x" * 200))) == [Message(data=b"x" * 200)]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (websocket.ping().spelled(), "masking"),
        (websocket.frame(1, rsv1=True, masked=False).spelled(), "reserved bits"),
        (from_server(3), "opcode"),
        (from_server(9, fin=False), "fragmented"),
        (from_server(9, b"x" * 126), "too long"),
        (from_server(2, b"x", length_bits=16), "longer form"),
        (from_server(2, b"x" * 126, length_bits=64), "longer form"),
        (from_server(1, b"\xff"), "text that is not UTF-8"),
        (from_server(8, b"\x03"), "half a code"),
        (from_server(8, b"\x03\xe8\xff"), "reason that is not UTF-8"),
        (from_server(8, b"\0\0"), "code 0"),
        (from_server(8, b"\x03\xed"), "code 1005"),
        (from_server(0, b"x"), "without a message"),
    ],
    # The masks are random: an id made of them would be another one in each process.
    ids=itertools.count(),
)
def test_what_is_against_the_rules_is_garbage(data: bytes, why: str) -> None:
    assert why in the_fault_in(data)


def test_a_message_inside_a_message_is_garbage() -> None:
    assert read(from_server(1, fin=False), from_server(2)) == [
        Garbage("a new message before the end of the last one", from_server(2))
    ]


def test_data_after_the_close_frame_is_garbage() -> None:
    assert read(from_server(8), from_server(2)) == [
        Close(),
        Garbage("a data frame after the close frame", from_server(2)),
    ]


def test_what_follows_garbage_is_ignored() -> None:
    frames = Frames()
    frames.takes(from_server(3))
    assert isinstance(frames.next(), Garbage)
    frames.takes(from_server(1, b"hello"))
    assert frames.next() is None
    assert frames.ends(reset=False) == Closed(complete=False)


@pytest.mark.parametrize(
    ("data", "complete"),
    [(b"", True), (from_server(9), True), (b"\x81", False), (from_server(1, fin=False), False)],
)
def test_the_end_tells_whether_something_was_cut_off(data: bytes, complete: bool) -> None:
    frames = Frames()
    frames.takes(data)
    list(iter(frames.next, None))
    assert frames.ends(reset=True) == Closed(reset=True, complete=complete)
