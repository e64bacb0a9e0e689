"""The kinds of values that scopes and events hold, and what is wrong with a value that is not of its kind."""

import ipaddress
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Foreign:
    """A value whose type is no plain literal: the type's qualified name and the literal that it stands for.

    `value` is bytes for a bytearray or memoryview, an int for an IntEnum, a dict for a subclass of dict, a
    list of items for any other iterable; `text` is the repr of what stands for nothing.
    """

    type: str
    value: object = None
    text: str | None = None

    def __repr__(self) -> str:
        return self.text if self.text is not None else f"{self.type.rpartition('.')[2]}({self.value!r})"


# Buffers look like byte strings and are none; every other stand-in of type bytes is a subclass of bytes.
BUFFERS = ("bytearray", "memoryview")

Flaw = tuple[str, str]
"""The aspect of a value that is wrong ("" for the value itself), and what is wrong in words."""


@dataclass(frozen=True)
class Kind:
    """A kind of value: its name in words, and a function that tells the flaws of a value.

    `strangers` gives values of other kinds that look like a right value: a str of its digits for an int.
    """

    name: str
    flaws: Callable[[object], Iterator[Flaw]]
    strangers: Callable[[Any], tuple[object, ...]] = lambda _: ()


def plain(value: object) -> object:
    """The value with the guise of a subclass taken off; buffers and iterators keep theirs."""
    if not isinstance(value, Foreign) or value.type.rpartition(".")[2] in BUFFERS:
        return value
    return value if isinstance(value.value, list) or value.value is None else value.value


def shortened(value: object, limit: int = 80) -> str:
    """The repr of a value, cut in its middle when it is long."""
    text = repr(value)
    return (
        text if len(text) <= limit else f"{text[: limit // 2]}…{text[-limit // 4 :]} ({len(text)} characters)"
    )


def _simple(
    name: str,
    admits: Callable[[object], bool],
    strangers: Callable[[Any], tuple[object, ...]] = lambda _: (),
) -> Kind:
    def flaws(value: object) -> Iterator[Flaw]:
        if not admits(plain(value)):
            yield "", f"is {shortened(value)}, not {name}"

    return Kind(name, flaws, strangers)


def _is_int(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


ANY = Kind("anything", lambda _: iter(()))
BYTES = _simple("bytes", lambda value: isinstance(value, bytes), lambda like: (like.decode(), 5, [like]))
STR = _simple("str", lambda value: isinstance(value, str), lambda like: (like.encode(), 5, [like]))
FULL_STR = _simple("a str that is not empty", lambda value: isinstance(value, str) and value != "")
INT = _simple("int", _is_int, lambda like: (str(like), like + 0.5, [like]))
BOOL = _simple("bool", lambda value: isinstance(value, bool), lambda _: ("no", 0.5, [False]))
DICT = _simple("dict", lambda value: isinstance(value, dict))
VERSION = _simple(
    "a str like '2.3'",
    lambda value: (
        isinstance(value, str) and all(part.isdigit() for part in value.split(".", 1)) and "." in value
    ),
)


def optional(kind: Kind) -> Kind:
    """The same kind, or None."""

    def flaws(value: object) -> Iterator[Flaw]:
        return iter(()) if value is None else kind.flaws(value)

    return Kind(f"{kind.name} or None", flaws, kind.strangers)


def items(value: object) -> list[object] | None:
    """The items of an iterable of any type as it came over the string, or None when it is none."""
    if isinstance(value, Foreign):
        value = value.value
    return list(value) if isinstance(value, list | tuple) else None


def _header_flaws(value: object) -> Iterator[Flaw]:
    pairs = items(value)
    if pairs is None:
        yield "", f"is {shortened(value)}, not an iterable of pairs"
        return
    for pair in pairs:
        halves = items(pair)
        if halves is None or len(halves) != 2:
            yield "", f"holds {shortened(pair)}, not a pair"
            continue
        for aspect, half in zip(("name", "value"), halves, strict=True):
            for _, flaw in BYTES.flaws(half):
                yield aspect, f"holds a {aspect} that {flaw}"


def _strange_headers(_: object) -> tuple[object, ...]:
    return 5, [("x-name", "value")], [(b"x-name", 5)]


def several(kind: Kind) -> Kind:
    """Any iterable of values of this kind."""
    name = f"an iterable of {kind.name}"

    def flaws(value: object) -> Iterator[Flaw]:
        found = items(value)
        if found is None:
            yield "", f"is {shortened(value)}, not {name}"
        for item in found or ():
            for _, flaw in kind.flaws(item):
                yield "", f"holds an item that {flaw}"

    return Kind(name, flaws, lambda like: (5, *([stranger] for stranger in kind.strangers(like[0]))))


def _is_address(host: object) -> bool:
    try:
        ipaddress.ip_address(str(host))
    except ValueError:
        return False
    return True


def _type_of(value: object) -> str:
    return value.type if isinstance(value, Foreign) else type(value).__name__


def _endpoint_flaws(value: object, *, port_may_be_none: bool) -> Iterator[Flaw]:
    parts = items(value)
    if parts is None or len(parts) != 2:
        yield "", f"is {shortened(value)}, not a pair of host and port"
        return
    host, port = (plain(part) for part in parts)
    if not isinstance(host, str):
        yield "", f"holds a host of type {_type_of(parts[0])}, not str"
    elif not port_may_be_none and not _is_address(host):
        yield "address", f"is {shortened(value)}: the host is no IP address"
    if not _is_int(port) and not (port_may_be_none and port is None):
        # The number of a port is another one each time: it would make each report a new one.
        yield "", f"holds a port of type {_type_of(parts[1])}, not int"


HEADERS = Kind("an iterable of pairs of bytes", _header_flaws, _strange_headers)
TEXTS = several(STR)
CLIENT = Kind("a pair of IP address and port", lambda value: _endpoint_flaws(value, port_may_be_none=False))
SERVER_ADDRESS = Kind("a pair of host and port", lambda value: _endpoint_flaws(value, port_may_be_none=True))


def event_value_flaws(value: object, key: str = "") -> Iterator[Flaw]:
    """What in an event, at any depth, no event may hold (main, Events). The aspect names the rule."""
    where = f"under {key!r} " if key else ""
    if isinstance(value, Foreign):
        bare = plain(value)
        if isinstance(bare, Foreign):
            rule = "bytes" if isinstance(value.value, bytes) else "types"
            yield rule, f"{where}there is {shortened(value)} of type {value.type}"
        else:
            yield from event_value_flaws(bare, key)
    elif isinstance(value, dict):
        for name, inner in value.items():
            if not isinstance(name, str):
                yield "keys", f"{where}there is a key that is {shortened(name)}, not str"
            yield from event_value_flaws(inner, str(name))
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from event_value_flaws(inner, key)
    elif isinstance(value, float) and not math.isfinite(value):
        yield "float", f"{where}there is {value!r}"
    elif isinstance(value, int) and not -(2**63) <= value < 2**63:
        yield "int", f"{where}there is {shortened(value)}, beyond 64 bits"
