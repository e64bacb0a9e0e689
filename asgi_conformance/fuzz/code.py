"""What a line is given, as one would type it in a check."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import singledispatch
from itertools import chain
from keyword import iskeyword
from typing import Any, AnyStr

from websockets.frames import Opcode

from asgi_conformance.dialogue.expectation import ABSENT, Either, Like, Pair
from asgi_conformance.spec import http, lifespan, websocket
from asgi_conformance.spec.model import Event
from asgi_conformance.wire import websocket as ws
from asgi_conformance.wire.request import Part, Request, octets
from asgi_conformance.wire.websocket import Compressed, Fragments, Frame, Handshake

EVENTS = {
    value.type: f"{chapter.__name__.rpartition('.')[2]}.{name}"
    for chapter in (http, websocket, lifespan)
    for name, value in vars(chapter).items()
    if isinstance(value, Event)
}
LONG = 64
"""What is longer is told by what repeats in it."""
REPEATED, TEXT_REPEATED = re.compile(rb"(?s)(.{1,32}?)\1{7,}"), re.compile(r"(?s)(.{1,32}?)\1{7,}")


@singledispatch
def code(value: object) -> str:
    """An expression that builds this value: `http.response_start(status=200)`, `request.get("/")`.

    What is no value of a dialogue is told by its repr.
    """
    if is_dataclass(value):
        kind = type(value)
        return _made(f"ws.{kind.__name__}" if kind.__module__ == ws.__name__ else kind.__name__, value)
    return "ABSENT" if value is ABSENT else repr(value)


def call(name: str, *arguments: object, **said: object) -> str:
    """The call of a function with these values."""
    told = chain(map(code, arguments), (f"{key}={code(value)}" for key, value in said.items()))
    return f"{name}({', '.join(told)})"


def _made(name: str, value: Any, by_place: str = "") -> str:
    """The call that makes a dataclass: what it must be given by place, the rest by name where it counts."""
    given = {each: getattr(value, each.name) for each in fields(value)}
    counts = {each: held for each, held in given.items() if each.default is MISSING or held != each.default}
    placed = [held for each, held in counts.items() if each.default is MISSING or each.name == by_place]
    named = {each.name: held for each, held in counts.items() if each.default is not MISSING}
    return call(name, *placed, **{key: held for key, held in named.items() if key != by_place})


# Plain values


@code.register
def _(value: int) -> str:
    return repr(value) if isinstance(value, bool) else int.__repr__(value)


@code.register
def _(value: float) -> str:
    return repr(value) if repr(value).strip("-").replace(".", "").isdigit() else f'float("{value}")'


@code.register
def _(value: str) -> str:
    return _in_parts(value, TEXT_REPEATED) if len(value) > LONG else _quoted(value)


@code.register
def _(value: bytes) -> str:
    return _in_parts(value, REPEATED) if len(value) > LONG else _quoted(value)


def _in_parts(value: AnyStr, repeated: re.Pattern[AnyStr]) -> str:
    told = (
        f"{_quoted(part)} * {times}" if times > 1 else _quoted(part) for part, times in parts(value, repeated)
    )
    return " + ".join(told)


def parts(value: AnyStr, repeated: re.Pattern[AnyStr]) -> Iterator[tuple[AnyStr, int]]:
    """What it is made of, and how often each part comes there: what repeats for long, and what is between."""
    end = 0
    for found in repeated.finditer(value):
        if len(found[0]) <= LONG:
            continue
        if found.start() > end:
            yield value[end : found.start()], 1
        yield found[1], len(found[0]) // len(found[1])
        end = found.end()
    if end < len(value):
        yield value[end:], 1


def _quoted(value: str | bytes) -> str:
    text = repr(value)
    if text.endswith("'") and '"' not in text:
        prefix, _, content = text[:-1].partition("'")
        return f'{prefix}"{content}"'
    return text


@code.register(list)
def _(value: list[object]) -> str:
    return f"[{', '.join(map(code, value))}]"


@code.register(tuple)
def _(value: tuple[object, ...]) -> str:
    return f"({', '.join(map(code, value))}{',' * (len(value) == 1)})"


@code.register(dict)
def _(value: dict[object, object]) -> str:
    keys = {key: inner for key, inner in value.items() if key != "type"}
    kind = value.get("type")
    name = EVENTS.get(kind) if isinstance(kind, str) else None
    if name is not None and all(_is_name(key) for key in keys):
        return call(name, **{str(key): inner for key, inner in keys.items()})
    return f"{{{', '.join(f'{code(key)}: {code(inner)}' for key, inner in value.items())}}}"


def _is_name(key: object) -> bool:
    return isinstance(key, str) and key.isidentifier() and not iskeyword(key)


# What is expected


@code.register
def _(value: Either) -> str:
    return call("either", *value.values)


@code.register
def _(value: Like) -> str:
    return call("like", value.pattern)


@code.register
def _(value: Pair) -> str:
    return f"pair({', '.join(kind.__name__ for kind in value.kinds)})"


# What is asked


@code.register
def _(value: Request) -> str:
    builder = {"GET": "get", "HEAD": "head", "POST": "post"}.get(value.method, "request")
    if value.method in ("GET", "HEAD") and Request(value.method, value.target, value.headers) != value:
        builder = "request"
    said: dict[str, object] = {
        "headers": list(value.headers) or None,
        "body": value.body,
        "chunks": None if value.chunks is None else list(value.chunks),
        "more": value.more or None,
    }
    return call(
        f"request.{builder}",
        *([value.method] if builder == "request" else []),
        _readable(value.target),
        **_told(said),
    )


@code.register
def _(value: Part) -> str:
    said = {"last": value.last or None, "trailers": list(value.trailers) or None}
    return call("request.part", *([value.data] if value.data else []), **_told(said))


@code.register
def _(value: Handshake) -> str:
    said: dict[str, object] = {
        "subprotocols": list(value.subprotocols) or None,
        "headers": list(value.headers) or None,
        "key": None if len(value.key) == len(ws.handshake().key) else value.key,
        "extensions": value.extensions,
    }
    version = {} if value.version == "13" else {"version": value.version}
    return call("ws.handshake", _readable(value.target), **_told(said), **version)


def _told(said: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in said.items() if value is not None}


def _readable(target: str | bytes) -> str | bytes:
    """A target as text, where this means the same bytes."""
    try:
        return octets(target).decode()
    except UnicodeDecodeError:
        return target


# Frames


@code.register
def _(value: Frame) -> str:
    builders = {Opcode.PING: ws.ping, Opcode.PONG: ws.pong}
    for opcode, builder in builders.items():
        if value == builder(value.payload):
            return call(f"ws.{opcode.name.lower()}", *([value.payload] if value.payload else []))
    if (close := _close(value)) is not None:
        return call("ws.close", *close)
    return _made("ws.frame", value, "payload")


def _close(frame: Frame) -> tuple[object, ...] | None:
    """What `ws.close` is to be given for this frame, if it makes such a frame."""
    if frame == ws.close():
        return ()
    number, reason = int.from_bytes(frame.payload[:2], "big"), frame.payload[2:].decode(errors="replace")
    if frame.opcode == Opcode.CLOSE and len(frame.payload) > 1 and frame == ws.close(number, reason):
        return (number, reason) if reason else (number,)
    return None


@code.register
def _(value: Fragments) -> str:
    payload, count = b"".join(each.payload for each in value.frames), len(value.frames)
    said = {} if count == 1 else {"fragments": count}
    if value == ws.data(payload, fragments=count):
        return call("ws.data", payload, **said)
    text = payload.decode(errors="replace")
    if value == ws.text(text, fragments=count):
        return call("ws.text", text, **said)
    return f"ws.Fragments({code(value.frames)})"


@code.register
def _(value: Compressed) -> str:
    return call("ws.compressed", value.message)
