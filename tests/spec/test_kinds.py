"""What a value is told to be, and what is wrong with it."""

import pytest

from asgi_conformance.spec import kinds
from asgi_conformance.spec.kinds import Foreign, Kind


def flaws(kind: Kind, value: object) -> list[str]:
    return [flaw for _, flaw in kind.flaws(value)]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (kinds.BYTES, b"x"),
        (kinds.STR, ""),
        (kinds.INT, 0),
        (kinds.BOOL, False),
        (kinds.DICT, {}),
        (kinds.FULL_STR, "http"),
        (kinds.VERSION, "2.3"),
        (kinds.optional(kinds.BYTES), None),
        (kinds.HEADERS, [(b"a", b"b"), [b"c", b""]]),
        (kinds.HEADERS, Foreign("builtins.generator", [(b"a", b"b")])),
        (kinds.TEXTS, ("chat",)),
        (kinds.CLIENT, ["::1", 80]),
        (kinds.SERVER_ADDRESS, ("/run/socket", None)),
        (kinds.ANY, object()),
    ],
)
def test_a_value_of_its_kind_has_no_flaw(kind: Kind, value: object) -> None:
    assert flaws(kind, value) == []


@pytest.mark.parametrize(
    ("kind", "value", "flaw"),
    [
        (kinds.BYTES, "x", "is 'x', not bytes"),
        (kinds.BYTES, Foreign("builtins.bytearray", b"x"), "is bytearray(b'x'), not bytes"),
        (kinds.INT, True, "is True, not int"),
        (kinds.BOOL, 1, "is 1, not bool"),
        (kinds.FULL_STR, "", "is '', not a str that is not empty"),
        (kinds.VERSION, "2", "is '2', not a str like '2.3'"),
        (kinds.VERSION, 2.3, "is 2.3, not a str like '2.3'"),
        (kinds.HEADERS, 5, "is 5, not an iterable of pairs"),
        (kinds.HEADERS, [(b"a",)], "holds (b'a',), not a pair"),
        (kinds.HEADERS, [(b"a", "b")], "holds a value that is 'b', not bytes"),
        (kinds.TEXTS, [b"chat"], "holds an item that is b'chat', not str"),
        (kinds.CLIENT, ("::1", 80, 0, 0), "is ('::1', 80, 0, 0), not a pair of host and port"),
        (kinds.CLIENT, ("localhost", 80), "is ('localhost', 80): the host is no IP address"),
        (kinds.CLIENT, ("::1", "80"), "holds a port of type str, not int"),
        (kinds.SERVER_ADDRESS, (None, 80), "holds a host of type NoneType, not str"),
    ],
)
def test_a_flaw_is_told_in_words(kind: Kind, value: object, flaw: str) -> None:
    assert flaws(kind, value) == [flaw]


def test_a_subclass_counts_as_what_it_is_derived_from() -> None:
    assert flaws(kinds.INT, Foreign("http.HTTPStatus", 404)) == []
    assert flaws(kinds.DICT, Foreign("server.Scope", {})) == []


def test_the_flaw_of_a_header_tells_which_half_it_is_about() -> None:
    assert [aspect for aspect, _ in kinds.HEADERS.flaws([("a", b""), (b"b", "")])] == ["name", "value"]


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        ({"x": Foreign("builtins.bytearray", b"")}, "bytes"),
        ({"x": Foreign("builtins.set", [1])}, "types"),
        ({"x": Foreign("datetime.datetime", None, "now")}, "types"),
        ({"x": [{1: "a"}]}, "keys"),
        ({"x": 2**63}, "int"),
        ({"x": float("inf")}, "float"),
    ],
)
def test_an_event_holds_literals_only_at_any_depth(value: object, rule: str) -> None:
    assert [aspect for aspect, _ in kinds.event_value_flaws(value)] == [rule]


def test_what_an_event_may_hold_has_no_flaw() -> None:
    value = {"a": [1, 2.5, None, True, {"b": (b"", "")}], "c": Foreign("http.HTTPStatus", 404)}
    assert list(kinds.event_value_flaws(value)) == []


def test_what_holds_several_values_may_hold_strangers() -> None:
    assert kinds.several(kinds.BYTES).strangers([b"x"]) == (5, ["x"], [5], [[b"x"]])


def test_a_long_value_is_cut_in_its_middle() -> None:
    assert len(kinds.shortened(b"x" * 1000)) < 120
