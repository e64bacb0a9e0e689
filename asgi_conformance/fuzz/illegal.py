"""What an application must not say, in which state of which chapter, and the requirement that refuses it."""

from collections.abc import Iterator

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from asgi_conformance.fuzz.machine import Ground
from asgi_conformance.spec import http, websocket
from asgi_conformance.spec.model import Event, Message
from asgi_conformance.spec.requirement import requirements

RIGHT: dict[str, Message] = {
    http.response_start.type: {"status": 200, "headers": [], "trailers": False},
    http.response_body.type: {"body": b"ok", "more_body": False},
    websocket.accept.type: {"subprotocol": None, "headers": []},
    websocket.send.type: {"text": "hello", "bytes": None},
    websocket.close.type: {"code": 1000, "reason": "bye"},
}
"""A right value for every key of the events of an application."""
LEGAL: dict[tuple[str, str], tuple[Event, ...]] = {
    ("http", "start"): (http.response_start,),
    ("http", "responding"): (http.response_body,),
}
Illegal = tuple[object, str]
"""A message, and the id of the requirement by which it is refused."""


def illegal_messages(ground: Ground, chapter: str, state: str) -> SearchStrategy[Illegal]:
    """Messages that `send` is to refuse here."""
    found = [*_of_no_chapter(chapter), *_out_of_order(chapter, state)]
    for event in LEGAL[chapter, state]:
        found += _wrong(event)
    for extension, (type_, blame) in UNANNOUNCED.items():
        if extension not in ground.extensions.get(chapter, ()):
            found.append(({"type": type_}, blame))
    return st.sampled_from([each for each in found if each[1] in requirements()])


UNANNOUNCED = {
    "http.response.push": ("http.response.push", "asgi.extensions.unannounced_rejected"),
    "http.response.trailers": ("http.response.trailers", "asgi.extensions.unannounced_rejected"),
}


def _of_no_chapter(chapter: str) -> Iterator[Illegal]:
    yield {"type": f"{chapter}.nothing.like.this"}, f"asgi.send.unknown_type.raises.{chapter}"
    yield {"type": f"{chapter}.disconnect"}, "asgi.send.receive_type.raises"
    foreign = "websocket.send" if chapter == "http" else "http.response.body"
    yield {"type": foreign}, "asgi.send.foreign_protocol.raises"
    yield {"status": 200}, "asgi.send.missing_type.raises"
    yield {"type": 5}, "asgi.send.type_not_str.raises"
    yield "hello", "asgi.send.not_a_dict.raises"


def _out_of_order(chapter: str, state: str) -> Iterator[Illegal]:
    if (chapter, state) == ("http", "start"):
        yield http.response_body(body=b"too early"), "http.response.body.before_start.raises"
    if (chapter, state) == ("http", "responding"):
        yield http.response_start(status=200), "http.response.start.twice.raises"


def _wrong(event: Event) -> Iterator[Illegal]:
    keys = RIGHT[event.type]
    for key, field in event.fields.items():
        if field.is_required:
            rest = {other: value for other, value in keys.items() if other != key}
            yield event(**rest), f"{event}.{key}.missing.raises"
        for stranger in field.kind.strangers(keys[key]):
            yield event(**{**keys, key: stranger}), f"{event}.{key}.wrong_type.raises"
