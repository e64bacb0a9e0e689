"""What requests are, and how a transcript names them."""

import pytest

from asgi_conformance.wire import request


def test_headers_become_bytes_in_their_order() -> None:
    asked = request.get("/", headers=[("X-B", b"1"), (b"x-a", "é")])
    assert asked.headers == ((b"X-B", b"1"), (b"x-a", b"\xc3\xa9"))


def test_a_request_has_no_body_unless_it_is_given_one() -> None:
    assert request.post("/").body is None
    assert request.post("/", body=b"").body == b""
    assert request.post("/", chunks=[b"a", b"b"]).chunks == (b"a", b"b")


def test_a_request_has_a_body_or_chunks_but_not_both() -> None:
    with pytest.raises(ValueError, match="not both"):
        request.post("/", body=b"a", chunks=[b"a"])


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        (request.get("/caf%C3%A9"), "GET /caf%C3%A9"),
        (request.head(b"/\xff"), "HEAD /\\xff"),
        (
            request.get("/", headers=[("Expect", "100-continue"), ("A", "b")]),
            "GET / (Expect: 100-continue, A: b)",
        ),
        (request.post("/", body=b"hi"), "POST / with body b'hi'"),
        (request.post("/", chunks=[b"a", b"b"]), "POST / with chunks [b'a', b'b']"),
        (request.post("/", body=b"a", more=True), "POST / with body b'a' and more to come"),
        (request.request("PROPFIND", "*"), "PROPFIND *"),
        (request.part(b"b"), "part b'b'"),
        (request.part(last=True), "last part b''"),
    ],
)
def test_a_transcript_names_it(asked: request.Request | request.Part, name: str) -> None:
    assert str(asked) == name


def test_a_long_body_is_cut_in_the_middle() -> None:
    assert len(str(request.post("/", body=b"x" * 100_000))) < 100


def test_a_long_target_is_cut_in_the_middle() -> None:
    assert len(str(request.get("/" + "x" * 100_000))) < 200


def test_no_two_pieces_of_a_long_body_are_alike() -> None:
    body = list(request.pieces(2))
    assert sum(map(len, body)) == 2 * 1024 * 1024
    assert len(set(body)) == len(body)
