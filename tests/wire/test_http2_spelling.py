"""How HTTP/2 is spelled: frames, and what a transcript shows of them."""

import pytest

pytest.importorskip("h2")

from asgi_conformance.wire import http2
from asgi_conformance.wire.http2_spelling import data_frame, field_block, rst_stream


@pytest.mark.parametrize(
    ("frame", "spelled"),
    [
        (
            http2.settings(initial_window_size=1, enable_push=0),
            "00000c 04 00 00000000 0004 00000001 0002 00000000",
        ),
        (http2.window(5, stream=3), "000004 08 00 00000003 00000005"),
        (http2.ping(b"8 bytes!"), "000008 06 00 00000000" + b"8 bytes!".hex()),
        (http2.goaway(2, 1, b"bye"), "00000b 07 00 00000000 00000002 00000001" + b"bye".hex()),
        (rst_stream(1), "000004 03 00 00000001 00000008"),
        (http2.frame("DATA", 1, 5, b"x"), "000001 00 01 00000005 78"),
        (http2.frame(200), "000000 c8 00 00000000"),
        (data_frame(1, b"x", end=True, padding=2), "000004 00 09 00000001 02 78 0000"),
    ],
)
def test_a_frame_is_spelled_as_the_rfc_says(frame: http2.RawFrame, spelled: str) -> None:
    assert frame.spelled() == bytes.fromhex(spelled)


def test_a_block_of_fields_is_cut_as_asked_or_as_needed() -> None:
    flags = {
        number: [each.flags for each in field_block(1, b"12345", 3, end=True, continuations=number)]
        for number in (0, 2)
    }
    assert flags == {0: [1, 4], 2: [1, 0, 4]}
    assert [each.payload for each in field_block(1, b"12345", 9, end=False)] == [b"12345"]


def test_a_setting_that_there_is_not_is_told() -> None:
    with pytest.raises(ValueError, match="no setting is named 'initial_windows'"):
        http2.settings(initial_windows=1)


def test_what_is_said_can_be_read() -> None:
    said = [
        http2.heading([(":method", "GET")], end=True, continuations=1),
        http2.trailers([("x-t", "1")], stream=3),
        http2.data(b"x", end=True, padding=2),
        http2.reset(1, 7),
        http2.reset(),
        http2.window(1, stream=3),
        http2.frame(200, 1),
    ]
    assert [str(each) for each in said] == [
        "heading (:method: GET) in 2 frames",
        "trailers (x-t: 1) on stream 3",
        "last data b'x' with 2 bytes of padding",
        "resets with code 7 on stream 1",
        "resets the stream",
        "WINDOW_UPDATE on stream 3 b'\\x00\\x00\\x00\\x01'",
        "frame of type 200 with flags 0x1",
    ]
