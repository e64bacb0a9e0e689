"""How a server ends while somebody is still there: what users would wish for, and for the record what comes.

The specification says little or nothing about it, so nobody is blamed.
"""

import signal
from collections.abc import Callable

from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.check import Check, check
from asgi_conformance.dialogue.client import Client
from asgi_conformance.dialogue.expectation import either
from asgi_conformance.dialogue.server import Server
from asgi_conformance.spec import http
from asgi_conformance.wire import request

Scene = Callable[[Server, Client, App, signal.Signals], None]
HEAD = http.response_start(status=200, headers=[(b"content-length", b"8")])
HALF = http.response_body(body=b"half", more_body=True)
REST = http.response_body(body=b"rest", more_body=False)
WHOLE = http.response_body(body=b"complete", more_body=False)
GOING_AWAY = either("close frame 1001", "close frame 1012")


def ends_with_one_kept_alive(server: Server, client: Client, app: App, signum: signal.Signals) -> None:
    server.opens()
    client.sends(request.get(f"/kept-alive/{signum.name}"))
    app.receives(http.request())
    app.answers(client)
    app.returns()
    server.is_told(signum)
    server.ends_before(client).shows(client="closed", announced=True)


def ends_with_one_silent(server: Server, client: Client, _: App, signum: signal.Signals) -> None:
    server.opens()
    client.connects()
    server.serves(f"/silent/{signum.name}")
    server.is_told(signum)
    server.ends_before(client).shows(client="closed", announced=True)


def answers_what_is_in_flight(server: Server, client: Client, app: App, signum: signal.Signals) -> None:
    server.opens()
    client.sends(request.get(f"/in-flight/{signum.name}"))
    app.receives(http.request())
    server.begins_to_stop(signum, client, app)
    server.ends_before(client, app, HEAD, WHOLE).shows(client="whole response")


def sends_what_has_begun(server: Server, client: Client, app: App, signum: signal.Signals) -> None:
    server.opens()
    client.sends(request.get(f"/streaming/{signum.name}"))
    app.receives(http.request())
    app.sends(HEAD, HALF)
    client.receives_head(status=200)
    client.receives_part(b"half")
    server.begins_to_stop(signum, client, app)
    server.ends_before(client, app, REST).shows(client="whole response")


def tells_who_waits(server: Server, client: Client, app: App, signum: signal.Signals) -> None:
    server.opens()
    client.sends(request.get(f"/receive/{signum.name}"))
    app.receives(http.request())
    app.listens()
    server.is_told(signum)
    server.ends_before(client, app).shows(told="http.disconnect")


def ends_a_websocket(server: Server, client: Client, app: App, signum: signal.Signals) -> None:
    server.opens()
    client.is_accepted_by(app, f"/websocket/{signum.name}")
    app.listens()
    server.is_told(signum)
    server.ends_before(client, app).shows(told="websocket.disconnect", client=GOING_AWAY)


def ends_when_told_again(server: Server, client: Client, app: App, signum: signal.Signals) -> None:
    server.opens()
    client.sends(request.get(f"/again/{signum.name}"))
    app.receives(http.request())
    app.listens()
    server.begins_to_stop(signum, client, app)
    server.is_told_again(signum, client, app)
    server.ends_before(client, app).shows()


SCENES: dict[str, tuple[str, Scene]] = {
    "kept_alive": ("a {} ends an idle connection", ends_with_one_kept_alive),
    "silent": ("a {} ends a connection that never asked", ends_with_one_silent),
    "in_flight": ("a request in flight at a {} is answered", answers_what_is_in_flight),
    "streaming": ("a response that has begun survives a {}", sends_what_has_begun),
    "receive": ("who waits in receive is told of a {}", tells_who_waits),
    "websocket": ("both ends of a websocket are told of a {}", ends_a_websocket),
    "again": ("a second {} keeps no server from ending", ends_when_told_again),
}
"""By the last word of their requirements: what is claimed of a signal, and how it is tried."""


def at_a_signal(signum: signal.Signals, name: str) -> Check:
    """The check that tries a scene with this signal."""
    word, (claim, scene) = signum.name.lower(), SCENES[name]

    def is_held(new_server: Server, client: Client, app: App) -> None:
        scene(new_server, client, app, signum)

    is_held.__name__ = claim.format(word).replace(" ", "_")
    return check(f"stopping.{word}.{name}")(is_held)


CHECKS = tuple(at_a_signal(signum, name) for signum in (signal.SIGTERM, signal.SIGINT) for name in SCENES)
