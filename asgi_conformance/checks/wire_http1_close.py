"""HTTP/1.1 below ASGI: how a server ends a connection (RFC 9112 §9)."""

from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.check import check
from asgi_conformance.dialogue.client import Client
from asgi_conformance.dialogue.expectation import like
from asgi_conformance.dialogue.server import Server
from asgi_conformance.spec import http
from asgi_conformance.spec.kinds import Foreign
from asgi_conformance.wire import request

CLOSE = ("connection", like(rb"(?i)close"))
MEBIBYTE = 1 << 20
# What has reached the client's system is not lost: there has to be more.
APOLOGY = bytes(MEBIBYTE)


@check("h1.close.announced")
def a_server_that_closes_says_so(client: Client, another_client: Client, app: App) -> None:
    client.sends(request.get("/close/announced", headers=[("connection", "close")]))
    app.receives(http.request())
    app.responds(200, [(b"content-length", b"5")], b"hello")
    client.receives(status=200, headers=[CLOSE], body=b"hello")
    another_client.sends(request.post("/close/error", headers=[("content-length", "five")]))
    another_client.may_receive_head(headers=[CLOSE])


@check("h1.close.lingering")
def a_response_is_not_lost_while_the_client_is_still_sending(
    client: Client, app: App, server: Server
) -> None:
    length = ("content-length", str(1 + 10 * MEBIBYTE))
    client.sends(request.post("/close/lingering", body=b"x", more=True, headers=[length]))
    server.calls_before_the_body_ends(app)
    app.receives(http.request(body=b"x", more_body=True))
    headers = [(b"content-length", b"%d" % len(APOLOGY)), (b"connection", b"close")]
    app.sends(http.response_start(status=413, headers=headers))
    app.begins_to_end_with(http.response_body(body=Foreign("bytes", len(APOLOGY)), more_body=False))
    client.may_send(request.part(bytes(10 * MEBIBYTE)))
    client.receives(status=413, body=APOLOGY)
