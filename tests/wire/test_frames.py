"""The strictness with which we read the frames of a server."""

import itertools
import zlib

import pytest

from asgi_conformance.wire import websocket
from asgi_conformance.wire.answer import Answer, Close, Closed, Garbage, Message, Ping, Pong
from asgi_conformance.wire.compression import Compression
from asgi_conformance.wire.frames import Frames


def from_server(opcode: int, payload: bytes = b"", fin: bool = True, length_bits: int | None = None) -> bytes:
    return websocket.frame(opcode, payload, fin=fin, masked=False, length_bits=length_bits).spelled()


def compressed(payload: bytes, *, opcode: int = 1, fin: bool = True) -> bytes:
    return websocket.frame(opcode, payload, fin=fin, rsv1=True, masked=False).spelled()


def read(*pieces: bytes, compression: Compression | None = None) -> list[Answer]:
    """All answers that are in these bytes."""
    frames = Frames(compression)
    for piece in pieces:
        frames.takes(piece)
    return list(iter(frames.next, None))


def the_fault_in(data: bytes, compression: Compression | None = None) -> str:
    [answer] = read(data, compression=compression)
    assert isinstance(answer, Garbage)
    assert answer.data == data
    return answer.why


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65535, 65536])
def test_a_message_of_any_length_is_read(size: int) -> None:
    assert read(from_server(2, b"x" * size)) == [Message(data=b"x" * size)]


def test_the_fragments_are_one_message() -> None:
    fragments = websocket.text("héllo", fragments=4).frames
    assert read(b"".join(from_server(each.opcode, each.payload, each.fin) for each in fragments)) == [
        Message(text="héllo")
    ]


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


def test_a_compressed_message_is_inflated() -> None:
    payload = bytes.fromhex("f248cdc9c90700")
    pieces = compressed(payload[:3], fin=False), from_server(9), from_server(0, payload[3:])
    assert read(*pieces, compression=Compression()) == [Ping(), Message(text="Hello")]


def test_where_compression_was_agreed_a_message_need_not_be_compressed() -> None:
    said = compressed(bytes.fromhex("f248cdc9c90700")), from_server(1, b"Hello"), compressed(b"\0")
    assert read(*said, compression=Compression()) == [
        Message(text="Hello"),
        Message(text="Hello"),
        Message(text=""),
    ]


def test_the_mark_is_for_the_first_frame_of_a_message() -> None:
    assert "reserved bits" in the_fault_in(compressed(b"", opcode=9), Compression())
    assert "reserved bits" in the_fault_in(compressed(b"", opcode=0), Compression())


def test_what_does_not_inflate_is_garbage() -> None:
    assert "cannot be inflated" in the_fault_in(compressed(b"\xff"), Compression())


@pytest.mark.parametrize("agreed", [{"server_no_context_takeover": 0}, {"server_max_window_bits": 8}])
def test_who_looks_back_too_far_is_found_out(agreed: dict[str, int]) -> None:
    server, text = zlib.compressobj(wbits=-15), bytes(range(256)) * 2
    first, second = (server.compress(text) + server.flush(zlib.Z_SYNC_FLUSH) for _ in range(2))
    answers = read(
        compressed(first, opcode=2), compressed(second[:-4], opcode=2), compression=Compression(agreed)
    )
    assert isinstance(answers[-1], Garbage)
