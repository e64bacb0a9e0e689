"""The frames of a WebSocket: lengths, masks, fragments, pings, limits (RFC 6455 §5, §10)."""

from itertools import product

from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.check import check
from asgi_conformance.dialogue.client import Client
from asgi_conformance.dialogue.server import Server
from asgi_conformance.spec import websocket
from asgi_conformance.spec.requirement import Level
from asgi_conformance.wire import websocket as ws
from asgi_conformance.wire.answer import Pong

SIZES = (1, 125, 126, 65535, 65536)
"""On both sides of where a frame tells its length in another way."""
MASKS = (bytes(4), b"\xff" * 4, b"\x37\xfa\x21\x3d")
LENGTHS = (*range(1, 10), 4096, 70000)
"""Every remainder of four, and more than one turn of any loop."""
PART = b"x" * (8 << 20)
PARTS = 10
"""Together more than any limit known."""


@check("ws.frame.server_unmasked")
def frames_of_the_server_are_bare_and_short(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/frames/sizes")
    for size in SIZES:
        app.sends(websocket.send(bytes=b"x" * size, text=None))
        client.receives(data=b"x" * size)


@check("ws.frame.masking")
def a_mask_is_taken_off(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/frames/masked")
    for mask, length in product(MASKS, LENGTHS):
        content = (bytes(range(256)) * 300)[:length]
        client.sends(ws.frame(2, content, mask=mask))
        app.receives(websocket.receive(bytes=content))
    split = ws.frame(2, b"in pieces", mask=MASKS[-1]).spelled()
    client.sends(ws.Octets(split[:4]), ws.Octets(split[4:9]), ws.Octets(split[9:]))
    app.receives(websocket.receive(bytes=b"in pieces"))


@check("ws.fragments.reassembly")
def a_message_may_come_in_many_fragments_with_pings_between(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/frames/fragments")
    app.listens()
    client.sends(ws.frame(1, b"one ", fin=False), ws.ping(b"first"))
    client.receives(Pong(b"first"))
    client.sends(ws.frame(0, b"", fin=False), ws.frame(0, b"two ", fin=False), ws.ping(b"second"))
    client.receives(Pong(b"second"))
    client.sends(ws.frame(0, b"three"))
    app.hears(websocket.receive(text="one two three"))
    client.sends(ws.data(PART[:4000], fragments=1000))
    app.receives(websocket.receive(bytes=PART[:4000]))


@check("ws.ping.pong")
def a_ping_is_answered_with_its_payload_and_a_pong_with_nothing(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/frames/pings")
    app.listens()
    client.sends(ws.pong(b"unasked"), ws.ping())
    client.receives(Pong())
    client.sends(ws.ping(b"x" * 125))
    client.receives(Pong(b"x" * 125))
    client.sends(ws.text("still open"))
    app.hears(websocket.receive(text="still open"))


# The limit is free: who has not reached it yet waits for more.
@check("ws.message.too_big", silence=Level.MAY)
def a_message_above_the_limit_is_refused(client: Client, app: App, server: Server) -> None:
    client.is_accepted_by(app, "/frames/announced")
    app.listens()
    client.sends_until_answered(ws.frame(2, PART, length=1 << 40), *[ws.Octets(PART)] * PARTS)
    client.is_failed_with(app)
    visitor, other_app = server.is_visited(), server.is_to_call()
    visitor.is_accepted_by(other_app, "/frames/endless")
    other_app.listens()
    visitor.sends_until_answered(ws.frame(2, PART, fin=False), *[ws.frame(0, PART, fin=False)] * PARTS)
    visitor.is_failed_with(other_app)
