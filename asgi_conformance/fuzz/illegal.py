"""What an application must not say, in which state of which chapter, and the requirement that refuses it."""

from collections.abc import Iterator
from functools import cache

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from asgi_conformance.checks.declared_events import SCENES
from asgi_conformance.fuzz.machine import Ground
from asgi_conformance.spec import http, websocket
from asgi_conformance.spec.model import Event, Message
from asgi_conformance.spec.requirement import requirements

RIGHT: dict[str, Message] = {scene.event.type: scene.keys for scene in SCENES}
"""A right value for every key of the events of an application."""
LEGAL: dict[tuple[str, str], tuple[Event, ...]] = {
    ("http", "start"): (http.response_start,),
    ("http", "responding"): (http.response_body,),
    ("websocket", "connecting"): (websocket.accept,),
    ("websocket", "open"): (websocket.send, websocket.close),
}
"""What may be said in which state. Before the accept nobody cares for the code of a close, nor its type."""
FOREIGN: dict[str, Message] = {
    "http": websocket.send(text="hello", bytes=None),
    "websocket": http.response_body(body=b"ok", more_body=False),
}
UNANNOUNCED = {
    "http.response.push": "asgi.extensions.unannounced_rejected",
    "http.response.trailers": "asgi.extensions.unannounced_rejected",
    "websocket.http.response": "websocket.http.response.unannounced",
}
"""Extensions by which more may be said, and what refuses that where they are not announced."""
OUT_OF_ORDER: dict[tuple[str, str], tuple[tuple[Message, str], ...]] = {
    ("http", "start"): ((http.response_body(body=b"too early"), "http.response.body.before_start.raises"),),
    ("http", "responding"): ((http.response_start(status=200), "http.response.start.twice.raises"),),
    ("websocket", "connecting"): (
        (websocket.send(text="too early", bytes=None), "websocket.send.before_accept.raises"),
    ),
    ("websocket", "open"): (
        (websocket.accept(subprotocol=None, headers=[]), "websocket.accept.twice.raises"),
        (websocket.send(), "websocket.send.both_missing.raises"),
        (websocket.send(text=None, bytes=None), "websocket.send.both_none.raises"),
        (websocket.send(text="text", bytes=b"bytes"), "websocket.send.both_set.raises"),
        (websocket.send(text="\ud83d", bytes=None), "websocket.send.text.surrogates"),
    ),
}
"""What would be right in another state, or with other keys."""
Illegal = tuple[object, str]
"""A message, and the id of the requirement by which it is refused."""


def illegal_messages(ground: Ground, chapter: str, state: str) -> SearchStrategy[Illegal]:
    """Messages that `send` is to refuse here."""
    announced = ground.extensions.get(chapter, ())
    return _illegal_messages(chapter, state, tuple(each for each in UNANNOUNCED if each in announced))


@cache
def _illegal_messages(chapter: str, state: str, announced: tuple[str, ...]) -> SearchStrategy[Illegal]:
    found: list[Illegal] = [*_of_no_chapter(chapter), *OUT_OF_ORDER[chapter, state]]
    for event in LEGAL[chapter, state]:
        found += _wrong(event)
    for extension, blame in UNANNOUNCED.items():
        if extension.startswith(chapter) and extension not in announced:
            start = ".start" if extension == "websocket.http.response" else ""
            found.append(({"type": f"{extension}{start}", "status": 401, "headers": []}, blame))
    return st.sampled_from([each for each in found if each[1] in requirements()])


def _of_no_chapter(chapter: str) -> Iterator[Illegal]:
    yield {"type": f"{chapter}.nothing.like.this"}, f"asgi.send.unknown_type.raises.{chapter}"
    yield {"type": f"{chapter}.disconnect"}, "asgi.send.receive_type.raises"
    yield FOREIGN[chapter], "asgi.send.foreign_protocol.raises"
    yield {"status": 200}, "asgi.send.missing_type.raises"
    yield {"type": 5}, "asgi.send.type_not_str.raises"
    yield "hello", "asgi.send.not_a_dict.raises"


def _wrong(event: Event) -> Iterator[Illegal]:
    """The event with as few keys as can be: what is wrong is to be the only reason to refuse it."""
    keys = RIGHT[event.type]
    needed = {key: keys[key] for key, field in event.fields.items() if field.is_required}
    for key, field in event.fields.items():
        if field.is_required:
            rest = {other: value for other, value in needed.items() if other != key}
            yield event(**rest), f"{event}.{key}.missing.raises"
        for stranger in field.kind.strangers(keys[key]):
            yield event(**{**needed, key: stranger}), f"{event}.{key}.wrong_type.raises"
