"""What a check expects, and what differs from it."""

import pytest

from asgi_conformance.dialogue.expectation import (
    ABSENT,
    agrees,
    bare,
    differences,
    either,
    header_differences,
    like,
    pair,
)
from asgi_conformance.spec.kinds import Foreign


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        (b"abc", Foreign("bytearray", b"abc")),
        ([1, 2], (1, 2)),
        ((b"a", b"b"), [b"a", b"b"]),
        (either(b"", None, ABSENT), ABSENT),
        (either(1, 2), 2),
        (pair(str, int), ("a", 1)),
        (pair(str, int), ["a", 1]),
        ({"a": [1]}, {"a": (1,)}),
    ],
)
def test_the_content_counts_and_not_its_guise(expected: object, actual: object) -> None:
    assert agrees(expected, actual)


@pytest.mark.parametrize(
    ("expected", "actual"),
    [(b"a", "a"), (either(1, 2), 3), (None, ABSENT), (ABSENT, None), ([1], [1, 2])]
    + [(pair(str, int), other) for other in (("a", True), ("a", "1"), ("a",), ("a", 1, 2), None)],
)
def test_other_content_is_other(expected: object, actual: object) -> None:
    assert not agrees(expected, actual)


def test_what_is_wrapped_twice_is_unwrapped_twice() -> None:
    assert bare(Foreign("a", (Foreign("b", 1),))) == [1]


def test_other_keys_are_welcome_and_defaults_stand_for_missing_ones() -> None:
    assert differences({"body": b""}, {"more": 1}, {"body": b""}) == []


def test_a_difference_says_what_is_and_what_was_wanted() -> None:
    assert differences({"path": "/a"}, {"path": "/b"}) == ["path is '/b', not '/a'"]
    assert differences({"path": "/a"}, {}) == ["path is nothing, not '/a'"]


def test_headers_are_compared_by_name_whatever_its_case() -> None:
    actual = [(b"x-a", b"1"), (b"other", b"0"), (b"x-a", b"2")]
    assert header_differences([("X-A", "1"), ("X-A", "2")], actual) == []
    assert header_differences([("X-A", "2"), ("X-A", "1")], actual) == [
        "header x-a: [b'1', b'2'], not [b'2', b'1']"
    ]


def test_a_header_may_be_expected_to_be_missing() -> None:
    assert header_differences([("x-a", None)], [(b"x-b", b"1")]) == []
    assert header_differences([("x-a", None)], [(b"x-a", b"1")]) == ["header x-a: [b'1'], not []"]


@pytest.mark.parametrize("headers", [None, 3, [3], [(b"x-a",)], "x-a"])
def test_what_is_no_list_of_headers_has_none(headers: object) -> None:
    assert header_differences([("x-a", "1")], headers) == ["header x-a: [], not [b'1']"]


def test_a_value_may_be_expected_to_look_like_something() -> None:
    expected = [("x-number", like(rb"\d+"))]
    assert not header_differences(expected, [(b"x-number", b"12")])  # type: ignore[arg-type]
    assert header_differences(expected, [(b"x-number", b"12a")])  # type: ignore[arg-type]
    assert not differences({"path": like("/.*")}, {"path": "/a"})
    assert differences({"path": like("/.*")}, {"path": b"/a"}) == ["path is b'/a', not like /.*"]


@pytest.mark.parametrize("name", [b"x-a", b"x-b"])
def test_either_of_two_headers_will_do(name: bytes) -> None:
    expected = {"headers": either([("x-a", "1")], [("x-b", "1")])}
    assert differences(expected, {"headers": [(name, b"1")]}) == []
    assert differences(expected, {"headers": [(name, b"2")]}) != []
