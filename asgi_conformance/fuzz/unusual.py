"""Messages that are right and seldom, each with the requirement by which it is taken for what it is."""

from collections.abc import Callable, Iterable

from asgi_conformance.checks.declared_events import UNKNOWN
from asgi_conformance.spec import http
from asgi_conformance.spec.kinds import Foreign
from asgi_conformance.spec.model import Message

Unusual = tuple[str, Message]
Ways = Callable[[Message], list[Unusual]]
"""In what other ways the same may be said."""
SINCE_3_9 = (418,)
"""Statuses of which the oldest Python that runs an application has no name."""


def starts(start: Message) -> list[Unusual]:
    """Ways to start a response."""
    status, fields = start["status"], start["headers"]
    assert isinstance(fields, list)
    ways = [(f"{http.response_start}.extra_keys.tolerated", start | UNKNOWN)]
    about = f"{http.response_start}.headers.any_iterable"
    ways += [(about, start | {"headers": each}) for each in iterables(fields)]
    if not fields:
        ways.append((f"{http.response_start}.headers.missing_is_empty", _without(start, "headers")))
    if status not in SINCE_3_9:
        known = Foreign("http.HTTPStatus", status)
        ways.append((f"{http.response_start}.status.int_subclass", start | {"status": known}))
    return ways


def parts(part: Message) -> list[Unusual]:
    """Ways to send a part of a body."""
    ways = [(f"{http.response_body}.extra_keys.tolerated", part | UNKNOWN)]
    if not part["body"]:
        ways.append((f"{http.response_body}.body.missing_is_empty", _without(part, "body")))
    if not part["more_body"]:
        ways.append((f"{http.response_body}.more_body.missing_is_false", _without(part, "more_body")))
    return ways


def iterables(fields: Iterable[tuple[bytes, bytes]]) -> list[object]:
    """Pairs in what is no list, or that are no tuples."""
    pairs = tuple(fields)
    return [pairs, [list(each) for each in pairs], tuple(list(each) for each in pairs)]


def _without(message: Message, key: str) -> Message:
    return {other: value for other, value in message.items() if other != key}
