"""Compression as RFC 7692 has it, with the examples from there."""

import zlib

import pytest
from websockets.exceptions import ProtocolError

from asgi_conformance.wire import websocket
from asgi_conformance.wire.compression import Compression, agreed


@pytest.mark.parametrize(
    "payload",
    ["f248cdc9c90700", "000500faff48656c6c6f00", "f348cdc9c9070000", "f248050000 00ffffcac9c90700"],
    ids=["one block", "stored", "final", "two blocks"],
)
def test_the_examples_of_the_rfc_say_hello(payload: str) -> None:
    assert Compression().inflates(bytes.fromhex(payload)) == b"Hello"


def test_the_context_goes_on_from_message_to_message() -> None:
    compression = Compression()
    assert compression.inflates(bytes.fromhex("f248cdc9c90700")) == b"Hello"
    assert compression.inflates(bytes.fromhex("f200110000")) == b"Hello"


def test_the_context_goes_on_behind_a_final_block() -> None:
    compression = Compression()
    assert compression.inflates(bytes.fromhex("f348cdc9c9070000")) == b"Hello"
    assert compression.inflates(bytes.fromhex("f200110000")) == b"Hello"


@pytest.mark.parametrize(
    "terms",
    [{}, {"client_no_context_takeover": 0}, {"client_max_window_bits": 8}, {"client_max_window_bits": 9}],
)
def test_what_we_say_can_be_understood(terms: dict[str, int]) -> None:
    ours, window = Compression(terms), terms.get("client_max_window_bits", 15)
    theirs = zlib.decompressobj(wbits=-window)
    for said in (b"Hello", b"", bytes(range(256)) * 4, bytes(range(256)) * 4, b""):
        assert theirs.decompress(ours.deflates(said) + b"\0\0\xff\xff") == said


def test_without_a_context_every_message_is_the_same() -> None:
    ours = Compression({"client_no_context_takeover": 0})
    assert ours.deflates(b"Hello") == ours.deflates(b"Hello")


def test_a_message_is_cut_when_it_is_compressed() -> None:
    cut = Compression().compressed(websocket.text("Hello", fragments=2))
    assert [each.rsv1 for each in cut.frames] == [True, False]
    assert b"".join(each.payload for each in cut.frames) == bytes.fromhex("f248cdc9c90700")


@pytest.mark.parametrize("answer", [None, "foo", "foo; bar=1"])
def test_nothing_may_be_agreed(answer: str | None) -> None:
    assert agreed(answer) is None


@pytest.mark.parametrize(
    "answer",
    [
        "permessage-deflate",
        "foo, permessage-deflate; server_no_context_takeover",
        'permessage-deflate; server_max_window_bits="10"; client_max_window_bits=8',
    ],
)
def test_an_answer_is_understood(answer: str) -> None:
    assert agreed(answer) is not None


@pytest.mark.parametrize(
    "answer",
    [
        "permessage-deflate; foo",
        "permessage-deflate; server_no_context_takeover=1",
        "permessage-deflate; client_max_window_bits",
        "permessage-deflate; server_max_window_bits=16",
        "permessage-deflate; server_max_window_bits=08",
        "permessage-deflate; server_max_window_bits=9; server_max_window_bits=9",
        "permessage-deflate, permessage-deflate",
        "permessage-deflate;",
    ],
)
def test_an_answer_that_makes_no_sense_is_not(answer: str) -> None:
    with pytest.raises(ProtocolError):
        agreed(answer)
