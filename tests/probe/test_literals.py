"""Any Python value goes over the string, and comes back as what it was."""

import collections
import enum
import http
import itertools
import math
import pickle
from collections.abc import Iterator
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asgi_conformance.probe import literals
from asgi_conformance.probe.remote import decode, encode
from asgi_conformance.spec.kinds import Foreign

SCALARS = st.none() | st.booleans() | st.integers() | st.text() | st.binary() | st.floats(allow_nan=False)


class Bytes(bytes): ...


class Bad:
    def __repr__(self) -> str:
        raise ZeroDivisionError

    __str__ = __repr__


class Celsius(float): ...


class Broken(list[int]):
    def __iter__(self) -> Iterator[int]:
        raise ZeroDivisionError


class Color(enum.StrEnum):
    RED = "red"


def told(literal: object) -> object:
    """What is read of a literal at the other end."""
    return literals.read(literals.taken(bytearray(literals.spelled(literal))))


def across(value: object) -> Any:
    """The value after it went over the string towards us."""
    return decode(told(literals.encode(value)))


def built(value: object) -> Any:
    """The value after it went over the string towards the server."""
    return literals.decode(told(encode(value)), literals.build)


@given(
    st.recursive(
        SCALARS, lambda values: st.lists(values) | st.tuples(values) | st.dictionaries(SCALARS, values)
    )
)
def test_plain_values_stay_what_they_are(value: object) -> None:
    assert repr(across(value)) == repr(value) == repr(built(value))


@pytest.mark.parametrize(
    ("value", "foreign"),
    [
        (bytearray(b"a"), Foreign("builtins.bytearray", b"a")),
        (memoryview(b"a"), Foreign("builtins.memoryview", b"a")),
        (Bytes(b"a"), Foreign(f"{__name__}.Bytes", b"a")),
        (http.HTTPStatus.NOT_FOUND, Foreign("http.HTTPStatus", 404)),
        (Celsius(0.5), Foreign(f"{__name__}.Celsius", 0.5)),
        (Broken([1]), Foreign(f"{__name__}.Broken", None, "[1]")),
        (Color.RED, Foreign(f"{__name__}.Color", "red")),
        (collections.OrderedDict(a=1), Foreign("collections.OrderedDict", {"a": 1})),
        (MappingProxyType({"a": 1}), Foreign("builtins.mappingproxy", {"a": 1})),
        (iter([(b"a", b"b")]), Foreign("builtins.list_iterator", [(b"a", b"b")])),
        ((each for each in "ab"), Foreign("builtins.generator", ["a", "b"])),
        (frozenset([1]), Foreign("builtins.frozenset", [1])),
        ({frozenset([1]): 1}, {Foreign("builtins.frozenset", None, "frozenset({1})"): 1}),
        ([{"a": bytearray(b"b")}], [{"a": Foreign("builtins.bytearray", b"b")}]),
        (..., Foreign("builtins.ellipsis", None, "Ellipsis")),
        (1j, Foreign("builtins.complex", None, "1j")),
        ((literals.MARK, "a", "b"), (Foreign("builtins.frozenset", []), "a", "b")),
    ],
)
def test_other_values_come_with_their_type(value: object, foreign: object) -> None:
    assert across(value) == foreign


def test_numbers_that_have_no_literal_arrive() -> None:
    assert across([10**9000, -(10**9000), math.inf]) == [10**9000, -(10**9000), math.inf]
    assert math.isnan(across(math.nan))


def test_what_would_have_to_be_imported_is_not_read() -> None:
    with pytest.raises(pickle.UnpicklingError, match="getcwd is no plain value"):
        literals.read(b"cos\ngetcwd\n.")


@given(st.lists(SCALARS), st.data())
def test_messages_are_taken_one_after_another_however_they_come(
    said: list[object], data: st.DataObject
) -> None:
    rest, come, heard = b"".join(map(literals.spelled, said)), bytearray(), []
    while rest:
        size = data.draw(st.integers(1, len(rest)))
        come += rest[:size]
        rest = rest[size:]
        while message := literals.taken(come):
            heard.append(literals.read(message))
    assert repr(heard) == repr(said)
    assert not come


def test_lone_surrogates_arrive() -> None:
    assert across({"\udc80": "\ud800"}) == {"\udc80": "\ud800"}


def test_a_value_that_cannot_be_shown_is_told_all_the_same() -> None:
    text = f"<{__name__}.Bad whose repr raises builtins.ZeroDivisionError>"
    assert across([Bad()]) == [Foreign(f"{__name__}.Bad", None, text)]


def test_a_value_that_holds_itself_is_told_once() -> None:
    value: dict[str, object] = {"a": 1}
    value["self"] = value
    assert across(value)["self"].type == "builtins.dict"


def test_a_deeply_nested_value_is_cut() -> None:
    value: list[object] = []
    for _ in range(5000):
        value = [value]
    assert "'builtins.list', ('repr'" in repr(literals.encode(value))
    across(value)


def test_an_endless_iterator_is_cut() -> None:
    assert len(across(itertools.count()).value) == literals.ENDLESS


def test_an_exhausted_iterator_leaves_its_items() -> None:
    headers, unrolled = iter([1, 2]), dict[int, Any]()
    literals.encode({"headers": headers, "others": [3]}, unrolled)
    assert unrolled == {id(headers): [1, 2]}


@pytest.mark.parametrize(
    ("foreign", "real"),
    [
        (Foreign("bytearray", b"a"), bytearray(b"a")),
        (Foreign("builtins.bytearray", b"a"), bytearray(b"a")),
        (Foreign("memoryview", b"a"), memoryview(b"a")),
        (Foreign("http.HTTPStatus", 404), http.HTTPStatus.NOT_FOUND),
        (Foreign("set", [1]), {1}),
        (Foreign("collections.OrderedDict", {"a": 1}), collections.OrderedDict(a=1)),
        ([{"a": (Foreign("frozenset"),)}], [{"a": (frozenset(),)}]),
    ],
)
def test_real_objects_are_built(foreign: object, real: object) -> None:
    assert (built(foreign), type(built(foreign))) == (real, type(real))


def test_generators_and_nan_and_bare_objects_are_built() -> None:
    generator, nan, bare = built([Foreign("generator", [1, 2]), Foreign("float", "nan"), Foreign("object")])
    assert list(generator) == [1, 2]
    assert next(generator, None) is None
    assert math.isnan(nan)
    assert type(bare) is object


def test_what_cannot_be_built_raises() -> None:
    with pytest.raises(AttributeError):
        built(Foreign("no_such_type"))
