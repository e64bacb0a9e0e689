"""Compression of messages, where a server agrees on it (RFC 7692; limits: RFC 6455 §10.4)."""

import zlib

from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.check import check
from asgi_conformance.dialogue.client import Client
from asgi_conformance.dialogue.expectation import like
from asgi_conformance.dialogue.server import Server
from asgi_conformance.spec import websocket
from asgi_conformance.wire import websocket as ws

OFFER = "permessage-deflate"
INVALID = (
    "what=1",
    "server_max_window_bits",
    "server_max_window_bits=7",
    "server_max_window_bits=16",
    "server_max_window_bits=08",
    "client_max_window_bits=16",
    "client_no_context_takeover=1",
    "server_no_context_takeover; server_no_context_takeover",
)
"""What RFC 7692 §7.1 knows nothing of."""

NO_CONTEXT = like(r".*;\s*server_no_context_takeover\s*(;.*)?")
WINDOW_OF_512 = like(r"(?!.*client_max_window_bits).*;\s*server_max_window_bits\s*=\s*\"?[89]\b.*")
TEXT = " ".join(map(str, range(1000)))
"""Several times the smallest windows, and nothing in it comes twice in a row."""
ZEROS = bytes(1 << 20)
TOO_MUCH = b"x" * (17 << 20)
"""A little more than the usual limit."""


def deflated(content: bytes, strategy: int = zlib.Z_DEFAULT_STRATEGY, level: int = 9) -> bytes:
    """What RFC 7692 §7.2.1 makes of a content, in blocks of one kind."""
    deflater = zlib.compressobj(level, wbits=-15, strategy=strategy)
    return (deflater.compress(content) + deflater.flush(zlib.Z_SYNC_FLUSH)).removesuffix(b"\0\0\xff\xff")


def final(content: bytes) -> bytes:
    """A content whose last block says so (RFC 7692 §7.2.3.4)."""
    deflater = zlib.compressobj(wbits=-15)
    return deflater.compress(content) + deflater.flush(zlib.Z_FINISH) + b"\0"


HELLO = TEXT.encode()[:500]
HALF = deflated(HELLO[:250], zlib.Z_FIXED) + b"\0\0\xff\xff"
FORMS = {
    "stored": deflated(HELLO, level=0),
    "fixed": deflated(HELLO, zlib.Z_FIXED),
    "dynamic": deflated(HELLO),
    "several blocks": HALF + deflated(HELLO[250:], level=0),
    "final": final(HELLO),
    "after a final one": deflated(HELLO),
}


@check("pmd.receive.uncompressed")
def where_compression_was_agreed_a_message_need_not_be_compressed(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/compression/mixed", OFFER)
    client.sends(ws.text("first"), ws.compressed(ws.text("second")), ws.text("third"))
    app.receives(websocket.receive(text="first"))
    app.receives(websocket.receive(text="second"))
    app.receives(websocket.receive(text="third"))


@check("pmd.receive")
def a_compressed_message_arrives_as_it_was(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/compression/received", OFFER)
    client.sends(ws.compressed(ws.text(TEXT)), ws.compressed(ws.text(TEXT, fragments=3)))
    app.receives(websocket.receive(text=TEXT))
    app.receives(websocket.receive(text=TEXT))
    client.sends(ws.compressed(ws.data(b"")), ws.compressed(ws.data(ZEROS)))
    app.receives(websocket.receive(bytes=b""))
    app.receives(websocket.receive(bytes=ZEROS))
    client.sends(ws.frame(1, deflated(b"\xff", level=0), rsv1=True))
    client.is_ended_with(app)


@check("pmd.deflate_forms")
def every_form_of_compressed_data_is_understood(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/compression/forms", OFFER)
    for form in FORMS.values():
        client.sends(ws.frame(2, form, rsv1=True))
        app.receives(websocket.receive(bytes=HELLO))


@check("pmd.invalid_data")
def what_cannot_be_inflated_fails_the_connection(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/compression/invalid", OFFER)
    client.sends(ws.frame(2, b"\xff" * 10, rsv1=True))
    client.is_ended_with(app)


@check("pmd.rsv1_misplaced")
def the_mark_of_compression_is_for_the_first_frame_of_a_message(
    client: Client, app: App, server: Server
) -> None:
    client.is_accepted_by(app, "/compression/ping", OFFER)
    client.sends(ws.frame(9, b"ping", rsv1=True))
    client.is_ended_with(app)
    visitor, other_app = server.is_visited(), server.is_to_call()
    visitor.is_accepted_by(other_app, "/compression/continuation", OFFER)
    first, last = deflated(HELLO)[:50], deflated(HELLO)[50:]
    visitor.sends(ws.frame(2, first, fin=False, rsv1=True), ws.frame(0, last, rsv1=True))
    visitor.is_ended_with(other_app)


@check("pmd.offer.invalid_declined")
def an_offer_that_makes_no_sense_is_declined(client: Client, app: App, server: Server) -> None:
    client.is_accepted_by(app, "/compression/valid", OFFER)
    for parameters in INVALID:
        visitor, next_app = server.is_visited(), server.is_to_call()
        visitor.sends(ws.handshake("/compression/offer", extensions=f"{OFFER}; {parameters}"))
        next_app.receives(websocket.connect())
        next_app.sends(websocket.accept(subprotocol=None, headers=[]))
        visitor.receives(extensions=None)


@check("pmd.no_context_takeover")
def each_message_is_compressed_for_itself_if_the_client_asks_for_it(client: Client, app: App) -> None:
    offer = f"{OFFER}; server_no_context_takeover"
    client.is_accepted_by(app, "/compression/no-context", offer, extensions=NO_CONTEXT)
    for _ in range(3):
        app.sends(websocket.send(text=TEXT, bytes=None))
        client.receives(text=TEXT)


@check("pmd.window_bits")
def no_message_looks_back_further_than_the_client_can(client: Client, app: App) -> None:
    offer = f"{OFFER}; server_max_window_bits=9"
    client.is_accepted_by(app, "/compression/window", offer, extensions=WINDOW_OF_512)
    for _ in range(3):
        app.sends(websocket.send(text=TEXT, bytes=None))
        client.receives(text=TEXT)


# The limit is free: an end is wanted only where a message of this length has one when it is not compressed.
@check("pmd.bomb")
def what_is_too_much_is_too_much_when_it_was_compressed(client: Client, app: App, server: Server) -> None:
    client.is_accepted_by(app, "/compression/too-much", OFFER)
    app.listens()
    client.may_send(ws.data(TOO_MUCH))
    client.is_failed_with(app, unless="websocket.receive")
    visitor, other_app = server.is_visited(), server.is_to_call()
    visitor.is_accepted_by(other_app, "/compression/bomb", OFFER)
    visitor.sends(ws.compressed(ws.data(TOO_MUCH)))
    visitor.is_failed_with(other_app)
