"""What a client says on a WebSocket, right or wrong as one asks."""

import pytest

from asgi_conformance.wire import websocket


def test_the_accept_value_is_that_of_the_rfc() -> None:
    handshake = websocket.handshake(key="dGhlIHNhbXBsZSBub25jZQ==")
    assert handshake.accept == b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo="


def test_each_handshake_has_a_key_of_its_own() -> None:
    assert websocket.handshake().key != websocket.handshake().key


def test_a_frame_is_masked() -> None:
    sent = websocket.frame(1, b"Hello", mask=b"\x37\xfa\x21\x3d").spelled()
    assert sent == bytes.fromhex("818537fa213d7f9f4d5158")


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65535, 65536])
def test_a_length_has_its_shortest_form(size: int) -> None:
    sent = websocket.frame(2, b"\0" * size, mask=b"abcd").spelled()
    header = 6 if size < 126 else 8 if size < 65536 else 14
    assert sent[header:] == (b"abcd" * size)[:size]


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
        (websocket.handshake("/", extensions="foo; bar"), "handshake / offering foo; bar"),
        (websocket.text("enough?"), "text 'enough?'"),
        (websocket.compressed(websocket.text("a", fragments=2)), "text 'a' in 2 fragments, compressed"),
        (websocket.data(b"ab", fragments=2), "data b'ab' in 2 fragments"),
        (websocket.Octets(b"ab"), "bytes of frames b'ab'"),
        (websocket.together(websocket.text("a"), websocket.close(1000)), "at once text 'a', close 1000"),
        (websocket.ping(b"a"), "ping b'a'"),
        (websocket.pong(), "pong b''"),
        (websocket.close(), "close b''"),
        (websocket.close(4001), "close 4001"),
        (websocket.close(1000, "bye"), "close 1000 b'bye'"),
        (websocket.frame(3, fin=False, rsv2=True), "opcode 3 b'', not final, reserved bits"),
        (websocket.frame(0, masked=False, length=9), "continuation b'', unmasked, strange length"),
    ],
)
def test_a_transcript_names_it(sent: object, name: str) -> None:
    assert str(sent) == name
