"""What every scope declares of its keys, put on trial key by key: written once, from the declarations.

What is wrong with a scope is overheard; these checks make the server show one.
"""

import re
from collections.abc import Iterator

from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.check import Check, check
from asgi_conformance.dialogue.client import Client
from asgi_conformance.spec import http, websocket
from asgi_conformance.spec.model import Chapter
from asgi_conformance.wire import request
from asgi_conformance.wire import websocket as ws

RULES = {
    "asgi.scope.type.present": "a scope has a type",
    "asgi.scope.type.str": "the type of a scope is str",
    "asgi.scope.type.defined_values": "the type of a scope is one that is defined",
    "asgi.scope.asgi.version.type": "the version of ASGI is str",
    "http.scope.asgi.spec_version.type": "the version that is announced for HTTP is str",
    "asgi.extensions.names_str": "the names of extensions are str",
    "asgi.strings.dict_keys.server": "the keys of a scope are str",
}
"""What the base document demands of every scope."""

OF_THEIR_OWN = (
    "http.scope.method.present",
    "http.scope.client.is_address",
    "websocket.scope.http_version.1_1",
    "websocket.scope.client.type",
    "websocket.scope.server.tcp",
    "websocket.scope.state.copy",
)
"""These demand more than their declaration, and have checks elsewhere."""


def for_a_request(identifier: str, claim: str) -> Check:
    """The check that makes a server show the scope of a request."""

    def shows_its_scope(client: Client, app: App) -> None:
        headers = [("x-flavour", "vanilla"), ("x-empty", "")]
        client.sends(request.get(f"/{identifier}?a=1", headers=headers))
        app.is_called()

    shows_its_scope.__name__ = re.sub(r"\W+", "_", claim)
    return check(identifier)(shows_its_scope)


def for_a_handshake(identifier: str, claim: str) -> Check:
    """The check that makes a server show the scope of a WebSocket."""

    def shows_its_scope(client: Client, app: App) -> None:
        client.sends(ws.handshake(f"/{identifier}?a=1", subprotocols=["chat", "echo"]))
        app.is_called()

    shows_its_scope.__name__ = re.sub(r"\W+", "_", claim)
    return check(identifier)(shows_its_scope)


def claims(chapter: Chapter) -> Iterator[tuple[str, str]]:
    """The requirements that the keys of a scope may break, each with its claim in words."""
    for key, declared in chapter.scope.items():
        if declared.blame is not None and declared.blame not in OF_THEIR_OWN:
            yield declared.blame, f"{key} in the scope of {chapter.name} is {declared.kind.name}"
        for aspect, identifier in declared.aspects.items():
            if identifier not in OF_THEIR_OWN:
                yield identifier, f"each {aspect} in {key} of {chapter.name} is as in {declared.kind.name}"


CHECKS = (
    *(for_a_request(*rule) for rule in RULES.items()),
    *(for_a_request(*claim) for claim in claims(http.CHAPTER)),
    *(for_a_handshake(*claim) for claim in claims(websocket.CHAPTER)),
)
