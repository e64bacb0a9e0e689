"""What a check expects: a thing that says at least this, other keys being welcome."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from asgi_conformance.spec.kinds import Foreign, items, shortened

Headers = Iterable[tuple[str | bytes, str | bytes | None]]


class Broken(AssertionError):
    """An expectation was not met: the doing of whoever is on trial."""


class Quiet(Broken):
    """What was expected did not come within the patience."""


class Crash(Broken):
    """The server ended in the middle of a dialogue."""


class Unsupported(Exception):
    """The server does not offer what this check is about, and need not."""


class Trouble(Exception):
    """Our own trouble, never blamed on the server."""


class _Absent:
    def __repr__(self) -> str:
        return "nothing"


ABSENT = _Absent()


@dataclass(frozen=True)
class Either:
    """Any one of several values."""

    values: tuple[object, ...]

    def __repr__(self) -> str:
        return " or ".join(map(repr, self.values))


@dataclass(frozen=True)
class Like:
    """Any text, or any bytes, that match the whole of a regular expression of the same type."""

    pattern: str | bytes

    def __repr__(self) -> str:
        pattern = self.pattern.decode("latin-1") if isinstance(self.pattern, bytes) else self.pattern
        return f"like {pattern}"

    def __eq__(self, other: object) -> bool:
        if isinstance(self.pattern, str):
            return isinstance(other, str) and re.fullmatch(self.pattern, other) is not None
        return isinstance(other, bytes) and re.fullmatch(self.pattern, other) is not None

    __hash__ = None  # type: ignore[assignment]  # equal to things that are not equal to each other


@dataclass(frozen=True)
class Pair:
    """Any two values of these types, whatever holds them."""

    kinds: tuple[type, type]

    def __repr__(self) -> str:
        return f"a pair of {' and '.join(kind.__name__ for kind in self.kinds)}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, list) and tuple(map(type, other)) == self.kinds

    __hash__ = None  # type: ignore[assignment]  # equal to things that are not equal to each other


def pair(first: type, second: type) -> Pair:
    """Expect any pair of these types."""
    return Pair((first, second))


def like(pattern: str | bytes) -> Like:
    """Expect any text that matches this regular expression, or any bytes, as the value of a header."""
    return Like(pattern)


def either(*values: object) -> Either:
    """Expect any one of these values; ABSENT among them lets the key be missing."""
    return Either(values)


def bare(value: object) -> object:
    """A value without any guise: its content counts here, its type is judged by the model."""
    if isinstance(value, Foreign):
        return bare(value.value)
    if isinstance(value, list | tuple):
        return [bare(item) for item in value]
    if isinstance(value, dict):
        return {key: bare(inner) for key, inner in value.items()}
    return value


def agrees(expected: object, actual: object) -> bool:
    """Is the actual value the expected one, or one of those?"""
    if isinstance(expected, Either):
        return any(agrees(value, actual) for value in expected.values)
    if expected is ABSENT or actual is ABSENT:
        return expected is actual
    return bool(bare(expected) == bare(actual))


def as_bytes(text: str | bytes) -> bytes:
    """A header's name or value as it is on the wire."""
    return text.encode("latin-1") if isinstance(text, str) else text


def header_differences(expected: Headers, actual: object) -> list[str]:
    """Are the values of each expected name just these, in this order? None means: no such header."""
    pairs: list[tuple[bytes, object]] = []
    for pair in items(actual) or []:
        halves = items(pair)
        if halves is not None and len(halves) == 2:
            name, value = map(bare, halves)
            pairs.append((name.lower() if isinstance(name, bytes) else b"", value))
    wanted: dict[bytes, list[bytes]] = {}
    for name, value in expected:
        values = wanted.setdefault(as_bytes(name).lower(), [])
        if value is not None:
            values.append(as_bytes(value))
    said = {name: [value for other, value in pairs if other == name] for name in wanted}
    return [
        f"header {name.decode('latin-1')}: {shortened(said[name])}, not {shortened(values)}"
        for name, values in wanted.items()
        if said[name] != values
    ]


def _differences_to_any(choices: Iterable[object], actual: object) -> list[str]:
    """Where the headers are not those of the first choice, unless they are those of another."""
    found = [header_differences(each, actual) for each in choices]  # type: ignore[arg-type]  # spelled as pairs
    return found[0] if all(found) else []


def differences(
    expected: Mapping[str, object], actual: Mapping[str, object], defaults: Mapping[str, object] | None = None
) -> list[str]:
    """Where `actual` does not say what is expected; a missing key counts as its default."""
    found = []
    for key, value in expected.items():
        said = actual.get(key, (defaults or {}).get(key, ABSENT))
        if key == "headers":
            found += _differences_to_any(value.values if isinstance(value, Either) else (value,), said)
        elif not agrees(value, said):
            found.append(f"{key} is {shortened(said)}, not {shortened(value)}")
    return found
