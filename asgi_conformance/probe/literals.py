"""Any Python value as a literal, and back; standard library only, Python 3.8+: it runs inside servers too.

None, bool, int, float, str, bytes, list, tuple and dict of exactly these types are themselves. Everything
else is a tuple `(MARK, "module.QualifiedName", payload)`; see `encode`.
"""

from __future__ import annotations

import asyncio
import builtins
import importlib
import inspect
import io
import itertools
import pickle
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

MARK: Any = frozenset()  # goes over the string as it is, but is none of those that stand for themselves
NESTED = 24  # deeper than anything that is said, and nothing to whoever descends by recursion
PLAIN = (str, bytes, int, bool, type(None), float)
ENDLESS = 100_000  # an iterator need not end, a message must
PROTOCOL = 4  # what every Python from 3.4 on reads
LENGTH = 4  # bytes before each message that tell how many follow


class Reader(pickle.Unpickler):
    """Reads what stands for itself, and nothing that would have to be imported."""

    def find_class(self, module: str, name: str) -> Any:
        raise pickle.UnpicklingError(f"{module}.{name} is no plain value")


def spelled(literal: Any) -> bytes:
    """A literal as a message on the string."""
    data = pickle.dumps(literal, PROTOCOL)
    return len(data).to_bytes(LENGTH, "big") + data


def taken(come: bytearray) -> bytes:
    """The first message of what has come, which is taken out; b"" while it is not all there."""
    end = LENGTH + int.from_bytes(come[:LENGTH], "big")
    if len(come) < max(end, LENGTH + 1):
        return b""
    message = bytes(come[LENGTH:end])
    del come[:end]
    return message


def read(message: bytes) -> Any:
    """What a message says. Raises UnpicklingError, or EOFError."""
    return Reader(io.BytesIO(message)).load()


def encode(value: Any, unrolled: dict[int, Any] | None = None, path: tuple[int, ...] = ()) -> Any:
    """The literal for any value; never raises.

    The payload is bytes for a buffer, int, float, str or bytes for a subclass of these, a dict for any other
    mapping, a list of the items for any other iterable, and `("repr", text)` for what stands for nothing.
    Iterators get exhausted on the way: `unrolled` keeps their items by the iterator's id.
    """
    kind = type(value)
    if kind in PLAIN:
        return value
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
    if kind in PLAIN:
        return literal
    if kind is tuple and literal and literal[0] == MARK:
        _, name, payload = literal
        return foreign(name, decode(payload, foreign))
    if kind is list or kind is tuple:
        return kind([decode(item, foreign) for item in literal])
    return {decode(key, foreign): decode(item, foreign) for key, item in literal.items()}


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
