"""What repeats for every event and each of its keys: written once, from the declarations.

An event without a key that it must have, with a key of another type, or with keys that nobody knows.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.check import Check, check
from asgi_conformance.dialogue.client import Client
from asgi_conformance.dialogue.expectation import Unsupported
from asgi_conformance.dialogue.server import Server
from asgi_conformance.spec import http, lifespan, websocket
from asgi_conformance.spec.model import Event, Message
from asgi_conformance.spec.requirement import requirements
from asgi_conformance.wire import request
from asgi_conformance.wire import websocket as ws
from asgi_conformance.wire.answer import Accepted
from asgi_conformance.wire.request import Fields

UNKNOWN = {"future": {"a": [1]}}
"""Keys that no event has yet."""

RULES = {
    "asgi.event.values.allowed_types.server": "an event holds nothing but plain values",
    "asgi.event.values.dict_keys_str.server": "the keys of an event are str at any depth",
    "asgi.event.values.float_finite.server": "a float in an event is finite",
    "asgi.event.values.int_range.server": "an int in an event has at most 64 bits",
}
"""What the base document demands of every event that the server says; what breaks it is overheard."""


@dataclass(frozen=True)
class Scene:
    """Where an event belongs: how the application comes to say it, every key of it, and what comes of it.

    Of the keys `apart` only one holds a value at a time, and the first one of them does in `keys`.
    """

    event: Event
    before: Callable[[Client, App, str], None]
    keys: Message
    after: Callable[[Client, App], None]
    apart: tuple[str, ...] = ()

    def message(self, **other: object) -> Message:
        """The event, with other values for some keys."""
        rest = dict.fromkeys(self.apart[1:])
        return self.event(**(self.keys | rest | other))

    def message_about(self, key: str, value: object) -> Message:
        """The event with this value for a key; of keys that go without each other, it has no other."""
        return self.message(**(dict.fromkeys(self.apart) | {key: value}))


@dataclass(frozen=True)
class Act:
    """As a scene, for the lifespan of a new server; `saying` is the event and what comes of it."""

    event: Event
    before: Callable[[Server, App], None]
    keys: Message
    saying: Callable[[Server, App, Message], None]


def asks(client: Client, app: App, path: str) -> None:
    """A request is made, and the application has read it."""
    client.sends(request.get(path))
    app.receives(http.request())


def posts(client: Client, app: App, path: str, headers: Fields = ()) -> None:
    """The same with a body: what is not about requests is not to depend on how a server ends one without."""
    client.sends(request.post(path, body=b"hello", headers=headers))
    app.receives_body(b"hello")


def is_being_answered(client: Client, app: App, path: str) -> None:
    """The response to a request has begun."""
    asks(client, app, path)
    app.sends(http.response_start(status=200, headers=[]))


def knocks(client: Client, app: App, path: str) -> None:
    """A handshake waits for its answer."""
    client.sends(ws.handshake(path, subprotocols=["echo"]))
    app.receives(websocket.connect())


def talks(client: Client, app: App, path: str) -> None:
    """A WebSocket is open."""
    client.is_accepted_by(app, path)


def has_a_body_sent(client: Client, app: App) -> None:
    """The response goes on to its end."""
    app.sends(http.response_body(body=b"ok", more_body=False))
    client.receives(status=200, body=b"ok")


def takes(app: App, message: Message) -> None:
    """`send` takes this. Raises Unsupported where it does not, which is judged elsewhere."""
    if not app.may_send(message):
        raise Unsupported(f"{message['type']} is refused")


def starts_up(server: Server, app: App) -> None:
    """A server waits for the startup to be completed."""
    server.starts()
    app.receives(lifespan.startup())


def winds_down(server: Server, app: App) -> None:
    """A server waits for the shutdown to be completed."""
    server.comes_up(app)
    server.goes_down(app)


def goes_on(server: Server, app: App, message: Message) -> None:
    """The application says so, and the server serves."""
    app.sends(message)
    server.serves()


def ends(server: Server, app: App, message: Message) -> None:
    """The application says so and returns at once, before a server that does not wait cancels it."""
    app.ends_with(message)
    server.exits()


SCENES = (
    Scene(http.response_start, asks, {"status": 200, "headers": [], "trailers": False}, has_a_body_sent),
    Scene(
        http.response_body,
        is_being_answered,
        {"body": b"ok", "more_body": False},
        lambda client, _: client.receives(status=200, body=b"ok"),
    ),
    Scene(
        websocket.accept,
        knocks,
        {"subprotocol": "echo", "headers": []},
        lambda client, _: client.receives(Accepted()),
    ),
    Scene(
        websocket.send,
        talks,
        {"text": "hello", "bytes": b"hello"},
        lambda client, _: client.receives(text="hello"),
        apart=("text", "bytes"),
    ),
    Scene(
        websocket.close,
        talks,
        {"code": 1000, "reason": "bye"},
        lambda client, app: client.is_ended_with(app, code=1000),
    ),
)
ACTS = (
    Act(lifespan.startup_complete, starts_up, {}, goes_on),
    Act(lifespan.startup_failed, starts_up, {"message": "no database"}, ends),
    Act(lifespan.shutdown_complete, winds_down, {}, ends),
    Act(lifespan.shutdown_failed, winds_down, {"message": "the rollback failed"}, ends),
)


def strangers(event: Event, keys: Message) -> Iterator[Message]:
    """The event with a value of another type under one of its keys, for each key and several types."""
    for key, declared in event.fields.items():
        for stranger in declared.kind.strangers(keys[key]):
            yield event(**(keys | {key: stranger}))


def make(identifier: str, claim: str, function: Callable[..., None]) -> Iterator[Check]:
    """The check of this requirement, if there is such a requirement."""
    if identifier in requirements():
        function.__name__ = re.sub(r"\W+", "_", claim)
        yield check(identifier)(function)


def without_a_key(scene: Scene, key: str) -> Iterator[Check]:
    """A key that has no default must not be left out."""
    identifier = f"{scene.event}.{key}.missing.raises"

    def is_refused(client: Client, app: App) -> None:
        scene.before(client, app, f"/{identifier}")
        message = scene.message()
        del message[key]
        app.cannot_send(message)

    yield from make(identifier, f"{scene.event} without {key} is refused", is_refused)


def with_strangers(scene: Scene, key: str) -> Iterator[Check]:
    """A value of another type is refused, each in a call of its own."""
    kind = scene.event.fields[key].kind
    identifier = f"{scene.event}.{key}.wrong_type.raises"

    def is_refused(client: Client, app: App, server: Server) -> None:
        scene.before(client, app, f"/{identifier}")
        first, *others = kind.strangers(scene.keys[key])
        app.cannot_send(scene.message_about(key, first))
        for stranger in others:
            visitor, call = server.is_visited(), server.is_to_call()
            scene.before(visitor, call, f"/{identifier}")
            call.cannot_send(scene.message_about(key, stranger))

    yield from make(identifier, f"{scene.event} with {key} that is not {kind.name} is refused", is_refused)


def with_unknown_keys(scene: Scene) -> Iterator[Check]:
    """Keys that nobody knows yet are ignored."""
    identifier = f"{scene.event}.extra_keys.tolerated"

    def is_taken(client: Client, app: App) -> None:
        scene.before(client, app, f"/{identifier}")
        app.sends(scene.message(**UNKNOWN))
        scene.after(client, app)

    yield from make(identifier, f"{scene.event} with keys that are unknown is taken for what it is", is_taken)


def with_a_stranger(act: Act, key: str) -> Iterator[Check]:
    """As `with_strangers`; a server is started for one of them."""
    kind = act.event.fields[key].kind

    def is_refused(new_server: Server, app: App) -> None:
        act.before(new_server, app)
        app.cannot_send(act.event(**(act.keys | {key: kind.strangers(act.keys[key])[0]})))

    claim = f"{act.event} with {key} that is not {kind.name} is refused"
    yield from make(f"{act.event}.{key}.wrong_type.raises", claim, is_refused)


def with_new_keys(act: Act) -> Iterator[Check]:
    """As `with_unknown_keys`."""

    def is_taken(new_server: Server, app: App) -> None:
        act.before(new_server, app)
        act.saying(new_server, app, act.event(**act.keys, **UNKNOWN))

    claim = f"{act.event} with keys that are unknown is taken for what it is"
    yield from make(f"{act.event}.extra_keys.tolerated", claim, is_taken)


def overheard(identifier: str, claim: str) -> Iterator[Check]:
    """The check that makes a server say the events of a request; others are overheard where they come."""

    def says_its_events(client: Client, app: App) -> None:
        client.sends(request.post(f"/{identifier}", chunks=[b"hello, ", b"world"]))
        app.receives_body(b"hello, world")

    yield from make(identifier, claim, says_its_events)


CHECKS = (
    *(each for rule in RULES.items() for each in overheard(*rule)),
    *(each for scene in SCENES for key in scene.event.fields for each in without_a_key(scene, key)),
    *(each for scene in SCENES for key in scene.event.fields for each in with_strangers(scene, key)),
    *(each for scene in SCENES for each in with_unknown_keys(scene)),
    *(each for act in ACTS for key in act.event.fields for each in with_a_stranger(act, key)),
    *(each for act in ACTS for each in with_new_keys(act)),
)
