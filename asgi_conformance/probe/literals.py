"""Any Python value as a literal, and back; standard library only, Python 3.8+: it runs inside servers too.

None, bool, int, float, str, bytes, list, tuple and dict of exactly these types are themselves. Everything
else is a tuple `(MARK, "module.QualifiedName", payload)`; see `encode`.
"""

from __future__ import annotations

import ast
import asyncio
import builtins
import importlib
import inspect
import io
import itertools
import math
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

MARK = 1j  # a literal for Python, but none of those that stand for themselves here
NESTED = 24  # the parser of Python 3.8 gives up at about a hundred brackets
ENDLESS = 100_000  # an iterator need not end, a line must
LONG = 4096  # bits; Python limits the digits that it prints and reads, except in base 16
# Python 3.11 counts the depth of its parser for all threads together: two that parse raise SystemError.
PARSING = threading.Lock()


def read(line: bytes) -> Any:
    """What a line of ASCII says in literals. Raises ValueError or SyntaxError."""
    with PARSING:
        return ast.literal_eval(line.decode("ascii"))


def encode(value: Any, unrolled: dict[int, Any] | None = None, path: tuple[int, ...] = ()) -> Any:
    """The literal for any value; never raises.

    The payload is bytes for a buffer, int, float, str or bytes for a subclass of these, a dict for any other
    mapping, a list of the items for any other iterable, and `("repr", text)` for what stands for nothing.
    Iterators get exhausted on the way: `unrolled` keeps their items by the iterator's id.
    """
    kind = type(value)
    if kind in (type(None), bool, str, bytes):
        return value
    if kind is int:
        return value if value.bit_length() < LONG else (MARK, "builtins.int", hex(value))
    if kind is float:
        return value if math.isfinite(value) else (MARK, "builtins.float", repr(value))
    if id(value) in path or len(path) > NESTED:
        return opaque(value)
    path = (*path, id(value))
    try:
        if kind is list or kind is tuple:
            return kind([encode(item, unrolled, path) for item in value])
        if kind is dict:
            return {encode_key(key): encode(item, unrolled, path) for key, item in list(value.items())}
        return (MARK, type_name(kind), encode(standing_for(value, unrolled), unrolled, path))
    except Exception:
        return opaque(value)


def encode_key(key: Any) -> Any:
    """As `encode`, but always hashable."""
    literal = encode(key)
    try:
        hash(literal)
    except TypeError:
        return opaque(key)
    return literal


def standing_for(value: Any, unrolled: dict[int, Any] | None) -> Any:
    """The plain value that says the same, or `("repr", text)` where there is none."""
    if isinstance(value, (bytes, bytearray, memoryview)):
        return b"".join([value])
    if isinstance(value, int):
        return int.__index__(value)
    if isinstance(value, float):
        return float.__float__(value)
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, Mapping):
        return dict(value)
    # To read a file may block, and nobody but its loop may iterate over a future.
    if not hasattr(type(value), "__iter__") or isinstance(value, io.IOBase) or inspect.isawaitable(value):
        return ("repr", shown(repr, value))
    items = list(itertools.islice(value, ENDLESS))
    if unrolled is not None and hasattr(type(value), "__next__"):
        unrolled[id(value)] = items
    return items


def opaque(value: Any) -> Any:
    """The literal for a value of which only its type and its repr can be told."""
    return (MARK, type_name(type(value)), ("repr", shown(repr, value)))


def shown(how: Callable[[Any], str], value: Any) -> str:
    """`str` or `repr` of anything at all."""
    try:
        return str.__str__(how(value))
    except Exception as error:
        return f"<{type_name(type(value))} whose {how.__name__} raises {type_name(type(error))}>"


def type_name(kind: type) -> str:
    """`module.QualifiedName`."""
    return f"{kind.__module__}.{kind.__qualname__}"


def decode(literal: Any, foreign: Callable[[str, Any], Any]) -> Any:
    """The value that a literal stands for; `foreign(type, payload)` makes what is no literal."""
    kind = type(literal)
    if kind is tuple and literal and literal[0] == MARK and type(literal[0]) is complex:
        _, name, payload = literal
        if name == "builtins.int" and type(payload) is str:
            return int(payload, 16)
        if name == "builtins.float" and type(payload) is str:
            return float(payload)
        return foreign(name, decode(payload, foreign))
    if kind is list or kind is tuple:
        return kind([decode(item, foreign) for item in literal])
    if kind is dict:
        return {decode(key, foreign): decode(item, foreign) for key, item in literal.items()}
    return literal


def build(name: str, payload: Any) -> Any:
    """A real object of the named type. Raises what the import or the constructor raises."""
    if name in ("generator", "builtins.generator"):
        return (item for item in payload)
    kind = named(name)
    return kind() if payload is None else kind(payload)


def named(name: str) -> Any:
    """What is called `module.name`, or the builtin of this name, or else asyncio's."""
    module, _, last = name.rpartition(".")
    home = importlib.import_module(module) if module else builtins if hasattr(builtins, name) else asyncio
    return getattr(home, last)
