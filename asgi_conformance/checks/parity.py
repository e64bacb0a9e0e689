"""The same exchanges over every version of HTTP, over TLS, on a Unix socket and below a mount point.

Nobody is blamed: what the application was told and what the client found is kept, for reports to compare.
"""

from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.check import check
from asgi_conformance.dialogue.client import Client
from asgi_conformance.dialogue.server import Server
from asgi_conformance.spec import http, websocket
from asgi_conformance.wire import request
from asgi_conformance.wire import websocket as ws
from asgi_conformance.wire.answer import Close

QUERY = "/a%20b%2Fcaf%C3%A9+c?q=%20x&q=y"
HOST = ("host", "parity.test")
SEVERAL = [HOST, ("x-several", "one"), ("cookie", "a=1; b=2"), ("x-other", "Other"), ("x-several", "two")]
OWN = [(b"x-own", b"one"), (b"x-own", b"two"), (b"content-length", b"5")]
START = http.response_start(status=200, headers=[(b"x-own", b"one")])
KEY = "cGFyaXR5LXBhcml0eS1wIQ=="
"""The same one each time: it stands in the scope."""


def gets(client: Client, app: App, target: str) -> None:
    client.sends(request.get(target + QUERY, headers=SEVERAL))
    app.receives(http.request())
    app.responds(200, OWN, b"hello")
    client.receives(status=200, body=b"hello")
    app.returns()


def asks_for_a_head(client: Client, app: App, target: str) -> None:
    client.sends(request.head(target, headers=[HOST]))
    app.receives(http.request())
    app.responds(200, OWN, b"hello")
    client.receives(status=200, body=b"")
    app.returns()


def posts(client: Client, app: App, target: str) -> None:
    client.sends(request.post(target, body=b"hello world", headers=[HOST]))
    app.receives_body(b"hello world")
    app.answers(client)
    app.returns()


def posts_in_parts(client: Client, app: App, target: str) -> None:
    client.sends(request.post(target, chunks=[b"hello ", b"world"], headers=[HOST]))
    app.receives_body(b"hello world")
    app.answers(client)
    app.returns()


def gets_parts(client: Client, app: App, target: str) -> None:
    client.sends(request.get(target, headers=[HOST]))
    app.receives(http.request())
    app.sends(START, *(http.response_body(body=part, more_body=True) for part in (b"one ", b"two ")))
    app.sends(http.response_body(body=b"three", more_body=False))
    client.receives(status=200, body=b"one two three")
    app.returns()


def gets_nothing(client: Client, app: App, target: str) -> None:
    client.sends(request.get(target, headers=[HOST]))
    app.receives(http.request())
    app.responds(204)
    client.receives(status=204, body=b"")
    app.returns()


def leaves(client: Client, app: App, target: str) -> None:
    client.sends(request.get(target, headers=[HOST]))
    app.receives(http.request())
    client.leaves()
    app.receives(http.disconnect())
    app.returns()


def meets_an_error(client: Client, app: App, target: str) -> None:
    client.sends(request.get(target, headers=[HOST]))
    app.receives(http.request())
    app.raises("on purpose")
    client.receives_error()


def talks(client: Client, app: App, target: str) -> None:
    offer = ["one", "two"]
    client.sends(ws.handshake(target + QUERY, subprotocols=offer, headers=SEVERAL, key=KEY))
    app.receives(websocket.connect())
    app.sends(websocket.accept(subprotocol="two", headers=[(b"x-own", b"one"), (b"x-own", b"two")]))
    client.receives(subprotocol="two")
    client.sends(ws.text("hello"), ws.data(b"world"))
    app.receives(websocket.receive(text="hello"))
    app.receives(websocket.receive(bytes=b"world"))
    app.sends(websocket.send(text="olleh", bytes=None), websocket.send(bytes=b"dlrow", text=None))
    client.receives(text="olleh")
    client.receives(data=b"dlrow")
    client.sends(ws.close(3001, "enough"))
    app.receives(websocket.disconnect())
    app.returns()


def is_closed(client: Client, app: App, target: str) -> None:
    is_accepted(client, app, target)
    app.sends(websocket.close(code=4001, reason=""))
    # It is not answered: that might come when the server has done with the stream, which is judged elsewhere.
    client.receives(Close(4001))
    app.returns()


def is_refused(client: Client, app: App, target: str) -> None:
    client.sends(ws.handshake(target, headers=[HOST], key=KEY))
    app.receives(websocket.connect())
    app.sends(websocket.close(code=1000, reason=""))
    app.returns()
    client.receives_refusal()


def goes(client: Client, app: App, target: str) -> None:
    is_accepted(client, app, target)
    client.leaves()
    app.receives(websocket.disconnect())
    app.returns()


def is_accepted(client: Client, app: App, target: str) -> None:
    client.sends(ws.handshake(target, headers=[HOST], key=KEY))
    app.receives(websocket.connect())
    app.sends(websocket.accept(subprotocol=None, headers=[]))
    client.receives(subprotocol=None)


REQUESTS = {
    "get": gets,
    "head": asks_for_a_head,
    "post": posts,
    "post_in_parts": posts_in_parts,
    "response_in_parts": gets_parts,
    "no_content": gets_nothing,
    "error": meets_an_error,
    "client_leaves": leaves,
}
WEBSOCKETS = {"talk": talks, "closed": is_closed, "refused": is_refused, "left": goes}


@check("parity.http")
def requests_come_to_their_end_over_every_version(client: Client, server: Server) -> None:
    server.records_each(REQUESTS, client)


@check("parity.websocket")
def websockets_come_to_their_end_over_every_version(client: Client, server: Server) -> None:
    server.serves_websockets()
    server.records_each(WEBSOCKETS, client)


@check("parity.tls.http")
def requests_come_to_their_end_over_tls(tls_client: Client, server: Server) -> None:
    server.records_each(REQUESTS, tls_client)


@check("parity.tls.websocket")
def websockets_come_to_their_end_over_tls(tls_client: Client, server: Server) -> None:
    server.serves_websockets()
    server.records_each(WEBSOCKETS, tls_client)


@check("parity.unix.http")
def requests_come_to_their_end_on_a_unix_socket(unix_client: Client, server: Server) -> None:
    server.records_each(REQUESTS, unix_client)


@check("parity.unix.websocket")
def websockets_come_to_their_end_on_a_unix_socket(unix_client: Client, server: Server) -> None:
    server.serves_websockets()
    server.records_each(WEBSOCKETS, unix_client)


@check("parity.mounted.http")
def requests_come_to_their_end_below_a_mount_point(mounted_client: Client, server: Server) -> None:
    server.records_each({"get": gets}, mounted_client)


@check("parity.mounted.websocket")
def websockets_come_to_their_end_below_a_mount_point(mounted_client: Client, server: Server) -> None:
    server.serves_websockets()
    server.records_each({"talk": talks}, mounted_client)
